import { double } from "../../arithmetic/double.ts";
import { digamma, lgamma1p, trigamma } from "../../arithmetic/double-gamma.ts";
import { deviance, logBetaMass } from "./deviance.ts";
import { logGammaRatio } from "./gamma-ratio.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf } from "./root.ts";
import { NOTHING_BELOW, NOTHING_BEYOND, ofLower, ofUpper, swapped, type Tails } from "./tails.ts";

/** Where both parameters are at least this, the density is smooth enough to be integrated. */
const LARGE = 512;

/** Of the other side of the mean: below it the fraction's terms, about 9 / sqrt(x), are too many. */
const SMALL = 1e-4;

/** From here on quantiles of the logit are a normal's, of whose standard deviation what they lack is less than f64 has of a quantile. */
const NORMAL = 1e20;

/** Of the logarithm of a density, below 0. */
const FAINT = 1e15;

/**
 * The regularised incomplete beta function and its complement, I_x(a, b) and I_y(b, a) for x + y = 1, both given, because each may be
 * too small for the other to be told from 1: the continued fraction of A. DiDonato and A. Morris (1992, equation 9) from the nearer end,
 * a series near an end whose parameter is below 1, and an integral of the density for large a and b, or of the logit's density where the
 * fraction converges slowly.
 */
export function betaTails(a: number, b: number, x: number, y: number): Tails {
  if (x <= 0) return NOTHING_BELOW;
  if (y <= 0) return NOTHING_BEYOND;
  if (a < 1 && x <= 0.5 && b * x <= 1) return smallTails(a, b, x);
  if (b < 1 && y <= 0.5 && a * y <= 1) return swapped(smallTails(b, a, y));
  const log = logBetaMass(a, b, x, y);
  // Beside such a logarithm that of a factor does not count.
  if (log < -FAINT) return x < a / (a + b) ? ofLower(log) : ofUpper(log);
  // How far x lies below the mean, in units of 1 / (a + b).
  const below = x < y ? a - (a + b) * x : (a + b) * y - b;
  if (Math.min(a, b) >= LARGE) {
    const factor = largeSide(a, b, x, y, below);
    return below > 0 ? ofLower(log, factor) : ofUpper(log, factor);
  }
  if (below >= 0) return ofLower(log, y < SMALL ? beyondLogit(b, a, y, x) : fraction(a, b, x, y, below));
  return ofUpper(log, x < SMALL ? beyondLogit(a, b, x, y) : fraction(b, a, y, x, -below));
}

// Where x^a / (a B(a, b)) is near 1, what it leaves is the upper tail: x^a / B(a, b) Σ (1 - b)_n x^n / (n! (a + n)) (DLMF 8.17.7).
function smallTails(a: number, b: number, x: number): Tails {
  const logPower = a * Math.log(x) - lgamma1p(a) + logGammaRatio(b, a);
  let [sum, term] = [0, 1];
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= ((n - b) / n) * x;
    sum += (a * term) / (a + n);
  }
  const power = Math.exp(logPower);
  const lower = Math.min(power * (1 + sum), 1);
  const upper = Math.max(-Math.expm1(logPower) - power * sum, 0);
  const logLower = lower > 0.5 ? Math.log1p(-upper) : logPower + Math.log1p(sum);
  return { lower, upper, logLower, logUpper: upper > 0.5 ? Math.log1p(-lower) : Math.log(upper) };
}

// P(X > x) for x beyond the mean, as a multiple of x^a y^b / B(a, b), the logit's density there, which falls from there on, ever faster.
function beyondLogit(a: number, b: number, x: number, y: number): number {
  const density = (v: number) => Math.exp(a * v - (a + b) * Math.log1p(x * Math.expm1(v)));
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

// ∫ of the density from x to the side away from the mean, as a multiple of x^a y^b / B(a, b): in u, x times which is the distance from x, it is
// that of the slope at x and of two deviances, so that nothing is lost to the size of a and b.
function largeSide(a: number, b: number, x: number, y: number, below: number): number {
  if (x > y) return largeSide(b, a, y, x, -below);
  const odds = x / y;
  const slope = -below / y;
  const density = (u: number) => {
    const mass = Math.exp(-u * slope - a * deviance(u) - b * deviance(-u * odds));
    // At the ends themselves, where points may be rounded to, there is no other factor.
    return mass === 0 ? 0 : mass / ((1 + u) * (1 - u * odds));
  };
  const width = 2 / (Math.sqrt(a + b * odds * odds) + Math.abs(slope) / 2);
  return fallingIntegral(density, 0, below > 0 ? -width : width, below > 0 ? -1 : 1 / odds) / y;
}

/** x with I_x(a, b) = p, for 0 < p < 1, and 1 - x. */
export function betaQuantile(a: number, b: number, p: number): { readonly x: number; readonly y: number } {
  const upper = p > 0.5;
  const target = Math.log(upper ? 1 - p : p);
  if (Math.min(a, b) >= NORMAL) return at(guess(a, b, p));
  // So near to an end only the power x^a / (a B(a, b)) counts.
  const [low, high] = powers(a, b, p);
  if (low < -100) return at(low);
  if (high < -100) return at(-high);
  const move = (t: number): readonly [number, number] => {
    const { x, y } = at(t);
    const { logLower, logUpper } = betaTails(a, b, x, y);
    const log = upper ? logUpper : logLower;
    const slope = Math.exp(logBetaMass(a, b, x, y) - log);
    return upper ? [target - log, slope] : [log - target, slope];
  };
  return at(rootOf(move, -745, 745, guess(a, b, p)));
}

// In the logit t of x both ends keep their digits.
function at(t: number): { readonly x: number; readonly y: number } {
  const share = (u: number) => (u > -40 ? 1 / (1 + Math.exp(-u)) : Math.exp(u));
  return { x: share(t), y: share(-t) };
}

// The logarithms of x and of 1 - x where only the first term of the series at that end counts.
function powers(a: number, b: number, p: number): readonly [number, number] {
  return [
    (Math.log(p) + lgamma1p(a) - logGammaRatio(b, a)) / a,
    (Math.log1p(-p) + lgamma1p(b) - logGammaRatio(a, b)) / b,
  ];
}

// A normal of the logit's mean and variance, or the first term of the series at the nearer end where the quantile is close to it.
function guess(a: number, b: number, p: number): number {
  const [low, high] = powers(a, b, p);
  if (a < 1 && low < -3 && low < high) return low;
  if (b < 1 && high < -3 && high < low) return -high;
  return digamma(a) - digamma(b) + double.normalQuantile(p) * Math.sqrt(trigamma(a) + trigamma(b));
}
