import { lgamma, lgamma1p } from "../../arithmetic/double-gamma.ts";
import { LEAST_NORMAL, LEAST_NORMAL_64 } from "../../arithmetic/range.ts";
import { call, number, parameter } from "../../expression/expr.ts";
import { add, mul, select, sub } from "../../expression/simplify.ts";
import { gammaMoments, ofGammas, renyiOfGammas } from "../bregman/gammas.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, exp, LOG_2PI, log, POSITIVE, X } from "../formulas.ts";
import { type GammaVariate, gammaVariate } from "../gamma-variate.ts";
import { logTerm, powerTerm } from "../growth.ts";
import { type Formulas, type ScalarFamily, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { above0, clampedAtLeast, isCoarse, NEVER_MET } from "../refined.ts";
import { atLeast, nearDeviance, split } from "../saddle-point.ts";
import { gammaEntropy, logPoissonMass, stirlingRemainder } from "../special/deviance.ts";
import { gammaTails, logGammaQuantile } from "../special/incomplete-gamma.ts";

export interface Gamma extends ScalarDistribution {
  readonly name: "gamma";
  /** Also called the shape, k or α. */
  readonly concentration: number;
  /** The inverse of the scale. */
  readonly rate: number;
}

/**
 * The gamma distribution, of mean concentration / rate. Its samples are at least 2^-126, where small concentrations have others.
 *
 * @throws InputError unless concentration, rate and the mean are positive numbers that f32 can hold
 */
export function gamma(concentration: number, rate: number): Gamma {
  checkScale(concentration, "concentration", "gamma");
  checkScale(rate, "rate", "gamma");
  checkScale(concentration / rate, "concentration / rate", "gamma");
  const family = gammaFamily(concentration, rate);
  return scalar<Gamma>({
    ...family,
    own: { name: "gamma", concentration, rate, ...family.own },
    known: (of) => ({
      moments: () => gammaMoments(concentration, rate),
      meanLog(p) {
        // At the mean the density is known as a distance from its peak.
        if (p.mean > 0 && p.mean < Number.POSITIVE_INFINITY && p.logGap !== undefined) {
          return of.logProb(p.mean) - (concentration - 1) * p.logGap;
        }
        const start = concentration * Math.log(rate) - lgamma(concentration) - rate * p.mean;
        return plus(start, times(concentration - 1, p.logarithm));
      },
      growth: (side) => (side === 1 ? [powerTerm(1, -rate), logTerm(concentration - 1)] : [logTerm(1 - concentration)]),
      kl: (q) => ofGammas(of, q),
      renyi: (q, alpha) => renyiOfGammas(of, q, alpha),
    }),
  });
}

interface GammaFamily extends Omit<ScalarFamily<ScalarDistribution>, "own" | "known"> {
  readonly own: Omit<ScalarFamily<ScalarDistribution>["own"], "name">;
}

/** What gamma distributions under any name have. */
export function gammaFamily(concentration: number, rate: number): GammaFamily {
  const c = concentration;
  // Of rate x, which may be below f64's range where x is not.
  const logProduct = (x: number) => {
    return rate * x < LEAST_NORMAL_64 ? Math.log(rate) + Math.log(x) : Math.log(rate * x);
  };
  return {
    own: {
      mean: c / rate,
      variance: c / rate / rate,
      logProb(x) {
        if (x === 0) return c < 1 ? Number.POSITIVE_INFINITY : c > 1 ? Number.NEGATIVE_INFINITY : Math.log(rate);
        const mean = rate * x;
        if (mean === Number.POSITIVE_INFINITY) return -mean;
        return (
          (mean < LEAST_NORMAL_64 ? c * logProduct(x) - lgamma1p(c) : logPoissonMass(c, mean)) +
          Math.log(c) -
          Math.log(x)
        );
      },
      mode: () => Math.max(c - 1, 0) / rate,
      entropy: () => gammaEntropy(c) - Math.log(rate),
      tails: (x) => gammaTails(c, rate * x, logProduct(x)),
      icdf(p) {
        const log = logGammaQuantile(c, p);
        return Math.abs(log) < 700 ? Math.exp(log) / rate : Math.exp(log - Math.log(rate));
      },
    },
    support: POSITIVE,
    model: () => modelOf(c, rate),
  };
}

// With t = x / mean - 1: -c (t - log(1 + t)) - log x, and what does not depend on x. Far from the mean c t is rate x - c, since
// x / mean may be too large for f32 where rate x is not.
const MEAN = split("mean");
const CONCENTRATION = parameter("concentration");
const DISTANCE = MEAN.distance(X);
const NEAR = call("lt", abs(DISTANCE), number(0.5));
const FAR_DEVIANCE = sub(sub(mul(parameter("rate"), X), CONCENTRATION), mul(CONCENTRATION, MEAN.logRatio(X)));
const DEVIANCE = select(NEAR, mul(CONCENTRATION, nearDeviance(DISTANCE)), FAR_DEVIANCE);
const LOG_DENSITY = sub(sub(parameter("logPeak"), DEVIANCE), log(above0(X)));

function modelOf(concentration: number, rate: number): Formulas {
  const made = gammaVariate(concentration, 0, "");
  const { variates, rejection, cube, size, boost, parameters } = made;
  const scale = boost ? exp(add(parameter("logSize"), boost)) : parameter("size");
  return {
    variates,
    rejections: [rejection],
    event: [atLeast(mul(scale, cube), LEAST_NORMAL)],
    ...refinedOf(made, concentration, rate),
    logDensity: LOG_DENSITY,
    parameters: {
      ...parameters,
      ...(boost ? { logSize: Math.log(size / rate) } : { size: size / rate }),
      ...MEAN.parameters(concentration / rate),
      concentration,
      rate,
      logPeak: (Math.log(concentration) - LOG_2PI) / 2 - stirlingRemainder(concentration),
    },
  };
}

/** The logarithm where samples would be below 2^-126, the distance from the middle where they are close together. */
function refinedOf(made: GammaVariate, concentration: number, rate: number): Pick<Formulas, "refined"> {
  const { size, logCube, boost, growth } = made;
  const lost = gammaTails(concentration, rate * LEAST_NORMAL).lower;
  const log = { origin: Math.log(size / rate), scale: 1, unit: boost ? add(logCube, boost) : logCube };
  if (lost > NEVER_MET) return { refined: [{ log, clamped: clampedAtLeast(lost) }] };
  const [origin, scale] = [size / rate, Math.sqrt(size) / rate];
  return isCoarse(origin, scale) && !boost ? { refined: [{ shifted: { origin, scale, unit: growth } }] } : {};
}
