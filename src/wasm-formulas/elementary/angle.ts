import { COS, COS_TURNS, HALF_PI_PARTS, SIN, SIN_TURNS, TURN } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { i32x4 } from "../../wasm/simd.ts";
import { add, all, and, flushSize, horner, MAGIC, mad, mul, or, SIGN, SIZE, select, sub, xor } from "./lanes.ts";

const [FIRST, SECOND, THIRD, FOURTH, FIFTH] = HALF_PI_PARTS;

/** 1.5 · 2^21: a sum with it is rounded to a whole number of quarters, which the lowest bits count. */
const QUARTERS = all(1.5 * 2 ** 21);

/** Beyond this size an angle has no sine. */
const FURTHEST = i32x4.const((127 + 17) << 23);

export function sin(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const size = f.let(and(x, SIZE));
  // The reduction is odd, and for sizes below 2^-13 the polynomial gives the size again.
  const { quarter, y } = quarters(f, f.let(flushSize(size)), 0);
  const signed = xor(y, and(xor(i32x4.shl(quarter, 30), x), SIGN));
  return or(signed, i32x4.gtS(size, FURTHEST));
}

export function cos(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const { quarter, y } = quarters(f, x, 1);
  const signed = xor(y, and(i32x4.shl(quarter, 30), SIGN));
  return or(signed, i32x4.gtS(and(x, SIZE), FURTHEST));
}

/** The quarter turns in x, plus `turn`, and the sine or cosine of what is left of x, as that number is even or odd. */
function quarters(f: FunctionBuilder, x: V128, turn: 0 | 1): { readonly quarter: V128; readonly y: V128 } {
  const shifted = f.let(mad(x, all(2 / Math.PI), MAGIC));
  const n = f.let(sub(shifted, MAGIC));
  const near = sub(sub(x, mul(n, all(FIRST))), mul(n, all(SECOND)));
  const left = f.let(sub(near, mul(n, all(THIRD))));
  const part = f.let(mul(n, all(FOURTH)));
  const high = f.let(sub(left, part));
  const lost = sub(sub(left, high), part);
  const r = f.let(sub(high, sub(mul(n, all(FIFTH)), lost)));
  const t = f.let(mul(r, r));
  const quarter = f.let(turn === 0 ? shifted : i32x4.add(shifted, i32x4.const(turn)));
  return { quarter, y: select(isOdd(quarter), cosNear(t), sinNear(r, t)) };
}

function isOdd(quarter: V128): V128 {
  return i32x4.shrS(i32x4.shl(quarter, 31), 31);
}

function sinNear(r: V128, t: V128): V128 {
  return mad(mul(r, t), horner(t, SIN), r);
}

function cosNear(t: V128): V128 {
  const q = horner(t, COS);
  return sub(all(1), sub(mul(all(0.5), t), mul(mul(t, t), q)));
}

export function sinTurns(f: FunctionBuilder, x: V128): V128 {
  return turns(f, x, 0);
}

export function cosTurns(f: FunctionBuilder, x: V128): V128 {
  return turns(f, x, 1);
}

function turns(f: FunctionBuilder, arg: V128, turn: 0 | 1): V128 {
  const x = f.let(arg);
  const size = f.let(and(x, SIZE));
  const atLeast = (power: number): V128 => i32x4.gtS(size, i32x4.const(((127 + power) << 23) - 1));
  const whole = and(and(x, i32x4.const(0xfffff000 | 0)), atLeast(11));
  // Of a subnormal angle the cosine is 1 anyway.
  const flushed = turn === 0 ? and(x, or(atLeast(-126), SIGN)) : x;
  const v = f.let(and(sub(flushed, whole), i32x4.gtS(i32x4.const((127 + 24) << 23), size)));
  const shifted = f.let(add(v, QUARTERS));
  const r = f.let(sub(v, sub(shifted, QUARTERS)));
  const quarter = f.let(turn === 0 ? shifted : i32x4.add(shifted, i32x4.const(turn)));
  const t = f.let(mul(r, r));
  const y = select(isOdd(quarter), cosTurnsNear(t), sinTurnsNear(r, t));
  const signed = xor(y, and(i32x4.shl(quarter, 30), SIGN));
  return or(signed, atLeast(128));
}

function sinTurnsNear(r: V128, t: V128): V128 {
  const p = horner(t, SIN_TURNS);
  const normal = i32x4.gtS(and(r, SIZE), i32x4.const(((127 - 100) << 23) - 1));
  return add(mul(r, all(TURN)), mul(r, and(p, normal)));
}

function cosTurnsNear(t: V128): V128 {
  return horner(t, COS_TURNS);
}
