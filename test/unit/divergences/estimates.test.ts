import { describe, expect, it } from "vitest";
import { beta } from "../../../src/distributions/families/beta.ts";
import { dirichlet } from "../../../src/distributions/families/dirichlet.ts";
import { gamma } from "../../../src/distributions/families/gamma.ts";
import { poisson } from "../../../src/distributions/families/poisson.ts";
import { closedKl } from "../../../src/divergences/closed/kl.ts";
import { hasInfiniteSquare } from "../../../src/divergences/estimates/infinite-variance.ts";
import {
  cauchy,
  type Distribution,
  divergenceEstimate,
  Engine,
  exponential,
  hellinger,
  InputError,
  independent,
  jensenShannon,
  type KlEstimateOptions,
  klDivergence,
  klEstimate,
  laplace,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  raoBlackwellKl,
  renyiDivergence,
  sequenceKl,
  totalVariation,
  uniform,
} from "../../../src/index.ts";
import { KL } from "../../golden/divergences/divergences.ts";
import { type Family, made, shown } from "../../support/distributions/families.ts";

const engine = await Engine.create({ backend: "cpu" });

/** One pair of each two families, from the golden pairs. */
function onePairOfEach(): readonly (readonly [string, Family, Family])[] {
  const pairs = new Map<string, readonly [string, Family, Family]>();
  for (const [p, q, nats] of KL) {
    const name = `${p[0]} and ${q[0]}`;
    if (pairs.has(name) || nats === Number.POSITIVE_INFINITY) continue;
    if (closedKl(made(p), made(q)) !== undefined) pairs.set(name, [`${shown(p)} and ${shown(q)}`, p, q]);
  }
  return [...pairs.values()];
}

describe("klEstimate and klDivergence", () => {
  it.each(onePairOfEach())("agree within 5 standard errors for %s", async (_, first, second) => {
    const [p, q] = [made(first), made(second)];
    const wanted = klDivergence(p, q);
    const { mean, standardError } = await klEstimate(engine, p, q, { samples: 4_096, seed: 11 });
    // Where log r is one number it is known to f32's roundings.
    expect(Math.abs(mean - wanted)).toBeLessThan(5 * standardError + 1e-6 * Math.max(1, wanted));
  });

  it.each([
    ["dirichlet", dirichlet([2.5, 0.75, 4]), dirichlet([1, 1.5, 3])],
    [
      "multivariateNormal",
      multivariateNormal({
        mean: [0, 1],
        covariance: [
          [1, 0.5],
          [0.5, 2],
        ],
      }),
      multivariateNormal({
        mean: [1, 0],
        covariance: [
          [2, -0.5],
          [-0.5, 1],
        ],
      }),
    ],
    ["independent", independent([normal(0, 1), exponential(2)]), independent([laplace(0, 1), gamma(2, 1)])],
    ["poisson", poisson(3), poisson(4.5)],
    ["binomial", made(["binomial", 10, 0.3]), made(["binomial", 10, 0.45])],
    ["bernoulli", made(["bernoulli", 0.3]), made(["bernoulli", 0.6])],
  ] as readonly (readonly [string, Distribution, Distribution])[])(
    "agree within 5 standard errors for %s, with all three estimators",
    async (_, p, q) => {
      for (const estimator of ["k1", "k3"] as const) {
        const { mean, standardError } = await klEstimate(engine, p, q, { estimator, samples: 16_384, seed: 3 });
        expect(Math.abs(mean - klDivergence(p, q))).toBeLessThan(5 * standardError);
      }
    },
  );
});

