import { errorOf, larger } from "./case.ts";
import type { Answer, RowProblem } from "./problem.ts";
import type { RowFunction } from "./rows.ts";

/** Values looked at: a few million tell as much as all, and take a second less. */
const MOST_VALUES = 2 ** 21;

/** The smallest normal f32; relative errors below it say nothing. */
const SMALLEST_NORMAL = 2 ** -126;

/** The largest error of each function against f64. */
export const rowErrors: Readonly<Record<RowFunction, (problem: RowProblem, answer: Answer) => number>> = {
  /** Relative, of every probability that is a normal f32. */
  softmax: (problem, [got = []]) => worstOfValues(problem, got, (got, log) => relativeError(got, Math.exp(log))),
  logSoftmax: (problem, [got = []]) => worstOfValues(problem, got, errorOf),
  logSumExp: (problem, [got = []]) => worstOfRows(got, problem.logSums),
  crossEntropy: (problem, [got = []]) => errorOf(got[0], meanLoss(problem)),
  /** Of the gradient times the number of rows, which is at most 1 in size; and of the loss. */
  crossEntropyWithGradient: (problem, [loss = [], gradient = []]) =>
    larger(errorOf(loss[0], meanLoss(problem)), gradientError(problem, gradient)),
  entropy: (problem, [got = []]) => worstOfRows(got, entropies(problem)),
};

function worstOfValues(
  { logits, logSums, classes }: RowProblem,
  got: ArrayLike<number>,
  error: (got: number, log: number, i: number) => number,
): number {
  if (got.length !== logits.length) return Number.NaN;
  const step = Math.max(1, Math.ceil(got.length / MOST_VALUES));
  let worst = 0;
  for (let i = 0; i < got.length; i += step) {
    const log = (logits[i] as number) - (logSums[Math.floor(i / classes)] as number);
    worst = larger(worst, error(got[i] as number, log, i));
  }
  return worst;
}

function worstOfRows(got: ArrayLike<number>, want: Float64Array): number {
  return want.reduce((worst, value, row) => larger(worst, errorOf(got[row], value)), 0);
}

function gradientError(problem: RowProblem, gradient: ArrayLike<number>): number {
  const { rows, classes, targets } = problem;
  return worstOfValues(problem, gradient, (got, log, i) => {
    const hit = i % classes === targets[Math.floor(i / classes)] ? 1 : 0;
    return Math.abs(got * rows - (Math.exp(log) - hit));
  });
}

function meanLoss({ rows, classes, logits, targets, logSums }: RowProblem): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    sum += (logSums[row] as number) - (logits[row * classes + (targets[row] as number)] as number);
  }
  return sum / rows;
}

function entropies({ rows, classes, logits, logSums }: RowProblem): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) {
      const log = (logits[i] as number) - (logSums[row] as number);
      sum -= Math.exp(log) * log;
    }
    return sum;
  });
}

function relativeError(got: number, want: number): number {
  return want < SMALLEST_NORMAL ? 0 : Math.abs(got - want) / want;
}
