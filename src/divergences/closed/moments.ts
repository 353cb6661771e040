import { EULER } from "../../arithmetic/coefficients.ts";
import { double } from "../../arithmetic/double.ts";
import { digamma, lgamma, lgamma1p, trigamma } from "../../arithmetic/double-gamma.ts";
import type { ScalarDistribution } from "../../distributions/distribution.ts";
import type { Beta } from "../../distributions/families/beta.ts";
import type { Cauchy } from "../../distributions/families/cauchy.ts";
import type { Exponential } from "../../distributions/families/exponential.ts";
import type { Gamma } from "../../distributions/families/gamma.ts";
import type { Gumbel } from "../../distributions/families/gumbel.ts";
import type { Laplace } from "../../distributions/families/laplace.ts";
import type { LogNormal } from "../../distributions/families/log-normal.ts";
import type { Logistic } from "../../distributions/families/logistic.ts";
import type { Normal } from "../../distributions/families/normal.ts";
import type { Pareto } from "../../distributions/families/pareto.ts";
import type { StudentT } from "../../distributions/families/student-t.ts";
import { isHalfNormal, type TruncatedNormal, truncatedNormal } from "../../distributions/families/truncated-normal.ts";
import type { Uniform } from "../../distributions/families/uniform.ts";
import type { VonMises } from "../../distributions/families/von-mises.ts";
import type { Weibull } from "../../distributions/families/weibull.ts";
import { cutNormal } from "../../distributions/special/cut-normal.ts";
import { deviance, digammaRemainder, logPoissonMass } from "../../distributions/special/deviance.ts";
import { betaTails } from "../../distributions/special/incomplete-beta.ts";
import { gammaTails } from "../../distributions/special/incomplete-gamma.ts";
import { halfTurn } from "../bounded/circle.ts";
import { lgammaGap, lgammaStep, logRatio } from "../bregman.ts";
import { meanCosine } from "./bessel-gap.ts";
import { uniformMoments } from "./uniform-moments.ts";

/**
 * Means under a distribution that log-densities of other families are made of, besides its mean and variance. What is absent has no
 * closed form; what diverges is infinite.
 */
export interface Moments {
  /** An end of the support and how far beyond it the mean lies, which may be less than f64 tells of the mean itself. */
  readonly offset?: { readonly end: number; readonly by: number };
  /** E max(c - X, 0), for c within the support */
  readonly below?: (c: number) => number;
  /** E log X */
  readonly logarithm?: number;
  /** log E X - E log X, which is never negative, where the mean is finite */
  readonly logGap?: number;
  /** E log(X / c), of a family that knows it better than by E log X */
  readonly logOver?: (c: number) => number;
  /** Var log X */
  readonly logVariance?: number;
  /** E (X / s)^k */
  readonly power?: (k: number, s: number) => number;
  /** E exp(t (X - c)) */
  readonly exponential?: (t: number, c: number) => number;
  /** E log((1 - X) / (1 - c)) */
  readonly complementOver?: (c: number) => number;
  /** E log(1 + ((X - c) / s)²) */
  readonly logSquare?: (c: number, s: number) => number | undefined;
  /** E (1 - cos(X - c)) */
  readonly versine?: (c: number) => number;
}

const moments: Readonly<Record<string, (p: never) => Moments>> = {
  uniform: (p: Uniform) => uniformMoments(p.low, p.high),
  normal: ({ mean, std, cdf, logProb }: Normal) => ({
    below: (c) => (c - mean) * cdf(c) + std * std * Math.exp(logProb(c)),
    exponential: (t, c) => Math.exp(t * (mean - c) + (t * std) ** 2 / 2),
  }),
  laplace: ({ mean, scale }: Laplace) => ({
    below: (c) => Math.max(c - mean, 0) + 0.5 * scale * Math.exp(-Math.abs(c - mean) / scale),
    exponential: (t, c) => (Math.abs(t * scale) < 1 ? Math.exp(t * (mean - c)) / (1 - (t * scale) ** 2) : Infinity),
  }),
  logistic: ({ mean, scale }: Logistic) => ({
    below: (c) => scale * softplus((c - mean) / scale),
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
      below: (c) => c * -Math.expm1(-((c / scale) ** k)) - mean * gammaTails(1 + 1 / k, (c / scale) ** k).lower,
      logGap: lgammaGap(1, 1 + 1 / k, 1 / k),
      logarithm: Math.log(scale) - EULER / k,
      logVariance: (Math.PI / k) ** 2 / 6,
      power: (j, s) => (j > -k ? Math.exp(j * logRatio(scale, s) + lgamma1p(j / k)) : Infinity),
    };
  },
  logNormal: ({ logMean, logStd, mean }: LogNormal) => ({
    below(c) {
      const z = (logMean - Math.log(c)) / logStd;
      return 0.5 * (c * double.erfc(z * Math.SQRT1_2) - mean * double.erfc((z + logStd) * Math.SQRT1_2));
    },
    logarithm: logMean,
    logGap: logStd ** 2 / 2,
    logVariance: logStd * logStd,
    power: (k, s) => Math.exp(k * (logMean - Math.log(s)) + (k * logStd) ** 2 / 2),
  }),
  pareto: ({ scale, shapeParameter: a, mean }: Pareto) => ({
    // -(a - 1) log(c / scale) is not positive where the mean is finite.
    below(c) {
      const log = Math.log1p((c - scale) / scale);
      return mean * Math.expm1((1 - a) * log) - c * Math.expm1(-a * log);
    },
    logarithm: Math.log(scale) + 1 / a,
    ...(a > 1 && { logGap: deviance(-1 / a) }),
    logVariance: 1 / (a * a),
    power: (k, s) => (k < a ? Math.exp(k * logRatio(scale, s)) * (a / (a - k)) : Infinity),
  }),
  beta: ({ concentration1: a, concentration0: b }: Beta) => ({
    below: (c) => c * betaTails(a, b, c, 1 - c).lower - (a / (a + b)) * betaTails(a + 1, b, c, 1 - c).lower,
    logarithm: digamma(a) - digamma(a + b),
    logGap: digammaRemainder(a + b) - digammaRemainder(a),
    logVariance: trigamma(a) - trigamma(a + b),
    power(k, s) {
      if (!(k > -a)) return Infinity;
      const steps = lgammaStep(a, k) - lgammaStep(a + b, k);
      return Math.exp(steps + k * (logRatio(a + k, a + b + k) - Math.log(s)));
    },
    complementOver: (c) => digamma(b) - digamma(a + b) - Math.log1p(-c),
  }),
  vonMises: ({ location, concentration }: VonMises) => ({
    versine(c) {
      const spread = 1 - meanCosine(concentration);
      const turned = 2 * halfTurn(location, c).sine ** 2;
      return spread + (1 - spread) * turned;
    },
  }),
  truncatedNormal: (p: TruncatedNormal) => truncatedMoments(p),
};

