import type { Distribution } from "../distributions/distribution.ts";
import type { Formula } from "../expectation/options.ts";

/** p(x, z) of an observation x that is fixed: a prior of z, and log p(x|z) as a function of z. */
export interface LatentModel {
  /** p(z) */
  readonly prior: Distribution;
  /**
   * log p(x|z) in nats as a formula of z, which formulas call `x` (`x[0]` … where z is a vector), or a traced function. Its
   * constant terms count: the evidence has them too.
   */
  readonly logLikelihood: Formula;
  /** Values of the names that `logLikelihood` uses besides x; other values need no new shader. */
  readonly parameters?: Readonly<Record<string, number>>;
}
