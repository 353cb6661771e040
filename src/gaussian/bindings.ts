import type { Check } from "../engine/checks.ts";
import type { Operand, Pass, Plan, Range } from "../engine/plan.ts";
import type { Parameter, ReadGaussian } from "./options.ts";
import { type RowRange, rangeOf, wholeOf } from "./ranges.ts";

export type GradientName = "x" | "mean" | "std";

/** Which results the kernels write: one value a row, and gradients, `dimension` values a row each. */
export interface GaussianOutputs {
  /** The square root of the quadratic form in place of the log-density. */
  readonly root: boolean;
  readonly gradients: readonly GradientName[];
}

/** The part of a plan that computes a value a row, "y", and gradients, "byx", "bymean" and "bystd". */
export interface GaussianWork {
  readonly passes: readonly Pass[];
  readonly scratch: Readonly<Record<string, number>>;
  readonly uploads: Plan["uploads"];
  readonly checks: readonly Check[];
}

/** Where a buffer of our own, or an output, starts. */
const START: Pick<Operand, "byteOffset"> = { byteOffset: 0 };

/** A parameter's place for a chunk of rows: its range, the first value, and values from row to row. */
export interface ParameterRange {
  readonly range: Range;
  readonly stride: number;
}

/** Where a chunk finds a parameter of `width` values, in the buffer of this name. */
export function parameterRangeOf(
  buffer: string,
  { perRow, operand }: Parameter,
  chunk: RowRange,
  width: number,
): ParameterRange {
  const at = operand ?? START;
  return perRow
    ? { range: rangeOf(buffer, chunk, width, at), stride: width }
    : { range: wholeOf(buffer, width, at), stride: 0 };
}

/** The bindings of results: those not wanted get a scratch buffer each, since no two may be the same. */
export function resultsOf(
  read: ReadGaussian,
  outputs: GaussianOutputs,
  chunk: RowRange,
): Readonly<Record<string, Range | string>> {
  const bind: Record<string, Range | string> = { y: rangeOf("y", chunk, 1, START) };
  for (const name of ["x", "mean", "std"] as const) {
    bind[`by${name}`] = outputs.gradients.includes(name)
      ? rangeOf(`by${name}`, chunk, read.dimension, START)
      : `spare${name}`;
  }
  return { ...bind, faults: "faults" };
}

/** Scratch that every kernel needs. */
export function spareOf(outputs: GaussianOutputs): Record<string, number> {
  const spare: Record<string, number> = { faults: 4 };
  for (const name of ["x", "mean", "std"] as const) if (!outputs.gradients.includes(name)) spare[`spare${name}`] = 4;
  return spare;
}

export function constantsOf({ root, gradients }: GaussianOutputs): Record<string, boolean> {
  return { ROOT: root, BY_X: gradients.includes("x"), BY_MEAN: gradients.includes("mean") };
}
