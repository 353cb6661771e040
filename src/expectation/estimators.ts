import type { Estimate, Interval, Scheme, Warning } from "./estimate.ts";
import { student, wilson } from "./interval.ts";
import type { Tally } from "./tally.ts";
import {
  warningOfLostWeights,
  warningsOfClamping,
  warningsOfComponents,
  warningsOfDraws,
  warningsOfMismatch,
  warningsOfResult,
  warningsOfRounding,
  warningsOfWeights,
} from "./warnings.ts";

/** What the sums say of one function. */
export interface Result {
  readonly mean: number;
  readonly finiteMean: number;
  readonly variance: number;
  readonly standardError: number;
  readonly nonFinite: number;
  readonly interval: (level: number) => Interval;
  readonly plain?: Estimate["plain"];
  /** Of freedom, where a few strata may carry all of the error. */
  readonly degrees?: number;
}

export interface Finished {
  readonly results: readonly Result[];
  readonly effectiveSampleSize: number | undefined;
  readonly warnings: readonly Warning[];
}

/** Turns the sums of the replicates into estimates, as the method has it. */
export function estimatesOf(scheme: Scheme, tallies: readonly Tally[]): Finished {
  const functions = Array.from({ length: scheme.functions }, (_, k) => k);
  const [first] = tallies as readonly [Tally];
  if (scheme.method === "sobol" || scheme.method === "stratified") {
    const results = functions.map((k) =>
      scheme.method === "sobol" ? ofReplicates(tallies, k) : ofStrata(scheme, first, k),
    );
    const draws = tallies.reduce((sum, tally) => sum + tally.count, 0);
    const warnings = results.flatMap((result, k) => {
      const underflows = first.underflows(scheme.method === "sobol" ? k : 2 * k + 1);
      return warningsOfResult(scheme, result, k, draws, underflows);
    });
    return { ...bare(results), ...said(scheme, warnings, results, draws) };
  }
  if (scheme.role === "importance" || scheme.role === "self-normalised") return ofWeighted(scheme, first);
  const results = functions.map((k) => ofDraws(first, k, scheme.indicators[k] === true, roundingOf(scheme)));
  const warnings = results.flatMap((result, k) => warningsOfDraws(scheme, first, result, k));
  if (scheme.role === "conditional") {
    const { mean, variance, standardError } = ofDraws(first, 1, false);
    const compared = results.map((result) => ({ ...result, plain: { mean, variance, standardError } }));
    const mismatch = results.flatMap((result) =>
      warningsOfMismatch(result.mean, result.standardError, mean, standardError),
    );
    return { ...bare(compared), ...said(scheme, [...warnings, ...mismatch], results, first.count) };
  }
  return { ...bare(results), ...said(scheme, warnings, results, first.count) };
}

function bare(results: readonly Result[]): { results: readonly Result[]; effectiveSampleSize: undefined } {
  return { results, effectiveSampleSize: undefined };
}

/** What was known beforehand and what the sums showed. */
function said(
  scheme: Scheme,
  warnings: readonly Warning[],
  results: readonly Result[],
  draws: number,
): { warnings: readonly Warning[] } {
  const known = [
    ...warningsOfClamping(scheme, results, draws),
    ...warningsOfComponents(scheme, draws),
    ...warningsOfRounding(scheme, results),
  ];
  return { warnings: [...scheme.warnings, ...warnings, ...known] };
}

/** What a control variate's known mean lost by being an f32 in the shader, times the coefficient. */
function roundingOf({ control }: Scheme): number {
  return control ? control.coefficient * (control.mean - Math.fround(control.mean)) : 0;
}

/** The mean of independent draws, with what is to be added to it. */
function ofDraws(tally: Tally, output: number, indicator: boolean, more = 0): Result {
  const n = tally.finite(output);
  const mean = tally.mean(output) + more;
  const variance = tally.variance(output);
  const standardError = n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(variance / n);
  const interval = indicator
    ? (level: number) => wilson(mean, n, level)
    : (level: number) => student(mean, standardError, n - 1, level);
  return resultOf(mean, variance, standardError, tally.nonFinite(output), interval);
}

