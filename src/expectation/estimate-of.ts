import { InputError } from "../core/errors.ts";
import type { Engine } from "../engine/engine.ts";
import type { Estimate, EstimateBase, Scheme, VectorEstimate } from "./estimate.ts";
import { methodOfScheme } from "./methods/index.ts";
import type { MethodEstimates } from "./methods/method.ts";
import type { Run } from "./run.ts";
import { snapshotOf } from "./snapshot.ts";
import type { Sums } from "./sums.ts";
import type { Tally } from "./tally.ts";
import { warningsOfClamping, warningsOfComponents, warningsOfRounding } from "./warnings.ts";

/** What a run's sums say so far, as the caller's estimate. */
export function estimateOf(engine: Engine, run: Run, sums: Sums, milliseconds: number): Estimate | VectorEstimate {
  const scheme = sums.schemeOf(run.scheme);
  const draws = sums.tallies.reduce((sum, tally) => sum + tally.count, 0);
  return estimateOfSums(scheme, sums.tallies, {
    samples: draws * run.samplesPerDraw,
    seconds: milliseconds / 1_000,
    backend: engine.backend,
    // Made now: the run goes on.
    snapshot: snapshotOf(run, scheme, sums),
  });
}

/** What the sums of each replicate say of each function, and all that should be known of it. */
export function estimatesOf(scheme: Scheme, tallies: readonly Tally[]): MethodEstimates {
  const method = methodOfScheme(scheme);
  const found = method.estimates(scheme, tallies);
  const draws = tallies.reduce((sum, tally) => sum + tally.count, 0);
  const warnings = [
    ...scheme.warnings,
    ...found.warnings,
    ...warningsOfClamping(scheme, found.functions, draws),
    ...warningsOfComponents(scheme, draws),
    ...warningsOfRounding(scheme, found.functions, method.outputsPerFunction ?? 1),
  ];
  return { ...found, warnings };
}

/** Refuses what is no probability strictly between 0 and 1. */
export function checkLevel(level: number): number {
  if (typeof level === "number" && level > 0 && level < 1) return level;
  throw new InputError(`interval: level must be a number between 0 and 1, such as 0.95, got ${String(level)}`);
}

/** An estimate of the sums as they are now. */
export function estimateOfSums(
  scheme: Scheme,
  tallies: readonly Tally[],
  seen: Pick<EstimateBase, "samples" | "seconds" | "backend" | "snapshot">,
): Estimate | VectorEstimate {
  const { functions, effectiveSampleSize = seen.samples, warnings } = estimatesOf(scheme, tallies);
  const results = functions.map((found) => ({
    ...found,
    interval: (level: number) => found.interval(checkLevel(level)),
  }));
  const { samples, seconds, backend, snapshot } = seen;
  const base: EstimateBase = {
    samples,
    warnings,
    seconds,
    method: scheme.method,
    generator: scheme.generator,
    seed: scheme.seed,
    stream: scheme.stream,
    backend,
    snapshot,
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
