import { logQuotient } from "../bregman/generators.ts";
import type { Moments } from "../moments.ts";
import { halfTurn } from "../special/half-turn.ts";
import { panel } from "../special/quadrature.ts";

/** Intervals up to this share of the distance to a singularity go by Gauss's rule. */
const NEAR = 0.2;

/**
 * Moments of the uniform distribution on [low, high]. Where a function is smooth over the interval, Gauss's rule is as exact as its
 * antiderivative, whose values at the ends would cancel.
 */
export function uniformMoments(low: number, high: number): Moments {
  const width = high - low;
  const isNear = (c: number, size: number) => Math.max(Math.abs(low - c), Math.abs(high - c)) < 0.5 * size;
  return {
    below: (c) => ((c - low) / width) * ((c - low) / 2),
    ...(low >= 0 && positive(low, high, isNear)),
    ...(high <= 1 && {
      complementOver(c) {
        if (isNear(c, 1 - c)) return average(low, high, (x) => Math.log1p((c - x) / (1 - c)));
        return logarithmOf(1 - high, 1 - low).logarithm - Math.log1p(-c);
      },
    }),
    exponential: (t, c) => (t === 0 ? 1 : Math.exp(t * (low - c)) * (Math.expm1(t * width) / (t * width))),
    logSquare(c, s) {
      const distance = Math.hypot(s, Math.max(low - c, c - high, 0));
      if (width < NEAR * distance) return average(low, high, (x) => Math.log1p(((x - c) / s) ** 2));
      const [from, to] = [(low - c) / s, (high - c) / s];
      const antiderivative = (u: number) => 2 * (u * Math.log(Math.hypot(1, u)) - u + Math.atan(u));
      return (antiderivative(to) - antiderivative(from)) / (to - from);
    },
    versine(c) {
      const turned = 2 * halfTurn(low + width / 2, c).sine ** 2;
      const spread = sineGap(width / 2);
      return turned + (1 - turned) * spread;
    },
  };
}

function positive(low: number, high: number, isNear: (c: number, size: number) => boolean): Moments {
  const known = logarithmOf(low, high);
  const logOver = (c: number) =>
    isNear(c, c) ? average(low, high, (x) => Math.log1p((x - c) / c)) : known.logarithm - Math.log(c);
  return { ...known, logOver, logGap: -logOver(low + (high - low) / 2), power: (k, s) => powerOf(low, high, s, k) };
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

/** E (X / s)^k */
function powerOf(low: number, high: number, s: number, k: number): number {
  if (low === 0) return k > -1 ? (high / s) ** k / (k + 1) : Number.POSITIVE_INFINITY;
  // x^(k + 1) between the ends, by logarithms, which are exact where the ends are close.
  const log = Math.log1p((high - low) / low);
  const t = (k + 1) * log;
  const share = t === 0 ? 1 : -Math.expm1(-t) / t;
  return Math.exp((k + 1) * logQuotient(high, s)) * share * (log / ((high - low) / s));
}

/** 1 - sin(x) / x */
function sineGap(x: number): number {
  if (x > 1) return 1 - Math.sin(x) / x;
  let sum = 0;
  for (let k = 10; k >= 1; k--) sum = ((1 - sum) * x * x) / (2 * k * (2 * k + 1));
  return sum;
}

function average(low: number, high: number, f: (x: number) => number): number {
  return panel((v) => f(low + (high - low) * v), 0, 1);
}
