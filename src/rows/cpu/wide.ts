import type { F32, I32, V128 } from "../../wasm/code.ts";
import { call, callInto, type FunctionBuilder, type ModuleBuilder } from "../../wasm/module.ts";
import { f64, i32, select } from "../../wasm/scalar.ts";
import { f32x4, f64x2 } from "../../wasm/simd.ts";
import { inParts, storeAt, walk, walkAhead } from "./columns.ts";
import { exponential } from "./exponential.ts";
import { sumOfLanes, sumOfTwo, widened } from "./lanes.ts";
import {
  addressOf,
  distanceOf,
  type FinishedRow,
  type Helpers,
  ROW_ARGS,
  type RowFunction,
  rowArgs,
} from "./row-function.ts";
import { addState, type State, stateVariables } from "./state.ts";
import { PART, peakOf, sumsOf } from "./sums.ts";

/** Where a row is read and written. */
type Row = Pick<FinishedRow, "row" | "from" | "stop" | "to">;

/** Adds the entry `rows`: one row after another, four vectors of a row at a time. */
export function addWide(module: ModuleBuilder, helpers: Helpers, of: RowFunction): void {
  const stateOf = of.writes === "exponentials" ? undefined : addState(module, helpers.exp, of.entropy ?? false);
  module.function(
    [...ROW_ARGS, ...(of.parameters ?? [])],
    [],
    (b) => {
      const args = rowArgs(b);
      const { finish, end } = of.begin(b, args);
      const rate = b.let(f32x4.splat(args.rate));
      const distance = distanceOf(b, rate, { unit: of.unit ?? false, whole: of.writes === "distances" });
      const state = stateVariables(b);
      b.for(args.first, args.end, 1, (index) => {
        const from = b.let(addressOf(args.x, index, args.stride));
        const to = b.let(addressOf(args.y, index, args.width));
        const row = { row: index, from, stop: b.let(i32.add(from, args.width)), to };
        if (stateOf) callInto(b, stateOf, [from, row.stop, args.rate], state.peak, state.ties, state.rest, state.slope);
        else writeExponentials(b, row, state, { distance, apart: of.log ?? false });
        const { factor, after } = finish(finished(b, row, state, helpers, of));
        if (factor && stateOf) writeDistances(b, row, { peak: state.peak.value, shift: factor, distance });
        else if (factor) scale(b, to, b.let(i32.add(to, args.width)), factor);
        after?.();
      });
      end?.();
    },
    "rows",
  );
}

type Distance = (x: V128, peak: V128) => V128;

/** Finds the row's peak, writes exp(d), and sums it. */
function writeExponentials(
  b: FunctionBuilder,
  { from, stop, to }: Row,
  state: State,
  { distance, apart }: { distance: Distance; apart: boolean },
): void {
  const exp = exponential(b);
  const shift = b.let(i32.sub(to, from));
  const peak = peakOf(b, from, stop);
  const sums = sumsOf(b);
  const rest = b.variable("v128", f64x2.const(0));
  const ties = b.variable("i32", i32.const(0));
  inParts(b, [from, stop], PART, (start, end) => {
    sums.clear();
    const begin = (x: V128) => exp.begin(distance(x, peak));
    walkAhead(b, start, end, begin, (begun, { at, left }) => {
      const terms = begun.map((one) => exp.finish(one));
      const place = { at: b.let(i32.add(at, shift)), ...(left && { left }) };
      for (const [k, term] of terms.entries()) storeAt(b, place, term, 16 * k);
      if (apart) sums.addApart(terms);
      else sums.add(terms);
    });
    rest.set(f64x2.add(rest.value, widened(b, sums.rest)));
    ties.set(i32.add(ties.value, sumOfLanes(sums.ties)));
  });
  state.peak.set(f32x4.lane(peak, 0));
  state.ties.set(f64.ofInteger(ties.value));
  state.rest.set(sumOfTwo(rest.value));
}

function finished(b: FunctionBuilder, row: Row, state: State, { log1p }: Helpers, of: RowFunction): FinishedRow {
  const [peak, ties, rest] = [state.peak.value, state.ties.value, state.rest.value];
  const sum = b.let(f64.add(ties, rest));
  const others = select(f64.gt(ties, f64.const(0)), f64.add(f64.sub(ties, f64.const(1)), rest), f64.const(Number.NaN));
  const logSum = of.log ? b.let(call("f64", log1p, others)) : sum;
  const slope = of.entropy ? b.let(f64.div(state.slope.value, sum)) : sum;
  return { ...row, peak, sum, logSum, slope };
}

/** Writes (x - peak) rate - shift. */
function writeDistances(
  b: FunctionBuilder,
  { from, stop, to }: Row,
  { peak, shift, distance }: { peak: F32; shift: F32; distance: Distance },
): void {
  const [all, less] = [b.let(f32x4.splat(peak)), b.let(f32x4.splat(shift))];
  const away = b.let(i32.sub(to, from));
  walk(b, from, stop, (vectors, { at, left }) => {
    const place = { at: b.let(i32.add(at, away)), ...(left && { left }) };
    for (const [k, x] of vectors.entries()) storeAt(b, place, f32x4.sub(distance(x, all), less), 16 * k);
  });
}

/** Multiplies what is at bytes [start, end). */
function scale(b: FunctionBuilder, start: I32, end: I32, by: F32): void {
  const factor = b.let(f32x4.splat(by));
  walk(b, start, end, (vectors, place) => {
    for (const [k, y] of vectors.entries()) storeAt(b, place, f32x4.mul(y, factor), 16 * k);
  });
}
