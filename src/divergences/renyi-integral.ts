import type { ScalarDistribution } from "../distributions/distribution.ts";
import { integrate } from "./adaptive.ts";
import { splits } from "./mean-between.ts";

/** Panels that an integral goes outwards by: each twice as wide as the last, or half as wide towards a finite end. */
const MOST_PANELS = 1_100;

/** Panels stop to matter at this share. */
const NOTHING = 1e-14;

/**
 * log ∫ p^α q^(1 - α), whose integrand may have its mass far from that of p and of q: from between their quantiles and its own peak
 * outwards, until nothing is added. Infinity where it goes on growing.
 */
export function logRenyiIntegral(p: ScalarDistribution, q: ScalarDistribution, alpha: number): number {
  const { low, high } = p.support[0] ?? { low: -Infinity, high: Infinity };
  const log = (x: number) => {
    const own = p.logProb(x);
    const sum = own === -Infinity ? own : alpha * own + (1 - alpha) * q.logProb(x);
    return Number.isNaN(sum) ? -Infinity : sum;
  };
  const known = sorted(splits(p, q), low, high);
  const top = peakOf(log, known);
  const peak = log(top);
  // p is positive where q is below all that f64 can say, or the other way about.
  if (!Number.isFinite(peak)) return peak;
  const f = (x: number) => Math.exp(log(x) - peak);
  const inside = sorted([...known, top, ...FALLS.flatMap((fall) => around(log, top, peak - fall, known))], low, high);
  const [first = 0, last = 0] = [inside[0], inside.at(-1)];
  const middle = integrate(f, inside, 0).value;
  const below = outwards(f, first, low, last - first, middle);
  const above = outwards(f, last, high, last - first, middle);
  const sum = middle + below + above;
  return Number.isFinite(sum) ? peak + Math.log(sum) : Infinity;
}

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
    if (log(left + third) < log(right - third)) left += third;
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
    if (right === left || !Number.isFinite(right)) break;
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