/** The moments that a distribution of numbers has in closed form; undefined for families that have none here. */
export function momentsOf(p: ScalarDistribution): Moments | undefined {
  const known = Object.hasOwn(moments, p.name) ? moments[p.name] : undefined;
  return known && (known as (p: ScalarDistribution) => Moments)(p);
}

function gammaMoments(a: number, rate: number): Moments {
  const mean = a / rate;
  return {
    // E[X; X <= c] is the mean times P(a + 1, rate c), which is P(a, rate c) less a mass.
    below: (c) => (c - mean) * gammaTails(a, rate * c).lower + mean * Math.exp(logPoissonMass(a, rate * c)),
    logarithm: digamma(a) - Math.log(rate),
    logGap: -digammaRemainder(a),
    logVariance: trigamma(a),
    power: (k, s) => gammaPower(a, k, -Math.log(rate * s)),
    exponential: (t, c) => (t < rate ? Math.exp(-t * c - a * Math.log1p(-t / rate)) : Infinity),
  };
}

/** E X^k of a gamma variable of the logarithm of a scale. */
export function gammaPower(a: number, k: number, log: number): number {
  return k > -a ? Math.exp(lgammaStep(a, k) + k * (Math.log(a + k) + log)) : Infinity;
}

function studentMoments({ degrees, location, scale, cdf, logProb }: StudentT): Moments {
  return {
    // The density's own antiderivative times z is -(ν + z²) / (ν - 1) times it.
    ...(degrees > 1 && {
      below(c: number) {
        const z = (c - location) / scale;
        const part = (scale * scale * (degrees + z * z)) / (degrees - 1);
        return (c - location) * cdf(c) + part * Math.exp(logProb(c));
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
  const more = s * (2 + s) + d * d;
  return more < 1 ? Math.log1p(more) : 2 * Math.log(Math.hypot(d, 1 + s));
}

function truncatedMoments(p: TruncatedNormal): Moments {
  const { untruncatedMean, untruncatedStd, low, high, cdf, logProb } = p;
  const variance = untruncatedStd ** 2;
  return {
    offset: cutAt(untruncatedMean, untruncatedStd, low, high).offset,
    // What lies below c is cut once more.
    below(c) {
      if (Math.fround(c) <= Math.fround(low)) return 0;
      return cdf(c) * (c - truncatedNormal(untruncatedMean, untruncatedStd, low, c).mean);
    },
    exponential(t, c) {
      // exp(t x) times the density is the density of one that is moved, times this mean: they are compared where the moved one lies.
      const moved = cutAt(untruncatedMean + t * variance, untruncatedStd, low, high);
      return Math.exp(t * (moved.mean - c) + logProb(moved.mean) - moved.logProb(moved.mean));
    },
    ...(isHalfNormal(p) && halfNormalLogarithms(untruncatedStd)),
  };
}

interface Shape {
  readonly mean: number;
  readonly offset: { readonly end: number; readonly by: number };
  /** The log-density at x + by. */
  logProb(x: number, by?: number): number;
}

/** A normal distribution that is cut, whose mean before that may be any of f64's range. */
export function cutAt(mean: number, std: number, low: number, high: number): Shape {
  const [below, above] = [mean < low, mean > high];
  const base = below ? low : above ? high : mean;
  const sign = above ? -1 : 1;
  const cut = cutNormal({
    from: Math.abs(base - mean) / std,
    first: below || above ? 0 : (low - mean) / std,
    last: below || above ? (high - low) / std : (high - mean) / std,
    mirrored: above,
  });
  return {
    mean: base + sign * std * cut.mean,
    offset: { end: base, by: sign * std * cut.mean },
    logProb: (x, by = 0) => cut.logDensity((sign * (x - base + by)) / std) - Math.log(std),
  };
}

/** X² / (2 s²) is a gamma variable of concentration ½. */
function halfNormalLogarithms(scale: number): Moments {
  const unit = scale * Math.SQRT2;
  return {
    logarithm: Math.log(unit) + digamma(0.5) / 2,
    logGap: -(Math.log(Math.PI) + digamma(0.5)) / 2,
    logVariance: trigamma(0.5) / 4,
    // That to the power of k / 2.
    power: (k, s) => gammaPower(0.5, k / 2, 2 * (Math.log(unit) - Math.log(s))),
  };
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
