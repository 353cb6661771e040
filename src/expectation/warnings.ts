import type { Scheme, Warning } from "./estimate.ts";
import type { Result } from "./finish.ts";
import type { Tally } from "./tally.ts";

/** What any method's result may want to be known. */
export function warningsOfResult(scheme: Scheme, result: Result, output: number, draws: number): Warning[] {
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

/** What independent draws show besides. */
export function warningsOfDraws(scheme: Scheme, tally: Tally, result: Result, output: number): Warning[] {
  const indicator = scheme.indicators[output] === true;
  const warnings = warningsOfResult(scheme, result, output, tally.count);
  if (indicator) return warnings;
  if (tally.underflows(output)) {
    const message = "Squares of f are below the range of 32-bit floats, so its variance is lost; scale it up.";
    warnings.push({ code: "underflow", message });
  }
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

/**
 * Skewness²/N, as far as the skewness is more than noise (two of its standard deviations, which are √(6/N) for normal draws),
 * or kurtosis/N.
 */
function heaviness(tally: Tally, output: number): number {
  const n = Math.max(1, tally.finite(output));
  const skewness = tally.skewness(output);
  if (Number.isNaN(skewness)) return Number.NaN;
  const skewed = Math.max(0, skewness ** 2 - (4 * 6) / n) / n;
  return n < MANY ? skewed : Math.max(skewed, tally.concentration(output));
}

/** What the weights of a proposal, output `w`, say of it. */
export function warningsOfWeights(tally: Tally, w: number, effective: number): Warning[] {
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
