import { double } from "../arithmetic/double.ts";
import { digamma, lgamma, lgamma1p, logBeta, trigamma } from "../arithmetic/double-gamma.ts";
import type { Beta } from "../distributions/beta.ts";
import type { Cauchy } from "../distributions/cauchy.ts";
import type { ScalarDistribution } from "../distributions/distribution.ts";
import type { Exponential } from "../distributions/exponential.ts";
import type { Gamma } from "../distributions/gamma.ts";
import type { Gumbel } from "../distributions/gumbel.ts";
import type { Laplace } from "../distributions/laplace.ts";
import type { LogNormal } from "../distributions/log-normal.ts";
import type { Logistic } from "../distributions/logistic.ts";
import type { Normal } from "../distributions/normal.ts";
import type { Pareto } from "../distributions/pareto.ts";
import { betaTails } from "../distributions/special/incomplete-beta.ts";
import { gammaTails } from "../distributions/special/incomplete-gamma.ts";
import type { StudentT } from "../distributions/student-t.ts";
import { isHalfNormal, type TruncatedNormal, truncatedNormal } from "../distributions/truncated-normal.ts";
import type { Uniform } from "../distributions/uniform.ts";
import type { VonMises } from "../distributions/von-mises.ts";
import type { Weibull } from "../distributions/weibull.ts";
import { meanCosine } from "./bessel-gap.ts";
import { uniformMoments } from "./uniform-moments.ts";

/**
 * Means under a distribution that log-densities of other families are made of, besides its mean and variance. What is absent has no
 * closed form; what diverges is infinite.
 */
export interface Moments {
  /** E[X; X <= c], for c within the support */
  readonly partialMean?: (c: number) => number;
  /** E log X */
  readonly logarithm?: number;
  /** Var log X */
  readonly logVariance?: number;
  /** E (X / s)^k */
  readonly power?: (k: number, s: number) => number;
  /** E exp(t (X - c)) */
  readonly exponential?: (t: number, c: number) => number;
  /** E log(1 - X) */
  readonly logComplement?: number;
  /** E log(1 + ((X - c) / s)²) */
  readonly logSquare?: (c: number, s: number) => number | undefined;
  /** E cos(X - c) */
  readonly cosine?: (c: number) => number;
}

/** Euler's constant. */
const EULER = 0.5772156649015329;

const moments: Readonly<Record<string, (p: never) => Moments>> = {
  uniform: (p: Uniform) => uniformMoments(p.low, p.high),
  normal: ({ mean, std, cdf, logProb }: Normal) => ({
    partialMean: (c) => mean * cdf(c) - std * std * Math.exp(logProb(c)),
    exponential: (t, c) => Math.exp(t * (mean - c) + (t * std) ** 2 / 2),
  }),
  laplace: ({ mean, scale, cdf }: Laplace) => ({
    partialMean(c) {
      const tail = 0.5 * Math.exp(-Math.abs(c - mean) / scale);
      return c < mean ? tail * (c - scale) : mean * cdf(c) - tail * (c - mean + scale);
    },
    exponential: (t, c) => (Math.abs(t * scale) < 1 ? Math.exp(t * (mean - c)) / (1 - (t * scale) ** 2) : Infinity),
  }),
  logistic: ({ mean, scale, cdf }: Logistic) => ({
    // c F(c) less the integral of F.
    partialMean: (c) => c * cdf(c) - scale * softplus((c - mean) / scale),
    exponential(t, c) {
      const turn = Math.PI * t * scale;
      if (Math.abs(t * scale) >= 1) return Infinity;
      return (Math.exp(t * (mean - c)) * turn) / Math.sin(turn);
    },
  }),
  gumbel: ({ location, scale }: Gumbel) => ({
    exponential: (t, c) => (t * scale < 1 ? Math.exp(t * (location - c) + lgamma(1 - t * scale)) : Infinity),
  }),
  cauchy: ({ location, scale }: Cauchy) => ({
    logSquare: (c, s) => cauchyLogSquare((location - c) / s, scale / s),
    exponential: () => Infinity,
  }),
  studentT: (p: StudentT) => studentMoments(p),
  exponential: ({ rate }: Exponential) => gammaMoments(1, rate),
  gamma: ({ concentration, rate }: Gamma) => gammaMoments(concentration, rate),
  weibull({ scale, shapeParameter: k, mean }: Weibull) {
    return {
      partialMean: (c) => mean * gammaTails(1 + 1 / k, (c / scale) ** k).lower,
      logarithm: Math.log(scale) - EULER / k,
      logVariance: (Math.PI / k) ** 2 / 6,
      power: (j, s) => (j > -k ? Math.exp(j * Math.log(scale / s) + lgamma1p(j / k)) : Infinity),
    };
  },
  logNormal: ({ logMean, logStd, mean }: LogNormal) => ({
    partialMean: (c) => 0.5 * mean * double.erfc(((logMean - Math.log(c)) / logStd + logStd) * Math.SQRT1_2),
    logarithm: logMean,
    logVariance: logStd * logStd,
    power: (k, s) => Math.exp(k * (logMean - Math.log(s)) + (k * logStd) ** 2 / 2),
  }),
  pareto: ({ scale, shapeParameter: a, mean }: Pareto) => ({
    // -(a - 1) log(c / scale) is not positive where the mean is finite.
    partialMean: (c) => -mean * Math.expm1((1 - a) * Math.log(c / scale)),
    logarithm: Math.log(scale) + 1 / a,
    logVariance: 1 / (a * a),
    power: (k, s) => (k < a ? Math.exp(k * Math.log(scale / s)) * (a / (a - k)) : Infinity),
  }),
  beta: ({ concentration1: a, concentration0: b }: Beta) => ({
    partialMean: (c) => (a / (a + b)) * betaTails(a + 1, b, c, 1 - c).lower,
    logarithm: digamma(a) - digamma(a + b),
    logVariance: trigamma(a) - trigamma(a + b),
    power: (k, s) => (k > -a ? Math.exp(logBeta(a + k, b) - logBeta(a, b) - k * Math.log(s)) : Infinity),
    logComplement: digamma(b) - digamma(a + b),
  }),
  vonMises: ({ location, concentration }: VonMises) => ({
    cosine: (c) => meanCosine(concentration) * Math.cos(location - c),
  }),
  truncatedNormal: (p: TruncatedNormal) => truncatedMoments(p),
};

