import {
  ERF,
  ERFC,
  NORMAL_BOTTOM,
  NORMAL_TOP,
  TAIL_BOTTOM,
  TAIL_TOP,
  TWO_OVER_ROOT_PI,
} from "../../arithmetic/coefficients.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4 } from "../../wasm/simd.ts";
import { expSum } from "./exp.ts";
import {
  add,
  all,
  and,
  andNot,
  div,
  flush,
  flushSize,
  horner,
  mul,
  negated,
  or,
  SIGN,
  SIZE,
  select,
  sub,
  top,
  unless,
  xor,
} from "./lanes.ts";
import { logNormal } from "./log.ts";

export function erf(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const size = f.let(flushSize(and(x, SIZE)));
  const far = sub(all(1), erfcFar(f, size));
  return xor(select(f32x4.lt(size, all(0.75)), erfNear(f, size), far), and(x, SIGN));
}

export function erfc(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const size = f.let(and(x, SIZE));
  const far = f.let(erfcFar(f, size));
  const beyond = select(f32x4.lt(x, all(0)), sub(all(2), far), far);
  return select(f32x4.lt(size, all(0.75)), sub(all(1), erfNear(f, x)), beyond);
}

/** erf(x) for |x| < 0.75. */
function erfNear(f: FunctionBuilder, x: V128): V128 {
  const t = f.let(mul(x, x));
  const p = horner(t, ERF);
  const tiny = f32x4.lt(and(x, SIZE), all(2 ** -100));
  return add(mul(x, all(TWO_OVER_ROOT_PI)), mul(x, andNot(p, tiny)));
}

/** erfc(a) for a >= 0.75, NaN of NaN. */
function erfcFar(f: FunctionBuilder, size: V128): V128 {
  const a = f.let(f32x4.pmin(size, all(10)));
  const s = f.let(div(sub(a, all(2)), add(a, all(2))));
  const p = horner(s, ERFC);
  const head = f.let(top(a));
  const rest = mul(sub(head, a), add(head, a));
  const y = f.let(mul(expSum(f, negated(mul(head, head)), rest), div(p, add(add(all(1), a), a))));
  return andNot(y, f32x4.lt(y, all(LEAST_NORMAL)));
}

export function normalQuantile(f: FunctionBuilder, arg: V128): V128 {
  const p = f.let(arg);
  const u = f.let(select(f32x4.gt(p, all(0.5)), sub(all(1), p), p));
  const radius = f32x4.sqrt(mul(logNormal(f, u), all(-2)));
  const z = normalTail(f, sub(all(0.5), u), u, radius);
  const signed = xor(z, and(f32x4.lt(p, all(0.5)), SIGN));
  const outside = or(isOutside(p), f32x4.ne(p, p));
  return unless(f, outside, signed, (usual) => {
    const v = f.let(flush(f, p));
    const zero = select(f32x4.eq(v, all(0)), all(-Infinity), usual);
    const one = select(f32x4.eq(v, all(1)), all(Infinity), zero);
    return or(one, or(f32x4.ne(v, v), or(f32x4.lt(v, all(0)), f32x4.gt(v, all(1)))));
  });
}

/** All ones where p is below the least normal number or not below 1. */
function isOutside(p: V128): V128 {
  return or(f32x4.lt(p, all(LEAST_NORMAL)), i32x4.gtS(p, i32x4.const(0x3f7fffff)));
}

/** The normal that is exceeded with probability u = 1/2 - d, given r = sqrt(-2 log u). */
export function normalTail(f: FunctionBuilder, distance: V128, u: V128, radius: V128): V128 {
  const d = f.let(distance);
  const t = f.let(sub(mul(d, d), all(0.08)));
  const central = mul(d, div(horner(t, NORMAL_TOP), horner(t, NORMAL_BOTTOM)));
  const r = f.let(radius);
  const tail = sub(r, div(horner(r, TAIL_TOP), horner(r, TAIL_BOTTOM)));
  return select(f32x4.gt(u, all(0.1)), central, tail);
}
