import type { F64, I32 } from "../../wasm/code.ts";
import { type FunctionBuilder, store, type Variable } from "../../wasm/module.ts";
import { f32, f64, i32, select } from "../../wasm/scalar.ts";
import { f32x4, v128 } from "../../wasm/simd.ts";
import { storeAt, walk } from "./columns.ts";
import { addressOf, type FinishedRow, ROW_ARGS, type RowArgs, type RowFunction } from "./row-function.ts";
import { notANumber } from "./values.ts";

/** What a loss is told beyond `ROW_ARGS`; addresses are 0 where there is nothing. */
const PARAMETERS = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "f64", "f64", "f64"] as const;

/** Numbers in f64 that a task leaves: Σ loss, Σ z-loss, Σ weight, rows counted, and the first bad row or -1. */
export const RECORD = 5;

interface LossArgs extends RowArgs {
  readonly targets: I32;
  readonly weights: I32;
  /** Classes of the full row, and where the window begins. */
  readonly classes: I32;
  readonly begin: I32;
  readonly ignore: I32;
  /** Where each row's loss goes, and where the task's record. */
  readonly losses: I32;
  readonly record: I32;
  readonly zLoss: F64;
  /** What the gradient of a row's loss, and of its z-loss, is multiplied with. */
  readonly perWeight: F64;
  readonly perRow: F64;
}

function lossArgs(b: FunctionBuilder, args: RowArgs): LossArgs {
  const word = (k: number) => b.parameter("i32", ROW_ARGS.length + k);
  const number = (k: number) => b.parameter("f64", ROW_ARGS.length + 7 + k);
  const [targets, weights, classes, begin] = [word(0), word(1), word(2), word(3)];
  const [ignore, losses, record] = [word(4), word(5), word(6)];
  const own = { targets, weights, classes, begin, ignore, losses, record };
  return { ...args, ...own, zLoss: number(0), perWeight: number(1), perRow: number(2) };
}

/** Cross-entropy with class ids; with `gradient` it writes that too. */
export function crossEntropy(gradient: boolean, unit: boolean): RowFunction {
  return {
    name: gradient ? "crossEntropyWithGradient" : "crossEntropy",
    parameters: PARAMETERS,
    writes: gradient ? "exponentials" : "nothing",
    unit,
    log: true,
    begin(b, rows) {
      const args = lossArgs(b, rows);
      const totals = totalsOf(b);
      return {
        finish(row) {
          const loss = lossOf(b, args, row, totals);
          return gradient ? gradientOf(b, args, row, loss) : {};
        },
        end: () => writeRecord(b, args.record, totals),
      };
    },
  };
}

interface Totals {
  readonly value: Variable<"f64">;
  readonly z: Variable<"f64">;
  readonly weight: Variable<"f64">;
  readonly counted: Variable<"f64">;
  readonly bad: Variable<"f64">;
}

function totalsOf(b: FunctionBuilder): Totals {
  const bad = b.variable("f64", f64.const(-1));
  return { value: b.variable("f64"), z: b.variable("f64"), weight: b.variable("f64"), counted: b.variable("f64"), bad };
}

interface RowLoss {
  readonly counted: Variable<"i32">;
  readonly weight: Variable<"f64">;
  /** The target's distance, and its place in the window in bytes; -Infinity where it is no class of the window. */
  readonly distance: Variable<"f64">;
  readonly column: Variable<"i32">;
}

/** Finds a row's loss and adds it to the totals. */
function lossOf(b: FunctionBuilder, args: LossArgs, row: FinishedRow, totals: Totals): RowLoss {
  const id = b.let(i32.load(addressOf(args.targets, row.row, i32.const(4))));
  const loss = {
    counted: b.variable("i32", i32.const(0)),
    weight: b.variable("f64"),
    distance: b.variable("f64"),
    column: b.variable("i32"),
  };
  const [value, z] = [b.variable("f64", f64.const(0)), b.variable("f64", f64.const(0))];
  b.if(i32.ne(id, args.ignore), () =>
    b.if(
      i32.ltU(id, args.classes),
      () => countRow(b, args, row, { id, loss, value, z }),
      () => {
        value.set(f64.const(Number.NaN));
        b.if(f64.lt(totals.bad.value, f64.const(0)), () => totals.bad.set(f64.ofInteger(row.row)));
      },
    ),
  );
  b.if(loss.counted.value, () => {
    totals.weight.set(f64.add(totals.weight.value, loss.weight.value));
    totals.counted.set(f64.add(totals.counted.value, f64.const(1)));
  });
  totals.value.set(f64.add(totals.value.value, value.value));
  totals.z.set(f64.add(totals.z.value, z.value));
  b.if(args.losses, () => {
    const sum = f32.ofF64(f64.add(value.value, z.value));
    b.emit(store.f32(addressOf(args.losses, row.row, i32.const(4)), sum));
  });
  return loss;
}