/** The moments that a distribution of numbers has in closed form; undefined for families that have none here. */
export function momentsOf(p: ScalarDistribution): Moments | undefined {
  const known = Object.hasOwn(moments, p.name) ? moments[p.name] : undefined;
  return known && (known as (p: ScalarDistribution) => Moments)(p);
}

function gammaMoments(a: number, rate: number): Moments {
  return {
    partialMean: (c) => (a / rate) * gammaTails(a + 1, rate * c).lower,
    logarithm: digamma(a) - Math.log(rate),
    logVariance: trigamma(a),
    power: (k, s) => (k > -a ? Math.exp(lgamma(a + k) - lgamma(a) - k * Math.log(rate * s)) : Infinity),
    exponential: (t, c) => (t < rate ? Math.exp(-t * c - a * Math.log1p(-t / rate)) : Infinity),
  };
}

function studentMoments({ degrees, location, scale, cdf, logProb }: StudentT): Moments {
  return {
    // The density's own antiderivative times z is -(ν + z²) / (ν - 1) times it.
    ...(degrees > 1 && {
      partialMean(c: number) {
        const z = (c - location) / scale;
        return location * cdf(c) - ((scale * scale * (degrees + z * z)) / (degrees - 1)) * Math.exp(logProb(c));
      },
    }),
    exponential: () => Infinity,
    // Of its own logarithm only: log(1 + T² / ν) is that of a ratio of gamma variables.
    logSquare(c, s) {
      if (degrees === 1) return cauchyLogSquare((location - c) / s, scale / s);
      const own = scale * Math.sqrt(degrees);
      if (c !== location || Math.abs(s - own) > 4 * Number.EPSILON * own) return undefined;
      return digamma((degrees + 1) / 2) - digamma(degrees / 2);
    },
  };
}

/** E log(1 + (d + s C)²), C standard Cauchy: log|x + i|² is harmonic above the line. */
function cauchyLogSquare(d: number, s: number): number {
  return 2 * Math.log(Math.hypot(d, 1 + s));
}

/** Distributions have no means beyond f32's range. */
const MOST_MEAN = 3e38;

function truncatedMoments(p: TruncatedNormal): Moments {
  const { mean, untruncatedMean, untruncatedStd, low, high, cdf, logProb } = p;
  const density = (x: number) => Math.exp(logProb(x));
  const variance = untruncatedStd ** 2;
  return {
    partialMean: (c) => untruncatedMean * cdf(c) - variance * (density(c) - density(low)),
    exponential(t, c) {
      // exp(t x) times the density is the density of one that is moved, times this mean.
      const shifted = untruncatedMean + t * variance;
      if (!(Math.abs(shifted) <= MOST_MEAN)) return Number.NaN;
      const moved = truncatedNormal(shifted, untruncatedStd, low, high);
      return Math.exp(t * (mean - c) + logProb(mean) - moved.logProb(mean));
    },
    ...(isHalfNormal(p) && halfNormalLogarithms(untruncatedStd)),
  };
}

/** X² / (2 s²) is a gamma variable of concentration ½. */
function halfNormalLogarithms(scale: number): Moments {
  const unit = scale * Math.SQRT2;
  return {
    logarithm: Math.log(unit) + digamma(0.5) / 2,
    logVariance: trigamma(0.5) / 4,
    power: (k, s) => (k > -1 ? Math.exp(k * Math.log(unit / s) + lgamma((k + 1) / 2) - lgamma(0.5)) : Infinity),
  };
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
