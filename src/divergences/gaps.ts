import { digamma, lgamma, trigamma } from "../arithmetic/double-gamma.ts";
import { deviance } from "../distributions/special/deviance.ts";
import { panel } from "../distributions/special/quadrature.ts";

// How far convex functions lie above their tangents, without the cancellation of subtracting them. Divergences of one family are
// made of these: they are of second order in the difference of the parameters.

/**
 * t - log(1 + t) of a ratio 1 + t whose logarithm is known as well: where the ratio is far from 1, 1 + t may have lost it.
 *
 * @param t - the ratio less 1, exact where that is small
 */
export function ratioGap(t: number, log: number): number {
  return Math.abs(t) < 0.5 ? deviance(t) : t - log;
}

/** log(a / b) for a, b > 0, without the rounding of a / b where they are close. */
export function logRatio(a: number, b: number): number {
  const t = (a - b) / b;
  return Math.abs(t) < 0.5 ? Math.log1p(t) : Math.log(a) - Math.log(b);
}

/** exp(t) - 1 - t: 0 at 0 and positive elsewhere. */
export function expGap(t: number): number {
  if (Math.abs(t) > 1) return Math.expm1(t) - t;
  let sum = 1;
  for (let k = 19; k >= 3; k--) sum = 1 + (sum * t) / k;
  return (sum * t * t) / 2;
}

/** x coth x - 1 for x >= 0. */
export function cothGap(x: number): number {
  if (x > 1) return x / Math.tanh(x) - 1;
  if (x === 0) return 0;
  // (x cosh x - sinh x) / sinh x, whose series Σ 2k x^(2k + 1) / (2k + 1)! has no negative term.
  let sum = 0;
  let power = x;
  for (let k = 1; k <= 10; k++) {
    power *= (x * x) / (2 * k * (2 * k + 1));
    sum += 2 * k * power;
  }
  return sum / Math.sinh(x);
}

/** log Γ(a + d) above its tangent at a: log Γ(a + d) - log Γ(a) - d ψ(a), for a, a + d > 0. */
export function lgammaGap(a: number, d: number): number {
  return steadyGap(a, d) + (a + d) * ratioGap(-d / (a + d), Math.log(a / (a + d)));
}

/**
 * The same of h(x) = log Γ(x) - x log x + x, which is log Γ without what grows faster than a logarithm: differences of gaps that
 * cancel for large x do so in closed form, and this is the rest.
 */
export function steadyGap(a: number, d: number): number {
  if (Math.abs(d) > NEAR * a) return steady(a + d) - steady(a) - d * steadySlope(a);
  // Taylor's theorem with its remainder as an integral, whose integrand has one sign.
  return d * d * panel((v) => (1 - v) * steadyCurvature(a + v * d), 0, 1);
}

/** Differences up to this share of the argument go by the integral, which Gauss's rule then has to f64's accuracy. */
const NEAR = 0.2;

/** From here on Stirling's series serves, and the logarithms' large terms are never there. */
const LARGE = 10;

/** Bernoulli's numbers B2, B4, …, B16. */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** Σ B(2k) factor(2k) x^(1 - 2k) */
function stirling(x: number, factor: (n: number) => number): number {
  const t = 1 / (x * x);
  return BERNOULLI.reduceRight((rest, b, k) => rest * t + b * factor(2 * k + 2), 0) / x;
}

function steady(x: number): number {
  if (x < LARGE) return lgamma(x) - x * Math.log(x) + x;
  return 0.5 * Math.log((2 * Math.PI) / x) + stirling(x, (n) => 1 / (n * (n - 1)));
}

function steadySlope(x: number): number {
  if (x < LARGE) return digamma(x) - Math.log(x);
  return -(0.5 + stirling(x, (n) => 1 / n)) / x;
}

function steadyCurvature(x: number): number {
  if (x < LARGE) return trigamma(x) - 1 / x;
  return (0.5 + stirling(x, () => 1)) / (x * x);
}
