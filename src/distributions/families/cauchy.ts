import { call, number } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { cauchyLogSquare, ofCauchys } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { bothTails, EVERYWHERE, LOCATION, log, SCALE, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { heavyGrowth, located, locationNamed } from "../refined.ts";
import { logRatio } from "../special/logarithms.ts";
import { ofBoth, ofLower, swapped, type Tails } from "../special/tails.ts";

export interface Cauchy extends ScalarDistribution {
  readonly name: "cauchy";
  readonly location: number;
  readonly scale: number;
}

// location +- scale / tan(pi t), t the probability beyond; in turns, a quarter of P(|Z| > |z|).
const TURNS = mul(number(0.25), bothTails(X));
const COTANGENT = div(call("cosTurns", TURNS), call("sinTurns", TURNS));
const UNIT = select(call("lt", X, number(0)), neg(COTANGENT), COTANGENT);
const EVENT = add(LOCATION, mul(SCALE, UNIT));
const CENTRE = locationNamed("location");
const LOG_DENSITY = sub(sub(neg(heavyGrowth(CENTRE.distance(X), SCALE)), log(SCALE)), number(Math.log(Math.PI)));

/**
 * The Cauchy distribution, which has no mean and no variance (NaN).
 *
 * @throws InputError unless location is a number and scale a positive one
 */
export function cauchy(location: number, scale: number): Cauchy {
  checkLocation(location, "location", "cauchy");
  checkScale(scale, "scale", "cauchy");
  return scalar<Cauchy>({
    own: {
      name: "cauchy",
      location,
      scale,
      mean: Number.NaN,
      variance: Number.NaN,
      logProb(x) {
        const offset = Math.abs(x - location);
        const distance = offset / scale;
        const grown =
          distance < 1
            ? Math.log1p(distance * distance) / 2
            : logRatio(offset, scale) + Math.log1p((1 / distance) ** 2) / 2;
        return -2 * grown - Math.log(Math.PI * scale);
      },
      mode: () => location,
      entropy: () => Math.log(4 * Math.PI * scale),
      tails(x) {
        const offset = x - location;
        const tail = tailAt(Math.abs(offset), scale);
        return offset < 0 ? tail : swapped(tail);
      },
      icdf: (p) => location + quantileOf(p, scale),
    },
    support: EVERYWHERE,
    known: (of) => ({
      moments: () => ({
        logSquare: (c, s) => cauchyLogSquare((location - c) / s, scale / s),
        exponential: () => Number.POSITIVE_INFINITY,
      }),
      meanLog: (p) => plus(-Math.log(Math.PI * scale), times(-1, p.logSquare?.(location, scale))),
      growth: () => [logTerm(-2)],
      placed: () => ({ location, scale, at: cauchy }),
      kl: (q) => ofCauchys(of, q),
    }),
    model: () => ({
      variates: ["normal"],
      ...located(EVENT, CENTRE, SCALE, UNIT, [location, scale]),
      logDensity: LOG_DENSITY,
      parameters: { location, ...CENTRE.parameters(location), scale },
    }),
  });
}

function tailAt(offset: number, scale: number): Tails {
  const tail = Math.atan2(scale, offset) / Math.PI;
  return tail < 1e-290
    ? ofLower(logRatio(scale, offset) - Math.log(Math.PI))
    : ofBoth(tail, 0.5 + Math.atan2(offset, scale) / Math.PI);
}

// -scale cot(pi p), from the nearest of 0, 1/2 and 1.
function quantileOf(p: number, scale: number): number {
  if (p > 0.5) return -quantileOf(1 - p, scale);
  if (p > 0.25) return scale * Math.tan(Math.PI * (p - 0.5));
  return p < 1e-9 ? -(scale / Math.PI) / p : -scale / Math.tan(Math.PI * p);
}
