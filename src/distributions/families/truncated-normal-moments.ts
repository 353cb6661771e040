import { digamma, trigamma } from "../../arithmetic/double-gamma.ts";
import { gammaPower } from "../bregman/gammas.ts";
import { expGap } from "../bregman/generators.ts";
import type { Moments } from "../moments.ts";
import { integrate } from "../special/adaptive.ts";
import { cutNormal } from "../special/cut-normal.ts";

interface Shape {
  readonly mean: number;
  readonly offset: { readonly end: number; readonly by: number };
  /** The log-density at x + by. */
  logProb(x: number, by?: number): number;
}

/** A normal distribution that is cut, whose mean before that may be any of f64's range. */
export function cutAt(mean: number, std: number, low: number, high: number): Shape {
  const [below, above] = [mean < low, mean > high];
  const base = below ? low : above ? high : mean;
  const sign = above ? -1 : 1;
  const cut = cutNormal({
    from: Math.abs(base - mean) / std,
    first: below || above ? 0 : (low - mean) / std,
    last: below || above ? (high - low) / std : (high - mean) / std,
    mirrored: above,
  });
  return {
    mean: base + sign * std * cut.mean,
    offset: { end: base, by: sign * std * cut.mean },
    logProb: (x, by = 0) => cut.logDensity((sign * (x - base + by)) / std) - Math.log(std),
  };
}

/** X² / (2 s²) is a gamma variable of concentration ½. */
export function halfNormalLogarithms(scale: number): Moments {
  const unit = scale * Math.SQRT2;
  return {
    logarithm: Math.log(unit) + digamma(0.5) / 2,
    logGap: -(Math.log(Math.PI) + digamma(0.5)) / 2,
    logVariance: trigamma(0.5) / 4,
    // That to the power of k / 2.
    power: (k, s) => gammaPower(0.5, k / 2, 2 * (Math.log(unit) - Math.log(s))),
  };
}

/** What of a truncated normal distribution its divergence from a near one is made of. */
interface Cut {
  readonly untruncatedMean: number;
  readonly untruncatedStd: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly variance: number;
  icdf(p: number): number;
}

/** How far the logarithms of near ones differ over p's standard deviation. */
const NEAR = 0.1;

/**
 * Of normal distributions that are cut alike: log q / p is a parabola f but for a constant, which their normalisation makes -log E exp(f). So the
 * divergence is log E exp(f - E f), whose terms beyond the first are integrated over p's quantiles where f hardly changes.
 */
export function ofNearCuts(p: Cut, q: Cut): number | undefined {
  if (p.low !== q.low || p.high !== q.high) return undefined;
  const [s, t] = [p.untruncatedStd, q.untruncatedStd];
  const [first, second] = [p.untruncatedMean, q.untruncatedMean];
  const bend = ((s - t) / s / t) * ((s + t) / s / t);
  const slope = (p.mean - second) * bend + (first - second) / s / s;
  const std = Math.sqrt(p.variance);
  const change = std * (Math.abs(slope) + Math.abs(bend) * std);
  if (!(change < NEAR)) return undefined;
  const f = (u: number) => {
    const y = p.icdf(u) - p.mean;
    return -y * (slope + (bend / 2) * y);
  };
  // The square of what the mean is off is all that counts.
  const mean = integrate(f, QUANTILES, 1e-7 * change).value;
  return Math.log1p(integrate((u) => expGap(f(u) - mean), QUANTILES, 1e-12 * change * change).value);
}

const QUANTILES = [0, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 1 - 1e-4, 1 - 1e-8, 1 - 1e-12, 1];
