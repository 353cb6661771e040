import type { F32, F64, I32, V128, ValueType } from "../../wasm/code.ts";
import type { FunctionBuilder, FunctionRef, ModuleBuilder } from "../../wasm/module.ts";
import { f32, f64, i32 } from "../../wasm/scalar.ts";
import { f32x4 } from "../../wasm/simd.ts";
import { addExp, addLog1p } from "./logarithm.ts";

/** What every entry over rows of logits is given first. */
export interface RowArgs {
  /** Address of the window in row 0. */
  readonly x: I32;
  /** Address of what row 0 is written to. */
  readonly y: I32;
  readonly first: I32;
  readonly end: I32;
  /** Bytes from a row of x to the next. */
  readonly stride: I32;
  /** Bytes of a window, which are those from a row of y to the next. */
  readonly width: I32;
  readonly rate: F32;
}

export const ROW_ARGS: readonly ValueType[] = ["i32", "i32", "i32", "i32", "i32", "i32", "f32"];

export function rowArgs(b: FunctionBuilder): RowArgs {
  const word = (k: number) => b.parameter("i32", k);
  const [x, y, first, end] = [word(0), word(1), word(2), word(3)];
  return { x, y, first, end, stride: word(4), width: word(5), rate: b.parameter("f32", 6) };
}

/** A row whose sums are known, d = (x - peak) rate. */
export interface FinishedRow {
  readonly row: I32;
  /** Addresses of the window's first and past its last logit. */
  readonly from: I32;
  readonly stop: I32;
  /** Address of what is written. */
  readonly to: I32;
  readonly peak: F32;
  /** Σ exp(d); NaN or 0 for a row without a distribution. */
  readonly sum: F64;
  /** Its logarithm, exact near 0, if it is wanted; NaN for a row without a distribution. */
  readonly logSum: F64;
  /** Σ p d, if it is wanted. */
  readonly slope: F64;
}

export interface Written {
  /** What exponentials are multiplied with, or what is subtracted from distances. */
  readonly factor?: F32;
  /** What is left to do when the row is written. */
  readonly after?: () => void;
}

/** A function of rows: what it needs of each, what is written, and what else is done with it. */
export interface RowFunction {
  readonly name: string;
  /** Parameters beyond `ROW_ARGS`. */
  readonly parameters?: readonly ValueType[];
  readonly writes: "exponentials" | "distances" | "nothing";
  /** Whether the rate is 1. */
  readonly unit?: boolean;
  readonly log?: boolean;
  readonly entropy?: boolean;
  /** Begins an entry; gives what finishes each of its rows, and what ends the entry. */
  begin(b: FunctionBuilder, args: RowArgs): { finish(row: FinishedRow): Written; end?(): void };
}

/** Functions in f64 that entries call. */
export interface Helpers {
  readonly exp: FunctionRef;
  readonly log1p: FunctionRef;
}

export function addHelpers(module: ModuleBuilder): Helpers {
  return { exp: addExp(module), log1p: addLog1p(module) };
}

export function addressOf(base: I32, row: I32, bytes: I32): I32 {
  return i32.add(base, i32.mul(row, bytes));
}

/** 1 / S, to multiply exponentials with. */
export function inverse(sum: F64): F32 {
  return f32.ofF64(f64.div(f64.const(1), sum));
}

/**
 * (x - peak) rate. Where it is wanted whole, no difference of two finite numbers may overflow: it is taken in quarters.
 * An exponential alone does not need that: where a difference overflows, temperatures of up to 2^100 leave -2^28 of it
 * or less, whose exponential is 0 too.
 */
export function distanceOf(
  b: FunctionBuilder,
  rate: V128,
  { unit = false, whole = false }: { unit?: boolean; whole?: boolean },
): (x: V128, peak: V128) => V128 {
  if (unit) return f32x4.sub;
  if (!whole) return (x, peak) => f32x4.mul(f32x4.sub(x, peak), rate);
  const quarter = (x: V128) => f32x4.mul(x, f32x4.const(0.25));
  const fourfold = b.let(f32x4.mul(rate, f32x4.const(4)));
  return (x, peak) => f32x4.mul(f32x4.sub(quarter(x), quarter(peak)), fourfold);
}
