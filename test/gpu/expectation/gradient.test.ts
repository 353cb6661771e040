import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Baseline,
  bernoulli,
  categorical,
  type Distribution,
  Engine,
  type ExpectationGradientOptions,
  expectationGradient,
  exponential,
  type GradientEstimate,
  gamma,
  independent,
  laplace,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  uniform,
} from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { bitsOf } from "../../support/expectation/expectation.ts";
import { momentsOf, type Polynomial, times } from "../../support/expectation/gaussian-moments.ts";

let engine: Engine;
let onCpu: Engine;

beforeAll(async () => {
  [engine, onCpu] = [await gpuEngine(), await Engine.create({ backend: "cpu" })];
});

afterAll(() => {
  engine.dispose();
  onCpu.dispose();
});

type Options = ExpectationGradientOptions<number | readonly number[]>;
type How = { readonly estimator: "score" | "pathwise"; readonly baseline?: Baseline; readonly group?: number };

const SEEDS = 24;
const SAMPLES = 2 ** 15;

/**
 * ∂E[x²]/∂μ of N(μ, 1) at μ = 1, which is 2, with many seeds; made once for each way, in `npm test` on the CPU engine, which has the same bits
 * (below, and expectation-bits.test.ts) and compiles each at once.
 */
async function many(how: How): Promise<readonly GradientEstimate[]> {
  const key = JSON.stringify(how);
  const known = made.get(key) ?? [];
  const call = { of: "x^2", under: (mean: number) => normal(mean, 1), at: 1, samples: SAMPLES, ...how };
  const on = exhaustive ? engine : onCpu;
  while (known.length < SEEDS) known.push(await expectationGradient(on, { ...call, seed: known.length }));
  made.set(key, known);
  return known;
}

const made = new Map<string, GradientEstimate[]>();

/** How many standard errors, taken from their spread, the mean of numbers is from what it should be. */
function errorsOff(numbers: readonly number[], want: number): number {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const spread = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1);
  return Math.abs(mean - want) / Math.sqrt(spread / numbers.length);
}

const means = (runs: readonly GradientEstimate[]) => runs.map(({ mean }) => mean[0] as number);
const variances = (runs: readonly GradientEstimate[]) => runs.map(({ variance }) => variance[0] as number);

