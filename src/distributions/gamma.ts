import { parameter } from "../expression/expr.ts";
import { add, mul, sub } from "../expression/simplify.ts";
import { checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { exp, LOG_2PI, log, POSITIVE, X } from "./formulas.ts";
import { gammaVariate } from "./gamma-variate.ts";
import { type Formulas, type ScalarFamily, scalar } from "./make.ts";
import { atLeast, devianceOf, split, TINY } from "./saddle-point.ts";
import { digammaRemainder, logPoissonMass, stirlingRemainder } from "./special/deviance.ts";
import { gammaTails, logGammaQuantile } from "./special/incomplete-gamma.ts";

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
  return scalar<Gamma>({ ...family, own: { name: "gamma", concentration, rate, ...family.own } });
}

interface GammaFamily extends Omit<ScalarFamily<ScalarDistribution>, "own"> {
  readonly own: Omit<ScalarFamily<ScalarDistribution>["own"], "name">;
}

/** What gamma distributions under any name have. */
export function gammaFamily(concentration: number, rate: number): GammaFamily {
  const c = concentration;
  return {
    own: {
      mean: c / rate,
      variance: c / rate / rate,
      logProb(x) {
        if (x === 0) return c < 1 ? Number.POSITIVE_INFINITY : c > 1 ? Number.NEGATIVE_INFINITY : Math.log(rate);
        const mean = rate * x;
        return mean === Number.POSITIVE_INFINITY ? -mean : logPoissonMass(c, mean) + Math.log(c) - Math.log(x);
      },
      mode: () => Math.max(c - 1, 0) / rate,
      entropy: () =>
        (Math.log(c) + LOG_2PI) / 2 + stirlingRemainder(c) + (1 - c) * digammaRemainder(c) - Math.log(rate),
      tails: (x) => gammaTails(c, rate * x),
      icdf(p) {
        const log = logGammaQuantile(c, p);
        return Math.abs(log) < 700 ? Math.exp(log) / rate : Math.exp(log - Math.log(rate));
      },
    },
    support: POSITIVE,
    model: () => modelOf(c, rate),
  };
}

// With t = x / mean - 1: -c (t - log(1 + t)) - log x, and what does not depend on x.
const SAMPLE = atLeast(X, TINY);
const MEAN = split("mean");
const DEVIANCE = devianceOf(MEAN.distance(SAMPLE), MEAN.ratio(SAMPLE));
const LOG_DENSITY = sub(sub(parameter("logPeak"), mul(parameter("concentration"), DEVIANCE)), log(SAMPLE));

function modelOf(concentration: number, rate: number): Formulas {
  const { variates, rejection, cube, size, boost, parameters } = gammaVariate(concentration, 0, "");
  const scale = boost ? exp(add(parameter("logSize"), boost)) : parameter("size");
  return {
    variates,
    rejections: [rejection],
    event: [atLeast(mul(scale, cube), TINY)],
    logDensity: LOG_DENSITY,
    parameters: {
      ...parameters,
      ...(boost ? { logSize: Math.log(size / rate) } : { size: size / rate }),
      ...MEAN.parameters(concentration / rate),
      concentration,
      logPeak: (Math.log(concentration) - LOG_2PI) / 2 - stirlingRemainder(concentration),
    },
  };
}
