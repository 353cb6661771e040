import { digamma, lgamma, trigamma } from "../../arithmetic/double-gamma.ts";
import { deviance } from "../special/deviance.ts";
import { panel } from "../special/quadrature.ts";

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
export function logQuotient(a: number, b: number): number {
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

/**
 * log Γ(b) above its tangent at a: log Γ(b) - log Γ(a) - (b - a) ψ(a), for a, b > 0.
 *
 * @param d - b - a, where it is known better than from the two
 */
export function lgammaGap(a: number, b: number, d = b - a): number {
  return steadyGap(a, b, d) + b * ratioGap(-d / b, Math.log(a / b));
}

/**
 * The same of h(x) = log Γ(x) - x log x + x, which is log Γ without what grows faster than a logarithm: differences of gaps that
 * cancel for large x do so in closed form, and this is the rest.
 */
export function steadyGap(a: number, b: number, d = b - a): number {
  if (Math.abs(d) > NEAR * a) return steady(b) - steady(a) - d * steadySlope(a);
  // Taylor's theorem with its remainder as an integral, whose integrand has one sign.
  return d * d * panel((v) => (1 - v) * steadyCurvature(a + v * d), 0, 1);
}

/** From one number to another, and how far that is. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/**
 * The `steadyGap` of a number less that of its sum with another: where the other is small, in terms that are small as well.
 */
export function sharedGap(own: Step, rest: Step): number {
  const by = own.by + rest.by;
  const [from, to] = [own.from + rest.from, own.to + rest.to];
  if (rest.from > NEAR * own.from || rest.to > NEAR * own.to) {
    return steadyGap(own.from, own.to, own.by) - steadyGap(from, to, by);
  }
  if (Math.abs(own.by) > NEAR * own.from) {
    const slope = (x: number, width: number) => panel((v) => steadySlope(x + v * width), 0, 1);
    const bend = rest.from * panel((v) => steadyCurvature(own.from + v * rest.from), 0, 1);
    const ends = rest.from * slope(own.from, rest.from) - rest.to * slope(own.to, rest.to);
    return ends + own.by * bend + rest.by * steadySlope(from);
  }
  // Both by their curvatures, of which the second's differs by the third derivative.
  return panel(
    (v) => {
      const [x, e] = [own.from + v * own.by, rest.from + v * rest.by];
      const less = -e * panel((u) => steadyThird(x + u * e), 0, 1);
      return (1 - v) * (own.by * own.by * less - rest.by * (own.by + by) * steadyCurvature(x + e));
    },
    0,
    1,
  );
}

/** log Γ(a + k) - log Γ(a) - k log(a + k), for a, a + k > 0: what a power's mean has beyond the power of the mean. */
export function lgammaStep(a: number, k: number): number {
  return steady(a + k) - steady(a) - a * ratioGap(k / a, Math.log1p(k / a));
}

/**
 * α a log(a / r) + (1 - α) b log(b / s) - c log(c / t), c and t being α a + (1 - α) b and α r + (1 - α) s: as gaps of the ratios of c / t, which is
 * the mean of a / r and b / s by weights α r and (1 - α) s.
 *
 * @param apart - b r - a s
 */
export function ratiosGap(
  [a, r]: readonly [number, number],
  [b, s]: readonly [number, number],
  alpha: number,
  apart: number,
): number {
  const rest = 1 - alpha;
  const [c, t] = [alpha * a + rest * b, alpha * r + rest * s];
  const [own, other] = [(rest * apart) / a / t, (-alpha * apart) / b / t];
  if (Math.abs(own) < 0.5 && Math.abs(other) < 0.5) return alpha * a * deviance(own) + rest * b * deviance(other);
  // The ratios less 1 cancel.
  const logs = [logOf(own, c, a, r, t), logOf(other, c, b, s, t)] as const;
  return -alpha * a * logs[0] - rest * b * logs[1];
}

/** log((c / t) / (a / r)), by its ratio less 1 where that has its digits. */
function logOf(less1: number, c: number, a: number, r: number, t: number): number {
  return Math.abs(less1) < 0.5 ? Math.log1p(less1) : logQuotient(c, a) + logQuotient(r, t);
}

/** b r - a s, without cancellation of the products where both are close. */
export function crossed(a: number, b: number, r: number, s: number): number {
  const [d, e] = [b - a, s - r];
  return Math.abs(d) < 0.5 * a && Math.abs(e) < 0.5 * r ? d * r - a * e : b * r - a * s;
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

/** log Γ(x) - x log x + x */
export function steady(x: number): number {
  if (x < LARGE) return lgamma(x) - x * Math.log(x) + x;
  return 0.5 * Math.log((2 * Math.PI) / x) + stirling(x, (n) => 1 / (n * (n - 1)));
}

export function steadySlope(x: number): number {
  if (x < LARGE) return digamma(x) - Math.log(x);
  return -(0.5 + stirling(x, (n) => 1 / n)) / x;
}

function steadyCurvature(x: number): number {
  if (x < LARGE) return trigamma(x) - 1 / x;
  return (0.5 + stirling(x, () => 1)) / (x * x);
}

function steadyThird(x: number): number {
  // The curvature's own recurrence: trigamma(x) = trigamma(x + 1) + 1 / x².
  let [y, sum] = [x, 1 / (x * x)];
  for (; y < LARGE; y++) sum -= 2 / (y * y * y);
  const rest = (1 + stirling(y, (n) => n + 1)) / (y * y * y);
  return x < LARGE ? sum - 1 / (y * y) - rest : -rest;
}
