// What every kernel is judged against: each formula once more, in f64, two passes a row, written without a look at
// the library's own CPU engine.

import type { Batch } from "../data.ts";

export interface Choice {
  readonly temperature?: number;
  readonly classes?: readonly [begin: number, end: number];
  /** One flag a logit. */
  readonly mask?: ArrayLike<number | boolean>;
}

/** The softmax distribution of one row, over the classes of its window. */
export interface Distribution {
  /** x / T; -Inf where a mask hides the class. */
  readonly scaled: Float64Array;
  readonly kept: readonly boolean[];
  readonly status: "sound" | "nan" | "infinite" | "none";
  readonly anyKept: boolean;
  readonly peak: number;
  /** log Σ exp(scaled - peak). */
  readonly logSum: number;
  /** Largest finite distance below the peak. */
  readonly reach: number;
  /** Mean distance below the peak of the mass that is not the peak's own. */
  readonly meanDistance: number;
}

export function distributions(batch: Batch, choice: Choice = {}): Distribution[] {
  return Array.from({ length: batch.rows }, (_, row) => distribution(batch, row, choice));
}

export function distribution(batch: Batch, row: number, choice: Choice = {}): Distribution {
  const { data, classes } = batch;
  const { temperature = 1, mask } = choice;
  const [begin, end] = choice.classes ?? [0, classes];
  const scaled = new Float64Array(end - begin);
  const kept: boolean[] = [];
  let [peak, first, nan] = [Number.NEGATIVE_INFINITY, -1, false];
  for (let k = 0; k < scaled.length; k++) {
    const c = row * classes + begin + k;
    kept[k] = !mask || Boolean(mask[c]);
    const value = kept[k] ? (data[c] as number) / temperature : Number.NEGATIVE_INFINITY;
    scaled[k] = value;
    if (Number.isNaN(value)) nan = true;
    if (value > peak) [peak, first] = [value, k];
  }
  const status = nan ? "nan" : peak === Number.POSITIVE_INFINITY ? "infinite" : first < 0 ? "none" : "sound";
  let [others, weighted, reach] = [0, 0, 0];
  for (let k = 0; k < scaled.length && status === "sound"; k++) {
    const distance = peak - (scaled[k] as number);
    if (k === first || distance === Number.POSITIVE_INFINITY) continue;
    const e = Math.exp(-distance);
    others += e;
    if (e > 0) weighted += e * distance;
    reach = Math.max(reach, distance);
  }
  const meanDistance = others > 0 ? weighted / others : 0;
  return { scaled, kept, status, anyKept: kept.includes(true), peak, logSum: Math.log1p(others), reach, meanDistance };
}

export function logSumExpOf(d: Distribution): number {
  if (d.status === "nan") return Number.NaN;
  return d.status === "sound" ? d.peak + d.logSum : d.peak;
}

export function logProbabilityOf(d: Distribution, k: number): number {
  if (!d.kept[k]) return Number.NEGATIVE_INFINITY;
  return d.status === "sound" ? (d.scaled[k] as number) - d.peak - d.logSum : Number.NaN;
}

export function probabilityOf(d: Distribution, k: number): number {
  return d.kept[k] ? Math.exp(logProbabilityOf(d, k)) : 0;
}

export function entropyOf(d: Distribution): number {
  if (!d.anyKept) return 0;
  if (d.status !== "sound") return Number.NaN;
  let sum = 0;
  for (let k = 0; k < d.scaled.length; k++) {
    const logP = logProbabilityOf(d, k);
    if (logP > -745) sum -= Math.exp(logP) * logP;
  }
  return sum;
}

