import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scaledBessel } from "../../../src/distributions/special/bessel.ts";
import {
  affine,
  beta,
  binomial,
  type Distribution,
  dirichlet,
  Engine,
  expectation,
  exponential,
  gamma,
  InputError,
  independent,
  multivariateNormal,
  normal,
  poisson,
  studentT,
  truncatedNormal,
  uniform,
  vonMises,
} from "../../../src/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";

interface Case {
  readonly what: string;
  readonly of: string;
  readonly under: Distribution;
  readonly proposal?: Distribution;
  readonly is: number;
}

/** Euler's constant; digamma(5/2) is 8/3 - γ - 2 log 2. */
const GAMMA = 0.5772156649015329;
const half = truncatedNormal(0, 1, 0, Number.POSITIVE_INFINITY);
const plane = multivariateNormal({ mean: [0, 1], std: [1, 2] });

const cases: readonly Case[] = [
  { what: "gamma", of: "log(x)", under: gamma(2.5, 0.8), is: 8 / 3 - GAMMA - 2 * Math.LN2 - Math.log(0.8) },
  { what: "gamma of a small concentration", of: "x", under: gamma(0.25, 2), is: 0.125 },
  { what: "beta", of: "x * (1 - x)", under: beta(2, 3), is: 6 / 30 },
  { what: "studentT", of: "x^2", under: studentT(9, 0, 2), is: (4 * 9) / 7 },
  { what: "poisson", of: "x^2", under: poisson(30), is: 930 },
  { what: "poisson of a small rate", of: "0.5^x", under: poisson(3), is: Math.exp(-1.5) },
  { what: "binomial", of: "x * (x - 1)", under: binomial(100_000, 0.25), is: 99_999 * 100_000 * 0.0625 },
  { what: "vonMises", of: "cos(x - 2)", under: vonMises(2, 3), is: 1 - vonMises(2, 3).circularVariance },
  { what: "truncatedNormal", of: "x", under: half, is: Math.sqrt(2 / Math.PI) },
  { what: "dirichlet", of: "x[0] * x[2]", under: dirichlet([1, 2, 3]), is: 3 / 42 },
  {
    what: "affine",
    of: "x[0] * x[1]",
    under: affine(
      plane,
      [
        [1, 1],
        [1, -1],
      ],
      [0, 0],
    ),
    is: 1 - 4 - 1,
  },
  {
    what: "side by side",
    of: "x[0] + x[1] * x[2]",
    under: independent([gamma(2, 1), beta(2, 2), poisson(20)]),
    is: 12,
  },
  { what: "studentT for normal", of: "x^2", under: normal(0, 1), proposal: studentT(5), is: 1 },
  { what: "gamma for exponential", of: "x > 6", under: exponential(1), proposal: gamma(4, 0.6), is: Math.exp(-6) },
  { what: "gamma for gamma", of: "x", under: gamma(3, 1), proposal: gamma(2, 0.5), is: 3 },
  { what: "beta for uniform", of: "x^3", under: uniform(0, 1), proposal: beta(2, 1), is: 0.25 },
  { what: "uniform for beta", of: "x", under: beta(2, 3), proposal: uniform(0, 1), is: 0.4 },
  { what: "poisson for poisson", of: "x", under: poisson(20), proposal: poisson(24), is: 20 },
  { what: "poisson for binomial", of: "x", under: binomial(70_000, 0.0005), proposal: poisson(36), is: 35 },
  {
    what: "vonMises for vonMises",
    of: "cos(x)",
    under: vonMises(0, 2),
    proposal: vonMises(0.3, 1),
    is: 1 - vonMises(0, 2).circularVariance,
  },
  {
    what: "a tail of its own for normal",
    of: "x > 8",
    under: normal(0, 1),
    proposal: truncatedNormal(0, 1, 8, Number.POSITIVE_INFINITY),
    is: normal(0, 1).cdf(-8),
  },
  { what: "normal for truncatedNormal", of: "x", under: half, proposal: normal(0.5, 1), is: Math.sqrt(2 / Math.PI) },
  {
    what: "dirichlet for dirichlet",
    of: "x[1]",
    under: dirichlet([2, 3, 4]),
    proposal: dirichlet([1.5, 2, 3]),
    is: 1 / 3,
  },
];

describe.each(["webgpu", "cpu"] as const)("%s", (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.create({ backend });
  });
  afterAll(() => engine.dispose());

  // Fewer on the CPU, which has the same bits.
  const samples = backend === "webgpu" ? 2 ** 18 : 2 ** 14;

  // On a GPU they have the same bits (expectation-bits.test.ts, samplers.test.ts), and take seconds each to compile.
  const some = cases.filter((_, k) => exhaustive || backend === "cpu" || k % 8 === 0);
  test.each(some)("$what: E[$of]", async ({ of, under, proposal, is }) => {
    const estimate = await expectation(engine, {
      of,
      under,
      samples,
      seed: 11,
      method: "independent",
      ...(proposal ? { proposal } : {}),
    });
    // In f32 values err by some 1e-6 of themselves, which counts where nothing else errs, as within a tail.
    const budget = 5 * estimate.standardError + 4e-6 * Math.abs(is);
    expect(Math.abs(estimate.mean - is), `${estimate.mean} ± ${estimate.standardError}`).toBeLessThan(budget);
    expect(estimate.standardError).toBeLessThan(0.1 * Math.max(1, Math.abs(is)));
  });

  test("a tail sampled as itself has weights of one value", async () => {
    const proposal = truncatedNormal(0, 1, 8, Number.POSITIVE_INFINITY);
    const estimate = await expectation(engine, {
      of: "x > 8",
      under: normal(0, 1),
      proposal,
      samples: 2 ** 14,
      seed: 3,
    });
    expect(estimate.standardError / estimate.mean).toBeLessThan(1e-6);
  });

  test("studentT takes every method, and rejection only independent samples", async () => {
    for (const method of ["antithetic", "stratified", "sobol"] as const) {
      const under = studentT(9);
      const estimate = await expectation(engine, { of: "abs(x)", under, samples: 2 ** 14, seed: 5, method });
      // E|T| = 2 sqrt(9 / π) Γ(5) / (Γ(9/2) 8)
      const is = (2 * Math.sqrt(9 / Math.PI) * 24) / (11.631728396567448 * 8);
      expect(Math.abs(estimate.mean - is), method).toBeLessThan(5 * estimate.standardError + 1e-5);
      const refused = expectation(engine, { of: "x", under: gamma(2, 1), samples: 2 ** 14, method });
      await expect(refused).rejects.toThrow(InputError);
    }
  });
});

test("von Mises' mean resultant length is a ratio of Bessel functions", () => {
  // I1(2) / I0(2), scipy.special.ive(1, 2) / ive(0, 2)
  expect(1 - vonMises(0, 2).circularVariance).toBeCloseTo(0.697774657964008, 13);
  expect(scaledBessel(2)).toBeCloseTo(0.308508322553671, 14);
});
