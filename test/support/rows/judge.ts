// Judges results by the f64 reference, for tests that try the same numbers in many layouts.

import type { Values } from "../../../src/engine/values.ts";
import type { Batch } from "../data.ts";
import {
  entropyTolerance,
  expectWithin,
  gradientTolerance,
  klTolerance,
  logSumExpTolerance,
  rowLossTolerance,
  softmaxTolerance,
} from "../tolerance.ts";
import {
  type Choice,
  distributions,
  entropyOf,
  gradientOf,
  klDivergenceOf,
  type LossChoice,
  logSumExpOf,
  lossesOf,
  probabilityOf,
} from "./reference.ts";

export function judgeSoftmax(got: Values, batch: Batch, choice: Choice = {}): void {
  distributions(batch, choice).forEach((d, row) => {
    const width = d.scaled.length;
    const want = Float64Array.from(d.scaled, (_, k) => probabilityOf(d, k));
    expectWithin(`softmax, row ${row}`, got.subarray(row * width, (row + 1) * width), want, (k) =>
      softmaxTolerance(d, k, choice.temperature),
    );
  });
}

export function judgeLogSumExp(got: Values, batch: Batch, choice: Choice = {}): void {
  const want = distributions(batch, choice).map(logSumExpOf);
  expectWithin("logSumExp", got, want, (row) => logSumExpTolerance(want[row] as number));
}

export function judgeEntropy(got: Values, batch: Batch, choice: Choice = {}): void {
  const rows = distributions(batch, choice);
  const budgets = rows.map(entropyTolerance);
  expectWithin("entropy", got, rows.map(entropyOf), (row) => budgets[row] as number);
}

export function judgeDivergence(got: Values, p: Batch, q: Batch, choice: Choice = {}): void {
  const others = distributions(q, choice);
  const pairs = distributions(p, choice).map((one, row) => [one, others[row] ?? one] as const);
  const budgets = pairs.map(([a, b]) => klTolerance(a, b));
  const want = pairs.map(([a, b]) => klDivergenceOf(a, b));
  expectWithin("klDivergence", got, want, (row) => budgets[row] as number);
}

export function judgeLosses(got: Values, batch: Batch, targets: ArrayLike<number>, choice: LossChoice = {}): void {
  const losses = lossesOf(batch, targets, choice);
  const budgets = losses.map((loss) => rowLossTolerance(loss, choice.zLoss));
  const want = losses.map((loss) => loss.value + loss.z);
  expectWithin("crossEntropy", got, want, (row) => budgets[row] as number);
}

export function judgeGradient(
  got: Values,
  batch: Batch,
  targets: ArrayLike<number>,
  choice: LossChoice & { reduction: "mean" | "sum" | "none" },
): void {
  const losses = lossesOf(batch, targets, choice);
  const want = gradientOf(losses, choice.reduction, choice);
  const width = want.length / batch.rows;
  losses.forEach((_, row) => {
    const [from, to] = [row * width, (row + 1) * width];
    const budget = gradientTolerance(losses, row, choice);
    expectWithin(`gradient, row ${row}`, got.subarray(from, to), want.subarray(from, to), budget);
  });
}
