import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bernoulli,
  categorical,
  Engine,
  type Estimate,
  expectation,
  exponential,
  independent,
  laplace,
  logNormal,
  multivariateNormal,
  normal,
  pareto,
  replicates,
  uniform,
  varianceLadder,
} from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { SMOOTH_7D } from "../../support/expectation/coverage.ts";
import { named, type Options, standard, unit } from "../../support/expectation/expectation.ts";

let engine: Engine;

/** In `npm test` on the CPU engine, which has the GPU's bits (expectation-bits.test.ts) and compiles each of them at once. */
beforeAll(async () => {
  engine = exhaustive ? await gpuEngine() : await Engine.create({ backend: "cpu" });
});

afterAll(() => engine.dispose());

describe("closed forms lie within 5 standard errors", () => {
  const e = Math.E;
  const cases: readonly (readonly [Options, number])[] = [
    [{ of: "x", under: normal(3, 2) }, 3],
    [{ of: "x^2", under: normal(3, 2) }, 13],
    [{ of: "x^4", under: standard }, 3],
    [{ of: "abs(x)", under: standard }, Math.sqrt(2 / Math.PI)],
    [{ of: "exp(x)", under: standard }, Math.sqrt(e)],
    [{ of: "cos(x)", under: standard }, 1 / Math.sqrt(e)],
    [{ of: "x > 1", under: standard }, 0.15865525393145707],
    [{ of: "x > 3", under: standard }, 0.0013498980316300957],
    [{ of: "log(x)", under: unit }, -1],
    [{ of: "sqrt(x)", under: unit }, 2 / 3],
    [{ of: "x^3", under: uniform(-1, 3) }, 5],
    [{ of: "x", under: exponential(4) }, 0.25],
    [{ of: "abs(x)", under: laplace(0, 2) }, 2],
    [{ of: "x", under: logNormal(0, 0.5) }, Math.exp(0.125)],
    [{ of: "x", under: pareto(1, 5) }, 1.25],
    [{ of: "x", under: bernoulli(0.3) }, 0.3],
    [{ of: "x^2", under: categorical({ probabilities: [0.2, 0.3, 0.5] }) }, 2.3],
    [
      {
        of: "x[0]*x[1]",
        under: multivariateNormal({
          mean: [1, 2],
          covariance: [
            [1, 0.5],
            [0.5, 2],
          ],
        }),
      },
      2.5,
    ],
    [{ of: "x[0]*x[1]*x[2]", under: independent([unit, unit, unit]) }, 0.125],
    [{ of: "exp(x)", under: standard, method: "antithetic" }, Math.sqrt(e)],
    [{ of: "sqrt(x)", under: unit, method: "antithetic" }, 2 / 3],
    [{ of: "x > 1", under: standard, method: "antithetic" }, 0.15865525393145707],
    [{ of: "exp(x)", under: standard, method: "stratified" }, Math.sqrt(e)],
    [{ of: "x[0]*x[1]", under: independent([unit, unit]), method: "stratified" }, 0.25],
    [{ of: "exp(x)", under: standard, method: "sobol" }, Math.sqrt(e)],
    [{ of: "x[0]*x[1]*x[2]", under: independent([unit, unit, unit]), method: "sobol" }, 0.125],
    [SMOOTH_7D.options("sobol"), SMOOTH_7D.mean],
    [{ of: "exp(x)", under: standard, control: { of: "x + x^2/2", mean: 0.5 } }, Math.sqrt(e)],
    [{ of: "x > 4", under: standard, proposal: normal(4, 1.2) }, 3.167124183311992e-5],
    [{ of: "x^2", under: standard, proposal: normal(0, 2), selfNormalised: true }, 1],
    [{ of: "(x[0]+x[1])^2", under: independent([standard, standard]), conditional: "x[0]^2 + 1" }, 2],
  ];
  test.for(cases.map(named))("%s", async ([, options, mean]) => {
    const estimate = (await expectation(engine, { ...options, samples: 2 ** 18, seed: 20 })) as Estimate;
    expect(estimate.standardError).toBeGreaterThan(0);
    expect(Math.abs(estimate.mean - mean)).toBeLessThanOrEqual(5 * estimate.standardError);
    const [low, high] = estimate.interval(0.999_999);
    expect(low).toBeLessThanOrEqual(mean);
    expect(high).toBeGreaterThanOrEqual(mean);
  });

  test("a discrete expectation needs no samples", async () => {
    const under = categorical({ probabilities: [0.2, 0.3, 0.5] });
    const e = await expectation(engine, { of: "x^2", under, method: "exact" });
    expect(e.mean).toBeCloseTo(2.3, 14);
    expect(e.standardError).toBe(0);
  });
});

test("variance falls as 1/N: the ladder's slope is -1 within its interval", async () => {
  const sizes = [4, 6, 8, 10, 12].map((k) => 2 ** k);
  const { rows, slope, slopeStandardError, interval } = await varianceLadder(engine, {
    of: "x^2",
    under: standard,
    sizes,
    replicates: 1_024,
    seed: 6,
  });
  const [low, high] = interval(0.95);
  console.info(`slope ${slope.toFixed(4)} ± ${((high - low) / 2).toFixed(4)}`);
  expect(Math.abs(slope + 1)).toBeLessThanOrEqual(3.5 * slopeStandardError);
  expect(slopeStandardError).toBeLessThan(0.02);
  for (const { samples, variance, varianceStandardError, mean } of rows) {
    expect(Math.abs(variance - 2 / samples)).toBeLessThanOrEqual(5 * varianceStandardError);
    expect(Math.abs(mean - 1)).toBeLessThanOrEqual(5 * Math.sqrt(2 / samples / 1_024));
  }
});

test("scrambled Sobol points beat independent samples by far on a smooth integrand", async () => {
  const samples = 2 ** 16;
  let squares = 0;
  for (let seed = 0; seed < 8; seed++) {
    const { mean } = await expectation(engine, { ...SMOOTH_7D.options("sobol"), samples, seed });
    squares += (mean - SMOOTH_7D.mean) ** 2;
  }
  const { standardError } = await expectation(engine, { ...SMOOTH_7D.options("independent"), samples });
  const ratio = standardError / Math.sqrt(squares / 8);
  console.info(`independent / Sobol: ${ratio.toFixed(1)}`);
  expect(ratio).toBeGreaterThan(15);
});

test("replicates are independent of one another", async () => {
  const all = await replicates(engine, { of: "x", under: standard, samples: 64, replicates: 4_096, seed: 7 });
  const means = all.map(({ mean }) => mean * 8);
  const variance = means.reduce((sum, z) => sum + z * z, 0) / means.length;
  const lagged = means.slice(1).reduce((sum, z, k) => sum + z * (means[k] as number), 0) / means.length;
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 4_096));
  expect(Math.abs(lagged)).toBeLessThan(5 / 64);
});