interface Counting {
  readonly id: I32;
  readonly loss: RowLoss;
  readonly value: Variable<"f64">;
  readonly z: Variable<"f64">;
}

/** The loss of a row that counts: weight · (logSum - d), +Infinity for a target that is impossible. */
function countRow(b: FunctionBuilder, args: LossArgs, row: FinishedRow, { id, loss, value, z }: Counting): void {
  const { peak, logSum } = row;
  const rate = b.let(f64.ofF32(args.rate));
  const impossible = f64.const(Number.NEGATIVE_INFINITY);
  loss.counted.set(i32.const(1));
  loss.weight.set(f64.const(1));
  b.if(args.weights, () => loss.weight.set(f64.ofF32(f32.load(addressOf(args.weights, id, i32.const(4))))));
  loss.column.set(i32.shl(i32.sub(id, args.begin), i32.const(2)));
  loss.distance.set(impossible);
  b.if(inWindow(args, id), () => {
    const x = f64.ofF32(f32.load(i32.add(row.from, loss.column.value)));
    loss.distance.set(f64.mul(f64.sub(x, f64.ofF32(peak)), rate));
  });
  const own = b.let(f64.sub(logSum, loss.distance.value));
  // A class of weight 0 costs nothing, even where it is impossible.
  const free = i32.and(f64.eq(loss.weight.value, f64.const(0)), f64.eq(own, f64.const(Number.POSITIVE_INFINITY)));
  value.set(select(free, f64.const(0), f64.mul(loss.weight.value, own)));
  const lse = b.let(f64.add(f64.mul(f64.ofF32(peak), rate), logSum));
  b.if(f64.gt(args.zLoss, f64.const(0)), () => z.set(f64.mul(args.zLoss, f64.mul(lse, lse))));
}

/** Whether a class id below `classes` lies in the window. */
function inWindow({ begin, width }: LossArgs, id: I32): I32 {
  return i32.ltU(i32.sub(id, begin), i32.shrU(width, i32.const(2)));
}

/** The gradient: exponentials times rate (pull + 2 zLoss lse) / S, less rate · pull at the target. */
function gradientOf(b: FunctionBuilder, args: LossArgs, row: FinishedRow, loss: RowLoss) {
  const rate = b.let(f64.ofF32(args.rate));
  const pull = b.let(f64.mul(args.perWeight, loss.weight.value));
  const lse = f64.add(f64.mul(f64.ofF32(row.peak), rate), row.logSum);
  const ofZ = f64.mul(f64.mul(f64.const(2), args.zLoss), f64.mul(args.perRow, lse));
  const factor = b.let(f32.ofF64(f64.div(f64.mul(rate, f64.add(pull, ofZ)), row.sum)));
  const possible = f64.gt(loss.distance.value, f64.const(Number.NEGATIVE_INFINITY));
  const push = b.let(f32.ofF64(f64.mul(rate, pull)));
  const odd = notANumber(row.logSum);
  const after = () => {
    const clear = i32.eqz(loss.counted.value);
    b.if(
      i32.or(clear, odd),
      () => writeOdd(b, row, clear),
      () =>
        b.if(possible, () => {
          const at = b.let(i32.add(row.to, loss.column.value));
          b.emit(store.f32(at, f32.sub(f32.load(at), push)));
        }),
    );
  };
  return { factor, after };
}

/** A gradient that is 0 everywhere, or but for -Infinity NaN. */
function writeOdd(b: FunctionBuilder, { from, stop, to }: FinishedRow, clear: I32): void {
  const fill = b.let(f32x4.splat(select(clear, f32.const(0), f32.const(Number.NaN))));
  const away = b.let(i32.sub(to, from));
  walk(b, from, stop, (vectors, { at, left }) => {
    const place = { at: b.let(i32.add(at, away)), ...(left && { left }) };
    for (const [k, x] of vectors.entries()) {
      const nothing = f32x4.eq(x, f32x4.const(Number.NEGATIVE_INFINITY));
      storeAt(b, place, v128.andNot(fill, nothing), 16 * k);
    }
  });
}

function writeRecord(b: FunctionBuilder, record: I32, { value, z, weight, counted, bad }: Totals): void {
  const totals = [value, z, weight, counted, bad];
  for (const [k, total] of totals.entries()) b.emit(store.f64(record, total.value, 8 * k));
}
