import type { Distribution } from "../distributions/distribution.ts";
import { multivariateNormal } from "../distributions/families/multivariate-normal.ts";
import { normal } from "../distributions/families/normal.ts";
import { LOG_2PI, log, square } from "../distributions/formulas.ts";
import { prefixedFormula, prefixedParameters, sizeOf } from "../distributions/parts.ts";
import { sumOf } from "../expression/chains.ts";
import { differentiate } from "../expression/differentiate.ts";
import { type Expr, number, parameter, variable } from "../expression/expr.ts";
import { add, div, mul, ONE, sub } from "../expression/simplify.ts";
import { substitute } from "../expression/substitute.ts";

/** Which divergence of a target p and a Gaussian q: KL(p‖q) is forward, KL(q‖p) reverse. */
export type KlDirection = "forward" | "reverse";

/** What a step of a fit estimates, on samples of a distribution that is the same at every step. */
export interface Objective {
  readonly under: Distribution;
  /** The divergence's integrand, then -std ∂/∂mean of each coordinate, then -∂/∂log std of each. */
  readonly of: readonly Expr[];
  /** Values of the target's parameters, but for those that come with `under`. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Names of q's parameters: their values come with each step, so that all steps share one shader. */
export const meanName = (i: number) => `fit.mean_${i}`;
export const stdName = (i: number) => `fit.std_${i}`;

/** KL(p‖q) = E_p[log p(x) - log q(x)]: samples are the target's, and only log q depends on q. */
export function forwardObjective(target: Distribution): Objective {
  const indexes = indexesOf(target);
  const logTarget = prefixedFormula(target.model.logDensity, "under.", variable);
  const u = indexes.map((i) => div(sub(variable(i), parameter(meanName(i))), parameter(stdName(i))));
  return {
    under: target,
    of: [sub(logTarget, logNormal(u)), ...u, ...u.map((one) => sub(square(one), ONE))],
    parameters: {},
  };
}

/**
 * KL(q‖p) = E_ε[log q(z) - log p(z)], z = mean + std ε: the derivative goes through the samples. That by log q's own parameters is
 * left out, as its mean is 0 (G. Roeder, Y. Wu and D. Duvenaud, Sticking the Landing, 2017): no noise remains where q is the
 * target.
 */
export function reverseObjective(target: Distribution): Objective {
  const indexes = indexesOf(target);
  const z = indexes.map((i) => add(parameter(meanName(i)), mul(parameter(stdName(i)), variable(i))));
  const at = (expr: Expr) => substitute(expr, (leaf) => (leaf.kind === "variable" ? (z[leaf.index] as Expr) : leaf));
  const logTarget = prefixedFormula(target.model.logDensity, "target.", variable);
  // -std d(log q - log p)/dz = ε + std d(log p)/dz
  const fall = indexes.map((i) =>
    add(variable(i), mul(parameter(stdName(i)), at(differentiate(logTarget, variable(i))))),
  );
  return {
    under: standardLike(target),
    of: [sub(logNormal(indexes.map(variable)), at(logTarget)), ...fall, ...fall.map((one, i) => mul(variable(i), one))],
    parameters: prefixedParameters(target.model, "target."),
  };
}

/** log q at mean + std u. */
function logNormal(u: readonly Expr[]): Expr {
  const squares = sumOf(u.map((one) => ({ inverse: false, expr: square(one) })));
  const logStds = sumOf(u.map((_, i) => ({ inverse: false, expr: log(parameter(stdName(i))) })));
  return sub(sub(mul(number(-0.5), squares), logStds), number((u.length * LOG_2PI) / 2));
}

/** Standard normals of a distribution's shape. */
export function standardLike(target: Distribution): Distribution {
  if (target.shape.length === 0) return normal(0, 1);
  const indexes = indexesOf(target);
  return multivariateNormal({ mean: indexes.map(() => 0), std: indexes.map(() => 1) });
}

function indexesOf(target: Distribution): readonly number[] {
  return Array.from({ length: sizeOf(target) }, (_, i) => i);
}
