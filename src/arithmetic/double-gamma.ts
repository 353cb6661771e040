/**
 * The logarithm of the gamma function and what belongs to it, in f64, for x >= 0: below 0 all are NaN.
 *
 * Near 2 they are Taylor series whose coefficients are the Riemann zeta function's (DLMF 5.7.3); from 10 on Stirling's series
 * (DLMF 5.11.1, 5.11.2); between them the recurrence Γ(x + 1) = x Γ(x). Relative errors are of the order of 1e-15, except near
 * digamma's root 1.4616, where its absolute error is.
 */
import { HALF_LOG_TURN, ONE_LESS_EULER } from "./coefficients.ts";

// zeta(k) - 1, k from 2: 4^-29 of the last is beyond f64 where |z| <= 1/2.
const ZETA = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
  0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5,
  7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8,
  7.45071178983543e-9,
];

/** Bernoulli's numbers B2, B4, …, B16. */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** From here on Stirling's series has f64's accuracy. */
const LARGE = 10;

/** log Γ(x). Its zeros at 1 and 2 keep their relative accuracy; of 0 it is Infinity. */
export function lgamma(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x >= LARGE) return (x - 0.5) * (Math.log(x) - 1) - 0.5 + HALF_LOG_TURN + stirlingRest(x);
  if (x < 0.5) return lgammaFrom2(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return lgamma1p(x - 1);
  let product = 1;
  let y = x;
  while (y > 2.5) {
    y -= 1;
    product *= y;
  }
  return Math.log(product) + lgammaFrom2(y - 2);
}

/** log Γ(1 + z), without the rounding of 1 + z, for z >= -1. */
export function lgamma1p(z: number): number {
  if (Math.abs(z) <= 0.5) return lgammaFrom2(z) - Math.log1p(z);
  return z > 0.5 && z <= 1.5 ? lgammaFrom2(z - 1) : lgamma(1 + z);
}

/** log Γ(1 + 2z) - 2 log Γ(1 + z) for z >= 0, which is of the order of z² near 0. */
export function lgamma1pGap(z: number): number {
  if (z > 0.25) return lgamma1p(2 * z) - 2 * lgamma1p(z);
  const ratio = z / (1 + z);
  // The logarithms' part is log((1 + 2z) / (1 + z)²); the series' linear terms cancel.
  return series(-z, (k) => (2 ** k - 2) / k) * z * z - Math.log1p(-ratio * ratio);
}

/** The derivative of log Γ(x): of 0 it is -Infinity. */
export function digamma(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  if (x < 1.5) return digamma(x + 1) - 1 / x;
  if (x < 2.5) return digammaFrom2(x - 2);
  let y = x;
  let sum = 0;
  for (; y < LARGE; y++) sum += 1 / y;
  const t = 1 / (y * y);
  return Math.log(y) - sum - 0.5 / y - BERNOULLI.reduceRight((rest, b, k) => (rest + b / (2 * k + 2)) * t, 0);
}

/** The second derivative of log Γ(x): of 0 it is Infinity. */
export function trigamma(x: number): number {
  if (!(x >= 0)) return NaN;
  let y = x;
  let sum = 0;
  for (; y < LARGE; y++) sum += 1 / (y * y);
  const t = 1 / (y * y);
  return sum + (1 + 0.5 / y + BERNOULLI.reduceRight((rest, b) => (rest + b) * t, 0)) / y;
}

/**
 * log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b) for a, b > 0. Where one is large, the large terms of Stirling's series are
 * joined before they are computed.
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (!(small >= 0)) return NaN;
  if (small === 0) return Infinity;
  if (large === Infinity) return -Infinity;
  const sum = small + large;
  if (large < LARGE) return lgamma(small) + lgamma(large) - lgamma(sum);
  const rests = stirlingRest(large) - stirlingRest(sum);
  const share = (large - 0.5) * Math.log1p(-small / sum);
  if (small < LARGE) return lgamma(small) + rests + small * (1 - Math.log(sum)) + share;
  const both = stirlingRest(small) + rests + HALF_LOG_TURN - 0.5 * Math.log(sum);
  return both + (small - 0.5) * Math.log(small / sum) + share;
}

/** What log Γ(x) has beyond (x - 1/2) log x - x + log(2π) / 2, for x >= LARGE. */
function stirlingRest(x: number): number {
  const t = 1 / (x * x);
  return BERNOULLI.reduceRight((rest, b, k) => rest * t + b / ((2 * k + 1) * (2 * k + 2)), 0) / x;
}

/** log Γ(2 + z) for |z| <= 1/2. */
function lgammaFrom2(z: number): number {
  return z * (ONE_LESS_EULER + z * series(-z, (k) => 1 / k));
}

function digammaFrom2(z: number): number {
  return ONE_LESS_EULER + z * series(-z, () => 1);
}

/** Σ (zeta(k) - 1) factor(k) z^(k - 2), k from 2. */
function series(z: number, factor: (k: number) => number): number {
  return ZETA.reduceRight((rest, zeta, n) => rest * z + zeta * factor(n + 2), 0);
}
