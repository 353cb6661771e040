import { crossEntropy, type Engine, rowStatistics, softmax, type Tensor } from "../../src/index.ts";
import { actionIds, bins, encode, logitWidth, vocabularySize } from "../../src/robotics/openvla/openvla.ts";
import { type Head, idOf } from "./logits.ts";
import { dimensionCount, type HeadState } from "./model.ts";
import { competing, reference } from "./reference.ts";

/** Everything that the library said about one state of the page. */
export interface Result {
  readonly state: HeadState;
  readonly head: Head;
  readonly rows: readonly RowResult[];
  /** Cross-entropy, averaged over the seven tokens. */
  readonly meanLoss: number;
  readonly errors: Errors;
  /** From the first call to the last number read. */
  readonly milliseconds: number;
  readonly backend: "webgpu" | "cpu";
}

/** One dimension. */
export interface RowResult {
  /** q of the 256 action ids, left bin (−1) first. */
  readonly pmf: Float32Array;
  /** q of every id that competes, by id; the first is `begin`. */
  readonly all: Float32Array;
  readonly begin: number;
  /** What the full vocabulary gives to ids that mean no action, whether or not they compete now. */
  readonly outside: { readonly text: number; readonly padding: number };
  readonly entropy: number;
  readonly loss: number;
  readonly targetId: number;
  readonly targetRank: number;
  readonly targetProbability: number;
  readonly argmaxId: number;
}

/** The largest differences of the library from f64, over all seven rows. */
export interface Errors {
  readonly probability: number;
  readonly relative: number;
  readonly entropy: number;
  readonly loss: number;
  readonly compared: number;
}

/** Asks the library for every number of the page. */
export async function compute(engine: Engine, head: Head, state: HeadState): Promise<Result> {
  const started = performance.now();
  const { temperature } = state;
  const targetIds = Int32Array.from(head.targets, encode);
  const classes = competing(state);
  const made: Tensor[] = [];
  const keep = <T extends Tensor>(tensor: T): T => {
    made.push(tensor);
    return tensor;
  };
  try {
    const logits = keep(engine.tensor(head.logits, [dimensionCount, logitWidth]));
    const full = keep(softmax(logits, { temperature }));
    const window = state.vocabulary === "actions" ? keep(softmax(logits, { temperature, classes: actionIds })) : full;
    const mean = keep(crossEntropy(logits, targetIds, { temperature, classes, reduction: "mean" }));
    const statistics = rowStatistics(logits, targetIds, { temperature, classes });
    for (const tensor of Object.values(statistics)) keep(tensor);
    const [everywhere, competed, meanLoss, loss, entropy, argmax, rank, probability] = await Promise.all(
      [
        full,
        window,
        mean,
        statistics.loss,
        statistics.entropy,
        statistics.argmax,
        statistics.rank,
        statistics.probability,
      ].map((tensor) => tensor.read()),
    );
    const milliseconds = performance.now() - started;
    const width = classes[1] - classes[0];
    const rows = Array.from({ length: dimensionCount }, (_, d): RowResult => {
      const all = (competed as Float32Array).subarray(d * width, (d + 1) * width);
      const entire = (everywhere as Float32Array).subarray(d * logitWidth, (d + 1) * logitWidth);
      return {
        all,
        begin: classes[0],
        pmf: Float32Array.from({ length: bins }, (_, bin) => all[idOf(bin) - classes[0]] ?? 0),
        outside: { text: sum(entire, 0, actionIds[0]), padding: sum(entire, vocabularySize, logitWidth) },
        entropy: entropy?.[d] ?? 0,
        loss: loss?.[d] ?? 0,
        targetId: targetIds[d] ?? 0,
        targetRank: rank?.[d] ?? 0,
        targetProbability: probability?.[d] ?? 0,
        argmaxId: argmax?.[d] ?? 0,
      };
    });
    const errors = compare(rows, head, targetIds, state);
    return { state, head, rows, meanLoss: meanLoss?.[0] ?? 0, errors, milliseconds, backend: engine.backend };
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** Judges against the logits as they were before 10,000 was added: softmax must not notice. */
function compare(rows: readonly RowResult[], head: Head, targetIds: Int32Array, state: HeadState): Errors {
  const worst = { probability: 0, relative: 0, entropy: 0, loss: 0, compared: 0 };
  reference(head.unshifted, targetIds, state).forEach((truth, d) => {
    const row = rows[d];
    if (!row) return;
    truth.probabilities.forEach((p, i) => {
      const error = Math.abs((row.all[i] ?? 0) - p);
      worst.probability = worse(worst.probability, error);
      // Below the smallest normal f32 only an absolute error is promised.
      if (p >= 2 ** -126) worst.relative = worse(worst.relative, error / p);
    });
    worst.entropy = worse(worst.entropy, Math.abs(row.entropy - truth.entropy));
    worst.loss = worse(worst.loss, Math.abs(row.loss - truth.loss));
    worst.compared += truth.probabilities.length;
  });
  return worst;
}

/** The larger of two errors; NaN is the largest of all, where Math.max with > would lose it. */
function worse(worst: number, error: number): number {
  return error > worst || Number.isNaN(error) ? error : worst;
}

function sum(values: Float32Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i] ?? 0;
  return total;
}
