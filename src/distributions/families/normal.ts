import { double } from "../../arithmetic/double.ts";
import { number } from "../../expression/expr.ts";
import { add, div, mul, sub } from "../../expression/simplify.ts";
import { ofNormals, renyiOfNormals } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { EVERYWHERE, LOG_2PI, log, MEAN, minusHalfSquare, STD, X } from "../formulas.ts";
import { squareTerms } from "../growth.ts";
import { scalar } from "../make.ts";
import { located, locationNamed } from "../refined.ts";
import { normalTails } from "../special/normal-tails.ts";

export interface Normal extends ScalarDistribution {
  readonly name: "normal";
  readonly std: number;
}

const LOCATION = locationNamed("mean");
const EVENT = add(MEAN, mul(STD, X));
const LOG_DENSITY = sub(sub(minusHalfSquare(div(LOCATION.distance(X), STD)), log(STD)), number(LOG_2PI / 2));

/**
 * The normal (Gaussian) distribution.
 *
 * @param std - the standard deviation, positive
 * @throws InputError for parameters that are not such numbers
 */
export function normal(mean: number, std: number): Normal {
  checkLocation(mean, "mean", "normal");
  checkScale(std, "std", "normal");
  return scalar<Normal>({
    own: {
      name: "normal",
      mean,
      std,
      variance: std * std,
      logProb: (x) => -0.5 * ((x - mean) / std) ** 2 - Math.log(std) - LOG_2PI / 2,
      mode: () => mean,
      entropy: () => 0.5 + LOG_2PI / 2 + Math.log(std),
      tails: (x) => normalTails((x - mean) / std),
      icdf: (p) => mean + std * double.normalQuantile(p),
    },
    support: EVERYWHERE,
    known: (of) => ({
      moments: () => ({
        below: (c) => (c - mean) * of.cdf(c) + std * std * Math.exp(of.logProb(c)),
        exponential: (t, c) => Math.exp(t * (mean - c) + (t * std) ** 2 / 2),
      }),
      meanLog: (p) => of.logProb(mean) - p.square(mean) / (2 * std * std),
      growth: (side) => squareTerms(mean, std, side),
      placed: () => ({ location: mean, scale: std, at: normal }),
      kl: (q) => ofNormals(mean - q.mean, std, q.std),
      renyi: (q, alpha) => renyiOfNormals(mean - q.mean, std, q.std, alpha),
    }),
    model: () => ({
      variates: ["normal"],
      // 0 + 1 z is z, to the bit, and a tenth of the time of a simple expectation.
      ...located(mean === 0 && std === 1 ? X : EVENT, LOCATION, STD, X, [mean, std]),
      logDensity: LOG_DENSITY,
      parameters: { mean, ...LOCATION.parameters(mean), std },
    }),
  });
}
