import type { Scheme, Warning } from "./estimate.ts";
import type { FunctionEstimate } from "./function-estimate.ts";
import type { Tally } from "./tally.ts";

/**
 * What any method's result may want to be known.
 *
 * @param underflows - whether squares were too small for f32
 */
export function warningsOfFunction(
  scheme: Scheme,
  result: FunctionEstimate,
  output: number,
  draws: number,
  underflows: boolean,
): Warning[] {
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
  if (underflows) {
    const message = `Squares of ${name} are below the range of 32-bit floats, so its variance is lost; scale it up.`;
    warnings.push({ code: "underflow", message });
  } else if (variance === 0 && draws > 1 && scheme.indicators[output] !== true && scheme.constants[output] !== true) {
    const message = `All ${draws - nonFinite} draws of ${name} were equal, so its spread is not known.`;
    warnings.push({ code: "zero-variance", message });
  }
  return warnings;
}

/** What independent draws show besides. */
export function warningsOfDraws(scheme: Scheme, tally: Tally, result: FunctionEstimate, output: number): Warning[] {
  const indicator = scheme.indicators[output] === true;
  const warnings = warningsOfFunction(scheme, result, output, tally.count, tally.underflows(output));
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

/** A share of the standard error that a bias must reach to be told. */
const TOLD = 0.1;

/** Whether samples that f32 cannot hold may have led a mean astray. */
export function warningsOfClamping(
  { clamping, scalar }: Scheme,
  results: readonly FunctionEstimate[],
  draws: number,
): Warning[] {
  if (!clamping || !(clamping.probability * draws > TOLD)) return [];
  const count = Math.round(clamping.probability * draws);
  return results.flatMap(({ standardError }, k): Warning[] => {
    const bias = clamping.bias[k] ?? Number.POSITIVE_INFINITY;
    if (bias <= TOLD * standardError) return [];
    const name = scalar ? "f" : `function ${k}`;
    const most = Number.isFinite(bias) ? ` by up to ${bias.toPrecision(2)}` : "";
    const message =
      `About ${count} of ${draws} draws (${(100 * clamping.probability).toPrecision(2)} %) are nearer to the end of the support than 32-bit floats ` +
      `tell apart, and ${name} is computed from the last such float, so its mean may be off${most}. Write it in log(x) or log(1 - x), which are known beyond that.`;
    return [{ code: "clamped", message }];
  });
}

/** Draws of a part of the samples from which on a normal law holds for its share of the mean. */
const ENOUGH_DRAWS = 30;

/** Whether a component of a mixture is drawn too rarely. */
export function warningsOfComponents({ leastWeight = 1, constants }: Scheme, draws: number): Warning[] {
  const count = leastWeight * draws;
  if (count >= ENOUGH_DRAWS || constants.every((constant) => constant)) return [];
  const message =
    `A component of weight ${leastWeight.toPrecision(2)} is drawn about ${count.toPrecision(1)} times in ${draws} samples, too few for the standard ` +
    `error to know what f is there. Draw ${Math.ceil(ENOUGH_DRAWS / leastWeight).toPrecision(2)}, or estimate each component's mean and add them by their weights.`;
  return [{ code: "rare-component", message }];
}

/** Deviations of a bias that are no accident. */
const NO_ACCIDENT = 4;

/**
 * Whether roundings of f move its mean by more than its standard error.
 *
 * @param each - outputs of a function, of which the first is averaged
 */
export function warningsOfRounding(scheme: Scheme, results: readonly FunctionEstimate[], each: number): Warning[] {
  return results.flatMap(({ finiteMean, standardError }, k): Warning[] => {
    const { bias, deviation, noise } = scheme.rounding?.[k * each] ?? { bias: 0, deviation: 0, noise: 0 };
    const size = Math.abs(bias);
    const moved = size > NO_ACCIDENT * deviation && size > TOLD_ROUNDING * standardError;
    const seen = moved || (noise ?? 0) > MOST_NOISE;
    // Roundings of an f64 mean itself are nobody's concern.
    if (scheme.constants[k] === true || !(standardError > 0) || !seen || size < 1e-14 * Math.abs(finiteMean)) return [];
    const name = scheme.scalar ? "f" : `function ${k}`;
    const effect = moved
      ? `moves the mean of ${name} by about ${size.toPrecision(2)}, more than its standard error`
      : `is a good part of what varies in ${name}`;
    const message =
      `Rounding to 32-bit floats ${effect}: ` +
      "it has terms that are much larger than their sum. Write it without them, such as (x - 3)^2 for x^2 - 6 * x + 9.";
    return [{ code: "rounding", message }];
  });
}

/** Errors, in units of the spread of exact values, that an estimate may have without a word. */
const MOST_NOISE = 0.25;

/** Standard errors that a bias by rounding must reach to be told. */
const TOLD_ROUNDING = 1;

/** Skewness²/N up to which the published coverage of 95 % intervals holds. */
export const MOST_SKEWED = 0.02;

/** Draws from which kurtosis/N tells more than skewness²/N, whose sample value falls behind when tails are heavy. */
const MANY = 4_096;

/**
 * Skewness²/N, as far as the skewness is more than noise (two of its standard deviations, which are √(6/N) for normal draws),
 * or kurtosis/N.
 */
export function heaviness(tally: Tally, output: number): number {
  const n = Math.max(1, tally.finite(output));
  const skewness = tally.skewness(output);
  if (Number.isNaN(skewness)) return Number.NaN;
  const skewed = Math.max(0, skewness ** 2 - (4 * 6) / n) / n;
  return n < MANY ? skewed : Math.max(skewed, tally.concentration(output));
}
