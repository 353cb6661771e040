import { describe, expect, test } from "vitest";
import { gaussianLogDensity, gaussianLogDensityWithGradient, InputError } from "../../../src/index.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import {
  diagonalOf,
  normalSource,
  type Oracle,
  oracleOf,
  randomCovariance,
  slopeTolerance,
  U,
} from "../../support/gaussian/gaussian.ts";
import { onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

const part = (values: Float32Array, row: number, d: number) => values.subarray(row * d, (row + 1) * d);

function problem(seed: number, n: number, d: number) {
  const normal = normalSource(seed);
  const mean = Float32Array.from({ length: d }, normal);
  const std = Float32Array.from({ length: d }, () => Math.exp(0.5 * normal()));
  const x = Float32Array.from({ length: n * d }, (_, k) => (mean[k % d] as number) + 1.5 * normal());
  return { normal, mean, std, x };
}

/** Relative to each coordinate's own terms: a difference, rates and products, as many roundings as a row of one value has. */
const COORDINATE = 21 * U;

onEach((setting) => {
  describe("of independent coordinates", () => {
    test.each(exhaustive ? [1, 3, 7, 16, 33] : [3, 33])(
      "with respect to x, mean and std, of %i coordinates",
      async (d) => {
        const { engine } = setting();
        const n = 6;
        const { mean, std, x } = problem(d, n, d);
        const rows = engine.tensor(x, [n, d]);
        const each = Float32Array.from({ length: n * d }, (_, k) => std[k % d] as number);
        const value = await gaussianLogDensity(rows, { mean, std }).read();
        for (const spread of [std, engine.tensor(std, [d]), engine.tensor(each, [n, d])]) {
          const { logDensity, gradient } = gaussianLogDensityWithGradient(rows, { mean, std: spread });
          const roundings = (row: number) => U * 120 * Math.abs(value[row] as number) + U * 120 * d;
          expectWithin("logDensity", await logDensity.read(), value, roundings);
          const z = Array.from(x, (one, k) => (one - (mean[k % d] as number)) / (std[k % d] as number));
          const slopes = z.map((one, k) => one / (std[k % d] as number));
          expect(gradient.x?.shape).toEqual([n, d]);
          expectWithin(
            "x",
            (await gradient.x?.read()) ?? [],
            slopes.map((one) => -one),
            (k) => COORDINATE * Math.abs(slopes[k] as number),
          );
          expectWithin(
            "mean",
            (await gradient.mean?.read()) ?? [],
            slopes,
            (k) => COORDINATE * Math.abs(slopes[k] as number),
          );
          const ofStd = z.map((one, k) => (one * one - 1) / (std[k % d] as number));
          const sizes = z.map((one, k) => (one * one + 1) / (std[k % d] as number));
          expectWithin("std", (await gradient.std?.read()) ?? [], ofStd, (k) => COORDINATE * (sizes[k] as number));
        }
      },
    );

    test.each([1, 5, 300, 70_001])("summed over %i rows, with respect to shared parameters", async (n) => {
      const { engine } = setting();
      const d = 3;
      const { mean, std, x } = problem(n, n, d);
      const rows = engine.tensor(x, [n, d]);
      const { gradient } = gaussianLogDensityWithGradient(
        rows,
        { mean, std },
        { gradients: ["mean", "std"], reduce: "sum" },
      );
      expect(gradient.x).toBeUndefined();
      expect(gradient.mean?.shape).toEqual([d]);
      const [want, sizes] = [new Float64Array(2 * d), new Float64Array(2 * d)];
      x.forEach((one, k) => {
        const i = k % d;
        const s = std[i] as number;
        const z = (one - (mean[i] as number)) / s;
        want[i] = (want[i] as number) + z / s;
        sizes[i] = (sizes[i] as number) + Math.abs(z / s);
        want[d + i] = (want[d + i] as number) + (z * z - 1) / s;
        sizes[d + i] = (sizes[d + i] as number) + (z * z + 1) / s;
      });
      const got = [...((await gradient.mean?.read()) ?? []), ...((await gradient.std?.read()) ?? [])];
      // 16 terms of 16 a level, and three levels at most.
      expectWithin("sums", got, want, (k) => (COORDINATE + 3 * 32 * U) * (sizes[k] as number));
    });
  });

  describe("of coordinates with correlations", () => {
    test.each(exhaustive ? [1, 2, 7, 16, 33] : [2, 7])("with respect to x and mean, of %i coordinates", async (d) => {
      const { engine } = setting();
      const n = 4;
      const condition = 300;
      const { normal, mean, x } = problem(d, n, d);
      const covariance = randomCovariance(normal, d, condition);
      const rows = engine.tensor(x, [n, d]);
      const want: Oracle[] = Array.from({ length: n }, (_, row) => oracleOf(part(x, row, d), mean, covariance));
      const slopes = want.flatMap(({ slope }) => slope);
      const room = (k: number) => slopeTolerance(want[Math.floor(k / d)] as Oracle, d, condition);
      const all = engine.tensor(Array.from({ length: n }, () => covariance).flat(), [n, d, d]);
      for (const given of [covariance, engine.tensor(covariance, [d, d]), all]) {
        const { gradient } = gaussianLogDensityWithGradient(rows, { mean, covariance: given });
        expect(Object.keys(gradient).sort()).toEqual(["mean", "x"]);
        expectWithin("mean", (await gradient.mean?.read()) ?? [], slopes, room);
        expectWithin(
          "x",
          (await gradient.x?.read()) ?? [],
          slopes.map((one) => -one),
          room,
        );
      }
      const summed = gaussianLogDensityWithGradient(rows, { mean, covariance }, { reduce: "sum", gradients: ["mean"] });
      const sums = Array.from({ length: d }, (_, i) => want.reduce((sum, { slope }) => sum + (slope[i] as number), 0));
      const total = want.reduce((sum, one) => sum + slopeTolerance(one, d, condition), 0);
      expectWithin("sum", (await summed.gradient.mean?.read()) ?? [], sums, () => 2 * total);
    });
  });

  test("it is the slope of the log-density, by finite differences in f64", () => {
    const { normal, mean, x } = problem(2, 1, 4);
    const covariance = randomCovariance(normal, 4, 20);
    const { slope } = oracleOf(x, mean, covariance);
    const moved = (i: number, by: number) => Array.from(x, (value, k) => (k === i ? value + by : value));
    slope.forEach((one, i) => {
      const h = 1e-5;
      const rise =
        oracleOf(moved(i, h), mean, covariance).logDensity - oracleOf(moved(i, -h), mean, covariance).logDensity;
      expect(Math.abs(rise / (2 * h) + one)).toBeLessThan(1e-7);
    });
  });

  test("a diagonal given as a matrix has the same gradient", async () => {
    const { engine } = setting();
    const { mean, std, x } = problem(5, 3, 4);
    const rows = engine.tensor(x, [3, 4]);
    const covariance = diagonalOf(std.map((value) => value * value));
    const [a, b] = [
      { mean, std },
      { mean, covariance },
    ].map((one) => gaussianLogDensityWithGradient(rows, one));
    const [left, right] = [await a?.gradient.x?.read(), await b?.gradient.x?.read()];
    // The covariance holds squares rounded to f32.
    expectWithin("x", left ?? [], right ?? [], (k) => 40 * U * Math.abs(right?.[k] as number));
  });

  test("no rows have sums of 0", async () => {
    const { engine } = setting();
    const none = engine.tensor([], [0, 2]);
    const { logDensity, gradient } = gaussianLogDensityWithGradient(none, { mean: 0, std: 1 }, { reduce: "sum" });
    expect([...(await logDensity.read())]).toEqual([]);
    expect([...((await gradient.mean?.read()) ?? [1])]).toEqual([0, 0]);
    expect([...((await gradient.x?.read()) ?? [1])]).toEqual([]);
  });

  test("of values that are not finite it is not finite either", async () => {
    const { engine } = setting();
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const x = engine.tensor([nan, 1, inf, 1, 1, 1], [3, 2]);
    const diagonal = gaussianLogDensityWithGradient(x, { mean: 0, std: 1 }).gradient;
    expect([...((await diagonal.x?.read()) ?? [])]).toEqual([nan, -1, -inf, -1, -1, -1]);
    const full = gaussianLogDensityWithGradient(x, { mean: 0, covariance: [1, 0, 0, 1] }).gradient;
    expect([...((await full.mean?.read()) ?? [])]).toEqual([nan, nan, nan, nan, 1, 1]);
  });

  describe("refuses", () => {
    test("gradients that there are not, and sums over parameters of each row's own", () => {
      const { engine } = setting();
      const x = engine.tensor([0, 0, 0, 0], [2, 2]);
      const covariance = [1, 0, 0, 1];
      expect(() => gaussianLogDensityWithGradient(x, { mean: 0, covariance }, { gradients: ["std"] })).toThrow(
        'gradients must be of "x", "mean" with covariance, got "std"',
      );
      const own = { mean: [0, 0, 0, 0], std: 1 };
      expect(() => gaussianLogDensityWithGradient(x, own, { reduce: "sum" })).toThrow(InputError);
      expect(() => gaussianLogDensityWithGradient(x, own, { reduce: "sum", gradients: ["x", "std"] })).not.toThrow();
      expect(() => gaussianLogDensityWithGradient(x, own, { reduce: "mean" as "sum" })).toThrow('"none" or "sum"');
    });
  });
});
