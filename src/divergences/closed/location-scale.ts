import { EULER } from "../../arithmetic/coefficients.ts";
import { lgamma1p } from "../../arithmetic/double-gamma.ts";
import type { Cauchy } from "../../distributions/families/cauchy.ts";
import type { Gumbel } from "../../distributions/families/gumbel.ts";
import type { Laplace } from "../../distributions/families/laplace.ts";
import type { LogNormal } from "../../distributions/families/log-normal.ts";
import type { Logistic } from "../../distributions/families/logistic.ts";
import type { Normal } from "../../distributions/families/normal.ts";
import type { Pareto } from "../../distributions/families/pareto.ts";
import { isHalfNormal, type TruncatedNormal } from "../../distributions/families/truncated-normal.ts";
import type { Uniform } from "../../distributions/families/uniform.ts";
import type { Weibull } from "../../distributions/families/weibull.ts";
import { deviance } from "../../distributions/special/deviance.ts";
import { integrate } from "../bounded/adaptive.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "../bounded/rule.ts";
import { cothGap, expGap, lgammaGap, logRatio, ratioGap } from "../bregman.ts";

// Families of one location and one scale, also those that are so on a logarithmic scale. A divergence does not change when both
// distributions go through one invertible map.

export const kl: readonly Rule[] = [
  rule<Normal, Normal>("normal", "normal", (p, q) => ofNormals(p.mean - q.mean, p.std, q.std)),
  rule<LogNormal, LogNormal>("logNormal", "logNormal", (p, q) => ofNormals(p.logMean - q.logMean, p.logStd, q.logStd)),
  // Others go by their moments.
  rule<TruncatedNormal, TruncatedNormal>("truncatedNormal", "truncatedNormal", (p, q) =>
    isHalfNormal(p) && isHalfNormal(q) ? ofNormals(0, p.untruncatedStd, q.untruncatedStd) : ofNearCuts(p, q),
  ),
  rule<Uniform, Uniform>("uniform", "uniform", (p, q) =>
    Math.log1p((p.low - q.low + (q.high - p.high)) / (p.high - p.low)),
  ),
  rule<Laplace, Laplace>("laplace", "laplace", (p, q) => {
    const distance = Math.abs(p.mean - q.mean) / p.scale;
    return (p.scale / q.scale) * expGap(-distance) + scaleGap(p.scale, q.scale);
  }),
  rule<Cauchy, Cauchy>("cauchy", "cauchy", ofCauchys),
  // Of one scale; else the logarithm's mean has no closed form.
  rule<Logistic, Logistic>("logistic", "logistic", (p, q) =>
    p.scale === q.scale ? 2 * cothGap(Math.abs(p.mean - q.mean) / p.scale / 2) : undefined,
  ),
  rule<Gumbel, Gumbel>("gumbel", "gumbel", (p, q) => ofGumbels((q.location - p.location) / q.scale, p.scale, q.scale)),
  // -log X is a Gumbel variable, of location -log(scale) and scale 1 / shape.
  rule<Weibull, Weibull>("weibull", "weibull", (p, q) => {
    const [own, other] = [p.shapeParameter, q.shapeParameter];
    return ofGumbels(other * logRatio(p.scale, q.scale), other, own);
  }),
  // log X is exponential beyond log(scale).
  rule<Pareto, Pareto>("pareto", "pareto", (p, q) => {
    const [own, other] = [p.shapeParameter, q.shapeParameter];
    return other * logRatio(p.scale, q.scale) + scaleGap(other, own);
  }),
];

export const renyi: readonly RenyiRule[] = [
  renyiRule<Normal>("normal", (p, q, alpha) => renyiOfNormals(p.mean - q.mean, p.std, q.std, alpha)),
  renyiRule<LogNormal>("logNormal", (p, q, alpha) => renyiOfNormals(p.logMean - q.logMean, p.logStd, q.logStd, alpha)),
  renyiRule<TruncatedNormal>("truncatedNormal", (p, q, alpha) =>
    isHalfNormal(p) && isHalfNormal(q) ? renyiOfNormals(0, p.untruncatedStd, q.untruncatedStd, alpha) : undefined,
  ),
  // Those below are exponential variables, of these rates, through one map.
  renyiRule<Weibull>("weibull", (p, q, alpha) => {
    if (p.shapeParameter !== q.shapeParameter) return undefined;
    return renyiOfRates(p.shapeParameter * logRatio(p.scale, q.scale), alpha);
  }),
  renyiRule<Gumbel>("gumbel", (p, q, alpha) => {
    return p.scale === q.scale ? renyiOfRates((q.location - p.location) / p.scale, alpha) : undefined;
  }),
  renyiRule<Pareto>("pareto", (p, q, alpha) => {
    const [a, b] = [p.shapeParameter, q.shapeParameter];
    // Beyond the larger scale both are exponential in the logarithm; what p has before that is lost.
    const spread = renyiOfRates(logRatio(b, a), alpha);
    const [own, other] = [logRatio(p.scale, q.scale), logRatio(q.scale, p.scale)];
    if (own >= 0) return b * own + spread;
    return alpha < 1 ? (alpha / (1 - alpha)) * a * other + spread : Number.POSITIVE_INFINITY;
  }),
];

