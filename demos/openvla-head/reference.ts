import { actionIds, logitWidth } from "../../src/robotics/openvla/openvla.ts";
import { dimensionCount, type HeadState } from "./model.ts";

/** What one row must give, in f64, from the plainest loops. */
export interface RowReference {
  readonly logSumExp: number;
  readonly entropy: number;
  readonly loss: number;
  /** The probabilities of the ids that compete. */
  readonly probabilities: Float64Array;
}

/** The ids that compete for probability. */
export function competing(state: HeadState): readonly [number, number] {
  return state.vocabulary === "actions" ? actionIds : [0, logitWidth];
}

/** All seven rows in f64: what the library's numbers are judged against. */
export function reference(logits: Float32Array, targets: ArrayLike<number>, state: HeadState): readonly RowReference[] {
  const [begin, end] = competing(state);
  return Array.from({ length: dimensionCount }, (_, d) => {
    const start = d * logitWidth;
    return referenceRow(logits.subarray(start + begin, start + end), (targets[d] ?? begin) - begin, state.temperature);
  });
}

function referenceRow(row: Float32Array, target: number, temperature: number): RowReference {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of row) largest = Math.max(largest, logit);
  const probabilities = new Float64Array(row.length);
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < row.length; i++) {
    const z = ((row[i] ?? 0) - largest) / temperature;
    const e = Math.exp(z);
    probabilities[i] = e;
    sum += e;
    weighted += e * z;
  }
  for (let i = 0; i < row.length; i++) probabilities[i] = (probabilities[i] ?? 0) / sum;
  const log = Math.log(sum);
  return {
    logSumExp: largest / temperature + log,
    entropy: log - weighted / sum,
    loss: log - ((row[target] ?? 0) - largest) / temperature,
    probabilities,
  };
}
