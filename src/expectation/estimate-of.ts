import { InputError } from "../core/errors.ts";
import type { Engine } from "../engine/engine.ts";
import type { Estimate, EstimateBase, Scheme, Snapshot, VectorEstimate } from "./estimate.ts";
import { estimatesOf } from "./estimators.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { Run } from "./run.ts";
import { snapshotOf } from "./snapshot.ts";
import type { Tally } from "./tally.ts";

/** What a run knows so far, as the caller's estimate. */
export function estimateOf(
  engine: Engine,
  problem: PreparedRun,
  run: Run,
  milliseconds: number,
): Estimate | VectorEstimate {
  const scheme = run.schemeOf(problem.scheme);
  const draws = run.tallies.reduce((sum, tally) => sum + tally.count, 0);
  return estimateOfRun(scheme, run.tallies, {
    samples: draws * problem.samplesPerDraw,
    seconds: milliseconds / 1_000,
    backend: engine.backend,
    snapshot: () => snapshotOf(problem, scheme, run),
  });
}

/** Refuses what is no probability strictly between 0 and 1. */
export function checkLevel(level: number): number {
  if (typeof level === "number" && level > 0 && level < 1) return level;
  throw new InputError(`interval: level must be a number between 0 and 1, such as 0.95, got ${String(level)}`);
}

/** What an estimate says besides its numbers. */
export interface Circumstances {
  readonly samples: number;
  readonly seconds: number;
  readonly backend: "webgpu" | "cpu";
  readonly snapshot: () => Snapshot;
}

/** An estimate of the sums as they are now. */
export function estimateOfRun(
  scheme: Scheme,
  tallies: readonly Tally[],
  seen: Circumstances,
): Estimate | VectorEstimate {
  const { results: found, effectiveSampleSize = seen.samples, warnings } = estimatesOf(scheme, tallies);
  const results = found.map((result) => ({
    ...result,
    interval: (level: number) => result.interval(checkLevel(level)),
  }));
  const { samples, seconds, backend } = seen;
  const base: EstimateBase = {
    samples,
    warnings,
    seconds,
    method: scheme.method,
    generator: scheme.generator,
    seed: scheme.seed,
    stream: scheme.stream,
    backend,
    // Made now: the run goes on.
    snapshot: seen.snapshot(),
  };
  const [only] = results;
  if (scheme.scalar && only) {
    const { plain, degrees: _, ...result } = only;
    const extras = { ...(plain ? { plain } : {}), ...(scheme.control ? { control: scheme.control } : {}) };
    return { ...base, ...result, effectiveSampleSize, ...extras };
  }
  return {
    ...base,
    effectiveSampleSize,
    mean: results.map(({ mean }) => mean),
    finiteMean: results.map(({ finiteMean }) => finiteMean),
    variance: results.map(({ variance }) => variance),
    standardError: results.map(({ standardError }) => standardError),
    nonFinite: results.map(({ nonFinite }) => nonFinite),
    interval: (level) => results.map(({ interval }) => interval(level)),
  };
}
