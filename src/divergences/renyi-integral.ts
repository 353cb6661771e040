import type { ScalarDistribution } from "../distributions/distribution.ts";
import { integrate } from "../distributions/special/adaptive.ts";
import { isFarOut, splits } from "./mean-between.ts";
import { reduced } from "./reduced.ts";

/** Panels that an integral goes outwards by: each twice as wide as the last, or half as wide towards a finite end. */
const MOST_PANELS = 1_100;

/** Panels stop to matter at this share. */
const NOTHING = 1e-14;

/**
 * log ∫ p^α q^(1 - α), whose integrand may have its mass far from that of p and of q: from between their quantiles and its own peak
 * outwards, until nothing is added. Infinity where it goes on growing, NaN where its peak is narrower than f64's numbers lie apart.
 */
export function logRenyiIntegral(own: ScalarDistribution, other: ScalarDistribution, alpha: number): number {
  const [p, q] = reduced(own, other);
  const ends = [p, q].map(({ support }) => support[0] ?? { low: -Infinity, high: Infinity });
  const [low, high] = [Math.max(...ends.map((one) => one.low)), Math.min(...ends.map((one) => one.high))];
  const log = (x: number) => {
    const log = p.logProb(x);
    const sum = log === -Infinity ? log : (alpha === 0 ? 0 : alpha * log) + (1 - alpha) * q.logProb(x);
    // A node that was rounded onto a pole has no share.
    return sum < Infinity ? sum : -Infinity;
  };
  const known = splits(p, q);
  if (Number.isFinite(low) || Number.isFinite(high) || !isFarOut(p, q)) return logIntegral(log, known, low, high);
  // In the area sine, heavy tails are light.
  const turned = (u: number) => log(Math.sinh(u)) + Math.log(Math.cosh(u));
  const inner = logIntegral(turned, known.map(Math.asinh), -FARTHEST, FARTHEST);
  const tails = [-1, 1].map((side) => powerTail((x) => Math.exp(log(x) - inner), side * Math.sinh(FARTHEST)));
  return inner + Math.log1p(tails.reduce((sum, tail) => sum + tail, 0));
}

/** As far as the hyperbolic sine stays within f64's range. */
const FARTHEST = 700;

/** log ∫ exp(log) from low to high, of which some points in order of size are known to matter. */
function logIntegral(log: (x: number) => number, points: readonly number[], low: number, high: number): number {
  const known = sorted(points, low, high);
  const top = peakOf(log, sorted([...known, ...farther(known, low, high)], low, high));
  const peak = log(top);
  // p is positive where q is below all that f64 can say, or the other way about.
  if (!Number.isFinite(peak)) return peak;
  // Narrower than a few of the numbers there are.
  if (around(log, top, peak - 1, [low, high]).some((x) => Math.abs(x - top) < FEW * Math.abs(top))) return Number.NaN;
  const f = (x: number) => Math.exp(log(x) - peak);
  const inside = sorted([...known, top, ...FALLS.flatMap((fall) => around(log, top, peak - fall, known))], low, high);
  const [first = 0, last = 0] = [inside[0], inside.at(-1)];
  const middle = integrate(f, inside, 0).value;
  const below = outwards(f, first, low, last - first, middle);
  const above = outwards(f, last, high, last - first, middle);
  const sum = middle + below + above;
  return Number.isFinite(sum) ? peak + Math.log(sum) : Infinity;
}

/** Points from the outermost ones on, ever nearer to a finite end or ever farther out. */
function farther(points: readonly number[], low: number, high: number): readonly number[] {
  const [first = 0, last = 0] = [points[0], points.at(-1)];
  const width = last - first || 1;
  const steps = Array.from({ length: 100 }, (_, k) => 8 ** (k + 1));
  return steps.flatMap((step) => [
    Number.isFinite(low) ? low + (first - low) / step : first - width * step,
    Number.isFinite(high) ? high - (high - last) / step : last + width * step,
  ]);
}

/** So many roundings of a number are too few to integrate over. */
const FEW = 256 * Number.EPSILON;

/** How far below its peak the logarithm is where the integral is split. */
const FALLS = [1, 8, 40];

function sorted(points: readonly number[], low: number, high: number): readonly number[] {
  return [...new Set(points)].filter((x) => x > low && x < high && Number.isFinite(x)).sort((a, b) => a - b);
}

/** Where a function of one peak is largest between the first and the last point: thirds are left out, from the best point's neighbours in. */
function peakOf(log: (x: number) => number, points: readonly number[]): number {
  const best = points.reduce((most, x, k) => (log(x) > log(points[most] ?? x) ? k : most), 0);
  let [left, right] = [points[Math.max(0, best - 1)] ?? 0, points[Math.min(points.length - 1, best + 1)] ?? 0];
  for (let k = 0; k < 200; k++) {
    const third = (right - left) / 3;
    const [a, b] = [log(left + third), log(right - third)];
    // Where both are nothing, the best point is on the other side.
    if (a < b || (b === -Infinity && left + third < (points[best] ?? 0))) left += third;
    else right -= third;
  }
  const found = left + (right - left) / 2;
  return log(found) > log(points[best] ?? found) ? found : (points[best] ?? found);
}

/** The points on either side of the peak where the logarithm has fallen to a level, where it does before the points end. */
function around(log: (x: number) => number, top: number, level: number, points: readonly number[]): readonly number[] {
  const ends = [points[0] ?? top, points.at(-1) ?? top];
  return ends.flatMap((end) => {
    if (!(log(end) < level)) return [];
    let [inner, outer] = [top, end];
    for (let k = 0; k < 100; k++) {
      const middle = inner + (outer - inner) / 2;
      if (log(middle) < level) outer = middle;
      else inner = middle;
    }
    return [outer];
  });
}

function outwards(f: (x: number) => number, from: number, end: number, width: number, before: number): number {
  const sign = end < from ? -1 : 1;
  let sum = 0;
  let [left, step] = [from, width];
  for (let k = 0; k < MOST_PANELS && left !== end; k++) {
    const right = Number.isFinite(end) ? left + (end - left) / 2 : left + sign * step;
    if (right === left) break;
    // Beyond f64's numbers a power goes on as such.
    if (!Number.isFinite(right)) return sum + powerTail(f, left);
    const part = Math.abs(
      integrate(
        f,
        [left, right].sort((a, b) => a - b),
        NOTHING * (before + sum),
      ).value,
    );
    sum += part;
    if (!Number.isFinite(sum)) return Infinity;
    if (part <= NOTHING * (before + sum)) return sum;
    left = right;
    step *= 2;
  }
  return left === end || Number.isFinite(end) ? sum : Infinity;
}

/** The integral from x outwards of what falls as a power of x, whose exponent the last octaves tell. */
function powerTail(f: (x: number) => number, x: number): number {
  if (f(x) === 0) return 0;
  const fall = Math.log(f(x / 2 ** 64) / f(x)) / (64 * Math.LN2);
  return fall > 1 ? (f(x) * Math.abs(x)) / (fall - 1) : Infinity;
}
