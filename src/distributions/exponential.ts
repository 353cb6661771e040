import { parameter } from "../expression/expr.ts";
import { div, mul, neg, sub } from "../expression/simplify.ts";
import { checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { log, POSITIVE, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { ofHazard } from "./special/tails.ts";

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
    model: () => ({
      variates: ["uniform"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: { rate },
    }),
  });
}
