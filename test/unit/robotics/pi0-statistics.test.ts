import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/index.ts";
import { pi0 } from "../../../src/robotics/index.ts";
import { pi0 as golden } from "../../golden/robotics/robotics.ts";
import { numbers } from "../../support/numbers.ts";
import { series } from "../../support/robotics/series.ts";

describe("running statistics", () => {
  const scales = [1, 0.1, 7];
  const rows = series(3_000, 2_999).map((x, k) => x * (scales[k % 3] ?? 1));
  const batches = [rows.slice(0, 900), rows.slice(900, 1_500).map((x) => x * 1.5 + 0.2), rows.slice(1_500)];

  test.each([
    ["the released code", golden.statistics, false],
    ["padded histograms", golden.paddedStatistics, true],
  ])("are NumPy's with %s: percentiles to the bit", (_, want, padded) => {
    const running = new pi0.RunningStatistics({ padded });
    for (const batch of batches) running.update(batch, 3);
    const got = running.statistics();
    expect(running.count).toBe(1_000);
    expect([...got.q01]).toEqual(want.q01);
    expect([...got.q99]).toEqual(want.q99);
    // NumPy may add up in another order: 500 roundings at most of numbers up to 7 (49 when squared).
    got.mean.forEach((x, d) => void expect(Math.abs(x - (want.mean[d] ?? 0))).toBeLessThan(1e-12));
    got.std.forEach((x, d) => void expect(Math.abs(x - (want.std[d] ?? 0))).toBeLessThan(1e-11));
  });

  test("of one batch have percentiles within a bin of the exact ones", () => {
    const next = numbers(3);
    const values = Array.from({ length: 20_000 }, () => next(2 ** 30) / 2 ** 30);
    const running = new pi0.RunningStatistics();
    running.update(values, 1);
    const sorted = Float64Array.from(values).sort();
    const { q01, q99 } = running.statistics();
    expect(Math.abs((q01[0] ?? 0) - (sorted[199] ?? 0))).toBeLessThan(1 / 5_000);
    expect(Math.abs((q99[0] ?? 0) - (sorted[19_799] ?? 0))).toBeLessThan(1 / 5_000);
  });

  test("lose the lowest bin's counts where a later batch raises the maximum alone, as in the released code", () => {
    // 1 % of the values lie in the lowest bin; once they are lost, the first percentile is far above them.
    const first = Array.from({ length: 100 }, (_, k) => (k < 2 ? 0 : 1));
    const quantile = (padded: boolean) => {
      const running = new pi0.RunningStatistics({ padded });
      running.update(first, 1);
      running.update([2], 1);
      return running.statistics().q01[0] ?? Number.NaN;
    };
    expect(quantile(false)).toBeGreaterThan(0.9);
    expect(quantile(true)).toBeLessThan(0.01);
  });

  test("are refused before two vectors, and for another width", () => {
    const running = new pi0.RunningStatistics();
    expect(() => running.update([], 2)).toThrow("values must be at least one vector, got none");
    running.update([1, 2], 2);
    expect(() => running.statistics()).toThrow("needed at least 2 vectors, got 1");
    expect(() => running.update([1, 2, 3], 3)).toThrow("width must be 2 as in the first batch, got 3");
    expect(() => running.update([Number.NaN, 1], 2)).toThrow(InputError);
  });
});

describe("tokens", () => {
  test("of π0.5's state are NumPy's: -1 below -1, 255 at the top", () => {
    const state = series(200).map((x) => 1.1 * x);
    const { bins, outside } = pi0.digitizeState(state);
    expect([...bins]).toEqual(golden.stateBins);
    expect(outside).toBe(state.filter((x) => Math.abs(x) > 1).length);
    expect([...pi0.digitizeState([-1.01, -1, 0, 1, 2]).bins]).toEqual([-1, 0, 128, 255, 255]);
    expect(() => pi0.digitizeState([0, Number.NaN])).toThrow("state[1] must be a number, got NaN");
  });

  test("of FAST are the vocabulary's last but 128, backwards, and the map is its own inverse", () => {
    expect([...pi0.fastTokens([0, 1, 1_023])]).toEqual([257_023, 257_022, 256_000]);
    expect([...pi0.fastTokens(pi0.fastTokens([0, 5, 77]))]).toEqual([0, 5, 77]);
    expect(() => pi0.fastTokens([0.5])).toThrow(InputError);
    expect(() => pi0.fastTokens([0], 128)).toThrow("vocabulary must be a whole number above 128, got 128");
  });
});

test("numbers that are not finite are refused before they spoil what was seen", () => {
  const running = new pi0.RunningStatistics();
  running.update([1, 2], 1);
  expect(() => running.update([3, Number.POSITIVE_INFINITY], 1)).toThrow(
    "pi0.RunningStatistics.update: values[1] must be a finite number, got Infinity",
  );
  expect(() => running.update(5 as never, 1)).toThrow("values must be an array, got 5");
  expect(running.count).toBe(2);
  expect([...running.statistics().mean]).toEqual([1.5]);
});
