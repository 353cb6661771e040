import { double } from "../../arithmetic/double.ts";
import type { Tails } from "./tails.ts";

/** More steps are needed only where slopes are wrong. */
const MOST_NEWTON = 60;

/** Logarithms of probabilities are no nearer to one another. */
const ROUNDING = 1e-13;

/**
 * Where an increasing function, the logarithm of a probability less another, is 0: by Newton's steps, and by halving where they would leave the
 * bracket.
 *
 * @param f - its value, and its slope, at a point
 * @param start - a guess, from low to high
 */
export function rootOf(
  f: (x: number) => readonly [value: number, slope: number],
  low: number,
  high: number,
  start: number,
): number {
  let [from, to, x] = [low, high, Math.min(Math.max(start, low), high)];
  let before = Number.NaN;
  for (let steps = 0; steps < 200; steps++) {
    const [value, slope] = f(x);
    if (value === 0) return x;
    // What is left is the rounding of the function: neighbours have it too.
    if (value === before && Math.abs(value) < ROUNDING) return x;
    before = value;
    if (value < 0) from = x;
    else to = x;
    const newton = x - value / slope;
    // Steps below x's digits end at the root, but from far away, where the slope may be wrong, they say nothing.
    const small = Math.abs(newton - x) <= 2e-16 * Math.abs(newton);
    if (small && Number.isFinite(newton) && Math.abs(value) < 1) return newton;
    const inside = newton > from && newton < to;
    const next = inside && !small && steps < MOST_NEWTON ? newton : from / 2 + to / 2;
    if (next === from || next === to) return next;
    x = next;
  }
  return x;
}

/**
 * The least whole number k from low to high with P(X <= k) >= p; `cdf` gives P(X <= k) and P(X > k), of which the smaller is compared; the mean and
 * standard deviation tell where to begin.
 */
export function leastWhole(
  cdf: (k: number) => Tails,
  p: number,
  low: number,
  high: number,
  mean: number,
  std: number,
): number {
  const reaches = (k: number) => {
    const { lower, upper } = cdf(k);
    return p <= 0.5 ? lower >= p : upper <= 1 - p;
  };
  // The bracket grows from a normal's quantile, because high may be infinite.
  const start = Math.round(mean + std * double.normalQuantile(p));
  let to = Math.min(Math.max(start, low), high);
  let from = to;
  for (let width = 1; to < high && !reaches(to); width *= 2) {
    from = to + 1;
    to = Math.min(to + width, high);
  }
  for (let width = 1; from > low && reaches(from); width *= 2) {
    to = from;
    from = Math.max(from - width, low);
  }
  if (reaches(from)) return from;
  while (to - from > 1) {
    const middle = Math.floor(from / 2 + to / 2);
    // Beyond 2^53 no number may lie between.
    if (middle <= from || middle >= to) break;
    if (reaches(middle)) to = middle;
    else from = middle;
  }
  return to;
}
