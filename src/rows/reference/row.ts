import type { Given } from "../../engine/cpu/work.ts";
import type { RowReference } from "../row-call.ts";
import { ROW_NAN, ROW_NONE, ROW_POSITIVE_INFINITY, ROW_SOUND } from "../status.ts";

/** One row of logits in f64: what is left of it after temperature, window and mask. */
export interface RowView {
  /** x / T of each kept class of the window, by class id. */
  readonly scaled: Float64Array;
  readonly kept: readonly boolean[];
  /** ROW_SOUND, or why there is no distribution (status.ts). */
  readonly status: number;
  readonly anyKept: boolean;
  readonly peak: number;
  /** Σ exp(x / T - peak) over the classes that do not attain the peak, and how many do. */
  readonly rest: number;
  readonly ties: number;
  /** log Σ exp(x / T - peak), exact near 0. */
  readonly logSum: number;
}

/** Reads row `row`: window columns only, indices count from the window's begin. */
export function rowView(options: RowReference, given: Given, row: number, name = "x"): RowView {
  const { begin, end, classes, rate } = options;
  const x = given[name] as Float32Array;
  const width = end - begin;
  const scaled = new Float64Array(width);
  const kept = Array.from({ length: width }, (_, k) => isKept(options, given, row, begin + k));
  let [status, anyKept, peak]: [number, boolean, number] = [ROW_NONE, false, Number.NEGATIVE_INFINITY];
  let [nan, infinite] = [false, false];
  for (let k = 0; k < width; k++) {
    scaled[k] = (x[row * classes + begin + k] ?? 0) * rate;
    if (!kept[k]) continue;
    const value = scaled[k] ?? 0;
    anyKept = true;
    if (Number.isNaN(value)) nan = true;
    else if (value === Number.POSITIVE_INFINITY) infinite = true;
    else if (value !== Number.NEGATIVE_INFINITY) {
      status = ROW_SOUND;
      peak = Math.max(peak, value);
    }
  }
  if (infinite) status = ROW_POSITIVE_INFINITY;
  if (nan) status = ROW_NAN;
  let [rest, ties] = [0, 0];
  for (let k = 0; k < width; k++) {
    if (!kept[k] || status !== ROW_SOUND) continue;
    if (scaled[k] === peak) ties += 1;
    else rest += Math.exp((scaled[k] ?? 0) - peak);
  }
  const logSum = ties === 1 ? Math.log1p(rest) : Math.log(ties + rest);
  return { scaled, kept, status, anyKept, peak, rest, ties, logSum };
}

/** Whether the mask keeps class `c` of the full row. */
export function isKept(options: RowReference, given: Given, row: number, c: number): boolean {
  if (options.mask === "none") return true;
  const { classes } = options;
  const at = options.mask === "full" ? row : 0;
  if (given.mask) {
    const flag = given.mask[at * classes + c] ?? 0;
    return flag !== 0;
  }
  const word = given.maskBits?.[at * Math.ceil(classes / 32) + (c >>> 5)] ?? 0;
  return ((word >>> (c & 31)) & 1) === 1;
}

/** Log-sum-exp of a row: facts of the extended reals, not of arithmetic. */
export function logSumExpOf(view: RowView): number {
  if (view.status === ROW_NAN) return Number.NaN;
  if (view.status === ROW_POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (view.status === ROW_NONE) return Number.NEGATIVE_INFINITY;
  return view.peak + view.logSum;
}

/** log p of class `k` of the window. */
export function logProbabilityOf(view: RowView, k: number): number {
  if (!view.kept[k]) return Number.NEGATIVE_INFINITY;
  if (view.status !== ROW_SOUND) return Number.NaN;
  return (view.scaled[k] ?? 0) - view.peak - view.logSum;
}

export function probabilityOf(view: RowView, k: number): number {
  if (!view.kept[k]) return 0;
  if (view.status !== ROW_SOUND) return Number.NaN;
  return Math.exp((view.scaled[k] ?? 0) - view.peak) / (view.ties + view.rest);
}

/** Entropy in nats. */
export function entropyOf(view: RowView): number {
  if (!view.anyKept) return 0;
  if (view.status !== ROW_SOUND) return Number.NaN;
  let slope = 0;
  for (let k = 0; k < view.kept.length; k++) {
    const d = (view.scaled[k] ?? 0) - view.peak;
    if (view.kept[k] && d > -745) slope += Math.exp(d) * d;
  }
  return view.logSum - slope / (view.ties + view.rest);
}
