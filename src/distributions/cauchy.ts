import { call, number } from "../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../expression/simplify.ts";
import { checkLocation, checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { bothTails, EVERYWHERE, LOCATION, log, SCALE, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { heavyGrowth, located, locationNamed } from "./refined.ts";

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
      logProb: (x) => -2 * Math.log(Math.hypot(1, (x - location) / scale)) - Math.log(Math.PI * scale),
      entropy: () => Math.log(4 * Math.PI * scale),
      cdf: (x) => Math.atan2(1, (location - x) / scale) / Math.PI,
      icdf: (p) => location + scale * cotangent(p),
    },
    support: EVERYWHERE,
    model: () => ({
      variates: ["normal"],
      ...located(EVENT, CENTRE, SCALE, UNIT, [location, scale]),
      logDensity: LOG_DENSITY,
      parameters: { location, ...CENTRE.parameters(location), scale },
    }),
  });
}

// -cot(pi p), from the nearer end.
function cotangent(p: number): number {
  return p <= 0.5 ? -1 / Math.tan(Math.PI * p) : 1 / Math.tan(Math.PI * (1 - p));
}
