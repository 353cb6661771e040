import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { add, div, mul, pow } from "../expression/simplify.ts";
import type { Variate } from "../sampling/integrand.ts";
import type { Rejection } from "./distribution.ts";
import { log, log1p } from "./formulas.ts";
import { atLeast, happensWith, quarticRest } from "./saddle-point.ts";

/** A gamma variate of rate 1 as a product: size · cube · exp(boost). */
export interface GammaVariate {
  readonly variates: readonly Variate[];
  readonly rejection: Rejection;
  readonly size: number;
  readonly cube: Expr;
  /** log(cube), without its rounding. */
  readonly logCube: Expr;
  /** (cube - 1) / (3 slope), which is z for large concentrations. */
  readonly growth: Expr;
  /** Of concentrations below 1. */
  readonly boost: Expr | undefined;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * G. Marsaglia and W. Tsang's method (2000): d v with d = c - 1/3 and v = (1 + t)³, t = z / (3 sqrt(d)), accepted with probability
 * exp(z²/2 + d - d v + d log v), which is exp(3 d (log(1 + t) - t + t²/2 - t³/3)). Below c = 1 a variate of c + 1 is multiplied by u^(1/c).
 * At least 95 in 100 are accepted.
 *
 * @param first - the first of its variates among the distribution's
 * @param prefix - of its parameters' names
 */
export function gammaVariate(concentration: number, first: number, prefix: string): GammaVariate {
  const boosted = concentration < 1;
  const size = concentration + (boosted ? 2 / 3 : -1 / 3);
  const t = mul(parameter(`${prefix}slope`), variable(first));
  // A normal that would make 1 + t negative is not accepted, whatever the logarithm is then.
  const inside = atLeast(t, -1 + 2 ** -24);
  const probable = happensWith(variable(first + 1), mul(parameter(`${prefix}steepness`), quarticRest(inside)));
  return {
    variates: boosted ? ["normal", "uniform", "uniform"] : ["normal", "uniform"],
    rejection: { variates: [first, first + 1], accept: call("and", call("gt", t, number(-1)), probable) },
    size,
    cube: pow(add(number(1), t), number(3)),
    logCube: mul(number(3), log1p(t)),
    growth: mul(variable(first), add(number(1), mul(t, add(number(1), mul(number(1 / 3), t))))),
    boost: boosted ? div(log(variable(first + 2)), parameter(`${prefix}concentration`)) : undefined,
    parameters: {
      [`${prefix}slope`]: 1 / (3 * Math.sqrt(size)),
      [`${prefix}steepness`]: 3 * size,
      ...(boosted ? { [`${prefix}concentration`]: concentration } : {}),
    },
  };
}
