import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { RowReference } from "../row-call.ts";
import { isKept } from "./row.ts";

type TopKReference = RowReference & { readonly k: number };

export function topKReference(options: TopKReference, given: Given): Computed {
  const { rows, k, classes, rate } = options;
  const x = given.x as Float32Array;
  const values = new Float32Array(rows * k).fill(Number.NEGATIVE_INFINITY);
  const ids = new Int32Array(rows * k).fill(-1);
  for (let row = 0; row < rows; row++) {
    const best = bestOf(options, given, row);
    if (!best) values.fill(Number.NaN, row * k, (row + 1) * k);
    best?.forEach((id, rank) => {
      values[row * k + rank] = (x[row * classes + id] ?? 0) * rate;
      ids[row * k + rank] = id;
    });
  }
  return { outputs: { values, ids } };
}

/** The ids of a row's k largest logits, or undefined where there is a NaN or +Infinity. */
function bestOf(options: TopKReference, given: Given, row: number): readonly number[] | undefined {
  const { k, begin, end, classes } = options;
  const x = (given.x as Float32Array).subarray(row * classes, (row + 1) * classes);
  const best: number[] = [];
  // What comes later must be larger than the least of k.
  let least = Number.NEGATIVE_INFINITY;
  for (let c = begin; c < end; c++) {
    const logit = x[c] ?? 0;
    if (logit <= least || !isKept(options, given, row, c)) continue;
    if (Number.isNaN(logit) || logit === Number.POSITIVE_INFINITY) return undefined;
    let at = best.length;
    while (at > 0 && logit > (x[best[at - 1] ?? 0] ?? 0)) at -= 1;
    best.splice(at, 0, c);
    if (best.length > k) best.pop();
    if (best.length === k) least = x[best[k - 1] ?? 0] ?? 0;
  }
  return best;
}
