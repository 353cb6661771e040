import type { Polynomial } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";

export const { add, sub, mul, div, const: all } = f32x4;
export const { and, andNot, or, xor, select } = v128;

export const SIGN = i32x4.const(-(2 ** 31));
/** The bits of an f32's size. */
export const SIZE = i32x4.const(0x7fffffff);
export const NAN = i32x4.const(-1);

/** 1.5 · 2^23: a sum with it is rounded to a whole number, which the lowest bits count. */
export const MAGIC = all(1.5 * 2 ** 23);
export const LOG2E = all(Math.LOG2E);

/** a b + c, rounded twice. */
export function mad(a: V128, b: V128, c: V128): V128 {
  return add(mul(a, b), c);
}

/** A polynomial in t. */
export function horner(t: V128, [highest, ...rest]: Polynomial): V128 {
  return rest.reduce((p, coefficient) => mad(p, t, all(coefficient)), all(highest));
}

export function negated(x: V128): V128 {
  return xor(x, SIGN);
}

/** All ones where a size, which has no sign, is that of a normal number, infinity or NaN. */
export function isNormal(size: V128): V128 {
  return i32x4.gtS(size, i32x4.const(0x007fffff));
}

/** A size, or 0 where it is subnormal. */
export function flushSize(size: V128): V128 {
  return and(size, isNormal(size));
}

/** x, or 0 of its sign where x is subnormal. */
export function flush(f: FunctionBuilder, x: V128): V128 {
  const v = f.let(x);
  return and(v, or(isNormal(and(v, SIZE)), SIGN));
}

/** The first 12 of 24 bits. */
export function top(x: V128): V128 {
  return and(x, i32x4.const(0xfffff000 | 0));
}

/** All ones where x is not a positive normal number, which leaves out infinity and NaN. */
export function isSpecial(x: V128): V128 {
  return i32x4.gtS(i32x4.sub(x, i32x4.const(0x80800000 | 0)), i32x4.const(0xfeffffff | 0));
}

/** `usual`, or what `rare` makes where some lane of `special` is set. */
export function unless(f: FunctionBuilder, special: V128, usual: V128, rare: (usual: V128) => V128): V128 {
  const result = f.variable("v128", usual);
  f.if(i32x4.bitmask(special), () => result.set(rare(result.value)));
  return result.value;
}