describe("klEstimate", () => {
  const codes = async (p: Distribution, q: Distribution, estimator: "k1" | "k2" | "k3") => {
    const { warnings } = await klEstimate(engine, p, q, { estimator, samples: 1_024, seed: 1 });
    return warnings.map(({ code }) => code).filter((code) => code === "biased" || code === "infinite-variance");
  };

  it("warns where k3's variance is infinite, at and beyond twice the variance", async () => {
    expect(await codes(normal(0, 1), normal(0, 1.41), "k3")).toEqual([]);
    expect(await codes(normal(0, 1), normal(0, Math.SQRT2), "k3")).toEqual(["infinite-variance"]);
    expect(await codes(normal(0, 1), normal(0, 2), "k3")).toEqual(["infinite-variance"]);
    expect(await codes(normal(0, 1), normal(0, 2), "k1")).toEqual([]);
    const correlated = (rho: number) =>
      multivariateNormal({
        mean: [0, 0],
        covariance: [
          [1, rho],
          [rho, 1],
        ],
      });
    expect(await codes(multivariateNormal({ mean: [0, 0], std: [1, 1] }), correlated(0.99), "k3")).toEqual([]);
    // Along (1, -1) p's variance is 0.4 and q's is 1.
    expect(await codes(correlated(0.6), multivariateNormal({ mean: [0, 0], std: [1, 1] }), "k3")).toEqual([
      "infinite-variance",
    ]);
  });

  it("warns of bias: k2 always, k3 where q gives values that p does not", async () => {
    expect(await codes(normal(0, 1), normal(1, 1), "k2")).toEqual(["biased"]);
    expect(await codes(uniform(0, 1), uniform(-1, 2), "k3")).toEqual(["biased"]);
    expect(await codes(uniform(0, 1), uniform(-1, 2), "k1")).toEqual([]);
    // By minus the probability of those values: log 3 - 2/3.
    const { mean } = await klEstimate(engine, uniform(0, 1), uniform(-1, 2), { estimator: "k3", samples: 1_024 });
    expect(Math.abs(mean - (Math.log(3) - 2 / 3))).toBeLessThan(1e-6);
  });

  it("keeps k3's digits where q is close to p", async () => {
    // log r is -1e-3 z - 5e-7, of which f32 keeps about 1e-7: k3 is half its square, with that error over 1e-3.
    const { mean, standardError } = await klEstimate(engine, normal(0, 1), normal(1e-3, 1), {
      estimator: "k3",
      samples: 65_536,
    });
    expect(Math.abs(mean - 5e-7)).toBeLessThan(5 * standardError + 5e-7 * 2e-4);
    expect(standardError).toBeLessThan(4e-9);
  });

  it("decides tails of unlike families", () => {
    const infinite = (p: Distribution, q: Distribution) => hasInfiniteSquare(p, q);
    expect(infinite(normal(0, 1), laplace(0, 1))).toBe(true);
    expect(infinite(laplace(0, 1), normal(0, 1))).toBe(false);
    expect(infinite(laplace(0, 1), laplace(0, 1.99))).toBe(false);
    expect(infinite(laplace(0, 1), laplace(0, 2))).toBe(true);
    expect(infinite(exponential(2), exponential(1))).toBe(true);
    expect(infinite(exponential(2), exponential(1.01))).toBe(false);
    // At 0, p falls as x^2 and q is level.
    expect(infinite(gamma(3, 1), exponential(1))).toBe(true);
    expect(infinite(gamma(1.9, 1), exponential(1))).toBe(false);
    expect(infinite(gamma(1.9, 1), gamma(1.5, 0.5))).toBe(true);
    expect(infinite(beta(3, 1), uniform(0, 1))).toBe(true);
    expect(infinite(pareto(1, 5), pareto(1, 2.5))).toBe(true);
    expect(infinite(pareto(1, 5), pareto(1, 2.6))).toBe(false);
    expect(infinite(cauchy(0, 1), cauchy(3, 9))).toBe(false);
    expect(infinite(logNormal(0, 1), logNormal(0, 1.5))).toBe(true);
    expect(infinite(logNormal(0, 1), exponential(1))).toBe(true);
    expect(infinite(dirichlet([3, 3]), dirichlet([1.5, 2]))).toBe(true);
    expect(infinite(dirichlet([3, 3]), dirichlet([1.6, 2]))).toBe(false);
    expect(infinite(independent([normal(0, 1), laplace(0, 1)]), independent([normal(0, 1), laplace(0, 2)]))).toBe(true);
    expect(infinite(poisson(1), poisson(10))).toBe(false);
  });

  it("refuses infinite divergences and options that do not fit, before anything is drawn", async () => {
    const refused = (p: Distribution, q: Distribution, options: unknown, words: RegExp) =>
      expect(klEstimate(engine, p, q, options as KlEstimateOptions)).rejects.toThrow(words);
    const options = { samples: 100 };
    await refused(normal(0, 1), uniform(-1, 1), options, /q must have density wherever p has/);
    await refused(cauchy(0, 1), normal(0, 1), options, /D\(p \|\| q\) is infinite/);
    await refused(normal(0, 1), multivariateNormal({ mean: [0], std: [1] }), options, /p's shape/);
    await refused(normal(0, 1), normal(1, 1), { ...options, estimator: "k4" }, /estimator must be one of/);
    await refused(normal(0, 1), normal(1, 1), { ...options, estimater: "k1" }, /no option 'estimater'/);
    await refused(normal(0, 1), normal(1, 1), { samples: 0 }, /samples must be a whole number/);
    await refused(normal(0, 1), normal(1, 1), undefined, /needed options/);
    await expect(klEstimate({} as Engine, normal(0, 1), normal(1, 1), options)).rejects.toThrow(InputError);
  });

  it("goes on from a snapshot, and tells how it goes", async () => {
    const [p, q] = [normal(0, 1), normal(1, 2)];
    let told = 0;
    const first = await klEstimate(engine, p, q, { samples: 65_536, seed: 5, onProgress: () => told++ });
    expect(told).toBeGreaterThan(0);
    const whole = await klEstimate(engine, p, q, { samples: 131_072, seed: 5 });
    const resumed = await klEstimate(engine, p, q, { samples: 131_072, seed: 5, resume: first.snapshot });
    expect(resumed.mean).toBe(whole.mean);
    expect(resumed.variance).toBe(whole.variance);
  });

  it("is exact for values that can be listed", async () => {
    const [p, q] = [made(["binomial", 6, 0.3]), made(["binomial", 6, 0.6])];
    const { mean } = await klEstimate(engine, p, q, { method: "exact", estimator: "k3" });
    expect(Math.abs(mean - klDivergence(p, q))).toBeLessThan(1e-6);
  });
});

describe("divergenceEstimate", () => {
  const options = { samples: 16_384, seed: 9 };

  it.each([
    ["normals", normal(0, 1), normal(1, 2)],
    ["supports that overlap", uniform(0, 1), uniform(0.5, 2)],
    ["wide tails", cauchy(0, 1), normal(0, 1)],
  ] as const)("is within 5 standard errors of the integrals for %s", async (_, p, q) => {
    const wanted = {
      jensenShannon: jensenShannon(p, q),
      totalVariation: totalVariation(p, q),
      hellinger: hellinger(p, q),
    };
    for (const divergence of ["jensenShannon", "totalVariation", "hellinger"] as const) {
      const { mean, standardError, interval } = await divergenceEstimate(engine, p, q, { ...options, divergence });
      expect(Math.abs(mean - wanted[divergence])).toBeLessThan(5 * standardError + 1e-6);
      const [low, high] = interval(1 - 1e-6);
      expect(low).toBeLessThanOrEqual(wanted[divergence]);
      expect(high).toBeGreaterThanOrEqual(wanted[divergence]);
    }
    const { mean, standardError } = await divergenceEstimate(engine, p, q, {
      ...options,
      divergence: "renyi",
      alpha: 0.5,
    });
    expect(Math.abs(mean - renyiDivergence(p, q, 0.5))).toBeLessThan(5 * standardError);
  });

  it("serves vectors, which have no quadrature", async () => {
    const [p, q] = [
      multivariateNormal({
        mean: [0, 0],
        covariance: [
          [1, 0.5],
          [0.5, 1],
        ],
      }),
      multivariateNormal({ mean: [1, 0], std: [1, 1.5] }),
    ];
    for (const alpha of [0.5, 1.5]) {
      const { mean, standardError } = await divergenceEstimate(engine, p, q, {
        ...options,
        divergence: "renyi",
        alpha,
      });
      expect(Math.abs(mean - renyiDivergence(p, q, alpha))).toBeLessThan(5 * standardError);
    }
    const { mean, standardError } = await divergenceEstimate(engine, p, q, { ...options, divergence: "hellinger" });
    expect(Math.abs(mean - hellinger(p, q))).toBeLessThan(5 * standardError);
  });

  it("refuses what it cannot estimate", async () => {
    const refused = (q: Distribution, more: object, words: RegExp) =>
      expect(divergenceEstimate(engine, normal(0, 1), q, { ...options, ...more } as never)).rejects.toThrow(words);
    await refused(normal(1, 1), {}, /divergence must be one of/);
    await refused(normal(1, 1), { divergence: "renyi" }, /alpha must be a finite number above 0/);
    await refused(normal(1, 1), { divergence: "renyi", alpha: 1 }, /klEstimate/);
    await refused(normal(1, 0.5), { divergence: "renyi", alpha: 2 }, /is infinite/);
    await refused(normal(1, 1), { divergence: "jensenShannon", alpha: 2 }, /leave it out/);
  });
});

describe("raoBlackwellKl", () => {
  it("is exact dimension by dimension where it can be, and estimates the others", async () => {
    const blend = mixture([0.25, 0.75], [normal(0, 1), normal(2, 1)]);
    const p = independent([normal(0, 1), blend, exponential(1)]);
    const q = independent([normal(1, 1), normal(1, 2), exponential(2)]);
    const options = { samples: 65_536, seed: 4 };
    const split = await raoBlackwellKl(engine, p, q, options);
    expect(split.dimensions.map(({ start, size }) => [start, size])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(split.dimensions[0]).toEqual({ start: 0, size: 1, mean: 0.5, standardError: 0 });
    expect(split.dimensions[2]?.mean).toBe(klDivergence(exponential(1), exponential(2)));
    expect(split.standardError).toBe(split.dimensions[1]?.standardError);
    const whole = await klEstimate(engine, p, q, options);
    expect(Math.abs(split.mean - whole.mean)).toBeLessThan(5 * Math.hypot(split.standardError, whole.standardError));
    expect(split.standardError).toBeLessThan(whole.standardError);
  });

  it("needs no sample where all is exact", async () => {
    const [p, q] = [
      multivariateNormal({ mean: [0, 1], std: [1, 2] }),
      multivariateNormal({ mean: [1, 1], std: [1, 1] }),
    ];
    const { mean, standardError, dimensions } = await raoBlackwellKl(engine, p, q, {});
    expect(mean).toBe(klDivergence(p, q));
    expect(standardError).toBe(0);
    expect(dimensions.map((each) => each.mean)).toEqual([0.5, klDivergence(normal(1, 2), normal(1, 1))]);
  });
});

describe("sequenceKl", () => {
  it("sums exact divergences of tokens, beside k1 of the drawn ones", async () => {
    const rows = { p: [1, 0, 0, 0, 2, 0, 0.5, 0], q: [0, 0, 0, 1, 0, 0, 0, 0] };
    const [p, q] = [rows.p, rows.q].map((values) => engine.tensor(Float32Array.from(values), [2, 2, 2]));
    const tokens = Int32Array.from([0, 1, 0, 1]);
    const { raoBlackwell, monteCarlo, sequences } = await sequenceKl(p as never, q as never, tokens);
    const logs = (values: readonly number[], row: number) => {
      const [a, b] = values.slice(2 * row, 2 * row + 2) as [number, number];
      return [a, b].map((x) => x - Math.log(Math.exp(a) + Math.exp(b)));
    };
    const exact = [0, 1, 2, 3].map((row) => {
      const [a, b] = [logs(rows.p, row), logs(rows.q, row)];
      return a.reduce((sum, log, k) => sum + Math.exp(log) * (log - (b[k] as number)), 0);
    });
    const drawn = [...tokens].map(
      (token, row) => (logs(rows.p, row)[token] as number) - (logs(rows.q, row)[token] as number),
    );
    expect(sequences).toBe(2);
    for (const [got, want] of [
      [raoBlackwell, exact],
      [monteCarlo, drawn],
    ] as const) {
      const [a, b, c, d] = want as [number, number, number, number];
      // f32 rows of the size of 1.
      expect(got?.mean).toBeCloseTo((a + b + c + d) / 2, 6);
      expect(got?.variance).toBeCloseTo((a + b - c - d) ** 2 / 2, 6);
      expect(got?.standardError).toBeCloseTo(Math.abs(a + b - c - d) / 2, 6);
      expect(got?.dimensions.mean[1]).toBeCloseTo((b + d) / 2, 6);
      expect(got?.dimensions.variance[0]).toBeCloseTo((a - c) ** 2 / 2, 6);
    }
    const short = await sequenceKl(p as never, q as never, tokens, { lengths: [1, 2] });
    expect(short.raoBlackwell.mean).toBeCloseTo(
      ((exact[0] as number) + (exact[2] as number) + (exact[3] as number)) / 2,
      6,
    );
  });

  it("refuses what does not fit", async () => {
    const [p, q] = [engine.tensor(new Float32Array(8), [2, 2, 2]), engine.tensor(new Float32Array(8), [4, 2])];
    await expect(sequenceKl(p, q)).rejects.toThrow(InputError);
    await expect(sequenceKl(q, q)).rejects.toThrow(/\[n, tokens, classes\]/);
    await expect(sequenceKl(p, p, new Float32Array(8))).rejects.toThrow(/class ids/);
    await expect(sequenceKl(p, p, [0, 0, 0, 2])).rejects.toThrow(InputError);
    await expect(sequenceKl(p, p, undefined, { lengths: [1, 3] })).rejects.toThrow(
      /lengths must be 2 whole numbers from 0 to 2, got 3 at 1/,
    );
  });
});
