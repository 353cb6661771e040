import { InputError } from "../../core/errors.ts";
import { call, type Expr, parameter } from "../../expression/expr.ts";
import { add, mul, neg, sub } from "../../expression/simplify.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { X } from "../formulas.ts";
import { scalar } from "../make.ts";
import { located, locationNamed } from "../refined.ts";
import { ofBoth } from "../special/tails.ts";
import { uniformMoments } from "./uniform-moments.ts";

export interface Uniform extends ScalarDistribution {
  readonly name: "uniform";
  readonly low: number;
  readonly high: number;
}

const LOW = parameter("low");
const WIDTH = sub(parameter("high"), LOW);
// Never above high in f32: u is at most 1 - 2^-24, which takes more from the rounded width than its rounding added.
const EVENT = add(LOW, mul(WIDTH, X));
const START = locationNamed("low");
const LOG_DENSITY = neg(parameter("logWidth"));

/** Where low and high have no f32 near them, rounding may lead out of the support. */
function between(x: Expr): Expr {
  return call("min", call("max", x, LOW), parameter("high"));
}

/**
 * The uniform distribution on [low, high].
 *
 * @throws InputError unless low < high, also as f32
 */
export function uniform(low: number, high: number): Uniform {
  checkLocation(low, "low", "uniform");
  checkLocation(high, "high", "uniform");
  if (!(Math.fround(low) < Math.fround(high))) {
    throw new InputError(`uniform: low must be less than high as f32, got ${low} and ${high}`);
  }
  const width = high - low;
  checkScale(width, "high - low", "uniform");
  const support: Support = { kind: "interval", low, high };
  return scalar<Uniform>({
    own: {
      name: "uniform",
      low,
      high,
      mean: low + width / 2,
      variance: (width * width) / 12,
      logProb: () => -Math.log(width),
      mode: () => low,
      entropy: () => Math.log(width),
      tails: (x) => ofBoth((x - low) / width, (high - x) / width),
      icdf: (p) => (p < 0.5 ? low + width * p : high - width * (1 - p)),
    },
    support,
    known: () => ({
      moments: () => uniformMoments(low, high),
      meanLog: () => -Math.log(high - low),
      growth: () => [],
      kl: (q) => Math.log1p((low - q.low + (q.high - high)) / (high - low)),
    }),
    model: () => {
      const { event, refined } = located(EVENT, START, parameter("width"), X, [low, width]);
      return {
        variates: ["uniform"],
        event: refined ? event.map(between) : event,
        refined,
        logDensity: LOG_DENSITY,
        parameters: { low, high, ...START.parameters(low), width, logWidth: Math.log(width) },
      };
    },
  });
}
