import type { F32, F64, I32, V128 } from "../../wasm/code.ts";
import { call, type FunctionBuilder, type FunctionRef, type ModuleBuilder, type Variable } from "../../wasm/module.ts";
import { f32, f64, i32 } from "../../wasm/scalar.ts";
import { f32x4, f64x2, v128 } from "../../wasm/simd.ts";
import { inParts, walkAhead } from "./columns.ts";
import { type Halves, powerOfTwo } from "./exponential.ts";
import { sumOfLanes, sumOfTwo, widened } from "./lanes.ts";
import { LOWEST, PART, peakOf, type Sums, sumsOf } from "./sums.ts";

/** The state of a row, or of a part of one: what its sum of exponentials is made of. */
export interface State {
  readonly peak: Variable<"f32">;
  /** How often the peak is attained; never, where no value is finite. */
  readonly ties: Variable<"f64">;
  /** Σ exp(d), d = (x - peak) rate, over the other values; NaN where one is NaN or +Infinity. */
  readonly rest: Variable<"f64">;
  /** Σ exp(d) d, where it is wanted. */
  readonly slope: Variable<"f64">;
}

export function stateVariables(b: FunctionBuilder): State {
  return { peak: b.variable("f32"), ties: b.variable("f64"), rest: b.variable("f64"), slope: b.variable("f64") };
}

/** What a state is while it grows; the slope counts in powers of two. */
export interface Growing {
  readonly peak: Variable<"f32">;
  readonly ties: Variable<"i32">;
  readonly rest: Variable<"v128">;
  readonly slope: Variable<"v128">;
}

/**
 * Adds a function of bytes [start, end) and the rate that gives their state in one reading: part by part, first its peak
 * and then its terms, with ties apart where it attains the peak.
 */
export function addState(module: ModuleBuilder, exp: FunctionRef, entropy: boolean): FunctionRef {
  return module.function(["i32", "i32", "f32"], ["f32", "f64", "f64", "f64"], (b) => {
    const [start, end, rate] = [b.parameter("i32", 0), b.parameter("i32", 1), b.parameter("f32", 2)];
    const kappa = b.let(f32x4.splat(f32.mul(rate, f32.const(Math.LOG2E))));
    const power = powerOfTwo(b);
    const grown = growing(b);
    const { peak } = grown;
    const sums = sumsOf(b, entropy);
    inParts(b, [start, end], PART, (from, to) => {
      const highest = b.let(f32x4.lane(peakOf(b, from, to), 0));
      b.if(f32.gt(highest, peak.value), () => raise(b, grown, highest, { rate, exp }));
      const all = b.let(f32x4.splat(peak.value));
      const begin = (vector: V128) => power.begin(f32x4.mul(f32x4.sub(vector, all), kappa));
      addPart(b, { grown, sums, power, begin }, { from, to, highest });
    });
    const slope = f64.mul(sumOfTwo(grown.slope.value), f64.const(Math.LN2));
    b.return(peak.value, f64.ofInteger(grown.ties.value), sumOfTwo(grown.rest.value), slope);
  });
}

/** A state of nothing yet. */
export function growing(b: FunctionBuilder): Growing {
  const [rest, slope] = [b.variable("v128", f64x2.const(0)), b.variable("v128", f64x2.const(0))];
  return { peak: b.variable("f32", f32.const(LOWEST)), ties: b.variable("i32", i32.const(0)), rest, slope };
}

/** Σ exp(d) so far. */
export function sumSoFar({ ties, rest }: Growing): F64 {
  return f64.add(f64.ofInteger(ties.value), sumOfTwo(rest.value));
}

/** Makes a higher value the peak. */
export function raise(
  b: FunctionBuilder,
  grown: Growing,
  highest: F32,
  { rate, exp }: { rate: F32; exp: FunctionRef },
): void {
  const { peak, ties, rest, slope } = grown;
  const t = b.let(f64.mul(f64.sub(f64.ofF32(peak.value), f64.ofF32(highest)), f64.ofF32(rate)));
  const factor = b.let(call("f64", exp, t));
  const sum = b.let(sumSoFar(grown));
  const tilt = f64.mul(f64.mul(t, f64.const(Math.LOG2E)), sum);
  slope.set(inOneLane(f64.mul(factor, f64.add(sumOfTwo(slope.value), tilt))));
  rest.set(inOneLane(f64.mul(factor, sum)));
  ties.set(i32.const(0));
  peak.set(highest);
}

interface Work {
  readonly grown: Growing;
  readonly sums: Sums;
  readonly power: Halves;
  begin(vector: V128): readonly V128[];
}

function addPart(b: FunctionBuilder, work: Work, part: { from: I32; to: I32; highest: F32 }): void {
  const { grown, sums, power, begin } = work;
  const walkPart = (apart: boolean) =>
    walkAhead(b, part.from, part.to, begin, (begun) => {
      const terms = begun.map((one) => power.finish(one));
      const exponents = begun.map(([, , exponent]) => exponent as V128);
      sums.addSlope(terms, exponents);
      if (apart) sums.addApart(terms);
      else sums.add(terms);
    });
  sums.clear();
  b.if(
    f32.eq(part.highest, grown.peak.value),
    () => walkPart(true),
    () => walkPart(false),
  );
  join(b, grown, sums);
}

/** Adds sums of a part, relative to the same peak. */
export function join(b: FunctionBuilder, { ties, rest, slope }: Growing, sums: Sums): void {
  rest.set(f64x2.add(rest.value, widened(b, sums.rest)));
  slope.set(f64x2.add(slope.value, widened(b, sums.slope)));
  ties.set(i32.add(ties.value, sumOfLanes(sums.ties)));
}

/** A number beside 0. */
export function inOneLane(value: F64): V128 {
  return v128.and(f64x2.splat(value), v128.words(-1, -1, 0, 0));
}
