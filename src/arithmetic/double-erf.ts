import { NORMAL_BOTTOM, NORMAL_TOP, type Polynomial, TAIL_BOTTOM, TAIL_TOP } from "./coefficients.ts";

/** The error function in f64: a series near 0, 1 - erfc beyond. */
export function erf(x: number): number {
  if (Math.abs(x) >= 0.5) return x < 0 ? erfc(-x) - 1 : 1 - erfc(x);
  // 2 / sqrt(pi) x exp(-x²) Σ (2x²)^k / (1·3·5···(2k+1)), all of whose terms are positive.
  const twice = 2 * x * x;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-17; k++) {
    term *= twice / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * sum;
}

const STEP = 0.5;

/**
 * The complementary error function in f64, with its relative accuracy in the tail. For x >= 0.5 it is the trapezoidal
 * rule for x/π exp(-x²) ∫ exp(-t²) / (t² + x²) dt, with the residue of the pole at t = ix where the rule's own error,
 * exp(-π²/h²) = 7e-18, would not cover it (C. Chiarella and A. Reichel, 1968).
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < -0.5) return 2 - erfc(-x);
  if (x < 0.5) return 1 - erf(x);
  if (x > 27.3) return 0;
  let sum = 0.5 / (x * x);
  for (let k = 1; k <= 13; k++) {
    const t = k * STEP;
    sum += Math.exp(-t * t) / (t * t + x * x);
  }
  const residue = x < 6.5 ? 2 / Math.expm1((2 * Math.PI * x) / STEP) : 0;
  return ((2 * STEP) / Math.PI) * x * expOfSquare(x) * sum - residue;
}

/** exp(-x²): the square of the leading 24 bits is exact. */
function expOfSquare(x: number): number {
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp((head - x) * (head + x));
}

/** The quantile of the standard normal in f64: of 0 it is -Infinity, of 1 Infinity, outside [0, 1] NaN. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  return p < 0.5 ? -normalQuantileOf(p, 0.5 - p) : normalQuantileOf(1 - p, p - 0.5);
}

/**
 * The number that a standard normal exceeds with probability u = 1/2 - d <= 1/2, given u and d, each of which may be
 * tiny: a rational approximation, then Halley's steps on the difference of probabilities.
 */
export function normalQuantileOf(u: number, d: number): number {
  let z = guess(u, d);
  if (u < SUBNORMAL) return farQuantile(Math.log(u), z);
  for (let step = 0; step < 3; step++) {
    const excess = u > 0.25 ? d - 0.5 * erf(z * Math.SQRT1_2) : 0.5 * erfc(z * Math.SQRT1_2) - u;
    const move = (excess * Math.sqrt(2 * Math.PI)) / expOfSquare(z * Math.SQRT1_2);
    z += move / (1 - 0.5 * z * move);
    if (Math.abs(move) < 1e-6 * z) break; // the next would be below 1e-18
  }
  return z;
}

/** Below this, probabilities have fewer digits than their logarithms. */
const SUBNORMAL = 1e-300;

// The z > 30 with log P(Z > z) = logTail, by Newton's steps from one that is near: the tail is the density times Mills' ratio
// 1 / (z + 1 / (z + 2 / (z + …))) (DLMF 7.9.3).
function farQuantile(logTail: number, near: number): number {
  let z = near;
  for (let step = 0; step < 3; step++) {
    let rest = z;
    for (let k = 16; k >= 1; k--) rest = z + k / rest;
    const log = -0.5 * (z * z + Math.log(2 * Math.PI)) - Math.log(rest);
    z += (log - logTail) / rest;
  }
  return z;
}

function guess(u: number, d: number): number {
  if (u > 0.1) {
    const t = d * d - 0.08;
    return (d * horner(t, NORMAL_TOP)) / horner(t, NORMAL_BOTTOM);
  }
  const r = Math.sqrt(-2 * Math.log(u));
  if (r > 13) return r - (Math.log(r) + 0.5 * Math.log(2 * Math.PI)) / r;
  return r - horner(r, TAIL_TOP) / horner(r, TAIL_BOTTOM);
}

function horner(t: number, coefficients: Polynomial): number {
  return coefficients.reduce((p, coefficient) => p * t + coefficient);
}
