import { InputError } from "../../core/errors.ts";
import { checkNamesOf } from "../../core/options.ts";
import { showShape } from "../../engine/plan.ts";
import { Tensor } from "../../engine/tensor.ts";
import { checkTensor, sameShape } from "../../engine/tensor-checks.ts";
import { lossOf } from "../../rows/cross-entropy.ts";
import { klDivergence } from "../../rows/kl-divergence.ts";
import { checkLogits } from "../../rows/row-call.ts";
import { isLogits, ROW_NAMES, type RowOptions, readWindow } from "../../rows/row-options.ts";
import type { Targets } from "../../rows/targets.ts";

export interface SequenceKlOptions extends RowOptions {
  /** Tokens that count of each sequence, from its first; all by default. */
  readonly lengths?: ArrayLike<number>;
}

/** A mean over sequences, in nats; of one sequence `variance` is NaN and `standardError` Infinity. */
export interface SequenceMean {
  readonly mean: number;
  /** Of one sequence's value. */
  readonly variance: number;
  readonly standardError: number;
  /** Token by token; those beyond a sequence's length count as 0. */
  readonly dimensions: {
    readonly mean: readonly number[];
    readonly variance: readonly number[];
    readonly standardError: readonly number[];
  };
}

export interface SequenceKl {
  readonly sequences: number;
  /** Σ over tokens of the exact divergence of the next token's distributions. */
  readonly raoBlackwell: SequenceMean;
  /** Σ over tokens of log p - log q of the token that was drawn (k1), which has the same mean; with `tokens`. */
  readonly monteCarlo?: SequenceMean;
}

/**
 * D(p || q) of two autoregressive models of sequences, estimated from n sequences that were drawn from p: the Rao-Blackwellised estimator
 * (A. Amini, T. Vieira and R. Cotterell, 2025), whose terms are exact divergences of the next token's distributions after each drawn
 * prefix. It has the mean of k1, which takes the drawn tokens alone, and no more variance; the rows are read on the GPU.
 *
 * @param pLogits - f32, f16 or bf16 `[n, tokens, classes]`: of p after each prefix
 * @param qLogits - the same of q, after the same prefixes
 * @param tokens - the drawn tokens, class ids `[n, tokens]`, for k1 beside it
 * @throws InputError for options, shapes or ids that do not fit
 */
export async function sequenceKl(
  pLogits: Tensor,
  qLogits: Tensor,
  tokens?: Targets,
  options: SequenceKlOptions = {},
): Promise<SequenceKl> {
  const where = "sequenceKl";
  checkLogits(pLogits, "pLogits", where);
  checkTensor(qLogits, pLogits, "qLogits", where);
  checkNamesOf(options, [...ROW_NAMES, "lengths"], where);
  const [n = 0, length = 0] = pLogits.shape;
  if (pLogits.shape.length !== 3 || n === 0 || length === 0) {
    throw new InputError(`${where}: pLogits must be [n, tokens, classes], got ${showShape(pLogits)}`);
  }
  if (tokens instanceof Float32Array || (tokens instanceof Tensor && tokens.dtype === "f32")) {
    throw new InputError(`${where}: tokens must be class ids, got probabilities`);
  }
  const { lengths, ...rows } = options;
  const counts = readLengths(lengths, n, length, where);
  readWindow(pLogits, rows, where, "pLogits");
  if (!isLogits(qLogits.dtype) || !sameShape(pLogits.shape, qLogits.shape)) {
    const needed = `f32, f16 or bf16 [${pLogits.shape.join(", ")}] like pLogits`;
    throw new InputError(`${where}: qLogits must be ${needed}, got ${showShape(qLogits)}`);
  }
  // These may refuse the tokens: before there are divergences, which nobody would dispose of.
  const losses = tokens === undefined ? [] : [qLogits, pLogits].map((logits) => lossesOf(logits, tokens, rows, where));
  const divergences = klDivergence(pLogits, qLogits, rows);
  try {
    const [exact, underQ, underP] = await Promise.all([divergences, ...losses].map((tensor) => tensor.read()));
    const whole = { sequences: n, raoBlackwell: meanOf((i) => exact?.[i] ?? Number.NaN, counts, length) };
    if (!underQ || !underP) return whole;
    return {
      ...whole,
      monteCarlo: meanOf((i) => (underQ[i] ?? Number.NaN) - (underP[i] ?? Number.NaN), counts, length),
    };
  } finally {
    for (const tensor of [divergences, ...losses]) tensor.dispose();
  }
}

function lossesOf(logits: Tensor, tokens: Targets, rows: RowOptions, where: string): Tensor {
  return lossOf(logits, tokens, { ...rows, reduction: "none" }, { where, targets: "tokens" });
}

function readLengths(
  lengths: ArrayLike<number> | undefined,
  n: number,
  most: number,
  where: string,
): readonly number[] {
  const counts = lengths === undefined ? new Array<number>(n).fill(most) : Array.from(lengths);
  const bad = counts.findIndex((count) => !(Number.isInteger(count) && count >= 0 && count <= most));
  if (counts.length !== n || bad >= 0) {
    const got = bad >= 0 ? `${String(counts[bad])} at ${bad}` : `${counts.length}`;
    throw new InputError(`${where}: lengths must be ${n} whole numbers from 0 to ${most}, got ${got}`);
  }
  return counts;
}

/** The mean of sums over each sequence's tokens, and of each token's own. */
function meanOf(at: (i: number) => number, counts: readonly number[], length: number): SequenceMean {
  const value = (sequence: number, t: number) => (t < (counts[sequence] ?? 0) ? at(sequence * length + t) : 0);
  const steps = Array.from({ length }, (_, t) => t);
  const sums = counts.map((_, sequence) => steps.reduce((sum, t) => sum + value(sequence, t), 0));
  const dimensions = steps.map((t) => momentsOf(counts.map((_, sequence) => value(sequence, t))));
  return {
    ...momentsOf(sums),
    dimensions: {
      mean: dimensions.map(({ mean }) => mean),
      variance: dimensions.map(({ variance }) => variance),
      standardError: dimensions.map(({ standardError }) => standardError),
    },
  };
}

function momentsOf(values: readonly number[]): { mean: number; variance: number; standardError: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, variance: Number.NaN, standardError: Number.POSITIVE_INFINITY };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, variance, standardError: Math.sqrt(variance / n) };
}
