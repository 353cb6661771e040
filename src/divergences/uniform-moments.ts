import { panel } from "../distributions/special/quadrature.ts";
import type { Moments } from "./moments.ts";

/** Intervals up to this share of the distance to a singularity go by Gauss's rule. */
const NEAR = 0.2;

/**
 * Moments of the uniform distribution on [low, high]. Where a function is smooth over the interval, Gauss's rule is as exact as its
 * antiderivative, whose values at the ends would cancel.
 */
export function uniformMoments(low: number, high: number): Moments {
  const width = high - low;
  return {
    partialMean: (c) => ((c - low) * (c + low)) / width / 2,
    ...(low >= 0 ? { ...logarithmOf(low, high), power: (k, s) => powerOf(low / s, high / s, k) } : {}),
    ...(high <= 1 ? { logComplement: logarithmOf(1 - high, 1 - low).logarithm } : {}),
    exponential: (t, c) => (t === 0 ? 1 : Math.exp(t * (low - c)) * (Math.expm1(t * width) / (t * width))),
    logSquare(c, s) {
      if (width < NEAR * s) return average(low, high, (x) => Math.log1p(((x - c) / s) ** 2));
      const [from, to] = [(low - c) / s, (high - c) / s];
      const antiderivative = (u: number) => 2 * (u * Math.log(Math.hypot(1, u)) - u + Math.atan(u));
      return (antiderivative(to) - antiderivative(from)) / (to - from);
    },
    cosine: (c) => (Math.cos(low + width / 2 - c) * Math.sin(width / 2)) / (width / 2),
  };
}

function logarithmOf(low: number, high: number): { readonly logarithm: number; readonly logVariance: number } {
  if (high - low < NEAR * low) {
    const logarithm = average(low, high, Math.log);
    return { logarithm, logVariance: average(low, high, (x) => (Math.log(x) - logarithm) ** 2) };
  }
  // x log x is 0 at 0.
  const between = (f: (log: number) => number) => {
    return (high * f(Math.log(high)) - (low === 0 ? 0 : low * f(Math.log(low)))) / (high - low);
  };
  const logarithm = between((log) => log - 1);
  return { logarithm, logVariance: between((log) => (log - logarithm - 1) ** 2 + 1) };
}

function powerOf(low: number, high: number, k: number): number {
  if (low === 0 && k <= -1) return Number.POSITIVE_INFINITY;
  if (high - low < NEAR * low) return average(low, high, (x) => x ** k);
  if (k === -1) return Math.log(high / low) / (high - low);
  return (high ** (k + 1) - low ** (k + 1)) / (k + 1) / (high - low);
}

function average(low: number, high: number, f: (x: number) => number): number {
  return panel((v) => f(low + (high - low) * v), 0, 1);
}
