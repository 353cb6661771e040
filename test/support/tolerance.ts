import { fromHalves, type Half, toHalves } from "../../src/arithmetic/halves.ts";
import {
  type Distribution,
  entropyOf,
  logProbabilityOf,
  logSumExpOf,
  probabilityOf,
  type RowLoss,
} from "./rows/reference.ts";

/** f32's unit roundoff: one rounding errs by at most this much, relatively. */
const U = 2 ** -24;

/** The smallest normal f32; WGSL may flush what is smaller. */
const TINY = 2 ** -126;

/** Roundings that a sum over `classes` terms may see beyond those of its terms: a tree, and its ends. */
function sumRoundings(classes: number): number {
  return 2 * Math.log2(classes) + 16;
}

/** Guards against a tolerance that has grown until it accepts anything. */
function capped(budget: number, cap: number): number {
  if (!(budget <= cap)) throw new Error(`tolerance ${budget} is looser than its sanity cap ${cap}`);
  return budget;
}

/**
 * A probability exp(d) / S, d = (x - max) / T: rounding d moves exp(d) by |d| roundings; S is a sum; exp, the
 * division and the product are in the constant. With a temperature, 1 / T and the product with it are rounded too.
 */
export function softmaxTolerance(d: Distribution, k: number, temperature?: number): number {
  const p = probabilityOf(d, k);
  if (p < TINY) return TINY;
  const distance = d.peak - (d.scaled[k] as number);
  return capped(relativeTolerance(distance, d.scaled.length, temperature) * p, 2e-5 * p * (temperature ? 2 : 1));
}

function relativeTolerance(distance: number, classes: number, temperature?: number): number {
  return U * ((temperature === undefined ? 1 : 3) * distance + sumRoundings(classes));
}

/** A probability that is exp(-loss): it moves by as much as the loss does, and by the roundings of loss and exp. */
export function likelihoodTolerance(d: Distribution, k: number): number {
  const log = logProbabilityOf(d, k);
  const p = Math.exp(log);
  return p < TINY ? TINY : p * (lossTolerance(d, k) + U * (4 - log));
}

/** A log-sum-exp: the last addition errs by half an ULP of the result, and log S by the errors of S. */
export function logSumExpTolerance(want: number): number {
  return 2 ** -23 * Math.abs(want) + capped(4e-6, 1e-5);
}

/**
 * log S, S = 1 + rest: log errs by 2 ULP; S errs by the roundings of a sum, and through its terms exp(d) by 4 |d|
 * roundings (of the difference, the rate, log2 e and their
 * product), none further down than 86. An error of rest reaches log(1 + rest) as a
 * share rest / (1 + rest) <= min(1, log S) of itself.
 */
function logSumTolerance(d: Distribution): number {
  const ofSum = 4 * Math.min(86, d.meanDistance) + sumRoundings(d.scaled.length);
  return U * (4 * d.logSum + Math.min(1, d.logSum) * ofSum);
}

/**
 * -log p = (max - x) / T + log S: no two terms have opposite signs, so that each keeps its relative accuracy. The
 * first has 3 roundings (difference, 1 / T, product), their sum one. What is below 1e-30 counts as nothing.
 */
export function lossTolerance(d: Distribution, k: number): number {
  const want = -logProbabilityOf(d, k);
  const distance = d.peak - (d.scaled[k] as number);
  return capped(U * (3 * distance + want) + logSumTolerance(d), 3e-5 * want) + 1.1e-30;
}

/**
 * Entropy, log S + Σ p |d|: both positive. Each exp(d) d errs by 4 |d| + 8 roundings, their sum by a sum's, and the
 * division by S by that of S.
 */
export function entropyTolerance(d: Distribution): number {
  const ofSum = sumRoundings(d.scaled.length) + 4 * d.meanDistance;
  let terms = 0;
  for (let k = 0; k < d.scaled.length; k++) {
    const distance = d.peak - (d.scaled[k] as number);
    if (distance < 700) terms += probabilityOf(d, k) * distance * (4 * distance + 8 + 2 * ofSum);
  }
  return capped(U * terms + logSumTolerance(d) + U * entropyOf(d), 1e-4 * (1 + entropyOf(d))) + 1e-30;
}

/**
 * KL divergence, Σ p (d_p - d_q) + log S_q - log S_p: terms of both signs, so the error is absolute. Each d has 4
 * roundings, each exp(d_p) 4 |d_p| + 8, and the sum and S those of a sum.
 */
export function klTolerance(p: Distribution, q: Distribution): number {
  const ofSum = sumRoundings(p.scaled.length) + 4 * p.meanDistance;
  let [error, size] = [0, 0];
  for (let k = 0; k < p.scaled.length; k++) {
    const a = p.peak - (p.scaled[k] as number);
    const b = q.peak - (q.scaled[k] as number);
    if (a >= 700 || b === Number.POSITIVE_INFINITY) continue;
    const share = probabilityOf(p, k);
    error += share * ((4 * a + 8 + 2 * ofSum) * Math.abs(a - b) + 4 * (a + b));
    size += share * (a + b);
  }
  const logs = logSumTolerance(p) + logSumTolerance(q) + U * (p.logSum + q.logSum);
  return capped(U * error + logs, 1e-4 * (1 + size)) + 1e-30;
}

/**
 * One row's cross-entropy, Σ share (-log q): each term errs as a loss does. With shares of many classes the sum runs
 * over differences of logits, which reach d.reach, so that each share also errs by a sum's roundings of that. The
 * z-loss is a square: twice the relative error of the log-sum-exp.
 */
