import type { Plan } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkTensor } from "../engine/tensor-checks.ts";
import type { Window } from "./row-options.ts";

/** Host data that a plan uploads before its first pass. */
export type Uploads = Plan["uploads"];

/** Checks that what was passed as logits is a live tensor. */
export function checkLogits(x: Tensor, name: string, where: string): void {
  checkTensor(x, x, name, where);
}

/** What CPU work over rows is told of them, as plain data. */
export type RowReference = Omit<Window, "maskTensor" | "maskFloats">;

/** The values of outputs of a plan over rows without classes, which no kernel visits; undefined where there are any. */
export function knownWithout(
  window: Window,
  values: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>,
): Pick<Plan, "known"> {
  return window.classes === 0 ? { known: values } : {};
}
