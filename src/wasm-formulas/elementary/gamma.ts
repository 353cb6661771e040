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
  LEAST_NORMAL,
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
  const p = horner(t, 0.0167909022, -0.0232678112, 0.0228205305, -0.0332867689, 0.166665927);
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

type Part = (f: FunctionBuilder, x: V128) => V128;

/** `near` below a bound and `far` from it on; where all lanes are of one kind, the other is not computed. */
function eitherOf(f: FunctionBuilder, x: V128, bound: number, near: Part, far: Part): V128 {
  const isFar = f.let(f32x4.ge(x, all(bound)));
  const y = f.variable("v128");
  f.if(i32x4.bitmask(v128.not(isFar)), () => y.set(near(f, x)));
  f.if(i32x4.bitmask(isFar), () => y.set(select(isFar, far(f, x), y.value)));
  return y.value;
}

function digammaFar(f: FunctionBuilder, v: V128): V128 {
  const r = f.let(div(all(1), v));
  const t = f.let(mul(r, r));
  const q = horner(t, -0.00182790146, 0.00356101245, -0.00830007065, 0.0833323896);
  const y = sub(logNormal(f, v), add(mul(all(0.5), r), mul(t, q)));
  return select(f32x4.eq(v, all(Infinity)), v, y);
}

function digammaNear(f: FunctionBuilder, v: V128): V128 {
  const below1 = f.let(f32x4.lt(v, all(1)));
  const root = select(below1, all(0.461632133), all(1.46163213));
  const u = f.let(sub(sub(v, root), all(1.24381501e-8)));
  const p = horner(
    u,
    ...([0.0119690476, -0.0206526481, 0.0226816759, -0.0319260135, 0.0487877615, -0.0723267049] as const),
    ...([0.107818007, -0.163937226, 0.258500516, -0.442763239, 0.967672229] as const),
  );
  return sub(mul(u, p), and(div(all(1), v), below1));
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
  const p = horner(
    z,
    ...([-0.000332324009, 0.000564630318, -0.00114734599, 0.00288125593, -0.00739187887] as const),
    ...([0.0205813218, -0.0673520416, 0.322467029, 6.63777378e-9] as const),
  );
  const curved = add(mul(p, z), select(lower, rest, negated(rest)));
  const slope = select(flat, all(-0.577215672), all(0.422784328));
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
  const q = horner(t, 0.000705220562, -0.00277324673, 0.0833332613);
  const y = add(mul(sub(v, all(0.5)), logLess1), mad(q, r, all(0.418938547)));
  return select(f32x4.eq(v, all(Infinity)), v, y);
}
