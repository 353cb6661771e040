import { EXP, EXP_LARGEST, EXPM1, LN2_HIGH, LN2_LOW, TANH } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4 } from "../../wasm/simd.ts";
import {
  add,
  all,
  and,
  andNot,
  div,
  flushSize,
  horner,
  isNormal,
  LOG2E,
  MAGIC,
  mad,
  mul,
  or,
  SIGN,
  SIZE,
  select,
  sub,
  xor,
} from "./lanes.ts";

const LARGEST = all(EXP_LARGEST);

/** The nearest whole number n of x / log 2: as MAGIC + n, and as it is. */
function wholeOf(f: FunctionBuilder, x: V128): readonly [shifted: V128, n: V128] {
  const shifted = f.let(mad(x, LOG2E, MAGIC));
  return [shifted, f.let(sub(shifted, MAGIC))];
}

/** exp(r) for |r| <= log(2) / 2. */
function near(r: V128): V128 {
  return add(mad(mul(r, r), horner(r, EXP), r), all(1));
}

/** exp(x) for -86 < x < 88.7228, anything elsewhere. */
function expMiddle(f: FunctionBuilder, x: V128): V128 {
  const [shifted, n] = wholeOf(f, x);
  const r = f.let(sub(sub(x, mul(n, all(LN2_HIGH))), mul(n, all(LN2_LOW))));
  return i32x4.add(near(r), i32x4.shl(shifted, 23));
}

/**
 * y 2^n for 0.7 < y < 1.42 and -250 < n < 128, 0 where that is subnormal, given MAGIC + n; n = 128 gives infinity where y = 1,
 * and must not come with a greater y.
 */
export function scaled(f: FunctionBuilder, y: V128, shifted: V128): V128 {
  const bits = f.let(i32x4.add(y, i32x4.shl(shifted, 23)));
  // What is half a place below the least normal number is rounded to it.
  const kept = i32x4.gtS(bits, i32x4.const(0x007ffffe));
  return and(i32x4.maxS(bits, i32x4.const(0x00800000)), kept);
}

/** exp(high + low) for -105 <= high <= 0. */
export function expSum(f: FunctionBuilder, high: V128, low: V128): V128 {
  const x = f.let(high);
  const [shifted, n] = wholeOf(f, x);
  const r = f.let(add(sub(x, mul(n, all(LN2_HIGH))), sub(low, mul(n, all(LN2_LOW)))));
  return scaled(f, near(r), shifted);
}

export function exp(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const y = andNot(expMiddle(f, x), f32x4.lt(x, all(-87.3365402)));
  return or(select(f32x4.gt(x, LARGEST), all(Infinity), y), f32x4.ne(x, x));
}

export function expm1(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const size = f.let(and(x, SIZE));
  const t = f.let(f32x4.pmax(x, all(-20)));
  const [shifted, n] = wholeOf(f, t);
  const r = f.let(sub(sub(t, mul(n, all(LN2_HIGH))), mul(n, all(LN2_LOW))));
  const small = f.let(mad(mul(r, r), horner(r, EXPM1), r));
  const half = f.let(i32x4.add(i32x4.shl(shifted, 23), i32x4.const(126 << 23)));
  const sum = f.let(add(mul(small, half), sub(half, all(0.5))));
  const y = select(f32x4.lt(size, all(0.25)), small, add(sum, sum));
  const bounded = select(f32x4.gt(x, LARGEST), all(Infinity), y);
  // Where |x| < 2^-25 the polynomial gives x already, but for subnormal numbers and the sign of 0.
  return or(and(bounded, isNormal(size)), and(x, SIGN));
}

export function tanh(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const size = f.let(and(x, SIZE));
  const a = f.let(f32x4.pmin(flushSize(size), all(10)));
  const t = f.let(mul(a, a));
  const small = mad(mul(a, t), horner(t, TANH), a);
  const large = sub(all(1), div(all(2), add(expMiddle(f, f.let(add(a, a))), all(1))));
  // A NaN stays with the polynomial.
  const y = select(f32x4.ge(a, all(0.625)), large, small);
  return xor(y, and(x, SIGN));
}