export function klDivergenceOf(p: Distribution, q: Distribution): number {
  if (!p.anyKept) return 0;
  if (p.status !== "sound" || q.status !== "sound") return Number.NaN;
  let sum = 0;
  for (let k = 0; k < p.scaled.length; k++) {
    const [a, b] = [logProbabilityOf(p, k), logProbabilityOf(q, k)];
    if (a === Number.NEGATIVE_INFINITY) continue;
    if (b === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    sum += Math.exp(a) * (a - b);
  }
  return sum;
}

export interface LossChoice extends Choice {
  readonly ignoreIndex?: number;
  readonly weight?: ArrayLike<number>;
  readonly labelSmoothing?: number;
  readonly zLoss?: number;
}

/** One class id a row, or one probability a logit (a Float32Array). */
export type ReferenceTargets = ArrayLike<number>;

export interface RowLoss {
  readonly distribution: Distribution;
  readonly counted: boolean;
  /** Without the z-loss. */
  readonly value: number;
  readonly z: number;
  /** What the mean over rows divides by. */
  readonly weight: number;
  /** Of each class of the window, in Σ share · -log q. */
  readonly shares: Float64Array;
  /** Share of a target that is no class of the distribution. */
  readonly lost: number;
}

export function lossesOf(batch: Batch, targets: ReferenceTargets, choice: LossChoice = {}): RowLoss[] {
  return Array.from({ length: batch.rows }, (_, row) => lossOf(batch, row, targets, choice));
}

function lossOf(batch: Batch, row: number, targets: ReferenceTargets, choice: LossChoice): RowLoss {
  const { ignoreIndex = -100, weight, labelSmoothing = 0, zLoss = 0 } = choice;
  const d = distribution(batch, row, choice);
  const begin = choice.classes?.[0] ?? 0;
  const soft = targets instanceof Float32Array;
  const id = soft ? -1 : (targets[row] as number);
  const shares = new Float64Array(d.scaled.length);
  const none: RowLoss = { distribution: d, counted: false, value: 0, z: 0, weight: 0, shares, lost: 0 };
  if ((!soft && id === ignoreIndex) || !d.anyKept) return none;
  const own = soft ? 1 : (weight?.[id] ?? 1);
  if (d.status !== "sound") return { ...none, counted: true, value: Number.NaN, weight: own };
  const possible = Array.from(d.scaled, (x) => x !== Number.NEGATIVE_INFINITY);
  const valid = possible.filter(Boolean).length;
  let value = 0;
  for (let k = 0; k < shares.length; k++) {
    const c = begin + k;
    const hit = soft ? (targets[row * batch.classes + c] as number) : Number(c === id);
    const spread = possible[k] ? labelSmoothing / valid : 0;
    shares[k] = ((1 - labelSmoothing) * hit + spread) * (weight?.[c] ?? 1);
    if (shares[k] !== 0) value -= (shares[k] as number) * logProbabilityOf(d, k);
  }
  let lost = 0;
  if (!soft && !possible[id - begin]) {
    lost = (1 - labelSmoothing) * own;
    if (lost > 0) value = Number.POSITIVE_INFINITY;
    if (possible[id - begin] === false) shares[id - begin] = 0;
  }
  return { distribution: d, counted: true, value, z: zLoss * logSumExpOf(d) ** 2, weight: own, shares, lost };
}

export function reduceLosses(losses: readonly RowLoss[], reduction: "mean" | "sum"): number {
  const total = (of: (loss: RowLoss) => number) => losses.reduce((sum, loss) => sum + of(loss), 0);
  const [value, z] = [total((loss) => loss.value), total((loss) => loss.z)];
  if (reduction === "sum") return value + z;
  return value / total((loss) => loss.weight) + z / total((loss) => Number(loss.counted));
}

/** Gradient of the reduced loss, or with "none" of each row's own, with respect to the window's logits. */
export function gradientOf(
  losses: readonly RowLoss[],
  reduction: "mean" | "sum" | "none",
  { temperature = 1, zLoss = 0 }: LossChoice = {},
): Float64Array {
  const mean = reduction === "mean";
  const perWeight = mean ? 1 / losses.reduce((sum, loss) => sum + loss.weight, 0) : 1;
  const perRow = mean ? 1 / losses.filter((loss) => loss.counted).length : 1;
  const width = losses[0]?.shares.length ?? 0;
  const gradient = new Float64Array(losses.length * width);
  losses.forEach((loss, row) => {
    if (!loss.counted) return;
    const d = loss.distribution;
    const pull = perWeight * loss.shares.reduce((sum, share) => sum + share, loss.lost);
    const z = 2 * zLoss * logSumExpOf(d) * perRow;
    for (let k = 0; k < width; k++) {
      if (d.scaled[k] === Number.NEGATIVE_INFINITY) continue;
      const push = perWeight * (loss.shares[k] as number);
      gradient[row * width + k] = ((pull + z) * probabilityOf(d, k) - push) / temperature;
    }
  });
  return gradient;
}

/** Class ids of the window, best first; of equal logits the smaller id comes first. */
export function rankingOf(d: Distribution, begin = 0): number[] {
  const ids = Array.from(d.scaled.keys()).filter((k) => d.scaled[k] !== Number.NEGATIVE_INFINITY);
  ids.sort((a, b) => (d.scaled[b] as number) - (d.scaled[a] as number) || a - b);
  return ids.map((k) => begin + k);
}
