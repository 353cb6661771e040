import { EULER } from "../../arithmetic/coefficients.ts";
import { lgamma1p, lgamma1pGap } from "../../arithmetic/double-gamma.ts";
import { call, number } from "../../expression/expr.ts";
import { add, div, mul, neg, sub } from "../../expression/simplify.ts";
import { lgammaGap, logQuotient } from "../bregman/generators.ts";
import { ofGumbels, renyiOfRates } from "../bregman/location-scale.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { exp, log, POSITIVE, SCALE, SHAPE, X } from "../formulas.ts";
import { logTerm, powerTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { clampedToZero, isCoarse, LOG_LEAST, LOG_MOST, NEVER_MET } from "../refined.ts";
import { split } from "../saddle-point.ts";
import { gammaTails } from "../special/incomplete-gamma.ts";
import { logRatio } from "../special/logarithms.ts";
import { ofHazard } from "../special/tails.ts";
import { gumbel } from "./gumbel.ts";

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
    known: () => ({
      moments: () => ({
        below: (c) =>
          c * -Math.expm1(-((c / scale) ** shape)) - mean * gammaTails(1 + 1 / shape, (c / scale) ** shape).lower,
        logGap: lgammaGap(1, 1 + 1 / shape, 1 / shape),
        logarithm: Math.log(scale) - EULER / shape,
        logVariance: (Math.PI / shape) ** 2 / 6,
        power: (j, s) =>
          j > -shape ? Math.exp(j * logQuotient(scale, s) + lgamma1p(j / shape)) : Number.POSITIVE_INFINITY,
      }),
      meanLog(p) {
        const start = plus(Math.log(shape) - Math.log(scale), times(shape - 1, p.logOver(scale)));
        return plus(start, times(-1, p.power?.(shape, scale)));
      },
      growth: (side) =>
        side === 1 ? [powerTerm(shape, -(scale ** -shape)), logTerm(shape - 1)] : [logTerm(1 - shape)],
      // -log X is a Gumbel variable.
      logPlaced: () => ({ location: -Math.log(scale), scale: 1 / shape, at: gumbel }),
      kl: (q) => ofGumbels(q.shapeParameter * logQuotient(scale, q.scale), q.shapeParameter, shape),
      renyi: (q, alpha) =>
        shape === q.shapeParameter ? renyiOfRates(shape * logQuotient(scale, q.scale), alpha) : undefined,
    }),
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
