import { double } from "../../arithmetic/double.ts";
import { digamma, logBeta, trigamma } from "../../arithmetic/double-gamma.ts";
import { deviance, logBetaMass } from "./deviance.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf, type Tails } from "./root.ts";

/** Where both parameters are at least this, the density is smooth enough to be integrated. */
const LARGE = 512;

/** Of the other side of the mean: below it the fraction's terms, about 9 / sqrt(x), are too many. */
const SMALL = 1e-4;

/**
 * The regularised incomplete beta function and its complement, I_x(a, b) and I_y(b, a) for x + y = 1, both given, because each may be
 * too small for the other to be told from 1: the continued fraction of A. DiDonato and A. Morris (1992, equation 9) from the nearer end,
 * and an integral of the density for large a and b, or of the logit's density where the fraction converges slowly.
 */
export function betaTails(a: number, b: number, x: number, y: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  if (Math.min(a, b) >= LARGE) return largeTails(a, b, x, y);
  const mass = Math.exp(logBetaMass(a, b, x, y));
  // How far x lies below the mean, in units of 1 / (a + b).
  const below = x < y ? a - (a + b) * x : (a + b) * y - b;
  if (below >= 0) {
    const lower = y < SMALL ? beyondLogit(b, a, y, x) : mass * fraction(a, b, x, y, below);
    return { lower, upper: 1 - lower };
  }
  const upper = x < SMALL ? beyondLogit(a, b, x, y) : mass * fraction(b, a, y, x, -below);
  return { lower: 1 - upper, upper };
}

// P(X > x) for x beyond the mean: the density x^a y^b / B(a, b) of the logit falls from there on, ever faster.
function beyondLogit(a: number, b: number, x: number, y: number): number {
  const density = (v: number) => {
    const [odds, other] = [x * Math.exp(v), y];
    return Math.exp(logBetaMass(a, b, odds / (odds + other), other / (odds + other)));
  };
  const slope = b * x - a * y;
  const width = Math.min(1, 2 / Math.sqrt((a + b) * x * y), 4 / slope);
  return fallingIntegral(density, 0, width, Number.POSITIVE_INFINITY);
}

// 1 / (β0 + α1 / (β1 + α2 / (β2 + …))), by Lentz' method.
function fraction(a: number, b: number, x: number, y: number, below: number): number {
  const beta = (n: number, odd: number) =>
    n + (n * (b - n) * x) / (odd - 2) + ((a + n) / odd) * (below + 1 + n * (1 + y));
  let d = (a + 1) / (a * (below + 1));
  let c = Number.POSITIVE_INFINITY;
  let product = d;
  for (let n = 1; ; n++) {
    const odd = a + 2 * n + 1;
    const alpha = (((a + n - 1) / (odd - 2)) * ((a + b + n - 1) * x) * n * ((b - n) * x)) / (odd - 2);
    const next = beta(n, odd);
    d = 1 / (next + alpha * d);
    c = next + alpha / c;
    product *= c * d;
    if (!(Math.abs(c * d - 1) > 3e-16)) return product;
  }
}

// In the distance from the mean, so that nothing is lost to the size of a and b.
function largeTails(a: number, b: number, x: number, y: number): Tails {
  const n = a + b;
  const [m, w] = [a / n, b / n];
  const peak = logBetaMass(a, b, m, w);
  const density = (d: number) => {
    const mass = Math.exp(peak - a * deviance(d / m) - b * deviance(-d / w));
    // At the ends themselves, where points may be rounded to, there is no other factor.
    return mass === 0 ? 0 : mass / ((m + d) * (w - d));
  };
  const d = x < y ? x - m : w - y;
  const spread = Math.sqrt((m * w) / (n + 1));
  const width = (2 * spread) / (1 + Math.abs(d) / (2 * spread));
  if (d < 0) {
    const lower = fallingIntegral(density, d, -width, -m);
    return { lower, upper: 1 - lower };
  }
  const upper = fallingIntegral(density, d, width, w);
  return { lower: 1 - upper, upper };
}

/** x with I_x(a, b) = p, for 0 < p < 1, and 1 - x. */
export function betaQuantile(a: number, b: number, p: number): { readonly x: number; readonly y: number } {
  const upper = p > 0.5;
  const target = Math.log(upper ? 1 - p : p);
  // In the logit t of x, where both ends keep their digits.
  const at = (t: number) => ({ x: 1 / (1 + Math.exp(-t)), y: 1 / (1 + Math.exp(t)) });
  const move = (t: number): readonly [number, number] => {
    const { x, y } = at(t);
    const tails = betaTails(a, b, x, y);
    const tail = Math.log(upper ? tails.upper : tails.lower);
    const slope = Math.exp(logBetaMass(a, b, x, y) - tail);
    return upper ? [target - tail, slope] : [tail - target, slope];
  };
  return at(rootOf(move, -745, 745, guess(a, b, p)));
}

// A normal of the logit's mean and variance, or the first term of the series at the nearer end where the quantile is close to it.
function guess(a: number, b: number, p: number): number {
  const low = (Math.log(p) + Math.log(a) + logBeta(a, b)) / a;
  const high = (Math.log1p(-p) + Math.log(b) + logBeta(a, b)) / b;
  if (low < -3 && low < high) return low;
  if (high < -3 && high < low) return -high;
  return digamma(a) - digamma(b) + double.normalQuantile(p) * Math.sqrt(trigamma(a) + trigamma(b));
}
