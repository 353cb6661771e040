import { EULER } from "../../arithmetic/coefficients.ts";
import { lgamma1p, lgamma1pGap } from "../../arithmetic/double-gamma.ts";
import { call, number } from "../../expression/expr.ts";
import { add, div, mul, neg, sub } from "../../expression/simplify.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { exp, log, POSITIVE, SCALE, SHAPE, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { clampedToZero, isCoarse, LOG_LEAST, LOG_MOST, NEVER_MET } from "../refined.ts";
import { split } from "../saddle-point.ts";
import { logRatio } from "../special/logarithms.ts";
import { ofHazard } from "../special/tails.ts";

export interface Weibull extends ScalarDistribution {
  readonly name: "weibull";
  readonly scale: number;
  readonly shapeParameter: number;
}

// scale E^(1 / shape), E exponential.
const EVENT = [mul(SCALE, call("pow", neg(log(X)), div(number(1), SHAPE)))];
const CENTRE = split("centre");
const LOG_RATIO = CENTRE.exactLogRatio(X);
const LOG_DENSITY = sub(
  add(sub(log(SHAPE), log(SCALE)), mul(sub(SHAPE, number(1)), LOG_RATIO)),
  exp(mul(SHAPE, LOG_RATIO)),
);

/**
 * The Weibull distribution: P(X > x) = exp(-(x / scale)^shape).
 *
 * @throws InputError unless scale and shape are positive numbers
 */
export function weibull(scale: number, shape: number): Weibull {
  checkScale(scale, "scale", "weibull");
  checkScale(shape, "shape", "weibull");
  const logMean = lgamma1p(1 / shape) + Math.log(scale);
  const mean = Math.exp(logMean);
  // The logarithm of the mean square as a multiple of the mean's square
  const gap = lgamma1pGap(1 / shape);
  return scalar<Weibull>({
    own: {
      name: "weibull",
      scale,
      shapeParameter: shape,
      mean,
      variance: mean === Number.POSITIVE_INFINITY ? mean : mean * mean * Math.expm1(gap),
      standardDeviation: () => (gap < 40 ? mean * Math.sqrt(Math.expm1(gap)) : Math.exp(logMean + gap / 2)),
      logProb(x) {
        const ratio = logRatio(x, scale);
        const power = shape === 1 ? 0 : (shape - 1) * ratio;
        return Math.log(shape) - Math.log(scale) + power - Math.exp(shape * ratio);
      },
      mode: () => (shape > 1 ? scale * Math.exp(Math.log1p(-1 / shape) / shape) : 0),
      entropy: () => EULER * (1 - 1 / shape) + Math.log(scale) - Math.log(shape) + 1,
      tails(x) {
        const log = shape * logRatio(x, scale);
        return ofHazard(Math.exp(log), log);
      },
      icdf(p) {
        const log = Math.log(-Math.log1p(-p)) / shape;
        return Math.abs(log) < 600 ? scale * Math.exp(log) : Math.exp(log + Math.log(scale));
      },
    },
    support: POSITIVE,
    model: () => ({
      variates: ["uniform"],
      ...drawnOf(scale, shape),
      logDensity: LOG_DENSITY,
      parameters: { scale, ...CENTRE.parameters(scale), shape },
    }),
  });
}

const LOG_E = log(neg(log(X)));
/** The same event where a factor may leave f32's range that the product does not. */
const WIDE_EVENT = [exp(add(log(SCALE), div(LOG_E, SHAPE)))];

/** The logarithm where samples would leave f32's range, the distance from the scale where they are close together. */
function drawnOf(scale: number, shape: number): Pick<Formulas, "event" | "refined"> {
  const log = { origin: Math.log(scale), scale: 1 / shape, unit: LOG_E };
  // P(X < t) and P(X > t) of t's logarithm
  const lost = -Math.expm1(-Math.exp(shape * (LOG_LEAST - log.origin)));
  const beyond = Math.exp(-Math.exp(shape * (LOG_MOST - log.origin)));
  if (lost > NEVER_MET || beyond > NEVER_MET) {
    return { event: WIDE_EVENT, refined: [{ log, clamped: clampedToZero(lost) }] };
  }
  if (!isCoarse(scale, scale / shape)) return { event: EVENT };
  const unit = mul(SHAPE, call("expm1", div(LOG_E, SHAPE)));
  return { event: EVENT, refined: [{ log, shifted: { origin: scale, scale: scale / shape, unit } }] };
}
