import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Distribution,
  divergenceEstimate,
  Engine,
  klDivergence,
  klEstimate,
  laplace,
  multivariateNormal,
  normal,
  renyiDivergence,
  sequenceKl,
  totalVariation,
} from "../../../src/index.ts";
import { randomSource } from "../../support/data.ts";
import { gpuEngine } from "../../support/device.ts";
import { type Family, made, shown } from "../../support/distributions/families.ts";
import { exhaustive } from "../../support/exhaustive.ts";

let gpu: Engine;
/** In `npm test` that of the CPU, which has the GPU's bits (below, and expectation-bits.test.ts) and compiles each estimate at once. */
let engine: Engine;

beforeAll(async () => {
  gpu = await gpuEngine();
  engine = exhaustive ? gpu : await Engine.create({ backend: "cpu" });
});

afterAll(() => {
  gpu.dispose();
  engine.dispose();
});

const standard = normal(0, 1);

describe("Schulman's table", () => {
  const SAMPLES = 2 ** 20;

  // sd / KL and bias / KL of k1, k2 and k3, by quadrature (mpmath): 20.0, 1.42, 1.42 and 2.00, 1.73, 1.70 as published.
  const rows = [
    [0.1, [20, 1.41774468, 1.41657452], [0, 0.0025, 0]],
    [1, [2, 1.7320508, 1.69503018], [0, 0.25, 0]],
  ] as const;

  it.each(rows)("of normals whose means differ by %d", async (mean, deviations, biases) => {
    const q = normal(mean, 1);
    const kl = klDivergence(standard, q);
    for (const [k, estimator] of (["k1", "k2", "k3"] as const).entries()) {
      const {
        mean: got,
        standardError,
        variance,
      } = await klEstimate(engine, standard, q, {
        estimator,
        samples: SAMPLES,
        seed: 2020,
      });
      expect(Math.abs(got - kl * (1 + (biases[k] ?? 0)))).toBeLessThan(5 * standardError);
      // A deviation of N samples of kurtosis c is known to √((c - 1) / 4N): k3's is 386 for means 1 apart, others' below 16.
      expect(Math.abs(Math.sqrt(variance) / kl / (deviations[k] ?? 0) - 1)).toBeLessThan(
        k === 2 && mean === 1 ? 0.05 : 0.01,
      );
    }
  });

  it("has k3 worse than k1 where q is wider, and a warning where its variance is infinite", async () => {
    const options = { samples: SAMPLES, seed: 2020 };
    const [wide, wider] = [normal(0, 1.4), normal(0, 2)];
    const deviations: number[] = [];
    for (const q of [wide, wider]) {
      const k1 = await klEstimate(engine, standard, q, { ...options, estimator: "k1" });
      const k3 = await klEstimate(engine, standard, q, { ...options, estimator: "k3" });
      expect(Math.abs(k1.mean - klDivergence(standard, q))).toBeLessThan(5 * k1.standardError);
      expect(k3.variance).toBeGreaterThan(k1.variance);
      deviations.push(Math.sqrt(k1.variance));
      expect(k3.warnings.some(({ code }) => code === "infinite-variance")).toBe(q === wider);
      expect(k1.warnings).toEqual([]);
    }
    // 0.346 and 0.530, with log r's kurtosis of 15.
    expect(Math.abs((deviations[0] ?? 0) / 0.34633802 - 1)).toBeLessThan(0.01);
    expect(Math.abs((deviations[1] ?? 0) / 0.53033009 - 1)).toBeLessThan(0.01);
  });
});

describe("klEstimate on the GPU", () => {
  it.each([
    [
      ["laplace", 0.2, 0.7],
      ["normal", 0.3, 1.2],
    ],
    [
      ["gamma", 2.5, 1.4],
      ["gamma", 0.7, 0.5],
    ],
    [
      ["beta", 2.2, 3.1],
      ["uniform", 0, 1],
    ],
    [
      ["truncatedNormal", 0.2, 0.9, -1, 1.5],
      ["normal", 0.3, 1.2],
    ],
    [
      ["poisson", 3.25],
      ["poisson", 4.5],
    ],
  ] as readonly (readonly [Family, Family])[])(
    "is klDivergence within 5 standard errors for %j and %j",
    async (a, b) => {
      const [p, q] = [made(a), made(b)];
      const { mean, standardError } = await klEstimate(engine, p, q, { samples: 2 ** 16, seed: 6 });
      expect(Math.abs(mean - klDivergence(p, q)), `${shown(a)} ${shown(b)}`).toBeLessThan(5 * standardError);
    },
  );

  it("has the CPU engine's bits where the arithmetic is exact", async ({ skip }) => {
    if (!gpu.numerics.exact) skip();
    using cpu = await Engine.create({ backend: "cpu" });
    const options = { samples: 10_000, seed: 8, estimator: "k3" } as const;
    const [one, other] = await Promise.all(
      [gpu, cpu].map((each) => klEstimate(each, standard, laplace(0.5, 1), options)),
    );
    expect(one?.mean).toBe(other?.mean);
    expect(one?.variance).toBe(other?.variance);
  });
});

