import { describe, expect, test } from "vitest";
import {
  affine,
  beta,
  binomial,
  type Distribution,
  dirichlet,
  Engine,
  type ExpectationGradientOptions,
  expectationGradient,
  gamma,
  mixture,
  multivariateNormal,
  poisson,
  studentT,
  truncatedNormal,
  vonMises,
} from "../../../src/index.ts";

const engine = await Engine.create({ backend: "cpu" });

type Options = ExpectationGradientOptions<number | readonly number[]>;

/** I1(2) / I0(2) */
const A2 = 0.6977746579640083;

interface Family {
  readonly of: string;
  readonly under: (theta: never) => Distribution;
  readonly at: number | readonly number[];
  readonly want: readonly number[];
}

/** A derivative of a mean that the distribution itself gives: central differences, good to 1e-9. */
const slopeOf = (mean: (t: number) => number, at: number) => (mean(at + 1e-4) - mean(at - 1e-4)) / 2e-4;
const [LOW, HIGH] = [-1, 2] as const;

const SCORED: Readonly<Record<string, Family>> = {
  // E[x] = c / r, also where samples are boosted (c < 1), and where that begins
  gamma: { of: "x", under: ([c, r]: [number, number]) => gamma(c, r), at: [2, 3], want: [1 / 3, -2 / 9] },
  "gamma of a small concentration": {
    of: "x",
    under: ([c, r]: [number, number]) => gamma(c, r),
    at: [0.5, 3],
    want: [1 / 3, -0.5 / 9],
  },
  "gamma, where its sampler changes": {
    of: "x",
    under: ([c, r]: [number, number]) => gamma(c, r),
    at: [1, 3],
    want: [1 / 3, -1 / 9],
  },
  // E[x] = a / (a + b)
  beta: { of: "x", under: ([a, b]: [number, number]) => beta(a, b), at: [2, 3], want: [3 / 25, -2 / 25] },
  // E[x] = location, E[x²] = location² + scale² n / (n - 2), by n: -2 scale² / (n - 2)²
  studentT: {
    of: "x",
    under: ([n, m, s]: [number, number, number]) => studentT(n, m, s),
    at: [8, 1, 2],
    want: [0, 1, 0],
  },
  // E[x0] = a0 / Σ a
  dirichlet: {
    of: "x[0]",
    under: (a: readonly number[]) => dirichlet(a),
    at: [2, 3, 1],
    want: [4 / 36, -2 / 36, -2 / 36],
  },
  // E[x²] = r² + r, at a whole rate, at one halfway between two, and where the sampler rejects
  poisson: { of: "x^2", under: (r: number) => poisson(r), at: 3, want: [7] },
  "poisson halfway": { of: "x^2", under: (r: number) => poisson(r), at: 2.5, want: [6] },
  "poisson by rejection": { of: "x^2", under: (r: number) => poisson(r), at: 30, want: [61] },
  // E[x²] = n p (1 - p) + n² p²
  binomial: { of: "x^2", under: (p: number) => binomial(10, p), at: 0.35, want: [10 * (1 - 0.7) + 200 * 0.35] },
  // E[cos x] = A(k) cos m, A(2) = I1(2) / I0(2) (SciPy 1.17.1: i1(2) / i0(2)), A' = 1 - A² - A / k
  vonMises: {
    of: "cos(x)",
    under: ([m, k]: [number, number]) => vonMises(m, k),
    at: [0.5, 2],
    want: [-A2 * Math.sin(0.5), (1 - A2 * A2 - A2 / 2) * Math.cos(0.5)],
  },
  truncatedNormal: {
    of: "x",
    under: ([m, s]: [number, number]) => truncatedNormal(m, s, LOW, HIGH),
    at: [0.3, 1.2],
    want: [
      slopeOf((m) => truncatedNormal(m, 1.2, LOW, HIGH).mean, 0.3),
      slopeOf((s) => truncatedNormal(0.3, s, LOW, HIGH).mean, 1.2),
    ],
  },
  // Parameters of its formula have corners here, where the mean is an end; what they make has none. E[x] = s √(2/π), and by the
  // mean: Var[x] / s² = 1 - 2/π
  "truncatedNormal whose mean is where it is cut": {
    of: "x",
    under: ([m, s]: [number, number]) => truncatedNormal(m, s, 0, Number.POSITIVE_INFINITY),
    at: [0, 1],
    want: [1 - 2 / Math.PI, Math.sqrt(2 / Math.PI)],
  },
  "a mixture of gammas": {
    of: "x",
    under: ([c, w]: [number, number]) => mixture([w, 1 - w], [gamma(c, 2), gamma(3, 1)]),
    at: [2, 0.25],
    want: [0.125, -2],
  },
};

const MOVED: Readonly<Record<string, Family>> = {
  // The rate is no part of what is accepted.
  "the rate of a gamma": { of: "x", under: (r: number) => gamma(2, r), at: 3, want: [-2 / 9] },
  "location and scale of Student's t": {
    of: "x^2",
    under: ([m, s]: [number, number]) => studentT(8, m, s),
    at: [1, 2],
    want: [2, (4 * 8) / 6],
  },
  truncatedNormal: { ...(SCORED.truncatedNormal as Family) },
  "an affine map": {
    of: "x[0]^2",
    under: (t: number) =>
      affine(
        multivariateNormal({ mean: [1, 1], std: [1, 1] }),
        [
          [t, 0],
          [0, 1],
        ],
        [0, 0],
      ),
    at: 2,
    want: [8],
  },
};

describe.each(["none", "leaveOneOut"] as const)(
  "by score, baseline '%s', closed forms lie within 5 standard errors",
  (baseline) => {
    test.for(Object.entries(SCORED))("%s", ([, family]) => expectGradient(family, { estimator: "score", baseline }));
  },
);

describe("by path closed forms lie within 5 standard errors", () => {
  test.for(Object.entries(MOVED))("%s", ([, family]) => expectGradient(family, { estimator: "pathwise" }));
});

async function expectGradient({ want, ...options }: Family, how: object): Promise<void> {
  const call = { ...options, ...how, samples: 2 ** 14, seed: 12 } as unknown as Options;
  const { mean, standardError } = await expectationGradient(engine, call);
  want.forEach((value, j) => {
    const off = Math.abs((mean[j] as number) - value) / (standardError[j] as number);
    expect(off, `component ${j}: ${mean[j]}, want ${value}`).toBeLessThan(5);
  });
}
