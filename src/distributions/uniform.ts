import { InputError } from "../engine/errors.ts";
import { parameter } from "../expression/expr.ts";
import { add, mul, neg, sub } from "../expression/simplify.ts";
import { checkLocation, checkScale } from "./checks.ts";
import type { ScalarDistribution, Support } from "./distribution.ts";
import { log, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { ofBoth } from "./special/tails.ts";

export interface Uniform extends ScalarDistribution {
  readonly name: "uniform";
  readonly low: number;
  readonly high: number;
}

const LOW = parameter("low");
const WIDTH = sub(parameter("high"), LOW);
// Never above high in f32: u is at most 1 - 2^-24, which takes more from the rounded width than its rounding added.
const EVENT = [add(LOW, mul(WIDTH, X))];
const LOG_DENSITY = neg(log(WIDTH));

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
    model: () => ({
      variates: ["uniform"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: { low, high },
    }),
  });
}