describe("divergenceEstimate on the GPU", () => {
  const p = multivariateNormal({
    mean: [0, 0],
    covariance: [
      [1, 0.5],
      [0.5, 1],
    ],
  });
  const moved = multivariateNormal({ mean: [1, 0.5], covariance: p.covariance });

  it.each([
    ["totalVariation", {}, () => totalVariation(p, moved)],
    ["renyi", { alpha: 0.5 }, () => renyiDivergence(p, moved, 0.5)],
    ["renyi", { alpha: 2 }, () => renyiDivergence(p, moved, 2)],
  ] as const)("%s of vectors is the closed form within 5 standard errors", async (divergence, more, wanted) => {
    const { mean, standardError } = await divergenceEstimate(engine, p, moved as Distribution, {
      divergence,
      ...more,
      samples: 2 ** 16,
      seed: 12,
    });
    expect(Math.abs(mean - wanted())).toBeLessThan(5 * standardError);
  });
});

describe("sequenceKl on the GPU", () => {
  const [sequences, length, classes] = [512, 6, 32];
  const draw = randomSource(77);
  const table = () => Array.from({ length: classes + 1 }, () => Array.from({ length: classes }, () => 3 * draw()));
  // The next token's logits after each token, and (last) at the start.
  const [pTable, qTable] = [table(), table()];

  const softmaxOf = (logits: readonly number[]) => {
    const shares = logits.map((x) => Math.exp(x));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => share / sum);
  };
  const [ps, qs] = [pTable.map(softmaxOf), qTable.map(softmaxOf)];

  /** D(p || q) of whole sequences, token by token over all prefixes, which matter only by their last token. */
  function exact(): readonly number[] {
    const rowKl = ps.map((p, s) => p.reduce((sum, x, k) => sum + x * Math.log(x / (qs[s]?.[k] ?? 0)), 0));
    let states: readonly number[] = ps.map((_, s) => (s === classes ? 1 : 0));
    return Array.from({ length }, () => {
      const nats = states.reduce((sum, mass, s) => sum + mass * (rowKl[s] ?? 0), 0);
      const next = ps.map((_, k) => states.reduce((sum, mass, s) => sum + mass * (ps[s]?.[k] ?? 0), 0));
      states = next;
      return nats;
    });
  }

  it("has the mean of k1 and less variance, in every dimension", async () => {
    const logits = [pTable, qTable].map(() => new Float32Array(sequences * length * classes));
    const tokens = new Int32Array(sequences * length);
    for (let n = 0; n < sequences; n++) {
      let state = classes;
      for (let t = 0; t < length; t++) {
        const at = n * length + t;
        for (const [k, rows] of [pTable, qTable].entries()) logits[k]?.set(rows[state] ?? [], at * classes);
        let rest = draw();
        const masses = ps[state] ?? [];
        state = masses.findIndex((mass) => {
          rest -= mass;
          return rest < 0;
        });
        if (state < 0) state = classes - 1;
        tokens[at] = state;
      }
    }
    const shape = [sequences, length, classes];
    using p = engine.tensor(logits[0] as Float32Array, shape);
    using q = engine.tensor(logits[1] as Float32Array, shape);
    const { raoBlackwell, monteCarlo } = await sequenceKl(p, q, tokens);
    const wanted = exact();
    const whole = wanted.reduce((sum, nats) => sum + nats, 0);
    if (!monteCarlo) throw new Error("no k1");
    for (const { mean, standardError, dimensions } of [raoBlackwell, monteCarlo]) {
      expect(Math.abs(mean - whole)).toBeLessThan(5 * standardError);
      for (const [t, nats] of wanted.entries()) {
        // The first token's term is one exact number, in f32.
        expect(Math.abs((dimensions.mean[t] ?? 0) - nats)).toBeLessThan(5 * (dimensions.standardError[t] ?? 0) + 1e-6);
      }
    }
    expect(raoBlackwell.variance).toBeLessThan(monteCarlo.variance / 4);
    for (const [t, variance] of raoBlackwell.dimensions.variance.entries()) {
      expect(variance).toBeLessThan(monteCarlo.dimensions.variance[t] ?? 0);
    }
    expect(raoBlackwell.dimensions.variance[0]).toBeLessThan(1e-12);
  });
});
