import { scaledBessel } from "../special/bessel.ts";
import { panel } from "../special/quadrature.ts";

// log I0 as the log-normaliser of von Mises distributions; I0 is the modified Bessel function.

/** I1 / I0: the mean cosine of a von Mises distribution of concentration x. */
export function meanCosine(x: number): number {
  // Terms of both series in one pass (DLMF 10.25.2 and 10.40.1).
  const large = x > LARGE;
  let [sum, sum1, term, term1] = [1, large ? 1 : x / 2, 1, large ? 1 : x / 2];
  for (let k = 1; Math.abs(term) + Math.abs(term1) > 1e-17 * sum; k++) {
    term *= large ? (2 * k - 1) ** 2 / (8 * k * x) : (x / 2 / k) ** 2;
    term1 *= large ? ((2 * k - 1) ** 2 - 4) / (8 * k * x) : (x * x) / (4 * k * (k + 1));
    sum += term;
    sum1 += term1;
  }
  return sum1 / sum;
}

/**
 * log I0(b) above its tangent at a, for a, b >= 0.
 *
 * @param d - b - a, where it is known better than from the two
 */
export function besselGap(a: number, b: number, d = b - a): number {
  // log I0 is singular nowhere nearer to the line than 2.4.
  if (Math.abs(d) > NEAR * Math.max(a, 2)) return steady(b) - steady(a) - d * steadySlope(a);
  return d * d * panel((v) => (1 - v) * curvature(a + v * d), 0, 1);
}

const NEAR = 0.2;

/** From here on the asymptotic series has f64's accuracy. */
const LARGE = 50;

/** Of log I0(x) - x + log(2π x) / 2 in powers of 1 / x: the logarithm of DLMF 10.40.1's series. */
const SERIES = [
  0.125, 0.0625, 0.06510416666666667, 0.1015625, 0.2095703125, 0.5364583333333333, 1.6380658830915178, 5.809814453125,
  23.475127749972874, 106.467822265625, 535.640519510616,
];

/** log I0(x) - x */
function steady(x: number): number {
  return Math.log(scaledBessel(x));
}

function steadySlope(x: number): number {
  if (x < LARGE) return meanCosine(x) - 1;
  return -(0.5 + SERIES.reduceRight((rest, c, n) => (rest + (n + 1) * c) / x, 0)) / x;
}

function curvature(x: number): number {
  if (x === 0) return 0.5;
  if (x >= LARGE) return (0.5 + SERIES.reduceRight((rest, c, n) => (rest + (n + 1) * (n + 2) * c) / x, 0)) / (x * x);
  const mean = meanCosine(x);
  return 1 - mean / x - mean * mean;
}
