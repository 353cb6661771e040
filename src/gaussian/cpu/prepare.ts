import { LEAST_NORMAL, MOST_INVERTIBLE } from "../../arithmetic/range.ts";
import type { BadRow } from "../../engine/checks.ts";
import { ownArray } from "../../engine/cpu/allocation.ts";
import type { Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import { operand } from "../../rows/cpu/call.ts";
import type { GaussianReference } from "../gaussian.ts";

/** Values that all rows share, or that each has its own of. */
export function valuesOf(options: GaussianReference, given: Operands, name: "mean" | "spread"): ArrayLike<number> {
  return options[name].values ?? operand(given, name).values();
}

/** Where the mean lies: one that is shared is padded to whole vectors. */
export function meanAt(options: GaussianReference, given: Operands, space: Workspace): number {
  if (options.mean.perRow) return space.addressOf(operand(given, "mean"));
  return space.addressOf(ownArray(padded(valuesOf(options, given, "mean"))));
}

export function padded(values: ArrayLike<number>): Float32Array {
  const whole = new Float32Array(Math.ceil(values.length / 4) * 4);
  whole.set(values);
  return whole;
}

/** The first std or variance that is none. */
export function wrongSpread({ dimension, spread }: GaussianReference, values: ArrayLike<number>): BadRow | undefined {
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (value >= LEAST_NORMAL && value <= MOST_INVERTIBLE) continue;
    return { row: spread.perRow ? Math.floor(k / dimension) : 0, pivot: k % dimension };
  }
  return undefined;
}
