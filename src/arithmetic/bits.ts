import * as table from "./coefficients.ts";
import { LEAST_NORMAL } from "./range.ts";

/** Rounds to the nearest f32. */
export const f32 = Math.fround;

const floats = new Float32Array(1);
const words = new Int32Array(floats.buffer);

/** The bits of an f32, as a signed integer. */
export function bitsOf(x: number): number {
  floats[0] = x;
  return words[0] ?? 0;
}

/** The f32 that has these bits. */
export function floatOf(bits: number): number {
  words[0] = bits;
  return floats[0] ?? 0;
}

/** a b + c in f32, rounded twice. */
export function mad(a: number, b: number, c: number): number {
  return f32(f32(a * b) + c);
}

/** A polynomial in t, in f32. */
export function horner(t: number, coefficients: table.Polynomial): number {
  let p = f32(coefficients[0]);
  for (let k = 1; k < coefficients.length; k++) p = mad(p, t, f32(coefficients[k] ?? 0));
  return p;
}

/** x, or 0 of its sign where x is a subnormal f32. */
export function flush(x: number): number {
  return Math.abs(x) < LEAST_NORMAL ? x * 0 : x;
}

/** The first 12 of an f32's 24 bits. */
export function top(x: number): number {
  return floatOf(bitsOf(x) & 0xfffff000);
}

/** 1.5 · 2^23: an f32 sum with it is rounded to a whole number, which the lowest bits count. */
export const MAGIC = 1.5 * 2 ** 23;

export const LOG2E = f32(Math.LOG2E);
export const LN2_HIGH = f32(table.LN2_HIGH);
export const LN2_LOW = f32(table.LN2_LOW);
