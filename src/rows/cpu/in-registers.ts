import type { I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, ModuleBuilder } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { loadSome } from "./columns.ts";
import { exponential, powerOfTwo } from "./exponential.ts";
import { finishRow, type Group, type GroupState, type Tools, writeGroup } from "./in-registers-write.ts";
import { type Four, foldLanes, four, type Lane, mapped, spread } from "./lanes.ts";
import { log1p } from "./logarithm.ts";
import { addressOf, distanceOf, ROW_ARGS, type RowArgs, type RowFunction, rowArgs } from "./row-function.ts";
import { LOWEST, type Sums, sumsOf } from "./sums.ts";

/**
 * Adds the entry `rows`: four rows at a time, a vector of each, so that what is done once a row is done for four.
 * Sums stay in f32: a row must be short.
 */
export function addInRegisters(module: ModuleBuilder, of: RowFunction): void {
  module.function(
    [...ROW_ARGS, ...(of.parameters ?? [])],
    [],
    (b) => {
      const args = rowArgs(b);
      const own = of.begin(b, args);
      const tools = toolsOf(b, args, of);
      const whole = b.let(i32.and(args.width, i32.const(-16)));
      const left = b.let(i32.shrU(i32.and(args.width, i32.const(15)), i32.const(2)));
      b.for(args.first, args.end, 4, (row) => {
        const group = { ...rowsOf(b, args, row), whole, left };
        const state = sumGroup(b, group, tools, of);
        const written = four((k) => finishRow(b, { args, row, group, state }, k, own.finish));
        if (of.writes !== "nothing") writeGroup(b, group, state, tools, written);
        for (const { valid, after } of written) if (after) b.if(valid, after);
      });
      own.end?.();
    },
    "rows",
  );
}

function toolsOf(b: FunctionBuilder, args: RowArgs, of: RowFunction): Tools {
  const stores = of.writes === "exponentials";
  const rate = b.let(f32x4.splat(args.rate));
  const kappa = b.let(f32x4.mul(rate, f32x4.const(Math.LOG2E)));
  const distance = distanceOf(b, rate, { unit: of.unit ?? false, whole: of.writes === "distances" });
  return {
    distance,
    exponent: stores ? distance : distanceOf(b, kappa, {}),
    power: stores ? exponential(b) : powerOfTwo(b),
    stores,
  };
}

function rowsOf(b: FunctionBuilder, { x, y, end, stride, width }: RowArgs, row: I32): Pick<Group, "from" | "to"> {
  const last = i32.sub(end, i32.const(1));
  const rows = four((k) => {
    const wanted = b.let(i32.add(row, i32.const(k)));
    return b.let(select(i32.ltS(wanted, end), wanted, last));
  });
  return {
    from: mapped(rows, (one) => b.let(addressOf(x, one, stride))),
    to: mapped(rows, (one) => b.let(addressOf(y, one, width))),
  };
}

function sumGroup(b: FunctionBuilder, group: Group, tools: Tools, of: RowFunction): GroupState {
  const ends = four((k) => b.let(loadSome(i32.add(group.from[k], group.whole), group.left)));
  const peaks = foldLanes(b, peaksOf(b, group, ends), f32x4.pmax);
  const sums = four(() => sumsOf(b, of.entropy));
  const last = sumRows(b, group, { ends, peaks: four((k) => b.let(spread(peaks, k))), sums, tools });
  const folded = (of: (one: Sums) => V128, add: typeof f32x4.add) => foldLanes(b, mapped(sums, of), add);
  const ties = folded((one) => one.ties, i32x4.add);
  const rest = folded((one) => one.rest, f32x4.add);
  const count = b.let(f32x4.ofInteger(ties));
  const sum = b.let(f32x4.add(count, rest));
  const others = f32x4.add(f32x4.sub(count, f32x4.const(1)), rest);
  const sound = i32x4.gtS(ties, i32x4.const(0));
  const logSum = of.log ? log1p(b, v128.select(sound, others, f32x4.const(Number.NaN))) : sum;
  if (!of.entropy) return { peaks, sum, logSum, slope: sum, last };
  const slope = f32x4.mul(
    folded((one) => one.slope, f32x4.add),
    f32x4.const(Math.LN2),
  );
  return { peaks, sum, logSum, slope: b.let(f32x4.div(slope, sum)), last };
}

/** The peaks of each row's four lanes. */
function peaksOf(b: FunctionBuilder, { from, whole }: Group, ends: Four<V128>): Four<V128> {
  const best = mapped(ends, (end) => b.variable("v128", f32x4.pmax(f32x4.const(LOWEST), end)));
  b.for(i32.const(0), whole, 16, (column) => {
    four((k) => best[k].set(f32x4.pmax(best[k].value, v128.load(i32.add(from[k], column)))));
  });
  return mapped(best, ({ value }) => value);
}

interface Summing {
  readonly ends: Four<V128>;
  readonly peaks: Four<V128>;
  readonly sums: Four<Sums>;
  readonly tools: Tools;
}

function sumRows(b: FunctionBuilder, { from, to, whole, left }: Group, work: Summing): Four<V128> {
  const { ends, peaks, sums, tools } = work;
  const term = (x: V128, k: Lane): V128 => {
    const begun = tools.power.begin(tools.exponent(x, peaks[k]));
    const value = tools.power.finish(begun);
    sums[k].addSlope([value], [begun[2] ?? value]);
    sums[k].addApart([value]);
    return value;
  };
  for (const sum of sums) sum.clear();
  b.for(i32.const(0), whole, 16, (column) => {
    four((k) => {
      const value = term(v128.load(i32.add(from[k], column)), k);
      if (tools.stores) b.emit(v128.store(i32.add(to[k], column), value));
    });
  });
  const last = four(() => b.variable("v128"));
  b.if(left, () => four((k) => last[k].set(term(ends[k], k))));
  return tools.stores ? mapped(last, ({ value }) => value) : ends;
}