/** ½ (d² / σq² + σp² / σq² - 1 - log(σp² / σq²)) */
function ofNormals(difference: number, pStd: number, qStd: number): number {
  return 0.5 * ((difference / qStd) ** 2 + ratioGap(excessOf(pStd, qStd), 2 * logRatio(pStd, qStd)));
}

/** σp² / σq² - 1 */
function excessOf(pStd: number, qStd: number): number {
  return ((pStd - qStd) / qStd) * ((pStd + qStd) / qStd);
}

/** How far the logarithms of near ones differ over p's standard deviation. */
const NEAR = 0.1;

/**
 * Of normal distributions that are cut alike: log q / p is a parabola f but for a constant, which their normalisation makes -log E exp(f). So the
 * divergence is log E exp(f - E f), whose terms beyond the first are integrated over p's quantiles where f hardly changes.
 */
function ofNearCuts(p: TruncatedNormal, q: TruncatedNormal): number | undefined {
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

/** log(((s + t)² + d²) / (4 s t)) of scales s, t (Chyzak and Nielsen, 2019). */
export function ofCauchys(p: LocationScale, q: LocationScale): number {
  const apart = ((p.location - q.location) / q.scale) * ((p.location - q.location) / p.scale);
  const scales = ((p.scale - q.scale) / q.scale) * ((p.scale - q.scale) / p.scale);
  return Math.log1p((apart + scales) / 4);
}

interface LocationScale {
  readonly location: number;
  readonly scale: number;
}

/** a / b - 1 - log(a / b) */
function scaleGap(a: number, b: number): number {
  return ratioGap((a - b) / b, logRatio(a, b));
}

/** With δ the difference of locations over q's scale: exp(δ) Γ(1 + s) - 1 - δ - log s + γ (s - 1), s = a / b the ratio of scales. */
function ofGumbels(delta: number, a: number, b: number): number {
  const t = (a - b) / b;
  if (Math.abs(t) > 0.5) {
    const logGamma = lgamma1p(a / b);
    return expGap(delta + logGamma) + logGamma - logRatio(a, b) + EULER * t;
  }
  const bend = lgammaGap(1, 1 + t, t);
  return expGap(delta + Math.log1p(t) - EULER * t + bend) + bend;
}

/** Gil, Alajaji and Linder, 2013: infinite where α σq² + (1 - α) σp² is not positive. */
function renyiOfNormals(difference: number, pStd: number, qStd: number, alpha: number): number {
  const t = excessOf(pStd, qStd);
  const spread = renyiOfExcess(t, 2 * logRatio(pStd, qStd), alpha);
  if (spread === Number.POSITIVE_INFINITY) return spread;
  return spread + (0.5 * alpha * (difference / qStd) ** 2) / (1 + (1 - alpha) * t);
}

/** Of centred normals of variance ratio 1 + t, whose logarithm is given as well. */
export function renyiOfExcess(t: number, log: number, alpha: number): number {
  return 0.5 * renyiOfRatio(t, log, alpha);
}

/** log(1 + (1 - α) t) / (1 - α) - log(1 + t), by gaps where that cancels: elsewhere the gaps themselves do. */
function renyiOfRatio(t: number, log: number, alpha: number): number {
  return Math.abs(t) < 0.5 ? ratioGap(t, log) - jointGap(t, alpha) : jointLog(t, alpha) - log;
}

/** Of exponential distributions, by the logarithm of their rates' ratio, q's over p's. */
function renyiOfRates(log: number, alpha: number): number {
  const t = Math.expm1(log);
  // Where f64 has no such ratio, its logarithm is enough.
  if (t === Number.POSITIVE_INFINITY && alpha < 1) return (log + Math.log1p(-alpha)) / (1 - alpha) - log;
  return renyiOfRatio(t, log, alpha);
}

/** What p^α q^(1 - α), whose own ratio is 1 + (1 - α) t, takes off; -Infinity where that is not positive and it has no integral. */
export function jointGap(t: number, alpha: number): number {
  return deviance(Math.max(-1, (1 - alpha) * t)) / (1 - alpha);
}

/** log(1 + (1 - α) t) / (1 - α), of the same ratio: Infinity where it is not positive. */
export function jointLog(t: number, alpha: number): number {
  return Math.log1p(Math.max(-1, (1 - alpha) * t)) / (1 - alpha);
}
