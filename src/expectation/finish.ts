import { double } from "../arithmetic/double.ts";
import type { Estimate, Interval, Scheme, Warning } from "./estimate.ts";
import { studentQuantile } from "./student.ts";
import type { Tally } from "./tally.ts";

/** What the sums say of one function. */
export interface Result {
  readonly mean: number;
  readonly finiteMean: number;
  readonly variance: number;
  readonly standardError: number;
  readonly nonFinite: number;
  readonly interval: (level: number) => Interval;
  readonly plain?: Estimate["plain"];
}

export interface Finished {
  readonly results: readonly Result[];
  readonly effectiveSampleSize: number | undefined;
  readonly warnings: readonly Warning[];
}

/** Turns the sums of the replicates into estimates, as the method has it. */
export function finish(scheme: Scheme, tallies: readonly Tally[]): Finished {
  const functions = Array.from({ length: scheme.functions }, (_, k) => k);
  const [first] = tallies as readonly [Tally];
  if (scheme.method === "sobol")
    return { ...bare(functions.map((k) => ofReplicates(tallies, k))), ...said(scheme, []) };
  if (scheme.method === "stratified") return { ...bare(functions.map((k) => ofStrata(first, k))), ...said(scheme, []) };
  if (scheme.role === "importance" || scheme.role === "self-normalised") return ofWeighted(scheme, first);
  const results = functions.map((k) => ofDraws(first, k, scheme.indicators[k] === true));
  const warnings = functions.flatMap((k) => warningsOf(scheme, first, k));
  if (scheme.role === "conditional") {
    const { mean, variance, standardError } = ofDraws(first, 1, false);
    const compared = results.map((result) => ({ ...result, plain: { mean, variance, standardError } }));
    return { ...bare(compared), ...said(scheme, warnings) };
  }
  return { ...bare(results), ...said(scheme, warnings) };
}

function bare(results: readonly Result[]): { results: readonly Result[]; effectiveSampleSize: undefined } {
  return { results, effectiveSampleSize: undefined };
}

/** All warnings, non-finite values having been looked for in what the method needs. */
function said(scheme: Scheme, warnings: readonly Warning[]): { warnings: readonly Warning[] } {
  return { warnings: [...scheme.warnings, ...warnings] };
}

/** The mean of independent draws. */
function ofDraws(tally: Tally, output: number, indicator: boolean): Result {
  const n = tally.finite(output);
  const mean = tally.mean(output);
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
  const mean = nonFinite > 0 ? Number.NaN : finiteMean;
  return { mean, finiteMean, variance, standardError, nonFinite, interval };
}

/** Strata of two: output k is their mean, output functions + k half their difference, whose square is the variance of that. */
function ofStrata(tally: Tally, k: number): Result {
  const strata = tally.count;
  const half = 2 * k + 1;
  const mean = tally.mean(2 * k);
  const variance = tally.secondAboutShift(half) / strata;
  const standardError = Math.sqrt(variance / strata);
  const nonFinite = tally.nonFinite(2 * k);
  // A few strata in the tails may carry all of the error: Satterthwaite's degrees of freedom, each stratum having one.
  const degrees = Math.min(strata, Math.max(1, 1 / tally.concentration(half)));
  return resultOf(mean, variance, standardError, nonFinite, (level) => student(mean, standardError, degrees, level));
}

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
    const variance = Math.max(0, spread) / meanWeight ** 2;
    const standardError = n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(variance / n);
    const nonFinite = tally.nonFinite(k) + tally.nonFinite(w);
    return resultOf(mean, variance, standardError, nonFinite, (level) => student(mean, standardError, n - 1, level));
  });
  const warnings = [
    ...results.flatMap((_, k) => warningsOf(scheme, tally, k)),
    ...warningsOfWeights(tally, w, effective),
  ];
  return { results, effectiveSampleSize: effective, ...said(scheme, warnings) };
}

/** What any method's result may want to be known. */
function warningsOfResult(scheme: Scheme, result: Result, output: number, draws: number): Warning[] {
  const name = scheme.scalar ? "f" : `function ${output}`;
  const warnings: Warning[] = [];
  const { nonFinite, finiteMean, variance } = result;
  if (nonFinite > 0) {
    const message = `${name} was NaN or infinite for ${nonFinite} of ${draws} draws, so its mean is NaN; finiteMean leaves them out.`;
    warnings.push({ code: "non-finite", message });
  }
  if (variance === Number.POSITIVE_INFINITY || (nonFinite < draws && !Number.isFinite(finiteMean))) {
    const message = `Sums of ${name} left the range of 32-bit floats; scale it down.`;
    warnings.push({ code: "overflow", message });
  }
  if (variance === 0 && scheme.indicators[output] !== true && scheme.constants[output] !== true) {
    const message = `All ${draws - nonFinite} draws of ${name} were equal, so its spread is not known.`;
    warnings.push({ code: "zero-variance", message });
  }
  return warnings;
}

