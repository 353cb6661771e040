import type { Operand, Output, Plan } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { checkOut, checkTensor } from "../engine/tensor-checks.ts";
import { checkFlags, packMask } from "./mask.ts";
import type { RowOptions, RowOutOptions, Window } from "./row-options.ts";

/** Host data that a plan uploads before its first pass. */
export type Uploads = Plan["uploads"];

/** The mask as the plan's inputs and uploads want it. */
export function maskData(
  options: RowOptions,
  window: Window,
  where: string,
): { inputs: Record<string, Tensor>; uploads: Uploads } {
  const { mask } = options;
  if (mask === undefined) return { inputs: {}, uploads: {} };
  if (mask instanceof Tensor) return { inputs: { mask }, uploads: {} };
  checkFlags(mask, "mask", where);
  return { inputs: {}, uploads: { maskBits: packMask(mask, window.classes) } };
}

/** Checks the tensors of a call that the host can see: the logits, the mask and `out`. */
export function checkTensors(x: Tensor, options: RowOutOptions, output: Output, where: string): void {
  if (options.mask instanceof Tensor) checkTensor(options.mask, x, "mask", where);
  if (options.out === undefined) return;
  const inputs = options.mask instanceof Tensor ? [x, options.mask] : [x];
  checkOut(options.out, output, inputs, where);
}

/** Checks that what was passed as logits is a live tensor. */
export function checkLogits(x: Tensor, name: string, where: string): void {
  checkTensor(x, x, name, where);
}

/** Options of the f64 references of row functions, as plain data. */
export interface RowReference {
  readonly rows: number;
  readonly classes: number;
  readonly begin: number;
  readonly end: number;
  readonly rate: number;
  readonly mask: "none" | "shared" | "full";
}

export function rowReference(window: Window): RowReference {
  const { rows, classes, begin, end, rate, mask } = window;
  return { rows, classes, begin, end, rate, mask };
}

/** An operand that starts its buffer, of this shape. */
export function fresh(shape: readonly number[]): Operand {
  return { shape, dtype: "f32", byteOffset: 0 };
}

/** The values of outputs of a plan over rows without classes, which no kernel visits; undefined where there are any. */
export function knownWithout(
  window: Window,
  values: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>,
): Pick<Plan, "known"> {
  return window.classes === 0 ? { known: values } : {};
}

/** `rows` times the same f32. */
export function filled(rows: number, value: number): Float32Array {
  return new Float32Array(rows).fill(value);
}
