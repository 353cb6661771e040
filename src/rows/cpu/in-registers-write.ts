import type { F32, I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, Variable } from "../../wasm/module.ts";
import { f64, i32, select } from "../../wasm/scalar.ts";
import { f32x4, v128 } from "../../wasm/simd.ts";
import { storeAt } from "./columns.ts";
import type { Halves } from "./exponential.ts";
import { type Four, four, type Lane, mapped, spread } from "./lanes.ts";
import type { FinishedRow, RowArgs, Written } from "./row-function.ts";

/** Four rows: where each is read and written, the same row again where there are fewer. */
export interface Group {
  readonly from: Four<I32>;
  readonly to: Four<I32>;
  /** Bytes of whole vectors in a row, and the values after them. */
  readonly whole: I32;
  readonly left: I32;
}

export interface Tools {
  /** Of values and their row's peak, what `power` takes. */
  exponent(x: V128, peak: V128): V128;
  distance(x: V128, peak: V128): V128;
  readonly power: Halves;
  readonly stores: boolean;
}

export interface GroupState {
  /** Lane k belongs to row k. */
  readonly peaks: V128;
  readonly sum: V128;
  readonly logSum: V128;
  readonly slope: V128;
  /** What was made of the last values of each row, fewer than four. */
  readonly last: Four<V128>;
}

export interface LaneWork {
  readonly args: RowArgs;
  readonly row: I32;
  readonly group: Group;
  readonly state: GroupState;
}

export interface LaneWritten extends Written {
  readonly valid: I32;
  readonly value: Variable<"f32">;
}

/** Finishes the row of lane k, if there is one: where there is none, the row before it is written once more. */
export function finishRow(
  b: FunctionBuilder,
  { args, row, group, state }: LaneWork,
  k: Lane,
  finish: (row: FinishedRow) => Written,
): LaneWritten {
  const index = b.let(i32.add(row, i32.const(k)));
  const valid = k === 0 ? i32.const(1) : b.let(i32.ltS(index, args.end));
  const value = b.variable("f32");
  const from = group.from[k];
  let after: (() => void) | undefined;
  b.if(valid, () => {
    const lane = (of_: V128) => f32x4.lane(of_, k);
    const written = finish({
      row: index,
      from,
      stop: b.let(i32.add(from, args.width)),
      to: group.to[k],
      peak: b.let(lane(state.peaks)),
      sum: b.let(f64.ofF32(lane(state.sum))),
      logSum: b.let(f64.ofF32(lane(state.logSum))),
      slope: b.let(f64.ofF32(lane(state.slope))),
    });
    if (written.factor) value.set(written.factor);
    after = written.after;
  });
  return { valid, value, ...(after && { after }) };
}

/** Writes the rows of a group, or multiplies what stands there. */
export function writeGroup(
  b: FunctionBuilder,
  group: Group,
  state: GroupState,
  tools: Tools,
  written: Four<LaneWritten>,
): void {
  const { from, to, whole, left } = group;
  let before: F32 | undefined;
  const factors = mapped(written, ({ valid, value }) => {
    if (before) value.set(select(valid, value.value, before));
    before = value.value;
    return b.let(f32x4.splat(value.value));
  });
  const peaks = tools.stores ? factors : four((k) => b.let(spread(state.peaks, k)));
  const made = (x: V128, k: Lane) =>
    tools.stores ? f32x4.mul(x, factors[k]) : f32x4.sub(tools.distance(x, peaks[k]), factors[k]);
  const source = tools.stores ? to : from;
  b.for(i32.const(0), whole, 16, (column) => {
    // All are read before any is written: a row that stands in for others is multiplied once.
    const values = four((k) => b.let(made(v128.load(i32.add(source[k], column)), k)));
    four((k) => b.emit(v128.store(i32.add(to[k], column), values[k])));
  });
  b.if(left, () => four((k) => storeAt(b, { at: b.let(i32.add(to[k], whole)), left }, made(state.last[k], k))));
}
