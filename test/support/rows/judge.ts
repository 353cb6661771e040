// Judges results by the f64 reference, for tests that try the same numbers in many layouts.

import type { Half } from "../../../src/arithmetic/halves.ts";
import type { Values } from "../../../src/engine/values.ts";
import type { Batch } from "../data.ts";
import {
  entropyTolerance,
  expectWithin,
  gradientTolerance,
  klTolerance,
  likelihoodTolerance,
  logSumExpTolerance,
  lossTolerance,
  rowLossTolerance,
  softmaxTolerance,
} from "../tolerance.ts";
import {
  type Choice,
  type Distribution,
  distributions,
  entropyOf,
  gradientOf,
  klDivergenceOf,
  type LossChoice,
  logProbabilityOf,
  logSumExpOf,
  lossesOf,
  probabilityOf,
  type RowLoss,
} from "./reference.ts";

/** `half`, here and below: what the results were written as, if not as f32. */
export function judgeSoftmax(got: Values, batch: Batch, choice: Choice = {}, half?: Half): void {
  distributions(batch, choice).forEach((d, row) => {
    const budget = (k: number) => softmaxTolerance(d, k, choice.temperature);
    judgeRow("softmax", got, row, d, (k) => probabilityOf(d, k), budget, half);
  });
}

export function judgeLogSoftmax(got: Values, batch: Batch, choice: Choice = {}, half?: Half): void {
  distributions(batch, choice).forEach((d, row) => {
    const budget = (k: number) => lossTolerance(d, k);
    judgeRow("logSoftmax", got, row, d, (k) => logProbabilityOf(d, k), budget, half);
  });
}

function judgeRow(
  what: string,
  got: Values,
  row: number,
  d: Distribution,
  wanted: (k: number) => number,
  budget: (k: number) => number,
  half?: Half,
): void {
  const width = d.scaled.length;
  const want = Float64Array.from(d.scaled, (_, k) => wanted(k));
  expectWithin(`${what}, row ${row}`, got.subarray(row * width, (row + 1) * width), want, budget, half);
}

export function judgeLogSumExp(got: Values, batch: Batch, choice: Choice = {}): void {
  const want = distributions(batch, choice).map(logSumExpOf);
  expectWithin("logSumExp", got, want, (row) => logSumExpTolerance(want[row] as number));
}

export function judgeEntropy(got: Values, batch: Batch, choice: Choice = {}): void {
  const rows = distributions(batch, choice);
  expectWithin("entropy", got, rows.map(entropyOf), (row) => entropyTolerance(rows[row] as Distribution));
}

export function judgeDivergence(got: Values, p: Batch, q: Batch, choice: Choice = {}): void {
  const others = distributions(q, choice);
  const pairs = distributions(p, choice).map((one, row) => [one, others[row] ?? one] as const);
  const want = pairs.map((pair) => klDivergenceOf(...pair));
  expectWithin("klDivergence", got, want, (row) => klTolerance(...(pairs[row] as (typeof pairs)[0])));
}

export function judgeLosses(got: Values, batch: Batch, targets: ArrayLike<number>, choice: LossChoice = {}): void {
  const losses = lossesOf(batch, targets, choice);
  const want = losses.map((loss) => loss.value + loss.z);
  expectWithin("crossEntropy", got, want, (row) => rowLossTolerance(losses[row] as RowLoss, choice.zLoss));
}

export function judgeGradient(
  got: Values,
  batch: Batch,
  targets: ArrayLike<number>,
  choice: LossChoice & { reduction: "mean" | "sum" | "none" },
  half?: Half,
): void {
  const losses = lossesOf(batch, targets, choice);
  const want = gradientOf(losses, choice.reduction, choice);
  const width = want.length / batch.rows;
  losses.forEach((_, row) => {
    const [from, to] = [row * width, (row + 1) * width];
    const budget = gradientTolerance(losses, row, choice);
    expectWithin(`gradient, row ${row}`, got.subarray(from, to), want.subarray(from, to), budget, half);
  });
}

/** Probabilities of one class id a row. */
export function judgeLikelihoods(got: Values, batch: Batch, ids: ArrayLike<number>, choice: Choice = {}): void {
  const begin = choice.classes?.[0] ?? 0;
  const rows = distributions(batch, choice);
  const want = rows.map((d, row) => probabilityOf(d, (ids[row] as number) - begin));
  expectWithin("probability", got, want, (row) => {
    return likelihoodTolerance(rows[row] as Distribution, (ids[row] as number) - begin);
  });
}
