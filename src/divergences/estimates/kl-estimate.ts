import { InputError } from "../../core/errors.ts";
import { checkChoice, checkNamesOf } from "../../core/options.ts";
import { covers } from "../../distributions/covers.ts";
import type { Distribution } from "../../distributions/distribution.ts";
import type { Engine } from "../../engine/engine.ts";
import { checkEngine } from "../../engine/engine.ts";
import type { Estimate, Warning } from "../../expectation/estimate.ts";
import { estimateExpression, SAMPLING_NAMES, type SamplingOptions } from "../../expectation/expression-estimate.ts";
import { checkPair } from "../checks.ts";
import { closedKl } from "../closed/kl.ts";
import { isCovered } from "../factors.ts";
import { hasInfiniteSquare } from "./infinite-variance.ts";
import { k1, k2, k3, logRatio } from "./ratio.ts";

/** With r = q(x) / p(x) at samples x of p: k1 = -log r, k2 = ½ log² r, k3 = (r - 1) - log r. */
export type KlEstimator = "k1" | "k2" | "k3";

export interface KlEstimateOptions extends SamplingOptions {
  /** "k1" by default: it has no bias, and hardly ever an infinite variance. */
  readonly estimator?: KlEstimator;
  /** Called with the estimate so far after every batch, and once more when the run is aborted. */
  readonly onProgress?: ((estimate: Estimate) => void) | undefined;
}

const ESTIMATORS = { k1, k2, k3 } as const;

/**
 * An estimate of D(p || q) = E_p[log p - log q] in nats from samples of p, on the engine, with J. Schulman's estimators (2020).
 *
 * k1 is unbiased, and varies much where p and q are close. k3 is never negative, and varies less there; it is unbiased where p has density
 * wherever q has, but its variance is infinite where q has so much wider tails that E_p[r²] is: for normal distributions, where q's
 * variance is at least twice p's. k2 is biased, by less the closer p and q are. The warnings "biased" and "infinite-variance" say so, the
 * latter where it can be told from the two families; "heavy-tail" is what samples show.
 *
 * Log-densities are computed in f32: log r has an absolute error of about 1e-7 times the log-densities.
 *
 * @throws InputError unless both are distributions of one shape and q covers p, where D is infinite; and all that `expectation` throws
 */
export async function klEstimate(
  engine: Engine,
  p: Distribution,
  q: Distribution,
  options: KlEstimateOptions,
): Promise<Estimate> {
  const where = "klEstimate";
  checkEngine(engine, where);
  checkPair(p, q, where);
  checkNamesOf(options, ["estimator", "onProgress", ...SAMPLING_NAMES], where);
  const { estimator: asked = "k1", onProgress, ...sampling } = options;
  const estimator = checkChoice(asked, ["k1", "k2", "k3"] as const, where, "estimator");
  const closed = checkFinite(p, q, where);
  const ratio = logRatio(p, q);
  const estimate = await estimateExpression(engine, {
    where,
    under: p,
    of: ESTIMATORS[estimator](ratio.log),
    parameters: ratio.parameters,
    options: sampling,
    warnings: warningsOf(p, q, estimator),
    onProgress,
  });
  // Means over tails that no sample has reached look certain.
  const off =
    closed === undefined || estimator === "k2" ? 0 : Math.abs(estimate.mean - closed) / estimate.standardError;
  if (!(off > MOST_OFF)) return estimate;
  const message = `D(p || q) is ${closed} in closed form, ${off.toPrecision(2)} standard errors from the estimate: what makes it up is too rare for ${estimate.samples} samples, or beyond the digits of 32-bit log-densities. Use klDivergence.`;
  return { ...estimate, warnings: [...estimate.warnings, { code: "mismatch", message }] };
}

/** Standard errors between an estimate and the closed form that are no accident. */
const MOST_OFF = 5;

/** D(p || q) where it has a closed form; refuses an infinite one. */
function checkFinite(p: Distribution, q: Distribution, where: string): number | undefined {
  if (!isCovered(p, q)) {
    throw new InputError(
      `${where}: q must have density wherever p has, else D(p || q) is infinite; got ${p.name}, ${q.name}`,
    );
  }
  const closed = closedKl(p, q);
  if (closed === Number.POSITIVE_INFINITY) {
    throw new InputError(`${where}: D(p || q) is infinite: ${p.name} has too wide tails for this ${q.name}`);
  }
  return closed;
}

function warningsOf(p: Distribution, q: Distribution, estimator: KlEstimator): readonly Warning[] {
  const warnings: Warning[] = [];
  if (p === q || estimator === "k1") return warnings;
  if (estimator === "k2") {
    const message =
      "k2 is biased: its mean is E[½ log² r], which nears D(p || q) only as q nears p. k1 and k3 are unbiased.";
    return [{ code: "biased", message }];
  }
  if (!covers(p, q)) {
    const message = "q has values that p never gives, so k3 is biased, by minus their probability under q. k1 is not.";
    warnings.push({ code: "biased", message });
  }
  if (hasInfiniteSquare(p, q)) {
    const message =
      "E[r²] is infinite, r = q / p, so k3 has infinite variance and its standard error means nothing. Use k1, or klDivergence where it is closed.";
    warnings.push({ code: "infinite-variance", message });
  }
  return warnings;
}
