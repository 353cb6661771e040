import { f32, floatOf, mad } from "../../arithmetic/bits.ts";
import { keyOf } from "./keys.ts";

/**
 * A function of an f32 number as pieces, which shaders/lib/curve.wgsl reads as this file does: a piece is a polynomial, or one value. In front
 * of them may stand steps, each one more than the step before.
 */
export interface Curve {
  /** The key at which each step, and then each piece, begins; ascending. */
  readonly starts: Uint32Array;
  /** How many of them are steps. */
  readonly steps: number;
  /** The value of the first step. */
  readonly first: number;
  /** RECORD words a piece. */
  readonly records: Uint32Array;
}

export const DEGREE = 5;
/**
 * Words of a piece: the polynomial's coefficients from the constant one on as f32; the key from which it counts, that of the end where it is
 * smallest; and its length and unit, 2^b and 2^(a - 256), as 256 a + b. Or the one value, and CONSTANT as the last word.
 */
export const RECORD = DEGREE + 3;
export const CONSTANT = 0xffffffff;
export const UNIT_BIAS = 256;

/** The curve at an f32 number, in f32. */
export function curveAt({ starts, steps, first, records }: Curve, x: number): number {
  const key = keyOf(x);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= key) low = middle;
    else high = middle;
  }
  if (low < steps) return first + low;
  const at = (low - steps) * RECORD;
  const word = (k: number) => records[at + k] as number;
  const form = word(RECORD - 1);
  if (form === CONSTANT) return floatOf(word(0));
  const t = f32((key - word(RECORD - 2)) | 0) * 2 ** -(form & 0xff);
  let sum = 0;
  for (let k = DEGREE; k >= 0; k--) sum = mad(sum, t, floatOf(word(k)));
  return f32(sum * 2 ** ((form >>> 8) - UNIT_BIAS));
}
