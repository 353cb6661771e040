import { digamma, lgamma, lgamma1p } from "../../arithmetic/double-gamma.ts";
import { LEAST_NORMAL_64 } from "../../arithmetic/range.ts";

// Densities as distances from where they are largest: what cancels between their large terms is left out before it is computed
// (C. Loader, Fast and accurate computation of binomial probabilities, 2000).

const LOG_2PI = Math.log(2 * Math.PI);

/** t - log(1 + t) for t >= -1, which is t² / 2 near 0, with its relative accuracy. */
export function deviance(t: number): number {
  if (Math.abs(t) > 0.5) return t - Math.log1p(t);
  // With s = t / (2 + t) it is s t - 2 s³ (1/3 + s²/5 + s⁴/7 + …).
  const s = t / (2 + t);
  const square = s * s;
  let sum = 0;
  let power = 1;
  for (let k = 3; power > 1e-18; k += 2) {
    sum += power / k;
    power *= square;
  }
  return s * (t - 2 * square * sum);
}

/** What log Γ(x) has beyond (x - 1/2) log x - x + log(2π) / 2, for x > 0: about 1 / (12 x). */
export function stirlingRemainder(x: number): number {
  if (x < 16) return lgamma(x) - (x - 0.5) * Math.log(x) + x - LOG_2PI / 2;
  const t = 1 / (x * x);
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - (691 / 360360) * t) * t) * t) * t) * t) / x;
}

/** digamma(x) - log x, for x > 0: about -1 / (2 x). */
export function digammaRemainder(x: number): number {
  if (x < 16) return digamma(x) - Math.log(x);
  const t = 1 / (x * x);
  return -0.5 / x - t * (1 / 12 - t * (1 / 120 - t * (1 / 252 - t * (1 / 240 - (t * 5) / 660))));
}

/** log(rate^k exp(-rate) / Γ(k + 1)) for k >= 0, whole or not, and rate > 0. */
export function logPoissonMass(k: number, rate: number): number {
  if (k < 16) return (k === 0 ? 0 : k * Math.log(rate)) - rate - lgamma1p(k);
  return -stirlingRemainder(k) - k * ratioDeviance(rate, rate - k, k) - (LOG_2PI + Math.log(k)) / 2;
}

/** log(x^a y^b / B(a, b)) for x + y = 1, both positive. */
export function logBetaMass(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  // x - a / n, from the nearer end
  const offset = x < y ? x - a / n : b / n - y;
  const peak = (Math.log(a) + Math.log(b) - Math.log(n) - LOG_2PI) / 2;
  const rest = stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b);
  return peak + rest - shareDeviance(a, n, x, offset) - shareDeviance(b, n, y, -offset);
}

// a times `ratioDeviance` of x from a / n, which may be too small for f64.
function shareDeviance(a: number, n: number, x: number, offset: number): number {
  const centre = a / n;
  return centre < LEAST_NORMAL_64
    ? offset * n - a * (Math.log(x) + Math.log(n) - Math.log(a))
    : a * ratioDeviance(x, offset, centre);
}

// `deviance` of x / centre - 1, where x may be too small for that to be told from -1.
function ratioDeviance(x: number, offset: number, centre: number): number {
  const t = offset / centre;
  return t < -0.5 ? t - Math.log(x / centre) : deviance(t);
}

/** The entropy of a gamma distribution of rate 1. */
export function gammaEntropy(concentration: number): number {
  const c = concentration;
  return (Math.log(c) + LOG_2PI) / 2 + stirlingRemainder(c) + (1 - c) * digammaRemainder(c);
}
