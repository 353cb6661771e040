import { call, number } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { cothGap } from "../bregman/generators.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, bothTails, EVERYWHERE, exp, log, log1p, MEAN, SCALE, X } from "../formulas.ts";
import { powerTerm } from "../growth.ts";
import { scalar } from "../make.ts";
import { located, locationNamed } from "../refined.ts";
import { ofLower, swapped } from "../special/tails.ts";

export interface Logistic extends ScalarDistribution {
  readonly name: "logistic";
  readonly scale: number;
}

// mean +- scale log(t / (1 - t)), t the probability beyond.
const TAIL = mul(number(0.5), bothTails(X));
const LOG_ODDS = sub(log(TAIL), log1p(neg(TAIL)));
const UNIT = select(call("lt", X, number(0)), LOG_ODDS, neg(LOG_ODDS));
const LOCATION = locationNamed("mean");
const EVENT = add(MEAN, mul(SCALE, UNIT));
const DISTANCE = div(abs(LOCATION.distance(X)), SCALE);
const LOG_DENSITY = sub(sub(neg(DISTANCE), mul(number(2), log1p(exp(neg(DISTANCE))))), log(SCALE));

/** log(p / (1 - p)), also near 0. */
function logOdds(p: number): number {
  return Math.abs(p - 0.5) < 0.25 ? Math.log1p((2 * p - 1) / (1 - p)) : Math.log(p) - Math.log1p(-p);
}

/**
 * The logistic distribution: P(X <= x) = 1 / (1 + exp(-(x - mean) / scale)).
 *
 * @throws InputError unless mean is a number and scale a positive one
 */
export function logistic(mean: number, scale: number): Logistic {
  checkLocation(mean, "mean", "logistic");
  checkScale(scale, "scale", "logistic");
  return scalar<Logistic>({
    own: {
      name: "logistic",
      mean,
      scale,
      variance: (Math.PI * scale) ** 2 / 3,
      logProb(x) {
        const distance = Math.abs(x - mean) / scale;
        return -distance - 2 * Math.log1p(Math.exp(-distance)) - Math.log(scale);
      },
      mode: () => mean,
      entropy: () => 2 + Math.log(scale),
      tails(x) {
        const distance = Math.abs(x - mean) / scale;
        const tail = ofLower(-distance, 1 / (1 + Math.exp(-distance)));
        return x < mean ? tail : swapped(tail);
      },
      icdf: (p) => mean + scale * logOdds(p),
    },
    support: EVERYWHERE,
    known: () => ({
      moments: () => ({
        below: (c) => scale * logOnePlusExp((c - mean) / scale),
        exponential(t, c) {
          const turn = Math.PI * t * scale;
          if (Math.abs(t * scale) >= 1) return Number.POSITIVE_INFINITY;
          return (Math.exp(t * (mean - c)) * turn) / Math.sin(turn);
        },
      }),
      // The log-density is nearly linear far out, so that it is known where the mean diverges.
      meanLog: (p) => (p.absolute(0) === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : undefined),
      growth: () => [powerTerm(1, -1 / scale)],
      placed: () => ({ location: mean, scale, at: logistic }),
      // Of one scale; else the logarithm's mean has no closed form.
      kl: (q) => (scale === q.scale ? 2 * cothGap(Math.abs(mean - q.mean) / scale / 2) : undefined),
    }),
    model: () => ({
      variates: ["normal"],
      ...located(EVENT, LOCATION, SCALE, UNIT, [mean, scale]),
      logDensity: LOG_DENSITY,
      parameters: { mean, ...LOCATION.parameters(mean), scale },
    }),
  });
}

function logOnePlusExp(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