function resultOf(
  finiteMean: number,
  variance: number,
  standardError: number,
  nonFinite: number,
  interval: (level: number) => Interval,
): Result {
  if (nonFinite === 0) return { mean: finiteMean, finiteMean, variance, standardError, nonFinite, interval };
  const nowhere: Interval = [Number.NaN, Number.NaN];
  return { mean: Number.NaN, finiteMean, variance, standardError, nonFinite, interval: () => nowhere };
}

/** Strata of two: output 2k is their mean, output 2k + 1 half their difference, whose square is the variance of that mean. */
function ofStrata(scheme: Scheme, tally: Tally, k: number): Result {
  const strata = tally.count;
  const half = 2 * k + 1;
  const nonFinite = tally.nonFinite(2 * k);
  if (strata < (scheme.strata ?? strata)) {
    // The strata come in order: a part of them is a part of the distribution.
    return resultOf(Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, nonFinite, () => ALL_NUMBERS);
  }
  const mean = tally.mean(2 * k);
  const variance = tally.secondAboutShift(half) / strata;
  const standardError = Math.sqrt(variance / strata);
  // A few strata in the tails may carry all of the error. Degrees of freedom after F. E. Satterthwaite (Biometrics 2, 1946), one
  // a stratum. The fourth powers overstate the squared variances three times on average; leaving it so is the safe side.
  const concentration = tally.concentration(half);
  const degrees = concentration > 0 ? Math.min(strata, Math.max(1, 1 / concentration)) : 1;
  const interval = (level: number) => student(mean, standardError, degrees, level);
  return { ...resultOf(mean, variance, standardError, nonFinite, interval), degrees };
}

const ALL_NUMBERS: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** The mean of the replicates' means, each an independent randomisation of the same points. */
function ofReplicates(tallies: readonly Tally[], output: number): Result {
  const means = tallies.map((tally) => tally.mean(output));
  const count = means.length;
  const mean = means.reduce((sum, x) => sum + x, 0) / count;
  const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
  const standardError = Math.sqrt(variance / count);
  const nonFinite = tallies.reduce((sum, tally) => sum + tally.nonFinite(output), 0);
  return resultOf(mean, variance, standardError, nonFinite, (level) => student(mean, standardError, count - 1, level));
}

/** Outputs f w and, last, w. */
function ofWeighted(scheme: Scheme, tally: Tally): Finished {
  const w = scheme.functions;
  const weights = tally.raw(w);
  const effective = weights.squares > 0 ? weights.sum ** 2 / weights.squares : 0;
  const n = tally.count;
  const results = Array.from({ length: scheme.functions }, (_, k) => {
    if (scheme.role === "importance") return ofDraws(tally, k, false);
    // The ratio's variance by the delta method: Var(f w - m w) / (n E[w]²).
    const meanWeight = tally.mean(w);
    const mean = tally.mean(k) / meanWeight;
    const spread = tally.variance(k) - 2 * mean * tally.covariance(k) + mean * mean * tally.variance(w);
    const variance = n < 2 ? Number.NaN : Math.max(0, spread) / meanWeight ** 2;
    const standardError = n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(variance / n);
    // Where w is not finite, f w is not either.
    const nonFinite = tally.nonFinite(k);
    return resultOf(mean, variance, standardError, nonFinite, (level) => student(mean, standardError, n - 1, level));
  });
  const lost = warningOfLostWeights(scheme, tally, w);
  const warnings = lost
    ? [lost]
    : [
        ...results.flatMap((result, k) => warningsOfDraws(scheme, tally, result, k)),
        ...warningsOfWeights(tally, w, effective),
      ];
  return { results, effectiveSampleSize: effective, ...said(scheme, warnings, results, n) };
}
