import { InputError } from "../core/errors.ts";
import { checkCallback, checkNamesOf, checkWhole, MOST_SAMPLES } from "../core/options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import { type CheckedCall, checkedCall, NAMES } from "./checked-call.ts";
import type { Interval } from "./estimate.ts";
import { checkLevel } from "./estimate-of.ts";
import { student } from "./interval.ts";
import { pilot } from "./methods/control.ts";
import type { ExpectationOptions, Formula } from "./options.ts";
import { repetitionsOf } from "./replicates.ts";
import { checkStreams, type Run, runOf, withCoefficient } from "./run.ts";

export interface LadderOptions
  extends Omit<ExpectationOptions<Formula>, "samples" | "until" | "resume" | "offset" | "randomisations"> {
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
  /** Standard deviation of `variance`, from the fourth moments of all rungs. */
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
 * The slope is that of least squares on log2 of both, with the error that Var(s²) = (μ4 - σ⁴ (n - 3) / (n - 1)) / n gives each
 * variance.
 *
 * @throws InputError for options that do not fit
 */
export async function varianceLadder(engine: Engine, options: LadderOptions): Promise<Ladder> {
  const where = "varianceLadder";
  checkEngine(engine, where);
  checkNamesOf(options, ["sizes", ...NAMES, "replicates"], where);
  const { sizes, replicates, onProgress, ...rest } = options;
  if (!Array.isArray(sizes) || new Set(sizes).size < 2) {
    throw new InputError(`${where}: sizes must list at least two different numbers of samples, got ${String(sizes)}`);
  }
  for (const size of sizes) checkWhole(size, 1, MOST_SAMPLES, where, "each of sizes");
  checkCallback(onProgress, "onProgress", where);
  checkWhole(replicates, 8, 2 ** 20, where, "replicates");
  for (const name of ["samples", "offset", "randomisations", "until", "resume"]) {
    if (rest[name as keyof typeof rest] !== undefined)
      throw new InputError(`${where}: ${name} is not for ladders; leave it out`);
  }
  const call = checkedCall({ ...rest, samples: sizes[0] as number }, where);
  if (!call.scalar) throw new InputError(`${where}: of must be one function`);
  if (call.method === "exact") throw new InputError(`${where}: method "exact" has no variance`);
  // What any rung refuses is refused before the first is drawn.
  const rungs = await Promise.all(sizes.map((samples, rung) => runOf(rungOf(call, samples, replicates, rung))));
  checkStreams(call.address.stream, sizes.length * replicates, where);
  // One for all: pilots have a stream of their own, whatever the rung's.
  const coefficient = call.control && (await pilot(engine, call));
  const spreads: Spread[] = [];
  for (const [rung, samples] of sizes.entries()) {
    const run = rungs[rung] as Run;
    const ready = randomisationOf(coefficient ? withCoefficient(run, coefficient) : run);
    const results = await repetitionsOf(engine, ready, replicates);
    spreads.push({ samples, ...spreadOf(results.map(([result]) => result?.mean ?? Number.NaN)) });
    onProgress?.(rowsOf(spreads, replicates));
  }
  const relative = relativeError(spreads, replicates);
  const rows = rowsOf(spreads, replicates);
  // A variance of normal values has replicates - 1 degrees of freedom, and fewer the heavier their tails.
  const degrees = (rows.length * 2) / relative ** 2;
  return { rows, ...fitSlope(rows, relative, degrees) };
}

type Spread = { readonly samples: number } & ReturnType<typeof spreadOf>;

function rowsOf(spreads: readonly Spread[], replicates: number): readonly LadderRow[] {
  const relative = relativeError(spreads, replicates);
  return spreads.map(({ samples, mean, variance }) => {
    return { samples, mean, variance, varianceStandardError: variance * relative };
  });
}

/** One replicate of a rung, on a stream of its own; of Sobol points, all its randomisations at once. */
function rungOf(call: CheckedCall, samples: number, replicates: number, rung: number): CheckedCall {
  const address = { ...call.address, stream: call.address.stream + rung * replicates };
  if (call.method !== "sobol") return { ...call, address, samples };
  return { ...call, address, samples: samples * replicates, randomisations: replicates };
}

/** One randomisation of a Sobol run by itself: its mean has no error bar, and needs none here. */
function randomisationOf(run: Run): Run {
  const { scheme } = run;
  if (scheme.method !== "sobol") return run;
  return { ...run, replicates: 1, scheme: { ...scheme, method: "independent" } };
}

/** Mean, variance and kurtosis of values. */
function spreadOf(values: readonly number[]): { mean: number; variance: number; kurtosis: number } {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const fourths = values.reduce((sum, x) => sum + (x - mean) ** 4, 0) / n;
  // n fourths / squares² is n (n + 1) / (n - 1) times too small on average for normal values.
  const kurtosis = squares > 0 ? ((fourths * n * n) / squares ** 2) * ((n + 1) / (n - 1)) : 3;
  return { mean, variance: squares / (n - 1), kurtosis };
}

/**
 * Standard deviation of a sample variance of `replicates` values, relative to it: Var(s²) / σ⁴ = (κ - (n - 3) / (n - 1)) / n, with
 * the kurtosis of all rungs together, because that of one is a poor estimate and goes with its variance.
 */
function relativeError(rungs: readonly { readonly kurtosis: number }[], replicates: number): number {
  const kurtosis = rungs.reduce((sum, rung) => sum + rung.kurtosis, 0) / rungs.length;
  return Math.sqrt(Math.max(kurtosis - (replicates - 3) / (replicates - 1), 1 / replicates) / replicates);
}

/** Least squares of log2 variance on log2 samples; every rung's variance is known to the same relative error. */
function fitSlope(rows: readonly LadderRow[], relative: number, degrees: number): Omit<Ladder, "rows"> {
  const points = rows
    .filter(({ variance }) => variance > 0)
    .map(({ samples, variance }) => [Math.log2(samples), Math.log2(variance)] as const);
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const slopeStandardError = spread > 0 ? relative / Math.LN2 / Math.sqrt(spread) : Number.POSITIVE_INFINITY;
  return {
    slope: spread > 0 ? slope : Number.NaN,
    slopeStandardError,
    intercept: spread > 0 ? meanY - slope * meanX : Number.NaN,
    interval: (level) => student(slope, slopeStandardError, degrees, checkLevel(level)),
  };
}
