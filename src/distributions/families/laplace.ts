import { call, number } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { expGap } from "../bregman/generators.ts";
import { scaleGap } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, bothTails, EVERYWHERE, log, MEAN, SCALE, X } from "../formulas.ts";
import { powerTerm } from "../growth.ts";
import { scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { located, locationNamed } from "../refined.ts";
import { ofLower, swapped } from "../special/tails.ts";

export interface Laplace extends ScalarDistribution {
  readonly name: "laplace";
  readonly scale: number;
}

// mean -+ scale log t: -log of a uniform number is exponential.
const LOG_TAIL = log(bothTails(X));
const UNIT = select(call("lt", X, number(0)), LOG_TAIL, neg(LOG_TAIL));
const LOCATION = locationNamed("mean");
const EVENT = add(MEAN, mul(SCALE, UNIT));
const LOG_DENSITY = sub(sub(neg(div(abs(LOCATION.distance(X)), SCALE)), log(SCALE)), number(Math.LN2));

/** log(2 p), also near 0. */
function logTwice(p: number): number {
  return p < 0.25 ? Math.log(2 * p) : Math.log1p(2 * p - 1);
}

/**
 * The Laplace distribution, of density exp(-|x - mean| / scale) / (2 scale).
 *
 * @throws InputError unless mean is a number and scale a positive one
 */
export function laplace(mean: number, scale: number): Laplace {
  checkLocation(mean, "mean", "laplace");
  checkScale(scale, "scale", "laplace");
  return scalar<Laplace>({
    own: {
      name: "laplace",
      mean,
      scale,
      variance: 2 * scale * scale,
      logProb: (x) => -Math.abs(x - mean) / scale - Math.log(scale) - Math.LN2,
      mode: () => mean,
      entropy: () => 1 + Math.LN2 + Math.log(scale),
      tails(x) {
        const tail = ofLower(-Math.abs(x - mean) / scale - Math.LN2);
        return x < mean ? tail : swapped(tail);
      },
      icdf: (p) => mean + scale * (p < 0.5 ? logTwice(p) : -logTwice(1 - p)),
    },
    support: EVERYWHERE,
    known: (of) => ({
      moments: () => ({
        below: (c) => Math.max(c - mean, 0) + 0.5 * scale * Math.exp(-Math.abs(c - mean) / scale),
        exponential: (t, c) =>
          Math.abs(t * scale) < 1 ? Math.exp(t * (mean - c)) / (1 - (t * scale) ** 2) : Number.POSITIVE_INFINITY,
      }),
      meanLog: (p) => plus(of.logProb(mean), times(-1 / scale, p.absolute(mean))),
      growth: () => [powerTerm(1, -1 / scale)],
      placed: () => ({ location: mean, scale, at: laplace }),
      kinks: () => [mean],
      kl(q) {
        const distance = Math.abs(mean - q.mean) / scale;
        return (scale / q.scale) * expGap(-distance) + scaleGap(scale, q.scale);
      },
    }),
    model: () => ({
      variates: ["normal"],
      ...located(EVENT, LOCATION, SCALE, UNIT, [mean, scale]),
      logDensity: LOG_DENSITY,
      parameters: { mean, ...LOCATION.parameters(mean), scale },
    }),
  });
}
