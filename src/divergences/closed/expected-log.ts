import { logQuotient } from "../../distributions/bregman/generators.ts";
import type { Distribution, ScalarDistribution } from "../../distributions/distribution.ts";
import type { Means } from "../../distributions/moments.ts";

/** E_p[log q] in closed form, for distributions of numbers, q covering p. */
export function expectedLog(p: ScalarDistribution, q: Distribution): number | undefined {
  if (!q.known?.meanLog) return undefined;
  const means = meansOf(p);
  return means && q.known.meanLog(means);
}

function meansOf(p: ScalarDistribution): Means | undefined {
  const known = p.known?.moments?.();
  if (!known) return undefined;
  const { mean, variance } = p;
  const { below, logarithm, logGap, logVariance } = known;
  const hasMean = Number.isFinite(mean);
  return {
    ...known,
    mean,
    square: (c) => (hasMean && Number.isFinite(variance) ? variance + (mean - c) ** 2 : Infinity),
    absolute(c) {
      if (!hasMean) return Infinity;
      return below && mean - c + 2 * shortOf(p, below, c);
    },
    logOver(c) {
      if (known.logOver) return known.logOver(c);
      if (hasMean && mean > 0 && logGap !== undefined) return logQuotient(mean, c) - logGap;
      return logarithm === undefined ? undefined : logarithm - Math.log(c);
    },
    logarithmSquare(c) {
      return logarithm === undefined || logVariance === undefined ? undefined : logVariance + (logarithm - c) ** 2;
    },
  };
}

/** E max(c - X, 0) */
function shortOf(p: ScalarDistribution, below: (c: number) => number, c: number): number {
  const [{ low, high } = { low: 0, high: 0 }] = p.support;
  if (c <= low) return 0;
  return c >= high ? c - p.mean : below(c);
}
