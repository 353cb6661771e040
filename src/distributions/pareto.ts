import { number } from "../expression/expr.ts";
import { add, div, mul, neg, sub } from "../expression/simplify.ts";
import { checkScale } from "./checks.ts";
import type { ScalarDistribution, Support } from "./distribution.ts";
import { exp, log, SCALE, SHAPE, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { logRatio } from "./special/logarithms.ts";
import { ofHazard } from "./special/tails.ts";

export interface Pareto extends ScalarDistribution {
  readonly name: "pareto";
  /** The least value. */
  readonly scale: number;
  readonly shapeParameter: number;
}

// scale u^(-1 / shape), whose factor is never below 1 in this form.
const EVENT = [mul(SCALE, exp(div(neg(log(X)), SHAPE)))];
const LOG_DENSITY = sub(sub(log(SHAPE), log(SCALE)), mul(add(SHAPE, number(1)), log(div(X, SCALE))));

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
    model: () => ({
      variates: ["uniform"],
      event: EVENT,
      logDensity: LOG_DENSITY,
      parameters: { scale, shape },
    }),
  });
}
