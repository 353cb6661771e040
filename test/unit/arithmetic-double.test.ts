import { expect, test } from "vitest";
import { double } from "../../src/arithmetic/double.ts";
import { normalOfWord64 } from "../../src/arithmetic/variates.ts";
import { ERF, ERFC, NORMAL_QUANTILE } from "../golden/erf.ts";

function worst(f: (x: number) => number, rows: readonly (readonly [number, number])[]): number {
  let largest = 0;
  for (const [x, want] of rows) largest = Math.max(largest, Math.abs(f(x) / want - 1));
  return largest;
}

test("erf, erfc and the normal quantile agree with mpmath to 1.5e-15", () => {
  const found = [worst(double.erf, ERF), worst(double.erfc, ERFC), worst(double.normalQuantile, NORMAL_QUANTILE)];
  console.log(`f64 erf, erfc, normalQuantile: ${found.map((x) => x.toExponential(1)).join(", ")}`);
  for (const error of found) expect(error).toBeLessThan(1.5e-15);
});

test("the f64 functions have the values of their ends", () => {
  expect([-Infinity, Infinity].map(double.erf)).toEqual([-1, 1]);
  expect([-Infinity, Infinity, 30].map(double.erfc)).toEqual([2, 0, 0]);
  expect([0, 1, 0.5, -0.1, 1.1].map(double.normalQuantile)).toEqual([-Infinity, Infinity, 0, NaN, NaN]);
  expect([double.erf, double.erfc, double.normalQuantile, double.sinTurns].map((f) => f(NaN))).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
  ]);
  expect([double.pow(1, NaN), double.pow(-1, Infinity), double.pow(NaN, 0)]).toEqual([1, 1, 1]);
});

test("turns are reduced exactly", () => {
  for (const whole of [0, 1, -3, 2 ** 20, 2 ** 40]) {
    expect(double.sinTurns(whole + 0.125)).toBe(double.sinTurns(0.125) * 1);
    expect(double.cosTurns(whole + 0.25)).toBeCloseTo(0, 300);
    expect(double.cosTurns(whole + 0.5)).toBe(-1);
  }
});

test("the normal of a word is the quantile of its middle, and opposite words have opposite normals", () => {
  for (const w of [0, 1, 77777, 0x40000000, 0x7fffffff]) {
    expect(normalOfWord64(w)).toBeCloseTo(double.normalQuantile((w + 0.5) * 2 ** -32), 13);
    expect(normalOfWord64(~w >>> 0)).toBe(-normalOfWord64(w));
  }
});
