import type { Engine } from "../engine/engine.ts";
import { InputError } from "../engine/errors.ts";
import type { Interval } from "./estimate.ts";
import { checkWhole, type ExpectationOptions, type Formula, MOST_SAMPLES } from "./options.ts";
import { checkStreams, type Problem } from "./problem.ts";
import { type Question, questionOf } from "./question.ts";
import { resultsOf } from "./replicates.ts";
import { studentQuantile } from "./student.ts";
import { refuse, supplied } from "./supplied.ts";

export interface LadderOptions extends Omit<ExpectationOptions<Formula>, "samples" | "until" | "resume" | "offset"> {
  /** Samples of an estimate on each rung. */
  readonly sizes: readonly number[];
  /** Independent estimates on each rung. */
  readonly replicates: number;
  /** Called after every rung. */
  readonly onProgress?: (rows: readonly LadderRow[]) => void;
}

/** The estimates of one size. */
export interface LadderRow {
  readonly samples: number;
  /** Mean of the replicates' estimates. */
  readonly mean: number;
  /** Variance of an estimate of this size, as the replicates show it. */
  readonly variance: number;
  /** Standard deviation of `variance`, from the replicates' fourth moment. */
  readonly varianceStandardError: number;
}

export interface Ladder {
  readonly rows: readonly LadderRow[];
  /** Slope of log variance over log samples: -1 for independent samples. */
  readonly slope: number;
  readonly slopeStandardError: number;
  /** Interval that holds the slope with the given probability. */
  interval(level: number): Interval;
  /** log2 of the fitted variance at one sample. */
  readonly intercept: number;
}

/**
 * How the variance of an estimate falls with its samples: measured from replicates at each size, all of them on streams of
 * their own, so that no two estimates share a sample; and the slope of a line through it on logarithmic axes.
 *
 * @throws InputError for options that do not fit
 */
export async function varianceLadder(engine: Engine, options: LadderOptions): Promise<Ladder> {
  const where = "varianceLadder";
  const { sizes, replicates, onProgress, ...rest } = options;
  if (!Array.isArray(sizes) || new Set(sizes).size < 2) {
    throw new InputError(`${where}: sizes must list at least two different numbers of samples, got ${String(sizes)}`);
  }
  for (const size of sizes) checkWhole(size, 1, MOST_SAMPLES, where, "each of sizes");
  checkWhole(replicates, 8, 2 ** 20, where, "replicates");
  const question = questionOf(rest, where);
  if (!question.scalar) throw new InputError(`${where}: of must be one function`);
  if (question.method === "exact") throw new InputError(`${where}: method "exact" has no variance`);
  const rungs = sizes.map((samples, rung) => ({
    samples,
    ...askedOf(question, { ...rest, samples }, replicates, rung),
  }));
  for (const { question: own, options: asked } of rungs) refuse(own, asked);
  checkStreams(question.address.stream, sizes.length * replicates, where);
  const rows: LadderRow[] = [];
  for (const { samples, question: own, options: asked } of rungs) {
    const problem = randomisationOf(await supplied(engine, own, asked));
    const results = await resultsOf(engine, problem, replicates, rest.signal);
    rows.push({ samples, ...spreadOf(results.map(([result]) => result?.mean ?? Number.NaN)) });
    onProgress?.([...rows]);
  }
  return { rows, ...fitSlope(rows) };
}

/** What one replicate of a rung asks, on a stream of its own; of Sobol points, all its randomisations at once. */
function askedOf(question: Question, options: ExpectationOptions, replicates: number, rung: number) {
  const address = { ...question.address, stream: question.address.stream + rung * replicates };
  const { samples = 0 } = options;
  const together = { ...options, samples: samples * replicates, randomisations: replicates };
  return { question: { ...question, address }, options: question.method === "sobol" ? together : options };
}

/** One randomisation of a Sobol run by itself: its mean has no error bar, and needs none here. */
function randomisationOf(problem: Problem): Problem {
  const { job, scheme } = problem;
  if (scheme.method !== "sobol") return problem;
  return { ...problem, job: { ...job, replicates: 1 }, scheme: { ...scheme, method: "independent" } };
}

/** Mean and variance of values, and how well the variance is known. */
function spreadOf(values: readonly number[]): { mean: number; variance: number; varianceStandardError: number } {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const fourths = values.reduce((sum, x) => sum + (x - mean) ** 4, 0) / n;
  const variance = squares / (n - 1);
  // Var(s²) = (μ4 - σ⁴ (n - 3) / (n - 1)) / n.
  const spread = Math.max(0, fourths - (variance * variance * (n - 3)) / (n - 1)) / n;
  return { mean, variance, varianceStandardError: Math.sqrt(spread) };
}

/** Weighted least squares of log2 variance on log2 samples. */
function fitSlope(rows: readonly LadderRow[]): Omit<Ladder, "rows"> {
  const points = rows
    .filter(({ variance, varianceStandardError }) => variance > 0 && varianceStandardError > 0)
    .map(({ samples, variance, varianceStandardError }) => {
      const error = varianceStandardError / variance / Math.LN2;
      return { x: Math.log2(samples), y: Math.log2(variance), weight: 1 / (error * error) };
    });
  if (points.length < 2) {
    const nothing: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    return {
      slope: Number.NaN,
      slopeStandardError: Number.POSITIVE_INFINITY,
      intercept: Number.NaN,
      interval: () => nothing,
    };
  }
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const meanX = points.reduce((sum, { x, weight }) => sum + weight * x, 0) / total;
  const meanY = points.reduce((sum, { y, weight }) => sum + weight * y, 0) / total;
  const spread = points.reduce((sum, { x, weight }) => sum + weight * (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y, weight }) => sum + weight * (x - meanX) * (y - meanY), 0) / spread;
  const slopeStandardError = 1 / Math.sqrt(spread);
  return {
    slope,
    slopeStandardError,
    intercept: meanY - slope * meanX,
    interval: (level) => {
      const reach = studentQuantile(0.5 + level / 2, 1e9) * slopeStandardError;
      return [slope - reach, slope + reach];
    },
  };
}
