import { expect, test } from "vitest";
import { double } from "../../../src/arithmetic/double.ts";
import { lgamma1p, lgamma1pGap, logBeta } from "../../../src/arithmetic/double-gamma.ts";
import { normalOfWord64 } from "../../../src/arithmetic/variates.ts";
import { ERF, ERFC, NORMAL_QUANTILE } from "../../golden/arithmetic/erf.ts";
import { DIGAMMA, LGAMMA, LGAMMA_1P, LGAMMA_1P_GAP, LOG_BETA, TRIGAMMA } from "../../golden/arithmetic/gamma.ts";

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

// A handful of roundings of terms of the result's size: 8 eps. Differences of such terms lose as much again.
test("log gamma, trigamma and log gamma(1 + z) agree with mpmath to 8 eps, their zeros included", () => {
  const found = [worst(double.lgamma, LGAMMA), worst(double.trigamma, TRIGAMMA), worst(lgamma1p, LGAMMA_1P)];
  console.log(`f64 lgamma, trigamma, lgamma1p: ${found.map((x) => x.toExponential(1)).join(", ")}`);
  for (const error of found) expect(error).toBeLessThan(8 * Number.EPSILON);
  expect(worst(lgamma1pGap, LGAMMA_1P_GAP)).toBeLessThan(16 * Number.EPSILON);
});

test("digamma agrees with mpmath to 8 eps of the larger of it and 1", () => {
  for (const [x, want] of DIGAMMA) {
    const error = Math.abs(double.digamma(x) - want) / Math.max(1, Math.abs(want));
    expect(error, `at ${x}`).toBeLessThan(8 * Number.EPSILON);
  }
});

test("log beta agrees with mpmath to 16 eps for arguments from 1e-9 to 1e16, in either order", () => {
  for (const [a, b, want] of LOG_BETA) {
    expect(Math.abs(logBeta(a, b) / want - 1), `of ${a}, ${b}`).toBeLessThan(16 * Number.EPSILON);
    expect(logBeta(b, a)).toBe(logBeta(a, b));
  }
});

test("the gamma functions go on smoothly where their formulas change", () => {
  const eps = Number.EPSILON;
  for (const x of [0.5, 1.5, 2.5, 3.5, 9, 10]) {
    for (const f of [double.lgamma, double.digamma, double.trigamma]) {
      const [below, above] = [f(x * (1 - eps)), f(x)];
      expect(Math.abs(above - below), `${f.name} at ${x}`).toBeLessThan(24 * eps * Math.max(1, Math.abs(above)));
    }
  }
});

test("the gamma functions have the values of their ends, and none below 0", () => {
  expect([0, -0, 1, 2, Infinity, -1, NaN].map(double.lgamma)).toEqual([Infinity, Infinity, 0, 0, Infinity, NaN, NaN]);
  expect([0, -0, Infinity, -0.5, NaN].map(double.digamma)).toEqual([-Infinity, -Infinity, Infinity, NaN, NaN]);
  expect([0, -0, Infinity, -0.5, NaN].map(double.trigamma)).toEqual([Infinity, Infinity, 0, NaN, NaN]);
  expect(double.lgamma(1e306)).toBe(Infinity);
  expect([logBeta(0, 1), logBeta(1, Infinity), logBeta(-1, 2), logBeta(NaN, 2), logBeta(2, NaN)]).toEqual([
    Infinity,
    -Infinity,
    NaN,
    NaN,
    NaN,
  ]);
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
