import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { i32x4 } from "../../wasm/simd.ts";
import { add, all, and, flushSize, horner, MAGIC, mad, mul, or, SIGN, SIZE, select, sub, xor } from "./lanes.ts";

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
  const shifted = f.let(mad(x, all(0.636619772), MAGIC));
  const n = f.let(sub(shifted, MAGIC));
  const near = sub(sub(x, mul(n, all(1.5625))), mul(n, all(0.0081787109375)));
  const left = f.let(sub(near, mul(n, all(0.00011730194091796875))));
  const part = f.let(mul(n, all(3.12924385e-7)));
  const high = f.let(sub(left, part));
  const lost = sub(sub(left, high), part);
  const r = f.let(sub(high, sub(mul(n, all(9.92093629e-10)), lost)));
  const t = f.let(mul(r, r));
  const quarter = f.let(turn === 0 ? shifted : i32x4.add(shifted, i32x4.const(turn)));
  return { quarter, y: select(isOdd(quarter), cosNear(t), sinNear(r, t)) };
}

export function isOdd(quarter: V128): V128 {
  return i32x4.shrS(i32x4.shl(quarter, 31), 31);
}

function sinNear(r: V128, t: V128): V128 {
  return mad(mul(r, t), horner(t, -0.000195169778, 0.00833217613, -0.166666552), r);
}

function cosNear(t: V128): V128 {
  const q = horner(t, 2.44380917e-5, -0.00138873642, 0.0416666456);
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
  const shifted = f.let(add(v, all(3145728)));
  const r = f.let(sub(v, sub(shifted, all(3145728))));
  const quarter = f.let(turn === 0 ? shifted : i32x4.add(shifted, i32x4.const(turn)));
  const t = f.let(mul(r, r));
  const y = select(isOdd(quarter), cosTurnsNear(t), sinTurnsNear(r, t));
  const signed = xor(y, and(i32x4.shl(quarter, 30), SIGN));
  return or(signed, atLeast(128));
}

function sinTurnsNear(r: V128, t: V128): V128 {
  const p = horner(t, -75.4521561, 81.5939178, -41.3416748, -1.74845553e-7);
  const normal = i32x4.gtS(and(r, SIZE), i32x4.const(((127 - 100) << 23) - 1));
  return add(mul(r, all(6.28318548)), mul(r, and(p, normal)));
}

function cosTurnsNear(t: V128): V128 {
  return horner(t, 59.2449722, -85.443718, 64.9393234, -19.7392082, 1);
}
