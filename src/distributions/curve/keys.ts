import { bitsOf, floatOf } from "../../arithmetic/bits.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";

// Every f32 number has a key, a whole number, in the order of the numbers: 2^31 and its magnitude's bits more, or less where it is
// negative. Between two keys stands every number between the two f32 numbers, at a place that is no whole number: place by number is
// linear between two powers of 2.

export const ZERO_KEY = 2 ** 31;
const INFINITE = 0x7f800000;
/** The key of 1. */
export const ONE_KEY = ZERO_KEY + 0x3f800000;
/** Places from one power of 2 to the next. */
export const OCTAVE = 2 ** 23;

/** The key of an f32 number; NaN has none. */
export function keyOf(x: number): number {
  const bits = bitsOf(x);
  return ZERO_KEY + (bits < 0 ? -(bits & 0x7fffffff) : bits);
}

/** The f32 number that has this key; beyond infinity there is none, and infinity stands there. */
export function numberOf(key: number): number {
  const size = Math.min(Math.abs(key - ZERO_KEY), INFINITE);
  return key < ZERO_KEY ? -floatOf(size) : floatOf(size);
}

/** Where a number stands among the keys, beyond f32's last numbers too. */
export function placeOf(x: number): number {
  const size = Math.abs(x);
  const away = size === Number.POSITIVE_INFINITY ? INFINITE : sizeOf(size);
  return x < 0 ? ZERO_KEY - away : ZERO_KEY + away;
}

function sizeOf(x: number): number {
  if (x < LEAST_NORMAL) return x * 2 ** 149;
  const exponent = exponentOf(x);
  return (exponent + 126 + x / 2 ** exponent) * OCTAVE;
}

/** The number at a place; infinity's own and those beyond it are infinite. */
export function numberAt(place: number): number {
  const size = Math.abs(place - ZERO_KEY);
  const exponent = Math.floor(size / OCTAVE);
  const away = exponent === 0 ? size * 2 ** -149 : (1 + size / OCTAVE - exponent) * 2 ** (exponent - 127);
  const x = size >= INFINITE ? Number.POSITIVE_INFINITY : away;
  return place < ZERO_KEY ? -x : x;
}

/** The n of 2^n <= x < 2^(n + 1). */
export function exponentOf(x: number): number {
  const near = Math.floor(Math.log2(x));
  if (2 ** near > x) return near - 1;
  return 2 ** (near + 1) <= x ? near + 1 : near;
}
