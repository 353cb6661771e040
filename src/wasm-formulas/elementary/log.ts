import { LN2_HIGH, LN2_LOW, LOG } from "../../arithmetic/coefficients.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4 } from "../../wasm/simd.ts";
import {
  add,
  all,
  and,
  andNot,
  div,
  flush,
  horner,
  isSpecial,
  mul,
  NAN,
  or,
  SIGN,
  SIZE,
  select,
  sub,
  unless,
} from "./lanes.ts";

/** A positive normal x as 2^n (1 + f), sqrt(1/2) <= 1 + f < sqrt(2). */
export interface LogParts {
  /** 2^23 n, which makes a product with 2^-23 c the one of n and c. */
  readonly n: V128;
  readonly f: V128;
}

export function logParts(f: FunctionBuilder, x: V128): LogParts {
  const { exponent, mantissa } = exponentOf(f, x);
  return { n: f.let(f32x4.ofInteger(exponent)), f: f.let(sub(mantissa, all(1))) };
}

/** A positive normal x as a mantissa from sqrt(1/2) to sqrt(2) and 2^23 times its exponent, an integer. */
export function exponentOf(f: FunctionBuilder, x: V128): { readonly exponent: V128; readonly mantissa: V128 } {
  const bits = f.let(x);
  const above = i32x4.sub(bits, i32x4.const(0x3f3504f3));
  const exponent = f.let(and(above, i32x4.const(0xff800000 | 0)));
  return { exponent, mantissa: i32x4.sub(bits, exponent) };
}

/** f - log(1 + f). */
export function logRest(f: FunctionBuilder, part: V128): V128 {
  const x = f.let(part);
  const s = f.let(div(x, add(all(2), x)));
  const t = f.let(mul(s, s));
  const p = horner(t, LOG);
  const half = f.let(mul(mul(all(0.5), x), x));
  return sub(half, mul(s, add(half, mul(t, p))));
}

export function timesLn2High(n: V128): V128 {
  return mul(n, all(LN2_HIGH * 2 ** -23));
}

export function timesLn2Low(n: V128): V128 {
  return mul(n, all(LN2_LOW * 2 ** -23));
}

/** n log 2 + log(1 + f) - low. */
function logSum(f: FunctionBuilder, parts: LogParts, low?: V128): V128 {
  const product = timesLn2Low(parts.n);
  const rest = sub(logRest(f, parts.f), low ? add(product, low) : product);
  return add(timesLn2High(parts.n), sub(parts.f, rest));
}

/** The logarithm of a positive normal number; of anything else, anything. */
export function logNormal(f: FunctionBuilder, x: V128): V128 {
  return logSum(f, logParts(f, x));
}

export function log(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  return unless(f, isSpecial(x), logNormal(f, x), (usual) => {
    const y = select(f32x4.ge(x, all(Infinity)), x, usual);
    const invalid = or(y, f32x4.ne(x, x));
    const negative = select(f32x4.lt(x, all(0)), NAN, invalid);
    return select(f32x4.lt(and(x, SIZE), all(LEAST_NORMAL)), all(-Infinity), negative);
  });
}

export function log1p(f: FunctionBuilder, arg: V128): V128 {
  const v = f.let(flush(f, arg));
  const u = f.let(add(all(1), v));
  const parts = logParts(f, u);
  const one = all(1);
  const left = select(f32x4.ge(v, one), sub(one, sub(u, v)), sub(v, sub(u, one)));
  const near = f.let(and(f32x4.gt(v, all(-0.292893)), f32x4.lt(v, all(0.41421))));
  const chosen = { n: f.let(andNot(parts.n, near)), f: f.let(select(near, v, parts.f)) };
  const sum = logSum(f, chosen, andNot(div(left, u), near));
  // Where |v| < 2^-25 the sum is v already, but for the sign of 0.
  const usual = or(sum, and(v, SIGN));
  const special = or(f32x4.le(v, all(-1)), isInfinite(and(v, SIZE)));
  return unless(f, special, usual, (y) => {
    const large = select(f32x4.eq(v, all(Infinity)), v, y);
    const least = select(f32x4.eq(v, all(-1)), all(-Infinity), large);
    return or(least, or(f32x4.lt(v, all(-1)), f32x4.ne(v, v)));
  });
}

/** All ones where a size is infinite or NaN. */
function isInfinite(size: V128): V128 {
  return i32x4.gtS(size, i32x4.const(0x7f7fffff));
}
