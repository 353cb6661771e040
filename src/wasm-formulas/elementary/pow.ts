import { ATANH, EXP2, TWO_LOG2E, TWO_LOG2E_HIGH, TWO_LOG2E_LOW } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { scaled } from "./exp.ts";
import {
  add,
  all,
  and,
  andNot,
  div,
  horner,
  isNormal,
  isSpecial,
  MAGIC,
  mad,
  mul,
  or,
  SIGN,
  SIZE,
  select,
  sub,
  top,
  unless,
  xor,
} from "./lanes.ts";
import { exponentOf } from "./log.ts";

const FURTHEST = 2 ** 32;

export function pow(f: FunctionBuilder, base: V128, exponent: V128): V128 {
  const x = f.let(base);
  const y = f.let(exponent);
  const size = f.let(and(x, SIZE));
  const v = f.let(f32x4.pmin(f32x4.pmax(y, all(-FURTHEST)), all(FURTHEST)));
  const usual = powNormal(f, size, v);
  return unless(f, or(isSpecial(x), f32x4.ne(y, y)), usual, (power) => special(f, x, v, power));
}

/** x^v given |x|^v, which is right where x is a normal number. */
function special(f: FunctionBuilder, x: V128, v: V128, power: V128): V128 {
  const size = f.let(and(x, SIZE));
  const zero = f.let(v128.not(isNormal(size)));
  const extreme = f.let(or(zero, f32x4.eq(size, all(Infinity))));
  const limit = andNot(all(Infinity), xor(f32x4.lt(v, all(0)), zero));
  const half = f.let(mul(v, all(0.5)));
  const whole = f.let(f32x4.eq(f32x4.floor(v), v));
  const odd = andNot(whole, f32x4.eq(f32x4.floor(half), half));
  const negative = f.let(i32x4.shrS(x, 31));
  const signed = xor(select(extreme, limit, power), and(and(negative, odd), SIGN));
  const complex = andNot(andNot(negative, extreme), whole);
  const invalid = or(complex, or(f32x4.ne(x, x), f32x4.ne(v, v)));
  const one = or(v128.not(isNormal(and(v, SIZE))), f32x4.eq(x, all(1)));
  return select(one, all(1), or(signed, invalid));
}

/** x^y of a positive normal number and |y| <= 2^32; of anything else, anything. */
function powNormal(f: FunctionBuilder, x: V128, y: V128): V128 {
  const { sum, low } = log2(f, x);
  const high = f.let(add(sum, low));
  const high1 = f.let(top(high));
  const high2 = add(sub(high, high1), sub(low, sub(high, sum)));
  const y1 = f.let(top(y));
  const z1 = f.let(mul(y1, high1));
  const z2 = f.let(add(mul(y, high2), mul(sub(y, y1), high1)));
  const z = f.let(add(z1, z2));
  const shifted = f.let(add(z, MAGIC));
  const r = f.let(add(sub(z1, sub(shifted, MAGIC)), z2));
  const q = horner(r, EXP2);
  const finite = andNot(scaled(f, q, shifted), f32x4.lt(z, all(-127)));
  return select(f32x4.ge(z, all(128)), all(Infinity), finite);
}

/** The binary logarithm of a positive normal number as a sum, of which `low` is small. */
function log2(f: FunctionBuilder, x: V128): { readonly sum: V128; readonly low: V128 } {
  const { exponent, mantissa } = exponentOf(f, x);
  const m = f.let(mantissa);
  const above = f.let(sub(m, all(1)));
  const g = f.let(add(m, all(1)));
  const gLow = sub(m, sub(g, all(1)));
  const g1 = f.let(top(g));
  const s1 = f.let(top(div(above, g)));
  const left = sub(sub(above, mul(s1, g1)), mul(s1, sub(g, g1)));
  const s2 = f.let(div(sub(left, mul(s1, gLow)), g));
  const s = f.let(add(s1, s2));
  const t = f.let(mul(s, s));
  const rest = mad(mul(s, t), horner(t, ATANH), s2);
  const n = f.let(f32x4.ofInteger(i32x4.shrS(exponent, 23)));
  const product = f.let(mul(s1, all(TWO_LOG2E_HIGH)));
  const sum = f.let(add(n, product));
  const error = sub(product, sub(sum, n));
  const low = add(error, add(mul(s1, all(TWO_LOG2E_LOW)), mul(rest, all(TWO_LOG2E))));
  return { sum, low: f.let(low) };
}
