import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";

/** Most values that are added up on either side of the largest. */
const MOST_VALUES = 200_000;

/** What is below this share of the largest term no longer counts. */
const NOTHING = -45;

/** log Σ p^α q^(1 - α) over whole numbers, from its largest term outwards; undefined of other families, or where the terms are too many. */
export function logSumOverIntegers(p: Distribution, q: Distribution, alpha: number): number | undefined {
  const [fall, otherFall] = [p.known?.fall?.(), q.known?.fall?.()];
  if (p.shape.length > 0 || !fall || !otherFall) return undefined;
  // Faster than p's powers make up for.
  if (alpha > 1 && fall.limit > -Infinity && alpha * fall.limit + (1 - alpha) * otherFall.limit >= 0) {
    return Number.POSITIVE_INFINITY;
  }
  const [own, other] = [p as ScalarDistribution, q as ScalarDistribution];
  const log = (k: number) => {
    const first = own.logProb(k);
    return first === Number.NEGATIVE_INFINITY ? first : alpha * first + (1 - alpha) * other.logProb(k);
  };
  const low = Math.max(...[own, other].map(({ support }) => support[0]?.low ?? 0));
  const high = Math.min(...[own, other].map(({ support }) => support[0]?.high ?? 0));
  if (low > high) return Number.NEGATIVE_INFINITY;
  // One of each kind may have a peak at the low end and one between the modes, beyond which both fall.
  const isMixed = alpha < 1 && fall.isConvex !== otherFall.isConvex;
  return isMixed ? fromLow(log, low, high, Math.max(own.mode, other.mode)) : fromPeak(log, low, high);
}

/** Of terms that have one peak. */
function fromPeak(log: (k: number) => number, low: number, high: number): number | undefined {
  const top = peakOf(log, low, high);
  const peak = log(top);
  if (!Number.isFinite(peak)) return peak;
  let sum = 1;
  for (const step of [-1, 1]) {
    for (let k = top + step; k >= low && k <= high; k += step) {
      const fall = log(k) - peak;
      if (fall < NOTHING) break;
      if (Math.abs(k - top) > MOST_VALUES) return undefined;
      sum += Math.exp(fall);
    }
  }
  return peak + Math.log(sum);
}

/** Of terms that fall from `last` on. */
function fromLow(log: (k: number) => number, low: number, high: number, last: number): number | undefined {
  let [peak, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (let k = low; k <= high; k++) {
    if (k - low > MOST_VALUES) return undefined;
    const term = log(k);
    if (k > last && term < peak + NOTHING) break;
    if (term > peak) [peak, sum] = [term, sum * Math.exp(peak - term) + 1];
    else sum += Math.exp(term - peak);
  }
  return peak + Math.log(sum);
}

/** The whole number where a function of one peak is largest. */
function peakOf(log: (k: number) => number, low: number, high: number): number {
  const rises = (k: number) => log(k + 1) > log(k);
  let [from, to] = [low, low + 1];
  while (to < high && rises(to)) {
    from = to;
    to = Math.min(2 * to, high);
  }
  to = Math.min(to, high);
  while (to - from > 0) {
    const middle = from + Math.floor((to - from) / 2);
    if (rises(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
