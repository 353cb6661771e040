import { KernelError } from "../../core/errors.ts";
import type { Allocation } from "../../engine/cpu/allocation.ts";
import type { WasmModule } from "../../engine/cpu/cores.ts";
import type { Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import type { RowReference } from "../row-call.ts";
import { fitsRegisters } from "./modules.ts";

/** Values of the smallest call that goes this way: smaller ones are exactly rounded by their references. */
const LEAST = 4_096;

/** Whether a call over rows of logits goes this way. */
export function suits({ rows, begin, end, mask }: RowReference): boolean {
  return mask === "none" && rows * (end - begin) >= LEAST;
}

export function operand(given: Operands, name: string): Allocation {
  const found = given[name];
  if (!found) throw new KernelError("internal", `a row kernel without '${name}'`);
  return found;
}

export interface RowWork {
  readonly module: WasmModule;
  readonly y: number;
  /** Arguments beyond those of every entry, for task k. */
  more?(k: number): readonly number[];
}

/** Rows [first, end) of each task. */
export function tasksOf(space: Workspace, options: RowReference): readonly (readonly [number, number])[] {
  const { rows, begin, end } = options;
  const share = space.share(rows, end - begin, fitsRegisters(options) ? 4 : 1);
  return Array.from({ length: Math.ceil(rows / share) }, (_, k) => [k * share, Math.min(rows, (k + 1) * share)]);
}

/** Runs a module's entry for all rows. */
export async function runRows(space: Workspace, options: RowReference, given: Operands, work: RowWork): Promise<void> {
  const { rows, classes, begin, end, rate } = options;
  const width = end - begin;
  const x = space.addressOf(operand(given, "x")) + 4 * begin;
  const tasks = tasksOf(space, options).map(([first, last], k) => [
    ...[x, work.y, first, last, 4 * classes, 4 * width, rate],
    ...(work.more?.(k) ?? []),
  ]);
  await space.run(work.module, "rows", tasks, rows * width);
}
