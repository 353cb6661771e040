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
  return resultOf(mean, variance, standardError, nonFinite, (level) => student(mean, standardError, strata, level));
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
  const skewed = tally.skewness(output) ** 2 / Math.max(1, tally.finite(output));
  const name = scheme.scalar ? "f" : `function ${output}`;
  if (Number.isNaN(skewed) && tally.finite(output) > 1) {
    const message = `Cubes of ${name} left the range of 32-bit floats, so heavy tails would go unseen; scale it down.`;
    warnings.push({ code: "overflow", message });
  }
  if (!indicator && skewed > MOST_SKEWED) {
    const message =
      `The draws of ${name} are so skewed (skewness² / N = ${skewed.toPrecision(2)}) that few of them carry the variance: ` +
      "intervals are too narrow. Draw more, or use importance sampling.";
    warnings.push({ code: "heavy-tail", message });
  }
  return warnings;
}

/** Skewness²/N up to which the published coverage of 95 % intervals holds. */
const MOST_SKEWED = 0.02;

function warningsOfWeights(tally: Tally, w: number, effective: number): Warning[] {
  const n = tally.count;
  if (n < 2) return [];
  const warnings: Warning[] = [];
  const off = Math.abs(tally.mean(w) - 1) / Math.sqrt(tally.variance(w) / n);
  if (off > 5) {
    const message = `The mean weight is ${tally.mean(w).toPrecision(4)}, ${off.toPrecision(2)} standard errors from 1: the proposal misses mass, or a density is not normalised.`;
    warnings.push({ code: "missed-mass", message });
  }
  const share = tally.peak(0) / tally.raw(w).sum;
  if (share > 0.05 && n > 100) {
    const message = `One sample carries ${(100 * share).toPrecision(2)} % of all weight: the weights' variance may be infinite; use a proposal with wider tails.`;
    warnings.push({ code: "dominant-weight", message });
  }
  if (effective < Math.min(n / 10, 100)) {
    const message = `${n} samples are worth ${Math.round(effective)}: the proposal is far from the distribution.`;
    warnings.push({ code: "low-effective-sample-size", message });
  }
  if (tally.skewness(w) ** 2 / n > MOST_SKEWED) {
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
