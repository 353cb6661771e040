import { describe, expect, test } from "vitest";
import { samplesForDigit } from "../../../demos/variance/captions.ts";
import { checkpoints, coverage, extended, runningMeans } from "../../../demos/variance/fan.ts";
import { dimensionOf, rungs } from "../../../demos/variance/model.ts";
import { countInWords, duration, small } from "../../../demos/variance/words.ts";

describe("rungs", () => {
  test("double until the target, which is the last", () => {
    expect(rungs(10)).toEqual([1, 2, 4, 8, 10]);
    expect(rungs(16)).toEqual([1, 2, 4, 8, 16]);
    expect(rungs(1e9).length).toBe(31);
    expect(rungs(1e11).at(-1)).toBe(1e11);
  });
});

describe("running means", () => {
  test("are the means of the first n", () => {
    expect([...runningMeans([1, 2, 3, 4, 5], [1, 2, 4])]).toEqual([1, 1.5, 2.5]);
  });

  test("stop where the values do", () => {
    expect(runningMeans([1, 2], [1, 2, 4]).length).toBe(2);
  });

  test("are kept at rising whole sizes that hold the powers of two", () => {
    const at = checkpoints(2 ** 16);
    expect(at.every((size, i) => Number.isInteger(size) && size > (at[i - 1] ?? 0))).toBe(true);
    for (let n = 1; n <= 2 ** 16; n *= 2) expect(at).toContain(n);
  });

  test("are followed one checkpoint further", () => {
    const fan = extended([Float64Array.of(1, 2), Float64Array.of(3, 4)], [5, 6]);
    expect(fan.map((means) => [...means])).toEqual([
      [1, 2, 5],
      [3, 4, 6],
    ]);
  });

  test("lie inside the envelope in the share that is counted", () => {
    const means = [0, 1, 2, 3].map((mean) => new Float64Array([mean]));
    expect(coverage(means, 0, 1, 1)).toBe(0.75);
  });
});

describe("words", () => {
  test("give the samples of the third digit of π by darts", () => {
    const deviation = Math.sqrt(Math.PI * (4 - Math.PI));
    expect(samplesForDigit(Math.PI, deviation, 3)).toBe(Math.ceil(((1.959964 * deviation) / 0.005) ** 2));
  });

  test("say counts, times and small numbers", () => {
    expect([1, 16384, 1048576, 1e9, 6.87e10].map(countInWords)).toEqual([
      "1",
      "16,384",
      "1.05 million",
      "1 billion",
      "68.7 billion",
    ]);
    expect([0.0004, 0.25, 3.14, 75, 600, 7200].map(duration)).toEqual([
      "1 ms",
      "250 ms",
      "3.1 s",
      "75 s",
      "10 min",
      "2.0 h",
    ]);
    expect([0, 0.00123, -0.5, 12.3, 1e-7].map(small)).toEqual(["0", "0.0012", "−0.50", "12", "1.0 × 10⁻⁷"]);
  });
});

describe("formulas", () => {
  test("have as many coordinates as they name", () => {
    expect(["x^2", "x[0]+1", "x[0]*x[ 3 ]", "exp(1)"].map(dimensionOf)).toEqual([0, 1, 4, 0]);
  });
});
