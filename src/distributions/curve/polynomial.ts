import { mad } from "../../arithmetic/bits.ts";

/** A point that an interpolating polynomial passes through. */
export interface Knot {
  readonly t: number;
  readonly value: number;
}

/**
 * Coefficients of the polynomial through knots, from the constant one on, as many as there are knots: Newton's form, multiplied out. A knot at the t of the one
 * before adds nothing.
 */
export function interpolated(knots: readonly Knot[]): readonly number[] {
  const own = knots.filter(({ t }, k) => t !== knots[k - 1]?.t);
  const ts = own.map(({ t }) => t);
  const differences = own.map(({ value }) => value);
  for (let order = 1; order < ts.length; order++) {
    for (let k = ts.length - 1; k >= order; k--) {
      const rise = (differences[k] as number) - (differences[k - 1] as number);
      differences[k] = rise / ((ts[k] as number) - (ts[k - order] as number));
    }
  }
  const sums = knots.map(() => 0);
  for (let k = ts.length - 1; k >= 0; k--) {
    for (let power = sums.length - 1; power > 0; power--) {
      sums[power] = (sums[power - 1] as number) - (ts[k] as number) * (sums[power] as number);
    }
    sums[0] = (differences[k] as number) - (ts[k] as number) * (sums[0] as number);
  }
  return sums;
}

/** A polynomial at t by Horner's rule in f32, and the sum of its terms' sizes. */
export function valueIn(coefficients: readonly number[], t: number): { sum: number; terms: number } {
  let [sum, terms] = [0, 0];
  for (let k = coefficients.length - 1; k >= 0; k--) {
    const coefficient = coefficients[k] as number;
    sum = mad(sum, t, coefficient);
    terms = terms * Math.abs(t) + Math.abs(coefficient);
  }
  return { sum, terms };
}
