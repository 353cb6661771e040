import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { RowReference } from "../row-call.ts";
import { ROW_SOUND } from "../status.ts";
import { logProbabilityOf, rowView } from "./row.ts";

export function klDivergenceReference(options: RowReference, given: Given): Computed {
  const y = Float32Array.from({ length: options.rows }, (_, row) => divergenceOf(options, given, row));
  return { outputs: { y } };
}

/** Of one pair of rows. */
export function divergenceOf(options: RowReference, given: Given, row: number): number {
  const p = rowView(options, given, row);
  const q = rowView(options, given, row, "other");
  if (!p.anyKept) return 0;
  if (p.status !== ROW_SOUND || q.status !== ROW_SOUND) return Number.NaN;
  let sum = 0;
  for (let k = 0; k < p.kept.length; k++) {
    const a = logProbabilityOf(p, k);
    const b = logProbabilityOf(q, k);
    if (a === Number.NEGATIVE_INFINITY) continue;
    if (b === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    sum += Math.exp(a) * (a - b);
  }
  return Math.max(sum, 0);
}
