import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { type Operand, showShape } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { sameShape } from "../engine/tensor-checks.ts";
import { type ClassDtypeOptions, ROW_NAMES, type RowOptions, type RowOutOptions } from "./row-options.ts";

export interface LossOptions extends RowOptions {
  /** "mean" (default; PyTorch's weighting), "sum", or "none" for a loss a row. */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
  /** Rows with this target count for nothing. Default -100. Class ids only. */
  readonly ignoreIndex?: number | undefined;
  /** One weight a class of the full row, finite and >= 0. */
  readonly weight?: Tensor | readonly number[] | Float32Array | undefined;
  /** Share of the target that is spread evenly over the classes, 0 to 1. Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** Adds zLoss · (log-sum-exp)² to each row. Default 0. */
  readonly zLoss?: number | undefined;
}

/** The names of `LossOptions`. */
export const LOSS_NAMES = [...ROW_NAMES, "reduction", "ignoreIndex", "weight", "labelSmoothing", "zLoss"] as const;

export type CrossEntropyOptions = LossOptions & RowOutOptions;

/** `dtype` is the gradient's; the loss is f32. */
export type GradientOptions = LossOptions & ClassDtypeOptions;

/** Loss options after validation. */
export interface ReadLoss {
  readonly reduction: "mean" | "sum" | "none";
  readonly ignoreIndex: number;
  readonly weighted: boolean;
  readonly smoothing: number;
  readonly zLoss: number;
}

export function readLoss(logits: Operand, options: LossOptions, where: string): ReadLoss {
  const { reduction = "mean", ignoreIndex = -100, labelSmoothing = 0, zLoss = 0, weight } = options;
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none") {
    throw new InputError(`${where}: reduction must be "mean", "sum" or "none", got ${shown(reduction)}`);
  }
  if (!isWord(ignoreIndex)) {
    throw new InputError(`${where}: ignoreIndex must be a 32-bit whole number, got ${shown(ignoreIndex)}`);
  }
  if (!(typeof labelSmoothing === "number" && labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new InputError(`${where}: labelSmoothing must be from 0 to 1, got ${shown(labelSmoothing)}`);
  }
  if (!(typeof zLoss === "number" && zLoss >= 0 && zLoss <= 1e6)) {
    throw new InputError(`${where}: zLoss must be from 0 to 1e6, got ${shown(zLoss)}`);
  }
  checkWeight(weight, logits.shape.at(-1) ?? 0, where);
  return { reduction, ignoreIndex, weighted: weight !== undefined, smoothing: labelSmoothing, zLoss };
}

/** Whether a number fits an i32. */
export function isWord(value: unknown): boolean {
  return typeof value === "number" && (value | 0) === value;
}

function checkWeight(weight: LossOptions["weight"], classes: number, where: string): void {
  if (weight === undefined) return;
  if (weight instanceof Tensor) {
    if (weight.dtype === "f32" && sameShape(weight.shape, [classes])) return;
    throw new InputError(`${where}: weight must be f32 [${classes}] (one a class), got ${showShape(weight)}`);
  }
  if (typeof weight !== "object" || weight === null) {
    throw new InputError(`${where}: weight must be a tensor or ${classes} numbers (one a class), got ${shown(weight)}`);
  }
  if (weight.length !== classes) {
    throw new InputError(`${where}: weight must have ${classes} values (one a class), got ${weight.length}`);
  }
  for (let c = 0; c < classes; c++) {
    const value = weight[c] as number;
    if (!(typeof value === "number" && value >= 0 && value <= 1e30)) {
      throw new InputError(`${where}: weight[${c}] must be a finite number >= 0, got ${shown(value)}`);
    }
  }
}