describe("the gradient of E[x²] by the mean of a normal", () => {
  // x = 1 + z, f = x², s = z: moments of polynomials of z.
  const f: Polynomial = [1, 2, 1];
  const minus = (b: number): Polynomial => [1 - b, 2, 1];
  const S: Polynomial = [0, 1];
  const terms = (b: number) => momentsOf(times(minus(b), S));

  test("has, exactly, 30, 18, 14 and 4 as variances of a sample", () => {
    expect(terms(0)).toMatchObject({ mean: 2, variance: 30 });
    expect(terms(2)).toMatchObject({ mean: 2, variance: 18 });
    expect(terms(4)).toMatchObject({ mean: 2, variance: 14 });
    expect(momentsOf([2, 2])).toMatchObject({ mean: 2, variance: 4 });
    expect(momentsOf(f)).toMatchObject({ mean: 2, variance: 6 });
  });

  test.each([
    ["none", 0],
    ["mean", 2],
    ["optimal", 4],
  ] as const)("by score, baseline '%s', is 2 with the variance of b = %i", async (baseline, b) => {
    const runs = await many({ estimator: "score", baseline });
    expect(errorsOff(means(runs), 2)).toBeLessThan(5);
    const found = runs.map(({ baselines = [] }) => baselines[0] as number);
    if (baseline === "none") expect(new Set(found)).toEqual(new Set([0]));
    else {
      // Of 16,384 draws: E[f] has variance 6 / N; E[f s²] / E[s²] that of (f - 4) s² over N, as E[s²] is 1.
      const each = momentsOf(times(times(minus(b), baseline === "mean" ? [1] : S), baseline === "mean" ? [1] : S));
      for (const one of found) expect(Math.abs(one - b)).toBeLessThan(5 * Math.sqrt(each.variance / 16_384));
    }
    // Each run's variance is that of its own baseline, up to its sampling error.
    const off = variances(runs).map((variance, k) => variance - terms(found[k] as number).variance);
    const error = Math.sqrt(terms(b).varianceOfSquare / SAMPLES / SEEDS);
    console.info(
      `score, ${baseline}: variance ${variances(runs)
        .reduce((a, v) => a + v / SEEDS, 0)
        .toFixed(2)} ± ${error.toFixed(2)}`,
    );
    expect(Math.abs(off.reduce((sum, x) => sum + x, 0) / SEEDS)).toBeLessThan(5 * error);
  });

  test("by path is 2 with variance 4", async () => {
    const runs = await many({ estimator: "pathwise" });
    expect(errorsOff(means(runs), 2)).toBeLessThan(5);
    const error = Math.sqrt(momentsOf([2, 2]).varianceOfSquare / SAMPLES / SEEDS);
    const mean = variances(runs).reduce((sum, x) => sum + x / SEEDS, 0);
    console.info(`pathwise: variance ${mean.toFixed(3)} ± ${error.toFixed(3)}`);
    expect(Math.abs(mean - 4)).toBeLessThan(5 * error);
  });

  // The mean of a group with left-out baselines is the unbiased sample covariance of f and s. Its variance is, with
  // m22 = E[(f - 2)² s²] = 22, c = Cov(f, s) = 2, Var f = 6, Var s = 1: m22 / n - (n - 2) c² / (n (n - 1)) + Var f Var s / (n (n - 1)).
  const ofCovariance = (n: number) => 22 / n - ((n - 2) / (n * (n - 1))) * 2 ** 2 + 6 / (n * (n - 1));

  test.each([2, 4, 8])(
    "by score, others of groups of %i as baseline, is 2 with the variance of a covariance",
    async (group) => {
      const runs = await many({ estimator: "score", baseline: "leaveOneOut", group });
      expect(errorsOff(means(runs), 2)).toBeLessThan(5);
      expect(errorsOff(variances(runs), ofCovariance(group))).toBeLessThan(5);
      for (const run of runs) expect(run.perSampleVariance[0]).toBe((run.variance[0] as number) * group);
      const mean = variances(runs).reduce((sum, x) => sum + x / SEEDS, 0);
      console.info(`leaveOneOut of ${group}: group mean's variance ${mean.toFixed(3)}, exactly ${ofCovariance(group)}`);
      // Without a baseline the mean of a group has variance 30 / K.
      expect(ofCovariance(group)).toBeLessThan(30 / group);
    },
  );

  test("with the whole group as baseline is (K - 1) / K of it: 1.5 for 4, and says so", async () => {
    const runs = await many({ estimator: "score", baseline: "group", group: 4 });
    expect(errorsOff(means(runs), 1.5)).toBeLessThan(5);
    expect(errorsOff(variances(runs), (9 / 16) * ofCovariance(4))).toBeLessThan(5);
    for (const { warnings } of runs) expect(warnings.map(({ code }) => code)).toContain("biased");
  });

  test("has intervals that hold it", async () => {
    for (const baseline of ["none", "mean", "optimal", "leaveOneOut"] as const) {
      const runs = await many({ estimator: "score", baseline });
      const held = runs.filter(({ interval }) => {
        const [[low, high] = [1, -1]] = interval(0.99);
        return low <= 2 && 2 <= high;
      });
      // Of 24 intervals of 99 %, three misses have probability 0.002.
      expect(held.length, baseline).toBeGreaterThanOrEqual(SEEDS - 2);
    }
  });
});

interface Case {
  readonly of: string;
  readonly under: (theta: never) => Distribution;
  readonly at: number | readonly number[];
  readonly want: readonly number[];
  readonly pathwise?: false;
  readonly score?: false;
}

const logistic = (t: number) => 1 / (1 + Math.exp(-t));
const softmax = (logits: readonly number[]) => {
  const shares = logits.map(Math.exp);
  return shares.map((share) => share / shares.reduce((sum, x) => sum + x));
};
const LOGITS = [0.2, -0.5, 1];
const [P0 = 0, P1 = 0, P2 = 0] = softmax(LOGITS);
const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

