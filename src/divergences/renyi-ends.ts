import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";
import { areApart } from "../distributions/inside.ts";
import { logSumExp } from "../distributions/special/tails.ts";
import { asGaussian, largestRatio } from "./closed/gaussians.ts";
import { possibleValues } from "./counts.ts";
import { factorPairs, isCovered } from "./factors.ts";
import { hiddenNextToEnds, splits } from "./mean-between.ts";
import { reduced } from "./reduced.ts";
import { logRenyiIntegral } from "./renyi-integral.ts";
import { isSame } from "./same.ts";
import { isUnbounded } from "./tails.ts";

/** Rényi's divergence of order 0, -log Q(p > 0); undefined where it is not known. */
export function renyiOfOrder0(p: Distribution, q: Distribution): number | undefined {
  if (isSame(p, q) || isCovered(q, p)) return 0;
  const parts = overParts(p, q, renyiOfOrder0);
  if (parts !== undefined) return parts;
  const isOfKind = p.support.every(({ kind }, k) => kind === q.support[k]?.kind);
  if (!isOfKind || areApart(p.support, q.support)) return Number.POSITIVE_INFINITY;
  const counted = q.atoms ? q : p.atoms && p;
  if (counted) {
    const shared = possibleValues(counted).filter((value) => p.logProb(value as never) > Number.NEGATIVE_INFINITY);
    return Math.max(0, -logSumExp(shared.map((value) => q.logProb(value as never))));
  }
  if (p.shape.length > 0 || p.parts || p.support[0]?.kind !== "interval") return undefined;
  const log = logRenyiIntegral(p as ScalarDistribution, q as ScalarDistribution, 0);
  return Number.isNaN(log) ? undefined : Math.max(0, -log);
}

/** Rényi's divergence of order Infinity, the logarithm of the largest p / q; undefined where it is not known. */
export function renyiOfOrderInfinity(p: Distribution, q: Distribution): number | undefined {
  if (isSame(p, q)) return 0;
  if (!isCovered(p, q)) return Number.POSITIVE_INFINITY;
  const parts = overParts(p, q, renyiOfOrderInfinity);
  if (parts !== undefined) return parts;
  const [own, other] = [asGaussian(p), asGaussian(q)];
  if (own && other) return largestRatio(own, other);
  if (p.atoms) {
    const ratios = possibleValues(p).map((value) => {
      const own = p.logProb(value as never);
      return own === Number.NEGATIVE_INFINITY ? own : own - q.logProb(value as never);
    });
    return ratios.reduce((most, ratio) => Math.max(most, ratio), 0);
  }
  const most = p.name === q.name ? p.known?.mostOver?.(q) : undefined;
  if (most !== undefined) return most;
  if (p.shape.length > 0 || p.parts || p.support[0]?.kind !== "interval") return undefined;
  const unbounded = isUnbounded(p, q);
  if (unbounded !== false) return unbounded ? Number.POSITIVE_INFINITY : undefined;
  return largest(p as ScalarDistribution, q as ScalarDistribution);
}

function overParts(
  p: Distribution,
  q: Distribution,
  of: (p: Distribution, q: Distribution) => number | undefined,
): number | undefined {
  const pairs = factorPairs(p, q);
  if (pairs.length < 2) return undefined;
  let sum = 0;
  for (const pair of pairs) {
    const part = of(pair.p, pair.q);
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}

/** A logarithm's rounding, over what a ratio's may be. */
const LOST = (4 * Number.EPSILON) / 1e-10;

/** Of an end's size: that of a million numbers beside it, among which a peak is found to parts of 1e12 of its height. */
const FEW_NUMBERS = 2 ** 20 * Number.EPSILON;

/** How many of the highest points are climbed from. */
const CLIMBS = 4;

/** The largest log p / q on a line, from the best of their quantiles and of points beyond them; undefined where that is nearer to an end than f64 tells. */
function largest(first: ScalarDistribution, second: ScalarDistribution): number | undefined {
  const [p, q] = reduced(first, second);
  if (Math.max(...hiddenNextToEnds(p)) > 0.5) return undefined;
  const { low, high } = p.support[0] ?? { low: -Infinity, high: Infinity };
  const log = (x: number) => {
    const own = p.logProb(x);
    const ratio = own === -Infinity ? own : own - q.logProb(x);
    // Far out the logarithms themselves are too large to be subtracted.
    return LOST * Math.abs(own) <= Math.max(1, Math.abs(ratio)) ? ratio : -Infinity;
  };
  const known = splits(p, q).filter(Number.isFinite);
  const outwards = Array.from({ length: 120 }, (_, k) => 10 ** (k - 60));
  const near = outwards.flatMap((step) => [low + step, high - step, step, -step]);
  const points = [...new Set([...known, ...near, low, high])]
    .filter((x) => Number.isFinite(x) && x >= low && x <= high)
    .sort((a, b) => a - b);
  const heights = points.map(log);
  const peaks = points.map((_, k) => k).sort((a, b) => (heights[b] ?? 0) - (heights[a] ?? 0));
  let [most, best] = [-Infinity, 0];
  const look = (x: number): number => {
    const height = log(x);
    if (height > most) [most, best] = [height, x];
    return height;
  };
  for (const k of peaks.slice(0, CLIMBS)) {
    look(points[k] ?? 0);
    let [left, right] = [points[Math.max(0, k - 1)] ?? 0, points[Math.min(points.length - 1, k + 1)] ?? 0];
    for (let step = 0; step < 200; step++) {
      const third = (right - left) / 3;
      const [a, b] = [look(left + third), look(right - third)];
      if (a < b) left += third;
      else right -= third;
    }
  }
  // Beside an end other than 0, f64 may have no numbers where the peak is.
  const isHidden = [low, high].some((end) => {
    const apart = Math.abs(best - end);
    return apart > 0 && apart < FEW_NUMBERS * Math.abs(end) && most > log(end) + LOST;
  });
  return isHidden ? undefined : Math.max(0, most);
}
