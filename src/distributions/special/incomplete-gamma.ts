import { double } from "../../arithmetic/double.ts";
import { lgamma1p } from "../../arithmetic/double-gamma.ts";
import { deviance, logPoissonMass } from "./deviance.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf, type Tails } from "./root.ts";

/** From here on series take too many terms, and the density is smooth enough to be integrated. */
const LARGE = 4096;

/**
 * The regularised incomplete gamma functions P(a, x) and Q(a, x) for a > 0 and x >= 0: a series left of the middle, a continued
 * fraction right of it (DLMF 8.11.4 and 8.9.2), and an integral of the density for large a.
 */
export function gammaTails(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  if (a >= LARGE) return largeTails(a, x);
  if (x > a + 1) return fromUpper(a * Math.exp(logPoissonMass(a, x)) * fraction(a, x));
  if (a < 1 && x < 1) return smallTails(a, x);
  return fromLower(Math.exp(logPoissonMass(a, x)) * series(a, x));
}

function fromLower(lower: number): Tails {
  return { lower, upper: 1 - lower };
}

function fromUpper(upper: number): Tails {
  return { lower: 1 - upper, upper };
}

// 1 + x / (a + 1) + x² / ((a + 1) (a + 2)) + …
function series(a: number, x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

// 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - …))), by Lentz' method.
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let product = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    product *= c * d;
    if (!(Math.abs(c * d - 1) > 3e-16)) return product;
  }
}

// Where x^a / Γ(a + 1) is near 1, what it leaves is Q: the alternating series of both (DLMF 8.7.1).
function smallTails(a: number, x: number): Tails {
  const logPower = a * Math.log(x) - lgamma1p(a);
  let [sum, term] = [0, 1];
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= -x / k;
    sum += (a * term) / (a + k);
  }
  const power = Math.exp(logPower);
  return { lower: power * (1 + sum), upper: -Math.expm1(logPower) - power * sum };
}

// In d = x - a, so that nothing is lost to the size of a.
function largeTails(a: number, x: number): Tails {
  const peak = logPoissonMass(a, a);
  const density = (d: number) => {
    const mass = Math.exp(peak - a * deviance(d / a));
    // At 0 itself, where points may be rounded to, there is no other factor.
    return mass === 0 ? 0 : mass * (a / (a + d));
  };
  const d = x - a;
  const spread = Math.sqrt(a);
  const width = (2 * spread) / (1 + Math.abs(d) / (2 * spread));
  if (d < 0) return fromLower(fallingIntegral(density, d, -width, -a));
  return fromUpper(fallingIntegral(density, d, width, Number.POSITIVE_INFINITY));
}

/** x with P(a, x) = p, for 0 < p < 1. */
export function gammaQuantile(a: number, p: number): number {
  const upper = p > 0.5;
  const target = Math.log(upper ? 1 - p : p);
  const move = (y: number): readonly [number, number] => {
    const x = Math.exp(y);
    const tails = gammaTails(a, x);
    const tail = upper ? tails.upper : tails.lower;
    const slope = Math.exp(logPoissonMass(a, x) + Math.log(a) - Math.log(tail));
    return upper ? [target - Math.log(tail), slope] : [Math.log(tail) - target, slope];
  };
  return Math.exp(rootOf(move, -745, 710, guess(a, p)));
}

// The logarithm of a quantile: E. Wilson and M. Hilferty's cube (1931), or the series' first term where it is smaller.
function guess(a: number, p: number): number {
  const cube = 1 - 1 / (9 * a) + double.normalQuantile(p) / (3 * Math.sqrt(a));
  const power = (Math.log(p) + lgamma1p(a)) / a;
  return a > 1 && cube > 0.2 ? Math.log(a) + 3 * Math.log(cube) : Math.min(power, Math.log(a + 10));
}
