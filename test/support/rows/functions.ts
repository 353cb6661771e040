import {
  crossEntropy,
  crossEntropyWithGradient,
  entropy,
  klDivergence,
  logSoftmax,
  logSumExp,
  rowStatistics,
  softmax,
  type Tensor,
  topK,
} from "../../../src/index.ts";

/** A function over rows of logits, for tests of all of them. */
export interface RowFunction {
  readonly call: (...args: never[]) => unknown;
  /** What it takes before its options, of logits [2, 3]. */
  readonly args: (x: Tensor) => readonly unknown[];
  /** Options beside those that all take. */
  readonly own?: object;
}

const ids = [0, 1];
const loss = { reduction: "sum", ignoreIndex: -1, weight: [1, 1, 1], labelSmoothing: 0.1, zLoss: 0.1 };

/** All of them: tests of hostile arguments, of options and of how often those are read go through this list. */
export const ROW_FUNCTIONS: Readonly<Record<string, RowFunction>> = {
  softmax: { call: softmax, args: (x) => [x] },
  logSoftmax: { call: logSoftmax, args: (x) => [x] },
  logSumExp: { call: logSumExp, args: (x) => [x] },
  entropy: { call: entropy, args: (x) => [x] },
  klDivergence: { call: klDivergence, args: (x) => [x, x] },
  crossEntropy: { call: crossEntropy, args: (x) => [x, ids], own: loss },
  crossEntropyWithGradient: { call: crossEntropyWithGradient, args: (x) => [x, ids], own: loss },
  rowStatistics: { call: rowStatistics, args: (x) => [x, ids], own: { ignoreIndex: -1 } },
  topK: { call: topK, args: (x) => [x, 2] },
};
