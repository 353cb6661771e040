import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { RowReference } from "../row-call.ts";
import { ROW_SOUND } from "../status.ts";
import { entropyOf, logProbabilityOf, logSumExpOf, type RowView, rowView } from "./row.ts";

type StatisticsReference = RowReference & { readonly ignoreIndex: number; readonly targeted: boolean };

export function statisticsReference(options: StatisticsReference, given: Given): Computed {
  const { rows, begin, classes, ignoreIndex, targeted } = options;
  const f32 = () => new Float32Array(rows);
  const y = { loss: f32(), logSumExp: f32(), entropy: f32(), margin: f32(), probability: f32() };
  const [argmax, rank, status] = [new Int32Array(rows), new Int32Array(rows), new Uint32Array(rows)];
  const validCount = new Uint32Array(1);
  let badRow: number | undefined;
  for (let row = 0; row < rows; row++) {
    const view = rowView(options, given, row);
    const { best, margin } = topTwo(view);
    const id = targeted ? (given.targets?.[row] ?? 0) : begin + best;
    const ignored = targeted && (id | 0) === ignoreIndex;
    const wrong = targeted && !ignored && id >>> 0 >= classes;
    if (wrong) badRow ??= row;
    if (!ignored && !wrong && view.anyKept) validCount[0] = (validCount[0] ?? 0) + 1;
    const loss = ignored || !view.anyKept ? 0 : -logProbabilityOf(view, id - begin);
    y.loss[row] = wrong || (loss !== 0 && view.status !== ROW_SOUND) ? Number.NaN : loss;
    y.logSumExp[row] = logSumExpOf(view);
    y.entropy[row] = entropyOf(view);
    y.margin[row] = view.status === ROW_SOUND ? margin : Number.NaN;
    const unknown = ignored || Number.isNaN(y.loss[row]);
    y.probability[row] = !view.anyKept ? 0 : unknown ? Number.NaN : Math.exp(-loss);
    argmax[row] = view.status === ROW_SOUND ? begin + best : -1;
    rank[row] = ignored || wrong || view.status !== ROW_SOUND ? -1 : rankOf(view, id - begin);
    status[row] = view.status;
  }
  return { outputs: { ...y, argmax, rank, status, validCount }, badRow };
}

function topTwo(view: RowView): { best: number; margin: number } {
  let best = -1;
  let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  view.scaled.forEach((value, k) => {
    if (!view.kept[k]) return;
    if (value > first) {
      [second, first, best] = [first, value, k];
    } else if (value > second) second = value;
  });
  return { best, margin: first - second };
}

/** How many classes come before class `k`: larger logits, and equal ones of smaller id; -1 if it is impossible. */
function rankOf(view: RowView, k: number): number {
  const own = view.scaled[k];
  if (own === undefined || !view.kept[k] || own === Number.NEGATIVE_INFINITY) return -1;
  let ahead = 0;
  view.scaled.forEach((value, j) => {
    if (view.kept[j] && (value > own || (value === own && j < k))) ahead += 1;
  });
  return ahead;
}
