import { call, number } from "../../expression/expr.ts";
import { add, div, mul, neg, sub } from "../../expression/simplify.ts";
import { logQuotient } from "../bregman/generators.ts";
import { renyiOfRates, scaleGap } from "../bregman/location-scale.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { exp, log, SCALE, SHAPE, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { isCoarse, LOG_MOST, NEVER_MET } from "../refined.ts";
import { split } from "../saddle-point.ts";
import { deviance } from "../special/deviance.ts";
import { logRatio } from "../special/logarithms.ts";
import { ofHazard } from "../special/tails.ts";

export interface Pareto extends ScalarDistribution {
  readonly name: "pareto";
  /** The least value. */
  readonly scale: number;
  readonly shapeParameter: number;
}

// scale u^(-1 / shape), whose factor is never below 1 in this form.
const EVENT = [mul(SCALE, exp(div(neg(log(X)), SHAPE)))];
const START = split("start");
const LOG_DENSITY = sub(sub(log(SHAPE), log(SCALE)), mul(add(SHAPE, number(1)), START.exactLogRatio(X)));

/**
 * The Pareto distribution: P(X > x) = (scale / x)^shape for x >= scale.
 *
 * Its mean is infinite for shape <= 1, its variance for shape <= 2.
 *
 * @throws InputError unless scale and shape are positive numbers
 */
export function pareto(scale: number, shape: number): Pareto {
  checkScale(scale, "scale", "pareto");
  checkScale(shape, "shape", "pareto");
  const support: Support = { kind: "interval", low: scale, high: Number.POSITIVE_INFINITY };
  return scalar<Pareto>({
    own: {
      name: "pareto",
      scale,
      shapeParameter: shape,
      mean: shape > 1 ? (scale * shape) / (shape - 1) : Number.POSITIVE_INFINITY,
      variance: shape > 2 ? (scale / (shape - 1)) ** 2 * (shape / (shape - 2)) : Number.POSITIVE_INFINITY,
      logProb: (x) => Math.log(shape) - Math.log(scale) - (shape + 1) * logRatio(x, scale),
      mode: () => scale,
      entropy: () => Math.log(scale / shape) + 1 + 1 / shape,
      tails(x) {
        const hazard = shape * logRatio(x, scale);
        return ofHazard(hazard, Math.log(hazard));
      },
      icdf: (p) => scale * Math.exp(-Math.log1p(-p) / shape),
    },
    support,
    known: (of) => ({
      moments: () => ({
        // -(shape - 1) log(c / scale) is not positive where the mean is finite.
        below(c) {
          const log = Math.log1p((c - scale) / scale);
          return of.mean * Math.expm1((1 - shape) * log) - c * Math.expm1(-shape * log);
        },
        logarithm: Math.log(scale) + 1 / shape,
        ...(shape > 1 && { logGap: deviance(-1 / shape) }),
        logVariance: 1 / (shape * shape),
        power: (k, s) =>
          k < shape ? Math.exp(k * logQuotient(scale, s)) * (shape / (shape - k)) : Number.POSITIVE_INFINITY,
      }),
      meanLog: (p) => plus(Math.log(shape) - Math.log(scale), times(-(shape + 1), p.logOver(scale))),
      growth: (side) => (side === 1 ? [logTerm(-(shape + 1))] : []),
      // log X is exponential beyond log(scale).
      kl: (q) => q.shapeParameter * logQuotient(scale, q.scale) + scaleGap(q.shapeParameter, shape),
      renyi(q, alpha) {
        // Beyond the larger scale both are exponential in the logarithm; what this has before that is lost.
        const spread = renyiOfRates(logQuotient(q.shapeParameter, shape), alpha);
        const [own, other] = [logQuotient(scale, q.scale), logQuotient(q.scale, scale)];
        if (own >= 0) return q.shapeParameter * own + spread;
        return alpha < 1 ? (alpha / (1 - alpha)) * shape * other + spread : Number.POSITIVE_INFINITY;
      },
    }),
    model: () => ({
      variates: ["uniform"],
      ...drawnOf(scale, shape),
      logDensity: LOG_DENSITY,
      parameters: { scale, ...START.parameters(scale), shape },
    }),
  });
}

const E = neg(log(X));
/** The same event where a factor may leave f32's range that the product does not. */
const WIDE_EVENT = [exp(add(log(SCALE), div(E, SHAPE)))];

/** The logarithm where samples would leave f32's range, and the distance from the scale where they are close to it. */
function drawnOf(scale: number, shape: number): Pick<Formulas, "event" | "refined"> {
  const log = { origin: Math.log(scale), scale: 1 / shape, unit: E };
  if (Math.exp(-shape * (LOG_MOST - log.origin)) > NEVER_MET) return { event: WIDE_EVENT, refined: [{ log }] };
  if (!isCoarse(scale, scale / shape)) return { event: EVENT };
  const unit = mul(SHAPE, call("expm1", div(E, SHAPE)));
  return { event: EVENT, refined: [{ log, shifted: { origin: scale, scale: scale / shape, unit } }] };
}
