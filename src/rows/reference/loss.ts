import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { ReadLoss } from "../cross-entropy-options.ts";
import type { RowReference } from "../row-call.ts";
import { ROW_SOUND } from "../status.ts";
import { logProbabilityOf, logSumExpOf, probabilityOf, type RowView, rowView } from "./row.ts";

export type LossReference = RowReference & ReadLoss & { readonly soft: boolean };

interface RowLoss {
  readonly value: number;
  readonly weight: number;
  readonly z: number;
  readonly counted: boolean;
  readonly wrong: boolean;
}

const NOTHING: RowLoss = { value: 0, weight: 0, z: 0, counted: false, wrong: false };

/** Each class's share of the smoothed, weighted target, by class of the window: what -log q is summed with. */
function shares(options: LossReference, given: Given, view: RowView, row: number): Float64Array {
  const { begin, classes, smoothing, soft } = options;
  const valid = view.kept.filter((kept, k) => kept && view.scaled[k] !== Number.NEGATIVE_INFINITY).length;
  const id = given.targets?.[row] ?? 0;
  return Float64Array.from(view.kept, (kept, k) => {
    const c = begin + k;
    const possible = kept && view.scaled[k] !== Number.NEGATIVE_INFINITY;
    const even = possible ? smoothing / valid : 0;
    const own = soft ? (given.targets?.[row * classes + c] ?? 0) : c === id ? 1 : 0;
    return ((1 - smoothing) * own + even) * (given.weight ? (given.weight[c] ?? 0) : 1);
  });
}

function lossOf(options: LossReference, given: Given, view: RowView, row: number): RowLoss {
  const { soft, ignoreIndex, classes, begin, end, zLoss } = options;
  const id = given.targets?.[row] ?? 0;
  if (!soft && (id | 0) === ignoreIndex) return NOTHING;
  if (!soft && id >>> 0 >= classes) return { ...NOTHING, value: Number.NaN, wrong: true };
  if (!view.anyKept) return NOTHING;
  const weight = soft || !given.weight ? 1 : (given.weight[id] ?? 0);
  const counted = { weight, counted: true, wrong: false };
  if (view.status !== ROW_SOUND) return { ...counted, value: Number.NaN, z: 0 };
  const z = zLoss * logSumExpOf(view) ** 2;
  let value = 0;
  const share = shares(options, given, view, row);
  for (let k = 0; k < share.length; k++) {
    if (share[k] !== 0) value -= (share[k] ?? 0) * logProbabilityOf(view, k);
  }
  if (!soft && (id < begin || id >= end) && weight !== 0) value = Number.POSITIVE_INFINITY;
  return { ...counted, value, z };
}

function reduce(losses: readonly RowLoss[], reduction: ReadLoss["reduction"]): Float32Array {
  if (reduction === "none") return Float32Array.from(losses, (loss) => loss.value + loss.z);
  const total = (of: (loss: RowLoss) => number) => losses.reduce((sum, loss) => sum + of(loss), 0);
  const value = total((loss) => loss.value);
  const z = total((loss) => loss.z);
  if (reduction === "sum") return Float32Array.of(value + z);
  const weight = total((loss) => loss.weight);
  return Float32Array.of(weight === 0 ? Number.NaN : value / weight + z / total((loss) => Number(loss.counted)));
}

function lossesOf(options: LossReference, given: Given): { losses: RowLoss[]; badRow: number | undefined } {
  const rows = Array.from({ length: options.rows }, (_, row) => row);
  const losses = rows.map((row) => lossOf(options, given, rowView(options, given, row), row));
  const bad = losses.findIndex((loss) => loss.wrong);
  return { losses, badRow: bad < 0 ? undefined : bad };
}

export function crossEntropyReference(options: LossReference, given: Given): Computed {
  const { losses, badRow } = lossesOf(options, given);
  return { outputs: { loss: reduce(losses, options.reduction) }, badRow };
}

export function gradientReference(options: LossReference, given: Given): Computed {
  const { rows, begin, end, rate, reduction, zLoss } = options;
  const { losses, badRow } = lossesOf(options, given);
  const mean = reduction === "mean";
  const a = mean ? 1 / losses.reduce((sum, loss) => sum + loss.weight, 0) : 1;
  const b = mean ? 1 / losses.filter((loss) => loss.counted).length : 1;
  const width = end - begin;
  const gradient = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    if (!losses[row]?.counted) continue;
    const view = rowView(options, given, row);
    const share = view.status === ROW_SOUND ? shares(options, given, view, row) : new Float64Array(width);
    const possible = Array.from(view.kept, (kept, k) => kept && view.scaled[k] !== Number.NEGATIVE_INFINITY);
    const pull =
      a * share.reduce((sum, s, k) => sum + (possible[k] ? s : 0), 0) + a * lostShare(options, given, row, possible);
    const z = 2 * zLoss * b * logSumExpOf(view);
    for (let k = 0; k < width; k++) {
      if (!possible[k]) continue;
      gradient[row * width + k] = rate * ((pull + z) * probabilityOf(view, k) - a * (share[k] ?? 0));
    }
  }
  return { outputs: { loss: reduce(losses, reduction), gradient }, badRow };
}

/** The weight of a class-id target that the window, the mask or a -Inf logit hides: its pull on the others stays. */
function lostShare(options: LossReference, given: Given, row: number, possible: readonly boolean[]): number {
  if (options.soft) return 0;
  const id = given.targets?.[row] ?? 0;
  if (possible[id - options.begin]) return 0;
  return (1 - options.smoothing) * (given.weight ? (given.weight[id] ?? 0) : 1);
}
