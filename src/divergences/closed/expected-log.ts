import { lgamma } from "../../arithmetic/double-gamma.ts";
import type { Distribution, ScalarDistribution } from "../../distributions/distribution.ts";
import type { Beta } from "../../distributions/families/beta.ts";
import type { Cauchy } from "../../distributions/families/cauchy.ts";
import type { Exponential } from "../../distributions/families/exponential.ts";
import type { Gamma } from "../../distributions/families/gamma.ts";
import type { Gumbel } from "../../distributions/families/gumbel.ts";
import type { Laplace } from "../../distributions/families/laplace.ts";
import type { LogNormal } from "../../distributions/families/log-normal.ts";
import type { Normal } from "../../distributions/families/normal.ts";
import type { Pareto } from "../../distributions/families/pareto.ts";
import type { StudentT } from "../../distributions/families/student-t.ts";
import type { TruncatedNormal } from "../../distributions/families/truncated-normal.ts";
import type { Uniform } from "../../distributions/families/uniform.ts";
import type { VonMises } from "../../distributions/families/von-mises.ts";
import type { Weibull } from "../../distributions/families/weibull.ts";
import { scaledBessel } from "../../distributions/special/bessel.ts";
import { logRatio } from "../bregman.ts";
import { cutAt, type Moments, momentsOf } from "./moments.ts";

/** The means under p that log-densities ask for, with its mean and variance. */
interface Means extends Omit<Moments, "logOver"> {
  readonly mean: number;
  /** E (X - c)² */
  readonly square: (c: number) => number;
  /** E |X - c| */
  readonly absolute: (c: number) => number | undefined;
  /** E log(X / c) */
  readonly logOver: (c: number) => number | undefined;
  /** E (log X - c)² */
  readonly logarithmSquare: (c: number) => number | undefined;
}

/** E_p[log q] of each family of q; undefined where p has no closed form of what it needs. */
const families: Readonly<Record<string, (q: never, p: Means) => number | undefined>> = {
  uniform: (q: Uniform) => -Math.log(q.high - q.low),
  normal: (q: Normal, p) => q.logProb(q.mean) - p.square(q.mean) / (2 * q.std * q.std),
  truncatedNormal(q: TruncatedNormal, p) {
    // The logarithm is a parabola; its value at the mean is known in distances from the nearer end.
    const cut = cutAt(q.untruncatedMean, q.untruncatedStd, q.low, q.high);
    const { end, by } = p.offset ?? { end: Math.min(Math.max(p.mean, q.low), q.high), by: 0 };
    return cut.logProb(end, by) - p.square(p.mean) / (2 * q.untruncatedStd ** 2);
  },
  laplace: (q: Laplace, p) => plus(q.logProb(q.mean), times(-1 / q.scale, p.absolute(q.mean))),
  // log q is nearly linear far out, so that it is known where it diverges.
  logistic: (_: Distribution, p) => (p.absolute(0) === Infinity ? -Infinity : undefined),
  gumbel(q: Gumbel, p) {
    const tail = p.exponential?.(-1 / q.scale, q.location);
    // Where that diverges there may be no mean.
    if (tail === undefined || tail === Infinity) return times(-1, tail);
    return -Math.log(q.scale) - (p.mean - q.location) / q.scale - tail;
  },
  cauchy: (q: Cauchy, p) => plus(-Math.log(Math.PI * q.scale), times(-1, p.logSquare?.(q.location, q.scale))),
  studentT: (q: StudentT, p) =>
    plus(q.logProb(q.location), times(-(q.degrees + 1) / 2, p.logSquare?.(q.location, q.scale * Math.sqrt(q.degrees)))),
  exponential: (q: Exponential, p) => Math.log(q.rate) - q.rate * p.mean,
  gamma(q: Gamma, p) {
    const { concentration, rate } = q;
    // At the mean the density is known as a distance from its peak.
    if (p.mean > 0 && p.mean < Infinity && p.logGap !== undefined) {
      return q.logProb(p.mean) - (concentration - 1) * p.logGap;
    }
    const start = concentration * Math.log(rate) - lgamma(concentration) - rate * p.mean;
    return plus(start, times(concentration - 1, p.logarithm));
  },
  weibull(q: Weibull, p) {
    const k = q.shapeParameter;
    const start = plus(Math.log(k) - Math.log(q.scale), times(k - 1, p.logOver(q.scale)));
    return plus(start, times(-1, p.power?.(k, q.scale)));
  },
  logNormal(q: LogNormal, p) {
    const start = -Math.log(q.logStd) - HALF_LOG_TURN;
    const square = times(-1 / (2 * q.logStd ** 2), p.logarithmSquare(q.logMean));
    return plus(plus(start, times(-1, p.logarithm)), square);
  },
  pareto(q: Pareto, p) {
    const a = q.shapeParameter;
    return plus(Math.log(a) - Math.log(q.scale), times(-(a + 1), p.logOver(q.scale)));
  },
  beta(q: Beta, p) {
    const { mean } = q;
    const [a, b] = [q.concentration1 - 1, q.concentration0 - 1];
    return plus(plus(q.logProb(mean), times(a, p.logOver(mean))), times(b, p.complementOver?.(mean)));
  },
  vonMises(q: VonMises, p) {
    const peak = -Math.log(2 * Math.PI * scaledBessel(q.concentration));
    return plus(peak, times(-q.concentration, p.versine?.(q.location)));
  },
};

const HALF_LOG_TURN = Math.log(2 * Math.PI) / 2;

/** E_p[log q] in closed form, for distributions of numbers, q covering p. */
export function expectedLog(p: ScalarDistribution, q: Distribution): number | undefined {
  const family = Object.hasOwn(families, q.name) ? families[q.name] : undefined;
  const means = meansOf(p);
  return family && means && (family as (q: Distribution, p: Means) => number | undefined)(q, means);
}

function meansOf(p: ScalarDistribution): Means | undefined {
  const known = momentsOf(p);
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
      if (hasMean && mean > 0 && logGap !== undefined) return logRatio(mean, c) - logGap;
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

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** A coefficient of 0 needs no mean. */
function times(coefficient: number, mean: number | undefined): number | undefined {
  if (coefficient === 0) return 0;
  return mean === undefined ? undefined : coefficient * mean;
}