export function rowLossTolerance(loss: RowLoss, zLoss = 0): number {
  const { distribution: d, shares } = loss;
  let [budget, many, total] = [0, -1, 0];
  shares.forEach((share, k) => {
    if (share === 0 || d.scaled[k] === Number.NEGATIVE_INFINITY) return;
    budget += share * (lossTolerance(d, k) + 3 * U * -logProbabilityOf(d, k));
    many += 1;
    total += share;
  });
  if (many > 0) budget += U * total * sumRoundings(shares.length) * (d.reach + d.logSum);
  const lse = logSumExpOf(d);
  const ofZ = zLoss * (2 * Math.abs(lse) * logSumExpTolerance(lse) + 4 * U * lse * lse);
  return capped(budget, 1e-4 * (loss.value + total * (d.reach + d.logSum))) + ofZ + 1e-30;
}

/** A sum or mean over rows: the rows' own errors, and the roundings of two sums over the rows and a division. */
export function reducedTolerance(
  losses: readonly RowLoss[],
  reduction: "mean" | "sum",
  want: number,
  zLoss = 0,
): number {
  const mean = reduction === "mean";
  const perWeight = mean ? 1 / losses.reduce((sum, loss) => sum + loss.weight, 0) : 1;
  const own = losses.reduce((sum, loss) => sum + rowLossTolerance(loss, zLoss), 0);
  const weights = mean ? Math.max(perWeight, 1 / losses.filter((loss) => loss.counted).length) : 1;
  return own * weights + 2 * U * sumRoundings(losses.length) * Math.abs(want);
}

/**
 * A gradient, (pull p - push) / T: p errs as a probability does, the factors by a few roundings and, with "mean",
 * those of the sum of weights; the z-loss's factor by the error of the log-sum-exp.
 */
export function gradientTolerance(
  losses: readonly RowLoss[],
  row: number,
  choice: { reduction: "mean" | "sum" | "none"; temperature?: number; zLoss?: number },
): (k: number) => number {
  const loss = losses[row] as RowLoss;
  const { reduction, temperature = 1, zLoss = 0 } = choice;
  const d = loss.distribution;
  const mean = reduction === "mean";
  const perWeight = mean ? 1 / losses.reduce((sum, one) => sum + one.weight, 0) : 1;
  const perRow = mean ? 1 / losses.filter((one) => one.counted).length : 1;
  const total = loss.shares.reduce((sum, share) => sum + share, loss.lost) * perWeight;
  const lse = logSumExpOf(d);
  const z = 2 * zLoss * perRow;
  const pull = total + z * Math.abs(lse);
  const roundings = U * (8 + (mean ? sumRoundings(losses.length) : 0) + sumRoundings(d.scaled.length));
  return (k) => {
    if (!loss.counted || d.scaled[k] === Number.NEGATIVE_INFINITY) return 0;
    const p = probabilityOf(d, k);
    const size = pull * p + perWeight * (loss.shares[k] as number);
    const relative = relativeTolerance(d.peak - (d.scaled[k] as number), d.scaled.length, choice.temperature);
    const budget = pull * p * relative + roundings * size + z * p * logSumExpTolerance(lse);
    // A probability may be flushed, and so may the gradient.
    return (capped(budget, 1e-4 * size + 1e-5 * z) + TINY) / temperature + TINY;
  };
}

/**
 * Fails unless every value is within its budget, saying where and by how much the worst one is not. Values that were
 * written as halves may be what any number within the budget rounds to.
 */
export function expectWithin(
  what: string,
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  budget: (index: number) => number,
  half?: Half,
): void {
  if (half) {
    const nearest = rounded(want, half);
    const beyond = (sign: number) => (x: number, k: number) => (Number.isFinite(x) ? x + sign * budget(k) : x);
    const [low, high] = [-1, 1].map((sign) => rounded(Array.from(want, beyond(sign)), half));
    const reach = nearest.map((x, k) => Math.max(x - (low?.[k] ?? x), (high?.[k] ?? x) - x));
    expectWithin(what, got, nearest, (k) => reach[k] as number);
    return;
  }
  if (got.length !== want.length) throw new Error(`${what}: got ${got.length} values, want ${want.length}`);
  let [worst, at] = [0, -1];
  for (let k = 0; k < want.length; k++) {
    const share = shareOf(got[k] as number, want[k] as number, () => budget(k));
    if (share > worst) [worst, at] = [share, k];
  }
  if (worst <= 1) return;
  const [a, b] = [got[at] as number, want[at] as number];
  const room = Number.isFinite(b) ? budget(at) : 0;
  throw new Error(
    `${what}: index ${at}: got ${a}, want ${b}: error ${(Math.abs(a - b) / ulpOf(b)).toFixed(2)} ULP, ` +
      `${Math.abs(a - b)}; budget ${(room / ulpOf(b)).toFixed(2)} ULP, ${room}`,
  );
}

function rounded(values: ArrayLike<number>, half: Half): Float32Array {
  return fromHalves(toHalves(Float32Array.from(values), half), half);
}

function shareOf(got: number, want: number, budget: () => number): number {
  if (Object.is(got, want)) return 0;
  if (!Number.isFinite(want)) return Number.POSITIVE_INFINITY;
  const error = Math.abs(got - want);
  if (error === 0) return 0;
  const share = error / budget();
  return Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
}

function ulpOf(value: number): number {
  const exponent = value === 0 || !Number.isFinite(value) ? -126 : Math.floor(Math.log2(Math.abs(value)));
  return 2 ** (Math.max(-126, exponent) - 23);
}
