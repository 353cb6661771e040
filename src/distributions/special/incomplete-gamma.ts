import { double } from "../../arithmetic/double.ts";
import { lgamma1p } from "../../arithmetic/double-gamma.ts";
import { LEAST_NORMAL_64 } from "../../arithmetic/range.ts";
import { deviance, logPoissonMass } from "./deviance.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf } from "./root.ts";
import { NOTHING_BELOW, NOTHING_BEYOND, ofLower, ofUpper, type Tails } from "./tails.ts";

/** From here on series take too many terms, and the density is smooth enough to be integrated. */
const LARGE = 4096;

/** From here on quantiles are a normal's, of whose standard deviation what they lack is less than f64 has of a. */
const NORMAL = 1e20;

/**
 * The regularised incomplete gamma functions P(a, x) and Q(a, x) for a > 0 and x >= 0: a series left of the middle, a continued
 * fraction right of it (DLMF 8.11.4 and 8.9.2), and an integral of the density for large a.
 *
 * @param logX - where x, below f64's range, has lost digits or all
 */
export function gammaTails(a: number, x: number, logX: number = Math.log(x)): Tails {
  if (logX === Number.NEGATIVE_INFINITY) return NOTHING_BELOW;
  if (x === Number.POSITIVE_INFINITY) return NOTHING_BEYOND;
  if (x < LEAST_NORMAL_64 || (a < 1 && x <= a + 1)) return smallTails(a, x, logX);
  const log = logPoissonMass(a, x);
  if (a >= LARGE) return x < a ? ofLower(log, a * largeSide(a, x, -1)) : ofUpper(log, a * largeSide(a, x, 1));
  return x > a + 1 ? ofUpper(log, a * fraction(a, x)) : ofLower(log, series(a, x));
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
function smallTails(a: number, x: number, logX: number): Tails {
  const logPower = a * logX - lgamma1p(a);
  let [sum, term] = [0, 1];
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= -x / k;
    sum += (a * term) / (a + k);
  }
  const power = Math.exp(logPower);
  const lower = Math.min(power * (1 + sum), 1);
  const upper = Math.max(-Math.expm1(logPower) - power * sum, 0);
  const logLower = lower > 0.5 ? Math.log1p(-upper) : logPower + Math.log1p(sum);
  return { lower, upper, logLower, logUpper: upper > 0.5 ? Math.log1p(-lower) : Math.log(upper) };
}

// ∫ of the density from x to one side, as a multiple of x times the density there: in u = t / x - 1, where it is that of the slope at x
// and of the deviance of u, so that nothing is lost to the size of a or x.
function largeSide(a: number, x: number, side: 1 | -1): number {
  const slope = x - a;
  const density = (u: number) => {
    const mass = Math.exp(-u * slope - a * deviance(u));
    // At -1 itself, where points may be rounded to, there is no other factor.
    return mass === 0 ? 0 : mass / (1 + u);
  };
  const width = 2 / (Math.sqrt(a) + Math.abs(slope) / 2);
  return fallingIntegral(density, 0, side * width, side < 0 ? -1 : Number.POSITIVE_INFINITY);
}

/** x with P(a, x) = p and Q(a, x) = q, of which the smaller counts, for 0 < p < 1, as its logarithm. */
export function logGammaQuantile(a: number, p: number, q: number = 1 - p): number {
  const upper = q < p;
  const target = Math.log(upper ? q : p);
  const z = upper ? -double.normalQuantile(q) : double.normalQuantile(p);
  if (a >= NORMAL) return Math.log(a) + Math.log1p(z / Math.sqrt(a));
  // So near to 0 only the power x^a / Γ(a + 1) counts.
  const power = (Math.log(p) + lgamma1p(a)) / a;
  if (power < -100) return power;
  const move = (y: number): readonly [number, number] => {
    const x = Math.exp(y);
    const { logLower, logUpper } = gammaTails(a, x);
    const log = upper ? logUpper : logLower;
    const slope = Math.exp(logPoissonMass(a, x) + Math.log(a) - log);
    return upper ? [target - log, slope] : [log - target, slope];
  };
  return rootOf(move, -745, 710, guess(a, z, power));
}

// The logarithm of a quantile: E. Wilson and M. Hilferty's cube (1931), or the series' first term where it is smaller.
function guess(a: number, z: number, power: number): number {
  const cube = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  return a > 1 && cube > 0.2 ? Math.log(a) + 3 * Math.log(cube) : Math.min(power, Math.log(a + 10));
}
