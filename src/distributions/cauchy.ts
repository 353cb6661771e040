import { call, number } from "../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../expression/simplify.ts";
import { checkLocation, checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { abs, bothTails, EVERYWHERE, LOCATION, log, log1p, SCALE, square, X } from "./formulas.ts";
import { scalar } from "./make.ts";

export interface Cauchy extends ScalarDistribution {
  readonly name: "cauchy";
  readonly location: number;
  readonly scale: number;
}

// location +- scale / tan(pi t), t the probability beyond; in turns, a quarter of P(|Z| > |z|).
const TURNS = mul(number(0.25), bothTails(X));
const COTANGENT = div(call("cosTurns", TURNS), call("sinTurns", TURNS));
const EVENT = [add(LOCATION, mul(SCALE, select(call("lt", X, number(0)), neg(COTANGENT), COTANGENT)))];
// log(1 + d^2) = 2 log m + log1p(r^2), m = max(d, 1), r = min(d, 1 / d): no square overflows.
const DISTANCE = div(abs(sub(X, LOCATION)), SCALE);
const FAR = call("gt", DISTANCE, number(1));
const LARGER = select(FAR, DISTANCE, number(1));
const RATIO = select(FAR, div(number(1), LARGER), DISTANCE);
const LOG_DENSITY = sub(
  sub(sub(mul(number(-2), log(LARGER)), log1p(square(RATIO))), log(SCALE)),
  number(Math.log(Math.PI)),
);

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
      mode: () => location,
      entropy: () => Math.log(4 * Math.PI * scale),
      cdf: (x) => Math.atan2(1, (location - x) / scale) / Math.PI,
      icdf: (p) => location + scale * cotangent(p),
    },
    support: EVERYWHERE,
    model: () => ({
      variates: ["normal"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: { location, scale },
    }),
  });
}

// -cot(pi p), from the nearer end.
function cotangent(p: number): number {
  return p <= 0.5 ? -1 / Math.tan(Math.PI * p) : 1 / Math.tan(Math.PI * (1 - p));
}
