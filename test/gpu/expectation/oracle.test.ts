import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Engine,
  type Estimate,
  expectation,
  exponential,
  independent,
  mixture,
  normal,
  sampleAt,
  uniform,
  type VectorEstimate,
} from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { type Options, spied, standard, unit } from "../../support/expectation/expectation.ts";
import { momentsOf64, relativeErrorOf, UNIFORM_SUMS } from "../../support/expectation/oracle.ts";
import { disc, normalAbove } from "../../support/expectation/rejection.ts";

const SAMPLES = exhaustive ? 1e6 : 2 ** 17;

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

/** Means, variances and standard errors beside those of the f64 oracle. */
async function compared(options: Options) {
  const e = (await expectation(engine, options)) as Estimate | VectorEstimate;
  const [mean, variance, standardError] = [[e.mean].flat(), [e.variance].flat(), [e.standardError].flat()];
  return (await momentsOf64(options)).map((oracle, k) => ({
    shift: Math.abs((mean[k] as number) - oracle.mean) / (standardError[k] as number),
    spread: Math.abs((variance[k] as number) / oracle.variance - 1),
  }));
}

describe.for<Options>([
  { of: ["x", "x^2", "abs(x)", "exp(x)", "sin(3*x)", "x > 1"], under: standard },
  { of: ["x", "log(x)", "sqrt(x)", "x^3", "x < 0.3"], under: unit },
  { of: ["x[0]*x[1]", "exp(0.5*(x[0]+x[1]+x[2])/sqrt(3))"], under: independent([standard, standard, unit]) },
  { of: ["x", "1/(1+x)"], under: exponential(2) },
  { of: ["x[0]^2", "x[1]*x[2]", "x[0]^2 * x[1]^2"], under: independent([disc(), standard]) },
  { of: ["x", "x^2"], under: mixture([0.4, 0.6], [normalAbove(0.5), normal(-1, 2)]) },
])("$of", (options) => {
  test("means are those of f64 within 2 % of a standard error, variances within 1e-5", async () => {
    for (const [k, { shift, spread }] of (await compared({ ...options, samples: SAMPLES, seed: 5 })).entries()) {
      expect(shift, `mean of function ${k}, in standard errors`).toBeLessThanOrEqual(0.02);
      expect(spread, `variance of function ${k}`).toBeLessThanOrEqual(1e-5);
    }
  });
});

test("rejected samples leave the distribution that they should", async () => {
  // Of the uniform distribution on the disc, and of mixtures in which a component's condition must not touch the others.
  const z = (e: Estimate | VectorEstimate, k: number, want: number) =>
    Math.abs(([e.mean].flat()[k] as number) - want) / ([e.standardError].flat()[k] as number);
  const of = ["x[0]^2", "x[0]^2 * x[1]^2"];
  const onDisc = await expectation(engine, { of, under: disc(), samples: SAMPLES, seed: 21 });
  expect(z(onDisc, 0, 1 / 4)).toBeLessThan(4.5);
  expect(z(onDisc, 1, 1 / 24)).toBeLessThan(4.5);
  // E[x | x > 0] = sqrt(2/π) of a standard normal, and E[x²| x > 0] = 1.
  const half = Math.sqrt(2 / Math.PI);
  const under = mixture([0.25, 0.75], [normalAbove(0), normal(0, 1)]);
  const mixed = await expectation(engine, { of: ["x", "x^2"], under, samples: SAMPLES, seed: 22 });
  expect(z(mixed, 0, 0.25 * half)).toBeLessThan(4.5);
  expect(z(mixed, 1, 1)).toBeLessThan(4.5);
});

test("the variance of values far from 0 is that of f64 within 1e-5", async () => {
  for (const under of [normal(1e4, 1), normal(-1e4, 1), uniform(9_999, 10_001)]) {
    const [one] = await compared({ of: "x", under, samples: SAMPLES, seed: 9 });
    expect(one?.spread).toBeLessThanOrEqual(1e-5);
    expect(one?.shift).toBeLessThanOrEqual(0.02);
  }
});

test("so it is where the first sample, which sums are about, is an outlier", async () => {
  const streams = Array.from({ length: 40_000 }, (_, stream) => stream);
  const far = (stream: number) => Math.abs(sampleAt(standard, { seed: 1, stream, index: 0 }) as number);
  const stream = streams.find((one) => far(one) > 4) ?? -1;
  expect(stream).toBeGreaterThanOrEqual(0);
  for (const under of [standard, normal(1e4, 1)]) {
    const [one] = await compared({ of: "x", under, samples: SAMPLES, seed: 1, stream });
    expect(one?.spread).toBeLessThanOrEqual(1e-5);
    expect(one?.shift).toBeLessThanOrEqual(0.02);
  }
});

test("a sum of uniforms is exact to 1e-7", async () => {
  for (const [samples, sum] of UNIFORM_SUMS.filter(([samples]) => samples <= 1e7)) {
    const { mean } = await expectation(engine, { of: "x", under: unit, samples, seed: 1 });
    expect(relativeErrorOf(mean, samples, sum), `${samples} samples`).toBeLessThanOrEqual(1e-7);
  }
});

test("so is one of few values, which round the same way again and again", async () => {
  const samples = 2e6;
  for (const value of [1.9709243774414062, 1.9848480224609375, 0.3]) {
    const counted = await expectation(engine, { of: "x > 0.5", under: unit, samples, seed: 1 });
    for (const of of [`select(x > 0.5, ${value}, 0)`, `select(x > 0.5, 1, ${value})`]) {
      const { mean } = await expectation(engine, { of, under: unit, samples, seed: 1 });
      const [high, low] = of.endsWith(", 0)") ? [Math.fround(value), 0] : [1, Math.fround(value)];
      const exact = counted.mean * high + (1 - counted.mean) * low;
      expect(Math.abs(mean / exact - 1), of).toBeLessThanOrEqual(1e-7);
    }
  }
});

test("an indicator's mean is a count, exactly", async () => {
  const samples = 300_007;
  const e = await expectation(engine, { of: ["x > 0.5", "x <= 0.5"], under: unit, samples, seed: 2 });
  const counts = e.mean.map((mean) => mean * samples);
  for (const count of counts) expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-6);
  expect(Math.round(counts[0] as number) + Math.round(counts[1] as number)).toBe(samples);
});

test("a record with too few or too many samples is an IntegrityError, never a number", async () => {
  for (const change of [-1, 1, 2 ** 31]) {
    const lossy = spied(engine, (records) => {
      const last = records.length - 1;
      records[last] = ((records[last] as number) + change) >>> 0;
    });
    const options: Options = { of: "x", under: standard, samples: 100_000 };
    await expect(expectation(lossy.engine, options)).rejects.toMatchObject({
      name: "IntegrityError",
      code: "integrity",
    });
  }
  const empty = spied(engine, (records) => void records.fill(0));
  await expect(expectation(empty.engine, { of: "x", under: standard, samples: 10 })).rejects.toMatchObject({
    name: "IntegrityError",
    message: expect.stringContaining("10"),
  });
});
