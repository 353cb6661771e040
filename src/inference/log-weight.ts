import { InputError } from "../core/errors.ts";
import { covers } from "../distributions/covers.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { checkDistribution, prefixedFormula, prefixedParameters } from "../distributions/parts.ts";
import type { Formula } from "../expectation/options.ts";
import { type Expr, variable } from "../expression/expr.ts";
import { parseFormula } from "../expression/parse.ts";
import { traceFormula } from "../expression/trace.ts";
import type { LatentModel } from "./latent-model.ts";

/** What bounds on the evidence are made of, as formulas of z, and the values of their parameters. */
export interface LogWeight {
  /** log p(x|z) */
  readonly logLikelihood: Expr;
  /** log p(z) */
  readonly logPrior: Expr;
  /** log q(z); its parameters have the names that `under` gives them, so that each is there once. */
  readonly logPosterior: Expr;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * The parts of log p(x, z) / q(z), z drawn from q.
 *
 * Where q reaches beyond the prior, KL(q‖prior) is infinite and every bound is -Infinity: that is refused, so that no density is
 * asked for outside its support.
 */
export function logWeightOf(model: LatentModel, q: Distribution, where: string): LogWeight {
  if (typeof model !== "object" || model === null || !("logLikelihood" in model)) {
    throw new InputError(`${where}: model must be { prior, logLikelihood }, or what linearGaussian gives`);
  }
  const { prior, parameters = {} } = model;
  if (typeof parameters !== "object" || parameters === null) {
    throw new InputError(`${where}: model.parameters must be { name: number … }, got ${String(parameters)}`);
  }
  checkDistribution(prior, "model.prior", where);
  checkDistribution(q, "posterior", where);
  if (prior.shape.join() !== q.shape.join()) {
    throw new InputError(
      `${where}: posterior must have the prior's shape [${prior.shape.join()}], got [${q.shape.join()}]`,
    );
  }
  if (!covers(prior, q)) {
    throw new InputError(
      `${where}: posterior must lie within the prior's support, got ${q.name} where the prior is ${prior.name}: KL(q‖prior) is infinite`,
    );
  }
  return {
    logLikelihood: readFormula(model.logLikelihood, q, Object.keys(parameters), `${where}: model.logLikelihood`),
    logPrior: prefixedFormula(prior.model.logDensity, "prior.", variable),
    logPosterior: prefixedFormula(q.model.logDensity, "under.", variable),
    parameters: {
      ...parameters,
      ...prefixedParameters(prior.model, "prior."),
      ...prefixedParameters(q.model, "under."),
    },
  };
}

function readFormula(formula: Formula, q: Distribution, parameters: readonly string[], where: string): Expr {
  const dimension = q.shape[0] ?? 0;
  const read =
    typeof formula === "function"
      ? traceFormula(formula, { dimension, where })
      : parseFormula(formula, { dimension, where, parameters });
  if ("kind" in read) return read;
  throw new InputError(`${where}: needed one value, got a list of ${read.length}`);
}
