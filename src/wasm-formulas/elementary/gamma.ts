import {
  DIGAMMA,
  DIGAMMA_FAR,
  DIGAMMA_ROOT,
  DIGAMMA_ROOT_LOW,
  EULER,
  HALF_LOG_TURN,
  LGAMMA,
  ONE_LESS_EULER,
  STIRLING,
  TRIGAMMA,
} from "../../arithmetic/coefficients.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import {
  add,
  all,
  and,
  andNot,
  div,
  horner,
  isSpecial,
  mad,
  mul,
  negated,
  or,
  SIZE,
  select,
  sub,
  unless,
} from "./lanes.ts";
import { logNormal, logParts, logRest, timesLn2High, timesLn2Low } from "./log.ts";

export function lgamma(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const y = eitherOf(f, x, 3.5, lgammaNear, lgammaFar);
  return unless(f, isSpecial(x), y, (usual) => atEdges(x, all(Infinity), usual));
}

export function digamma(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const y = eitherOf(f, x, 2, digammaNear, digammaFar);
  return unless(f, isSpecial(x), y, (usual) => atEdges(x, all(-Infinity), usual));
}

export function trigamma(f: FunctionBuilder, arg: V128): V128 {
  const v = f.let(arg);
  const small = f.let(f32x4.lt(v, all(2)));
  const a = f.let(div(all(1), select(small, add(v, all(2)), v)));
  const t = f.let(mul(a, a));
  const p = horner(t, TRIGAMMA);
  const far = f.let(add(a, mul(t, mad(a, p, all(0.5)))));
  const w = f.let(mul(v, all(2 ** 32)));
  const s = f.let(add(all(1), v));
  const near = add(div(all(2 ** 64), mul(w, w)), add(div(all(1), mul(s, s)), far));
  const y = select(small, near, andNot(far, f32x4.lt(far, all(LEAST_NORMAL))));
  return unless(f, isSpecial(v), y, (usual) => atEdges(v, all(Infinity), usual));
}

/** `usual` with what a function has at 0, infinity, and where there is none. */
function atEdges(x: V128, atZero: V128, usual: V128): V128 {
  const zero = f32x4.lt(and(x, SIZE), all(LEAST_NORMAL));
  return select(zero, atZero, or(usual, or(f32x4.lt(x, all(0)), f32x4.ne(x, x))));
}

type Branch = (f: FunctionBuilder, x: V128) => V128;

/** `near` below a bound and `far` from it on; where all lanes are of one kind, the other is not computed. */
function eitherOf(f: FunctionBuilder, x: V128, bound: number, near: Branch, far: Branch): V128 {
  const isFar = f.let(f32x4.ge(x, all(bound)));
  const y = f.variable("v128");
  f.if(i32x4.bitmask(v128.not(isFar)), () => y.set(near(f, x)));
  f.if(i32x4.bitmask(isFar), () => y.set(select(isFar, far(f, x), y.value)));
  return y.value;
}

function digammaFar(f: FunctionBuilder, v: V128): V128 {
  const r = f.let(div(all(1), v));
  const t = f.let(mul(r, r));
  const q = horner(t, DIGAMMA_FAR);
  const y = sub(logNormal(f, v), add(mul(all(0.5), r), mul(t, q)));
  return select(f32x4.eq(v, all(Infinity)), v, y);
}

function digammaNear(f: FunctionBuilder, v: V128): V128 {
  const below1 = f.let(f32x4.lt(v, all(1)));
  const root = select(below1, all(Math.fround(DIGAMMA_ROOT) - 1), all(DIGAMMA_ROOT));
  const u = f.let(sub(sub(v, root), all(DIGAMMA_ROOT_LOW)));
  return sub(mul(u, horner(u, DIGAMMA)), and(div(all(1), v), below1));
}

function lgammaNear(f: FunctionBuilder, v: V128): V128 {
  const lower = f.let(f32x4.lt(v, all(Math.SQRT2)));
  const flat = f.let(and(lower, f32x4.ge(v, all(Math.SQRT1_2))));
  const below = (bound: number): V128 => f32x4.lt(v, all(bound));
  const from = select(below(0.5), all(0), select(lower, all(1), select(below(2.5), all(2), all(3))));
  const z = f.let(sub(v, from));
  const upper = select(below(2.5), all(1), sub(v, all(1)));
  const parts = logParts(f, select(below(0.5), add(v, mul(v, v)), select(lower, v, upper)));
  const rest = f.let(sub(logRest(f, parts.f), timesLn2Low(parts.n)));
  const curved = add(mul(horner(z, LGAMMA), z), select(lower, rest, negated(rest)));
  const slope = select(flat, all(-EULER), all(ONE_LESS_EULER));
  const sum = add(mul(z, slope), curved);
  const high = f.let(timesLn2High(parts.n));
  const linear = andNot(select(lower, negated(parts.f), parts.f), flat);
  return add(select(lower, negated(high), high), add(linear, sum));
}

function lgammaFar(f: FunctionBuilder, v: V128): V128 {
  const parts = logParts(f, v);
  const rest = sub(logRest(f, parts.f), timesLn2Low(parts.n));
  const logLess1 = add(sub(timesLn2High(parts.n), all(1)), sub(parts.f, rest));
  const r = f.let(div(all(1), v));
  const t = f.let(mul(r, r));
  const end = mad(horner(t, STIRLING), r, all(HALF_LOG_TURN - 0.5));
  const y = add(mul(sub(v, all(0.5)), logLess1), end);
  return select(f32x4.eq(v, all(Infinity)), v, y);
}
