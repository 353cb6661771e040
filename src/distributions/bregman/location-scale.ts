import { EULER } from "../../arithmetic/coefficients.ts";
import { lgamma1p } from "../../arithmetic/double-gamma.ts";
import { deviance } from "../special/deviance.ts";
import { expGap, lgammaGap, logQuotient, ratioGap } from "./generators.ts";

// Of families of one location and one scale, also those that are so on a logarithmic scale. A divergence does not change when both
// distributions go through one invertible map.

/** ½ (d² / σq² + σp² / σq² - 1 - log(σp² / σq²)) */
export function ofNormals(difference: number, pStd: number, qStd: number): number {
  return 0.5 * ((difference / qStd) ** 2 + ratioGap(excessOf(pStd, qStd), 2 * logQuotient(pStd, qStd)));
}

/** σp² / σq² - 1 */
function excessOf(pStd: number, qStd: number): number {
  return ((pStd - qStd) / qStd) * ((pStd + qStd) / qStd);
}

/** log(((s + t)² + d²) / (4 s t)) of scales s, t (Chyzak and Nielsen, 2019). */
export function ofCauchys(p: LocationScale, q: LocationScale): number {
  const apart = ((p.location - q.location) / q.scale) * ((p.location - q.location) / p.scale);
  const scales = ((p.scale - q.scale) / q.scale) * ((p.scale - q.scale) / p.scale);
  return Math.log1p((apart + scales) / 4);
}

/** E log(1 + (d + s C)²), C standard Cauchy: log|x + i|² is harmonic above the line. */
export function cauchyLogSquare(d: number, s: number): number {
  const more = s * (2 + s) + d * d;
  return more < 1 ? Math.log1p(more) : 2 * Math.log(Math.hypot(d, 1 + s));
}

interface LocationScale {
  readonly location: number;
  readonly scale: number;
}

/** a / b - 1 - log(a / b) */
export function scaleGap(a: number, b: number): number {
  return ratioGap((a - b) / b, logQuotient(a, b));
}

/** With δ the difference of locations over q's scale: exp(δ) Γ(1 + s) - 1 - δ - log s + γ (s - 1), s = a / b the ratio of scales. */
export function ofGumbels(delta: number, a: number, b: number): number {
  const t = (a - b) / b;
  if (Math.abs(t) > 0.5) {
    const logGamma = lgamma1p(a / b);
    return expGap(delta + logGamma) + logGamma - logQuotient(a, b) + EULER * t;
  }
  const bend = lgammaGap(1, 1 + t, t);
  return expGap(delta + Math.log1p(t) - EULER * t + bend) + bend;
}

/** Gil, Alajaji and Linder, 2013: infinite where α σq² + (1 - α) σp² is not positive. */
export function renyiOfNormals(difference: number, pStd: number, qStd: number, alpha: number): number {
  const t = excessOf(pStd, qStd);
  const spread = renyiOfExcess(t, 2 * logQuotient(pStd, qStd), alpha);
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
export function renyiOfRates(log: number, alpha: number): number {
  const t = Math.expm1(log);
  // Where f64 has no such ratio, its logarithm is enough.
  if (t === Number.POSITIVE_INFINITY && alpha < 1) return (log + Math.log1p(-alpha)) / (1 - alpha) - log;
  return renyiOfRatio(t, log, alpha);
}

/** What p^α q^(1 - α), whose own ratio is 1 + (1 - α) t, takes off; -Infinity where that is not positive and it has no integral. */
function jointGap(t: number, alpha: number): number {
  return deviance(Math.max(-1, (1 - alpha) * t)) / (1 - alpha);
}

/** log(1 + (1 - α) t) / (1 - α), of the same ratio: Infinity where it is not positive. */
export function jointLog(t: number, alpha: number): number {
  return Math.log1p(Math.max(-1, (1 - alpha) * t)) / (1 - alpha);
}
