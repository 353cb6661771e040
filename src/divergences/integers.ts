import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";

/** Most values that are added up on either side of the largest. */
const MOST_VALUES = 200_000;

/** What is below this share of the largest term no longer counts. */
const NOTHING = -45;

/** log Σ p^α q^(1 - α) over whole numbers, from its largest term outwards; undefined of other families, or where the terms are too many. */
export function logSumOverIntegers(p: Distribution, q: Distribution, alpha: number): number | undefined {
  // Log-concave, so that the terms are where they have a sum.
  const [fall, otherFall] = [p.known?.fall?.(), q.known?.fall?.()];
  if (p.shape.length > 0 || !fall || !otherFall) return undefined;
  // Faster than any power of p's.
  if (alpha > 1 && fall === "geometric" && otherFall === "faster") return Number.POSITIVE_INFINITY;
  const [own, other] = [p as ScalarDistribution, q as ScalarDistribution];
  const log = (k: number) => {
    const first = own.logProb(k);
    return first === Number.NEGATIVE_INFINITY ? first : alpha * first + (1 - alpha) * other.logProb(k);
  };
  const low = Math.max(...[own, other].map(({ support }) => support[0]?.low ?? 0));
  const high = Math.min(...[own, other].map(({ support }) => support[0]?.high ?? 0));
  if (low > high) return Number.NEGATIVE_INFINITY;
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

/** The whole number where a concave function is largest. */
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
