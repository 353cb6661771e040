import { call, number } from "../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../expression/simplify.ts";
import { checkLocation, checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { abs, bothTails, EVERYWHERE, LOCATION, log, log1p, SCALE, square, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { logRatio } from "./special/logarithms.ts";
import { ofBoth, ofLower, swapped, type Tails } from "./special/tails.ts";

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
    model: () => ({
      variates: ["normal"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: { location, scale },
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
