import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { elements, type Operand, type Spec, showShape } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkIsTensor } from "../engine/tensor-checks.ts";

/** Most steps that one invocation walks. */
export const STRETCH = 4_096;

/** `[steps, ...]` seen as `[steps, columns]`. */
export interface Timeline {
  readonly steps: number;
  readonly columns: number;
}

/** Steps and columns of an f32 array whose first axis is time; throws InputError for others. */
export function timelineOf(operand: Spec, name: string, where: string): Timeline {
  const [steps, ...rest] = operand.shape;
  if (operand.dtype !== "f32" || steps === undefined) {
    throw new InputError(`${where}: ${name} must be f32 [steps, ...], got ${showShape(operand)}`);
  }
  return { steps, columns: elements(rest) };
}

/** Refuses an operand whose shape or dtype is another. */
export function checkOperand(
  operand: Spec,
  shape: readonly number[],
  dtypes: readonly Spec["dtype"][],
  name: string,
  where: string,
): void {
  const fits = operand.shape.length === shape.length && operand.shape.every((size, k) => size === shape[k]);
  if (fits && dtypes.includes(operand.dtype)) return;
  throw new InputError(
    `${where}: ${name} must be ${dtypes.join(" or ")} [${shape.join(", ")}], got ${showShape(operand)}`,
  );
}

/** Flags, or f32 from 0 to 1. */
export const FLAGS: readonly Spec["dtype"][] = ["f32", "u32", "i32"];

/** Checks that arguments are live tensors of one engine, and gives the engine. */
export function engineOf(tensors: Readonly<Record<string, Tensor>>, where: string): Tensor["engine"] {
  const entries = Object.entries(tensors);
  const [first] = entries;
  for (const [name, tensor] of entries) {
    checkIsTensor(tensor, name, where);
    if (tensor.engine !== first?.[1].engine) {
      const message = `${where}: ${name} must belong to the engine of ${first?.[0]}, got a tensor of another`;
      throw new InputError(message, "other-engine");
    }
    if (tensor.disposed)
      throw new InputError(`${where}: ${name} must be a live tensor, got a disposed one`, "disposed");
  }
  if (!first) throw new RangeError("no tensors");
  return first[1].engine;
}

/** Refuses what is no number from 0 to 1. */
export function checkShare(value: number, name: string, where: string): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw new InputError(`${where}: ${name} must be a number from 0 to 1, got ${shown(value)}`);
}

/** Stretches of steps, the last first: each goes on from the one that follows it in time. */
export function stretchesOf(steps: number): readonly { readonly first: number; readonly steps: number }[] {
  return Array.from({ length: Math.ceil(steps / STRETCH) }, (_, k) => {
    const end = steps - k * STRETCH;
    const first = Math.max(0, end - STRETCH);
    return { first, steps: end - first };
  });
}

/** Workgroups of 64 that cover the columns. */
export function groupsOf(columns: number): number {
  return Math.ceil(columns / 64);
}

/** Operands of 128 steps of 64 columns, and one step more, for `prepare`: any shape has the same pipelines. */
export const TYPICAL: { readonly steps: Operand; readonly more: Operand } = {
  steps: { shape: [128, 64], dtype: "f32", byteOffset: 0 },
  more: { shape: [129, 64], dtype: "f32", byteOffset: 0 },
};