const CASES: Readonly<Record<string, Case>> = {
  // E[x²] = m² + s²
  "mean and std of a normal": {
    of: "x^2",
    under: ([m, s]: readonly [number, number]) => normal(m, s),
    at: [1, 2],
    want: [2, 4],
  },
  "mean and log std of a normal, at a standard one": {
    of: "x^2 + x",
    under: ([m, s]: readonly [number, number]) => normal(m, Math.exp(s)),
    at: [0, 0],
    want: [1, 2],
  },
  "a quantity that the mean depends on not by a line": {
    of: "x^3",
    under: (t: number) => normal(Math.sin(t), 1),
    at: 0.5,
    want: [3 * (Math.sin(0.5) ** 2 + 1) * Math.cos(0.5)],
  },
  // P(X > 1) = Φ((m - 1) / s)
  "an indicator": { of: "x > 1", under: (m: number) => normal(m, 1), at: 0.5, want: [density(0.5)], pathwise: false },
  "the logit of a coin": {
    of: "3 * x + 1",
    under: (t: number) => bernoulli(logistic(t)),
    at: 0.3,
    want: [3 * logistic(0.3) * (1 - logistic(0.3))],
    pathwise: false,
  },
  // ∂/∂logit_k Σ p f = p_k (f_k - E f)
  "the logits of three classes": {
    of: "x^2",
    under: (logits: readonly number[]) => categorical({ logits }),
    at: LOGITS,
    want: [P0, P1, P2].map((p, k) => p * (k ** 2 - (P1 + 4 * P2))),
    pathwise: false,
  },
  // E[x] = 1 / rate
  "the rate of an exponential": { of: "x", under: (rate: number) => exponential(rate), at: 2, want: [-0.25] },
  // E[|x - a|] at the location a is 0 by symmetry; E[x²] = a² + 2 b²
  "location and scale of a Laplace": {
    of: "x^2",
    under: ([a, b]: readonly [number, number]) => laplace(a, b),
    at: [0.5, 1.5],
    want: [1, 6],
  },
  // E[x] = exp(m + s² / 2)
  "both parameters of a log-normal": {
    of: "x",
    under: ([m, s]: readonly [number, number]) => logNormal(m, s),
    at: [0.1, 0.5],
    want: [Math.exp(0.225), 0.5 * Math.exp(0.225)],
  },
  // E[x] = b / 2; E[x²] = b² / 3
  "the end of a uniform": { of: "x^2", under: (b: number) => uniform(0, b), at: 2, want: [4 / 3], score: false },
  // E[x0 x1] = m0 m1 + c, c the covariance
  "means and covariance of a plane normal": {
    of: "x[0] * x[1]",
    under: ([a, b, c]: readonly [number, number, number]) =>
      multivariateNormal({
        mean: [a, b],
        covariance: [
          [1, c],
          [c, 2],
        ],
      }),
    at: [1, 2, 0.5],
    want: [2, 1, 1],
  },
  // E[x] = c / r
  "concentration and rate of a gamma": {
    of: "x",
    under: ([c, r]: readonly [number, number]) => gamma(c, r),
    at: [2, 3],
    want: [1 / 3, -2 / 9],
    pathwise: false,
  },
  // E[x²] = w (m² + 1) + (1 - w) (1 + 1 / 4)
  "weight and mean in a mixture, at equal weights": {
    of: "x^2",
    under: ([w, m]: readonly [number, number]) => mixture([w, 1 - w], [normal(m, 1), normal(-1, 0.5)]),
    at: [0.5, 2],
    want: [3.75, 2],
    pathwise: false,
  },
  "several side by side, one of them a coin": {
    of: "x[0] * (1 + x[1]) + x[2]",
    under: ([m, p, r]: readonly [number, number, number]) => independent([normal(m, 1), bernoulli(p), exponential(r)]),
    at: [0.5, 0.2, 1.5],
    want: [1.2, 0.5, -1 / 2.25],
    pathwise: false,
  },
};

const WAYS: readonly How[] = [
  { estimator: "score", baseline: "optimal" },
  { estimator: "score", baseline: "leaveOneOut", group: 2 },
  { estimator: "pathwise" },
];

/** In `npm test` some, one way each, in turns: what differs are formulas, which test/unit/expectation/gradient-families.test.ts has of all. */
const SOME = Object.entries(CASES).filter((_, k) => exhaustive || k % 3 === 0);

describe.each(SOME.map(([name, one], k) => [name, k, one] as const))("by %s", (_, k, one) => {
  const { want, score, pathwise, ...options } = one;
  const all = WAYS.filter(({ estimator }) => (estimator === "score" ? score : pathwise) !== false);
  const ways = exhaustive ? all : all.filter((_, way) => way === k % all.length);

  test.for(ways)("%o: closed forms lie within 5 standard errors; bits as on the CPU", async (how) => {
    const call = { ...options, ...how, samples: 2 ** 15, seed: 6 } as unknown as Options;
    const estimate = await expectationGradient(engine, call);
    expect(estimate.mean).toHaveLength(want.length);
    want.forEach((value, j) => {
      const off = Math.abs((estimate.mean[j] as number) - value) / (estimate.standardError[j] as number);
      expect(off, `component ${j}: ${estimate.mean[j]}, want ${value}`).toBeLessThan(5);
    });
    if (engine.numerics.exact) expect(bitsOf(estimate)).toEqual(bitsOf(await expectationGradient(onCpu, call)));
  });
});
