import { lgamma } from "../arithmetic/double-gamma.ts";
import type { Beta } from "../distributions/beta.ts";
import type { Cauchy } from "../distributions/cauchy.ts";
import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";
import type { Exponential } from "../distributions/exponential.ts";
import type { Gamma } from "../distributions/gamma.ts";
import type { Gumbel } from "../distributions/gumbel.ts";
import type { Laplace } from "../distributions/laplace.ts";
import type { LogNormal } from "../distributions/log-normal.ts";
import type { Normal } from "../distributions/normal.ts";
import type { Pareto } from "../distributions/pareto.ts";
import type { StudentT } from "../distributions/student-t.ts";
import type { TruncatedNormal } from "../distributions/truncated-normal.ts";
import type { Uniform } from "../distributions/uniform.ts";
import type { VonMises } from "../distributions/von-mises.ts";
import type { Weibull } from "../distributions/weibull.ts";
import { type Moments, momentsOf } from "./moments.ts";

/** The means under p that log-densities ask for, with its mean and variance. */
interface Means extends Moments {
  readonly mean: number;
  /** E (X - c)² */
  readonly square: (c: number) => number;
  /** E |X - c| */
  readonly absolute: (c: number) => number | undefined;
  /** E (log X - c)² */
  readonly logarithmSquare: (c: number) => number | undefined;
}

/** E_p[log q] of each family of q; undefined where p has no closed form of what it needs. */
const families: Readonly<Record<string, (q: never, p: Means) => number | undefined>> = {
  uniform: (q: Uniform) => -Math.log(q.high - q.low),
  normal: (q: Normal, p) => q.logProb(q.mean) - p.square(q.mean) / (2 * q.std * q.std),
  truncatedNormal(q: TruncatedNormal, p) {
    const curve = (x: number) => ((x - q.untruncatedMean) / q.untruncatedStd) ** 2 / 2;
    // The density at its mean tells its normalisation.
    return q.logProb(q.mean) + curve(q.mean) - p.square(q.untruncatedMean) / (2 * q.untruncatedStd ** 2);
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
  gamma: (q: Gamma, p) =>
    plus(
      q.concentration * Math.log(q.rate) - lgamma(q.concentration) - q.rate * p.mean,
      times(q.concentration - 1, p.logarithm),
    ),
  weibull(q: Weibull, p) {
    const k = q.shapeParameter;
    const start = Math.log(k) - k * Math.log(q.scale);
    const power = p.power?.(k, q.scale);
    return plus(plus(start, times(k - 1, p.logarithm)), times(-1, power));
  },
  logNormal(q: LogNormal, p) {
    const start = -Math.log(q.logStd) - HALF_LOG_TURN;
    const square = times(-1 / (2 * q.logStd ** 2), p.logarithmSquare(q.logMean));
    return plus(plus(start, times(-1, p.logarithm)), square);
  },
  pareto(q: Pareto, p) {
    const a = q.shapeParameter;
    return plus(Math.log(a) + a * Math.log(q.scale), times(-(a + 1), p.logarithm));
  },
  beta(q: Beta, p) {
    const [a, b] = [q.concentration1 - 1, q.concentration0 - 1];
    const { mean } = q;
    const start = q.logProb(mean) - a * Math.log(mean) - b * Math.log1p(-mean);
    return plus(plus(start, times(a, p.logarithm)), times(b, p.logComplement));
  },
  vonMises: (q: VonMises, p) =>
    plus(q.logProb(q.location) - q.concentration, times(q.concentration, p.cosine?.(q.location))),
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
  const { partialMean, logarithm, logVariance } = known;
  const hasMean = Number.isFinite(mean);
  return {
    ...known,
    mean,
    square: (c) => (hasMean && Number.isFinite(variance) ? variance + (mean - c) ** 2 : Infinity),
    absolute(c) {
      if (!hasMean) return Infinity;
      return partialMean && mean - c + 2 * below(p, partialMean, c);
    },
    logarithmSquare(c) {
      return logarithm === undefined || logVariance === undefined ? undefined : logVariance + (logarithm - c) ** 2;
    },
  };
}

/** E max(c - X, 0) */
function below(p: ScalarDistribution, partialMean: (c: number) => number, c: number): number {
  const [{ low, high } = { low: 0, high: 0 }] = p.support;
  if (c <= low) return 0;
  return c >= high ? c - p.mean : c * p.cdf(c) - partialMean(c);
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** A coefficient of 0 needs no mean. */
function times(coefficient: number, mean: number | undefined): number | undefined {
  if (coefficient === 0) return 0;
  return mean === undefined ? undefined : coefficient * mean;
}
