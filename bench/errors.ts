import type { FunctionName } from "./library.ts";
import type { Problem } from "./problem.ts";

/** Values looked at: a few million tell as much as all, and take a second less. */
const MOST_VALUES = 2 ** 21;

/** The smallest normal f32; relative errors below it say nothing. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * The largest error against f64: relative for softmax, of every probability that is a normal f32; of the other
 * functions |got - want| / max(1, |want|).
 */
export function largestError(name: FunctionName, problem: Problem, got: Float32Array): number {
  if (name === "crossEntropy") return errorOf(got[0] ?? Number.NaN, meanLoss(problem));
  if (name === "logSumExp") {
    return problem.logSums.reduce((worst, want, row) => larger(worst, errorOf(got[row] ?? Number.NaN, want)), 0);
  }
  const step = Math.max(1, Math.ceil(got.length / MOST_VALUES));
  let worst = 0;
  for (let i = 0; i < got.length; i += step) {
    const log = (problem.logits[i] ?? Number.NaN) - (problem.logSums[Math.floor(i / problem.classes)] ?? Number.NaN);
    const value = got[i] ?? Number.NaN;
    if (name === "logSoftmax") worst = larger(worst, errorOf(value, log));
    else worst = larger(worst, relativeError(value, Math.exp(log)));
  }
  return worst;
}

function meanLoss({ rows, classes, logits, targets, logSums }: Problem): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    sum += (logSums[row] ?? Number.NaN) - (logits[row * classes + (targets[row] ?? 0)] ?? Number.NaN);
  }
  return sum / rows;
}

function relativeError(got: number, want: number): number {
  return want < SMALLEST_NORMAL ? 0 : Math.abs(got - want) / want;
}

function errorOf(got: number, want: number): number {
  return Math.abs(got - want) / Math.max(1, Math.abs(want));
}

/** The larger, where NaN is largest of all. */
function larger(a: number, b: number): number {
  return a > b || Number.isNaN(a) ? a : b;
}
