import { describe, expect, test } from "vitest";
import { ratiosOf, spreadOf, spreadOfHeats } from "../../../bench/harness/statistics.ts";
import { fitLine } from "../../../bench/scaling/fit.ts";

describe("a spread", () => {
  test("has the least, the quartiles and the median, between neighbours where they fall between two values", () => {
    expect(spreadOf([4, 1, 3, 2, 5])).toEqual({ least: 1, low: 2, median: 3, high: 4 });
    expect(spreadOf([1, 2])).toEqual({ least: 1, low: 1.25, median: 1.5, high: 1.75 });
  });

  test("of nothing is not a number", () => {
    expect(spreadOf([]).median).toBeNaN();
  });

  test("of heats has the median of their medians, however many rounds each had", () => {
    const heats = [[1, 1, 1, 1, 1], [3], [4, 5, 6]];
    expect(spreadOfHeats(heats)).toEqual({ least: 1, low: 1, median: 3, high: 4 });
    expect(spreadOfHeats([[], [2, 4]]).median).toBe(3);
  });
});

describe("ratios", () => {
  test("are round by round, so a round that disturbs both sides does not move them", () => {
    const ours = { rounds: [0, 1, 2], times: [10, 100, 10] };
    const theirs = { rounds: [0, 1, 2], times: [30, 300, 30] };
    expect(ratiosOf(theirs, ours)).toEqual([3, 3, 3]);
  });

  test("of one who takes part in fewer rounds is to the other's median since its last turn", () => {
    const ours = { rounds: [0, 1, 2, 3], times: [90, 10, 10, 20] };
    expect(ratiosOf({ rounds: [2], times: [40] }, ours)).toEqual([4]);
    expect(ratiosOf({ rounds: [2, 3], times: [40, 40] }, ours)).toEqual([4, 2]);
    expect(ratiosOf(ours, { rounds: [2], times: [40] })).toEqual([0.25]);
  });

  test("of those who never took part together are none", () => {
    expect(ratiosOf({ rounds: [0], times: [40] }, { rounds: [3], times: [1] })).toEqual([]);
  });
});

describe("a fit", () => {
  const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];

  test("finds the fixed cost and that of an element over five decades", () => {
    const line = fitLine(sizes.map((n) => ({ n, milliseconds: 0.5 + 2e-6 * n })));
    expect(line?.fixed).toBeCloseTo(0.5, 9);
    expect(line?.each).toBeCloseTo(2e-6, 12);
  });

  test("is not bent by one disturbed time", () => {
    const points = sizes.map((n) => ({ n, milliseconds: 0.5 + 2e-6 * n }));
    points[2] = { n: 1e5, milliseconds: 7 };
    const line = fitLine(points);
    expect(Math.abs((line?.each ?? 0) / 2e-6 - 1)).toBeLessThan(0.05);
    expect(Math.abs((line?.fixed ?? 0) / 0.5 - 1)).toBeLessThan(0.1);
  });

  test("has no negative cost, and needs three points", () => {
    expect(fitLine(sizes.map((n) => ({ n, milliseconds: n ** 1.2 })))?.fixed).toBeGreaterThanOrEqual(0);
    expect(fitLine([{ n: 1, milliseconds: 1 }])).toBeUndefined();
  });
});
