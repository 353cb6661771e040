import { describe, expect, it, test } from "vitest";
import { momentsOfGumbelShares } from "../../../src/distributions/special/gumbel-shares.ts";
import { SERIES_FROM, varianceOfManyNoises } from "../../../src/distributions/special/gumbel-shares-series.ts";
import { Engine, gumbelSoftmax } from "../../../src/index.ts";
import { Random } from "../../support/distributions/random.ts";

// Costs two seconds of CPU time.

function logProbabilities(logits: readonly number[]): readonly number[] {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => logit - Math.log(sum));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Of the first of two classes: the trapezoidal rule over the logistic difference of their variates, in steps that the temperature allows. */
function ofTwo([first = 0, second = 0]: readonly number[], temperature: number) {
  const step = Math.min(1, temperature) / 8;
  const over = (f: (y: number, log: number) => number) => {
    let sum = 0;
    for (let k = Math.ceil(-90 / step); k * step <= 90; k++) {
      const x = k * step;
      const z = (x + first - second) / temperature;
      const log = z > 0 ? -Math.log1p(Math.exp(-z)) : z - Math.log1p(Math.exp(z));
      sum += (step / (2 + 2 * Math.cosh(x))) * f(Math.exp(log), log);
    }
    return sum;
  };
  const mean = over((y) => y);
  return { mean, variance: over((y) => (y - mean) ** 2), meanLog: over((_, log) => log) };
}

describe("means over shares of Gumbel variates", () => {
  test.each([0.05, 0.5, 1, 2, 3, 30, 1e3])(
    "of two classes at temperature %d are the logistic variate's",
    (temperature) => {
      for (const logits of [
        [0, 0],
        [0, 3],
        [0, -20],
        // Whose squares' mean is from rare samples, at temperatures near 2.
        [-50, 0],
      ]) {
        const logs = logProbabilities(logits);
        const [got, want] = [momentsOfGumbelShares(logs, temperature), ofTwo(logs, temperature)];
        expect(Math.abs((got.mean[0] ?? 0) / want.mean - 1)).toBeLessThan(1e-13);
        expect(Math.abs((got.variance[0] ?? 0) / want.variance - 1)).toBeLessThan(5e-12);
        expect(Math.abs((got.meanLog[0] ?? 0) - want.meanLog)).toBeLessThan(1e-13 * (1 + Math.abs(want.meanLog)));
      }
    },
  );

  it("add up: shares to 1, and classes that are alike to one of their probabilities' sum at temperature 0", () => {
    const random = new Random(7);
    for (let k = 0; k < 12; k++) {
      const logs = logProbabilities(random.list(2 + k, () => 30 * random.uniform()));
      const { mean, variance } = momentsOfGumbelShares(logs, 10 ** (6 * random.uniform() - 3));
      expect(Math.abs(sumOf(mean) - 1)).toBeLessThan(1e-14 * mean.length);
      mean.forEach((m, j) => void expect(variance[j]).toBeLessThan(m * (1 - m) * (1 + 1e-12)));
      const cold = momentsOfGumbelShares(logs, 1e-9).mean;
      logs.forEach((log, j) => void expect(Math.abs((cold[j] ?? 0) / Math.exp(log) - 1)).toBeLessThan(1e-12));
    }
  });

  it("have a variance that the series and the integrals agree on", () => {
    const temperature = SERIES_FROM * (1 - 1e-9);
    for (const logits of [
      [0, 1],
      [0, 0, 0, 0, 0],
      [0, -30, 2],
      [5, 1, -2, 7],
    ]) {
      const logs = logProbabilities(logits);
      const series = varianceOfManyNoises(logs, temperature);
      momentsOfGumbelShares(logs, temperature).variance.forEach((variance, k) => {
        // A square of 1 / temperature is left of what is subtracted.
        expect(Math.abs(variance / (series[k] ?? 0) - 1)).toBeLessThan(8 * SERIES_FROM ** 2 * Number.EPSILON);
      });
    }
  });
});

test("samples are shares, also where one is 1 but for its rounding", async () => {
  using engine = await Engine.create({ backend: "cpu" });
  for (const of of [gumbelSoftmax(1, [1e-8, 1 - 1e-8]), gumbelSoftmax(1, [1e-6, 1e-6, 1 - 2e-6])]) {
    using samples = of.sample(engine, 2 ** 16, { seed: 8 });
    using densities = of.logProb(samples);
    expect((await samples.read()).every((share) => share > 0 && share <= 1)).toBe(true);
    expect((await densities.read()).every(Number.isFinite)).toBe(true);
  }
  expect(gumbelSoftmax(1, [0.5, 0.5]).logProb([0, 1 + 2 ** -23])).toBe(Number.NEGATIVE_INFINITY);
});
