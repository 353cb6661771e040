import type { F32, F64, I32, V128 } from "../../wasm/code.ts";
import { call, type FunctionBuilder, type ModuleBuilder, store, type Variable } from "../../wasm/module.ts";
import { f32, f64, i32, select } from "../../wasm/scalar.ts";
import { f32x4, v128 } from "../../wasm/simd.ts";
import { inParts, walkAhead } from "./columns.ts";
import { type Halves, powerOfTwo } from "./exponential.ts";
import { sumOfTwo } from "./lanes.ts";
import { addressOf, type Helpers, ROW_ARGS, rowArgs } from "./row-function.ts";
import { type Growing, growing, inOneLane, join, raise, sumSoFar } from "./state.ts";
import { LOWEST, PART, peakOf, type Sums, sumsOf } from "./sums.ts";

/** What stands for a divergence that only f64 can hold, and that the reference is to find. */
export const BEYOND = -1;

const LARGE = 1e30;

/** A pair of rows under way: p's slope is Σ exp(d_p) (d_p - d_q). */
interface Pair {
  readonly p: Growing;
  readonly q: Growing;
  readonly sums: { readonly p: Sums; readonly q: Sums };
  /** All ones where p is possible and q is not. */
  readonly impossible: Variable<"v128">;
  readonly rate: F32;
  readonly kappa: V128;
  readonly power: Halves;
  readonly helpers: Helpers;
}

/**
 * Adds the entry `rows` of Kullback–Leibler divergences, Σ p (d_p - d_q) + log S_q - log S_p: both rows in one reading,
 * part by part. Its parameter beyond `ROW_ARGS` is the address of q.
 */
export function addDivergence(module: ModuleBuilder, helpers: Helpers): void {
  module.function(
    [...ROW_ARGS, "i32"],
    [],
    (b) => {
      const args = rowArgs(b);
      const other = b.let(i32.sub(b.parameter("i32", ROW_ARGS.length), args.x));
      const kappa = b.let(f32x4.splat(f32.mul(args.rate, f32.const(Math.LOG2E))));
      const power = powerOfTwo(b);
      const sums = { p: sumsOf(b, true), q: sumsOf(b) };
      b.for(args.first, args.end, 1, (row) => {
        const from = b.let(addressOf(args.x, row, args.stride));
        const impossible = b.variable("v128", f32x4.const(0));
        const pair = { p: growing(b), q: growing(b), sums, impossible, rate: args.rate, kappa, power, helpers };
        inParts(b, [from, b.let(i32.add(from, args.width))], PART, (start, end) => addPart(b, pair, start, end, other));
        b.emit(store.f32(addressOf(args.y, row, i32.const(4)), f32.ofF64(divergenceOf(b, pair))));
      });
    },
    "rows",
  );
}

function addPart(b: FunctionBuilder, pair: Pair, start: I32, end: I32, other: I32): void {
  const { p, q, rate, helpers } = pair;
  const highest = (from: I32, to: I32) => b.let(f32x4.lane(peakOf(b, from, to), 0));
  const [highP, highQ] = [highest(start, end), highest(b.let(i32.add(start, other)), b.let(i32.add(end, other)))];
  b.if(f32.gt(highQ, q.peak.value), () => {
    // Every d_q falls by as much as its peak rises.
    const rise = f64.mul(f64.sub(f64.ofF32(highQ), f64.ofF32(q.peak.value)), f64.ofF32(rate));
    const more = f64.mul(f64.mul(rise, f64.const(Math.LOG2E)), sumSoFar(p));
    p.slope.set(inOneLane(f64.add(sumOfTwo(p.slope.value), more)));
    raise(b, q, highQ, { rate, exp: helpers.exp });
  });
  b.if(f32.gt(highP, p.peak.value), () => raise(b, p, highP, { rate, exp: helpers.exp }));
  const attained = i32.or(f32.eq(highP, p.peak.value), f32.eq(highQ, q.peak.value));
  pair.sums.p.clear();
  pair.sums.q.clear();
  b.if(
    attained,
    () => addTerms(b, pair, { start, end, other, apart: true }),
    () => addTerms(b, pair, { start, end, other, apart: false }),
  );
  join(b, p, pair.sums.p);
  join(b, q, pair.sums.q);
}

function addTerms(
  b: FunctionBuilder,
  { p, q, sums, impossible, kappa, power }: Pair,
  { start, end, other, apart }: { start: I32; end: I32; other: I32; apart: boolean },
): void {
  const [peakP, peakQ] = [b.let(f32x4.splat(p.peak.value)), b.let(f32x4.splat(q.peak.value))];
  const none = f32x4.const(Number.NEGATIVE_INFINITY);
  walkAhead(
    b,
    start,
    end,
    (vector, beside) => {
      const [x, y] = [b.let(vector), b.let(beside(other))];
      const u = b.let(f32x4.mul(f32x4.sub(y, peakQ), kappa));
      const [ofP, ofQ] = [power.begin(f32x4.mul(f32x4.sub(x, peakP), kappa)), power.begin(u)];
      const apartFrom = f32x4.sub(ofP[2] as V128, f32x4.pmax(u, f32x4.const(LOWEST)));
      return [...ofP, ...ofQ, apartFrom, v128.andNot(f32x4.eq(y, none), f32x4.eq(x, none))];
    },
    (begun) => {
      const ofP = begun.map((one) => power.finish(one.slice(0, 3)));
      const ofQ = begun.map((one) => power.finish(one.slice(3, 6)));
      const part = (k: number) => begun.map((one) => one[k] as V128);
      sums.p.addSlope(ofP, part(6));
      for (const mask of part(7)) impossible.set(v128.or(impossible.value, mask));
      if (apart) sums.p.addApart(ofP);
      else sums.p.add(ofP);
      if (apart) sums.q.addApart(ofQ);
      else sums.q.add(ofQ);
    },
  );
}

/** Of a pair whose rows have both been read. */
function divergenceOf(b: FunctionBuilder, { p, q, impossible, helpers }: Pair): F64 {
  const [logP, logQ] = [logSumOf(b, p, helpers), logSumOf(b, q, helpers)];
  const slope = b.let(f64.mul(sumOfTwo(p.slope.value), f64.const(Math.LN2)));
  const value = b.variable("f64", f64.add(f64.div(slope, sumSoFar(p)), f64.sub(logQ, logP)));
  b.if(f64.lt(value.value, f64.const(0)), () => value.set(f64.const(0)));
  const sound = i32.and(f64.eq(logP, logP), f64.eq(logQ, logQ));
  b.if(sound, () => {
    b.if(i32.eqz(f64.lt(f64.abs(slope), f64.const(LARGE))), () => value.set(f64.const(BEYOND)));
    b.if(v128.anyTrue(impossible.value), () => value.set(f64.const(Number.POSITIVE_INFINITY)));
  });
  return value.value;
}

/** The logarithm of Σ exp(d), NaN for a row without a distribution. */
function logSumOf(b: FunctionBuilder, { ties, rest }: Growing, { log1p }: Helpers): F64 {
  const others = f64.add(f64.ofInteger(i32.sub(ties.value, i32.const(1))), sumOfTwo(rest.value));
  return b.let(call("f64", log1p, select(ties.value, others, f64.const(Number.NaN))));
}
