import { parameter } from "../../expression/expr.ts";
import { div, mul, neg, sub } from "../../expression/simplify.ts";
import { gammaMoments, renyiOfGammas } from "../bregman/gammas.ts";
import { logQuotient, ratioGap } from "../bregman/generators.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { log, POSITIVE, X } from "../formulas.ts";
import { powerTerm } from "../growth.ts";
import { scalar } from "../make.ts";
import { clampedToZero, LOG_LEAST, NEVER_MET, type Refined } from "../refined.ts";
import { ofHazard } from "../special/tails.ts";
import { gumbel } from "./gumbel.ts";

export interface Exponential extends ScalarDistribution {
  readonly name: "exponential";
  readonly rate: number;
}

const RATE = parameter("rate");
const EVENT = [div(neg(log(X)), RATE)];
const LOG_DENSITY = sub(log(RATE), mul(RATE, X));

/**
 * The exponential distribution, of mean 1 / rate.
 *
 * @throws InputError unless rate is a positive number
 */
export function exponential(rate: number): Exponential {
  checkScale(rate, "rate", "exponential");
  return scalar<Exponential>({
    own: {
      name: "exponential",
      rate,
      mean: 1 / rate,
      variance: 1 / rate / rate,
      logProb: (x) => Math.log(rate) - rate * x,
      mode: () => 0,
      entropy: () => 1 - Math.log(rate),
      tails: (x) => ofHazard(rate * x, Math.log(rate) + Math.log(x)),
      icdf: (p) => -Math.log1p(-p) / rate,
    },
    support: POSITIVE,
    known: () => ({
      moments: () => gammaMoments(1, rate),
      meanLog: (p) => Math.log(rate) - rate * p.mean,
      growth: (side) => (side === 1 ? [powerTerm(1, -rate)] : []),
      logPlaced: () => ({ location: Math.log(rate), scale: 1, at: gumbel }),
      kl: (q) => ratioGap((q.rate - rate) / rate, logQuotient(q.rate, rate)),
      renyi: (q, alpha) => renyiOfGammas({ concentration: 1, rate }, { concentration: 1, rate: q.rate }, alpha),
    }),
    model: () => ({
      variates: ["uniform"],
      event: EVENT,
      refined: refinedOf(rate),
      logDensity: LOG_DENSITY,
      parameters: { rate },
    }),
  });
}

const E = neg(log(X));
const LOG_E = log(E);

/** The logarithm, and the multiple of 1 / rate, where samples would leave f32's range. */
function refinedOf(rate: number): readonly Refined[] | undefined {
  const lost = -Math.expm1(-rate * Math.exp(LOG_LEAST));
  // A mean of 2^120 is where one in 10^12 samples is above 2^124.8.
  if (!(lost > NEVER_MET || rate < 2 ** -120)) return undefined;
  const log = { origin: -Math.log(rate), scale: 1, unit: LOG_E };
  return [{ log, shifted: { origin: 0, scale: 1 / rate, unit: E }, clamped: clampedToZero(lost) }];
}
