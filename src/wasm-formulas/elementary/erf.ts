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
  LEAST_NORMAL,
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
  const p = horner(t, -0.000673626608, 0.00511349086, -0.0268348362, 0.112833992, -0.37612623, -5.86353834e-8);
  const tiny = f32x4.lt(and(x, SIZE), all(2 ** -100));
  return add(mul(x, all(1.12837923)), mul(x, andNot(p, tiny)));
}

/** erfc(a) for a >= 0.75, NaN of NaN. */
function erfcFar(f: FunctionBuilder, size: V128): V128 {
  const a = f.let(f32x4.pmin(size, all(10)));
  const s = f.let(div(sub(a, all(2)), add(a, all(2))));
  const p = horner(
    s,
    ...([-0.00147683173, 0.0010709638, 0.00875893142, -0.00800142158, -0.0542261526] as const),
    ...([0.164049178, -0.166030109, -0.092763789, 1.27697837] as const),
  );
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
  const a = horner(t, -13.2918105, 43.8114906, -22.092222, 2.76418592);
  const b = horner(t, -15.7496769, 24.9161198, -9.43601413, 1);
  const central = mul(d, div(a, b));
  const r = f.let(radius);
  const c = horner(r, 0.02491266, 1.07599083, 5.48829304, 2.97253743);
  const e = horner(r, 0.00376320553, 0.267092614, 2.41255033, 3.84508992, 1);
  return select(f32x4.gt(u, all(0.1)), central, sub(r, div(c, e)));
}