function warningsOf(scheme: Scheme, tally: Tally, output: number): Warning[] {
  const indicator = scheme.indicators[output] === true;
  const warnings = warningsOfResult(scheme, ofDraws(tally, output, indicator), output, tally.count);
  if (indicator) return warnings;
  const name = scheme.scalar ? "f" : `function ${output}`;
  const heavy = heaviness(tally, output);
  if (Number.isNaN(heavy)) {
    const message = `Cubes of ${name} left the range of 32-bit floats, so heavy tails would go unseen; scale it down.`;
    warnings.push({ code: "overflow", message });
  }
  if (heavy > MOST_SKEWED) {
    const message =
      `Few of the draws of ${name} carry its variance (skewness² / N or kurtosis / N is ${heavy.toPrecision(2)}), so intervals are ` +
      "too narrow, and the variance may be infinite. Draw more, or use importance sampling.";
    warnings.push({ code: "heavy-tail", message });
  }
  return warnings;
}

/** Skewness²/N up to which the published coverage of 95 % intervals holds. */
const MOST_SKEWED = 0.02;

/** Draws from which kurtosis/N tells more than skewness²/N, whose sample value falls behind when tails are heavy. */
const MANY = 4_096;

/** Skewness²/N, as far as the skewness is more than noise (its standard deviation is √(6/N) for normal draws), or kurtosis/N. */
function heaviness(tally: Tally, output: number): number {
  const n = Math.max(1, tally.finite(output));
  const skewness = Math.abs(tally.skewness(output)) - 2 * Math.sqrt(6 / n);
  const skewed = Number.isNaN(skewness) ? Number.NaN : Math.max(0, skewness) ** 2 / n;
  return n < MANY ? skewed : Math.max(skewed, tally.concentration(output));
}

function warningsOfWeights(tally: Tally, w: number, effective: number): Warning[] {
  const n = tally.count;
  if (n < 2) return [];
  const warnings: Warning[] = [];
  const off = Math.abs(tally.mean(w) - 1) / Math.sqrt(tally.variance(w) / n);
  if (off > 5) {
    const message = `The mean weight is ${tally.mean(w).toPrecision(4)}, ${off.toPrecision(2)} standard errors from 1: the proposal misses mass of the distribution, or a density is not normalised. Where f lives on what it does reach, the estimate may still hold.`;
    warnings.push({ code: "missed-mass", message });
  }
  const share = tally.peak(0) / tally.raw(w).sum;
  if (share > 0.05 && n > 100) {
    const message = `One sample carries ${(100 * share).toPrecision(2)} % of all weight: the weights' variance may be infinite; use a proposal with wider tails.`;
    warnings.push({ code: "dominant-weight", message });
  }
  if (effective < Math.min(n / 10, 100)) {
    const message = `For a function spread like the distribution, ${n} samples are worth ${Math.round(effective)}: the proposal is far from it.`;
    warnings.push({ code: "low-effective-sample-size", message });
  }
  if (heaviness(tally, w) > MOST_SKEWED) {
    const message = "The weights are heavy-tailed: their variance may be infinite, and the error bar too small.";
    warnings.push({ code: "heavy-tail", message });
  }
  return warnings;
}

/** mean ± t s.e., all numbers where there is no error bar. */
function student(mean: number, standardError: number, degrees: number, level: number): Interval {
  if (!(degrees > 0) || standardError === Number.POSITIVE_INFINITY) {
    return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  const reach = studentQuantile(0.5 + level / 2, degrees) * standardError;
  return [mean - reach, mean + reach];
}

/** Wilson's score interval of a proportion (E. B. Wilson, JASA 22, 1927), good also for few or no successes. */
function wilson(proportion: number, n: number, level: number): Interval {
  if (n < 2) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const z = double.normalQuantile(0.5 + level / 2);
  const shrink = 1 + (z * z) / n;
  const centre = (proportion + (z * z) / (2 * n)) / shrink;
  const reach = (z / shrink) * Math.sqrt((proportion * (1 - proportion)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}
