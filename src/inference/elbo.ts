import { InputError } from "../core/errors.ts";
import { checkCallback, checkChoice, checkNamesOf } from "../core/options.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { asGaussian } from "../divergences/closed/gaussians.ts";
import { closedKl } from "../divergences/closed/kl.ts";
import type { Engine } from "../engine/engine.ts";
import type { Estimate, VectorEstimate } from "../expectation/estimate.ts";
import { estimateExpressions, SAMPLING_NAMES, type SamplingOptions } from "../expectation/expression-estimate.ts";
import { parameter } from "../expression/expr.ts";
import { mul, sub } from "../expression/simplify.ts";
import { componentOf, movedTo } from "./component.ts";
import type { LatentModel } from "./latent-model.ts";
import type { ExactElbo, LinearGaussian } from "./linear-gaussian.ts";
import { logWeightOf } from "./log-weight.ts";

export interface BoundOptions extends SamplingOptions {
  /** p(x, z): `linearGaussian(…)`, or a prior and log p(x|z). */
  readonly model: LatentModel;
  /** q(z), which stands for the posterior. */
  readonly posterior: Distribution;
}

export interface ElboOptions extends BoundOptions {
  /** Weight of the KL term: 1, the default, gives the evidence lower bound, others that of a β-VAE. */
  readonly beta?: number;
  /**
   * Which KL the ELBO is made with: "monteCarlo" (the default) takes log q(z) - log p(z) at the samples, whose errors may cancel
   * those of the reconstruction; "exact" takes the closed form, as VAEs are trained.
   */
  readonly klTerm?: "monteCarlo" | "exact";
  /** Called with the estimates so far after every batch, and once more when the run is aborted. */
  readonly onProgress?: (elbo: Elbo) => void;
}

/** The evidence lower bound and its two terms, all on the same samples. */
export interface Elbo {
  /** reconstruction - β kl, exactly so; its error bar is that of the difference, not of the parts. */
  readonly elbo: Estimate;
  /** E_q[log p(x|z)] in nats. */
  readonly reconstruction: Estimate;
  /** KL(q‖prior) = E_q[log q(z) - log p(z)] in nats, by Monte Carlo. */
  readonly kl: Estimate;
  /** KL(q‖prior) in nats, where it has a closed form. */
  readonly klExact?: number;
  /** The same in closed form, with the log-evidence and the gap to it, for a `linearGaussian` model and a Gaussian q. */
  readonly exact?: ExactElbo;
}

/** The closed forms, where the model has them for this q. */
function exactOf(model: LatentModel | LinearGaussian, q: Distribution, beta: number): { exact?: ExactElbo } {
  return "exactElbo" in model && asGaussian(q) ? { exact: model.exactElbo(q, beta) } : {};
}

const NAMES = ["log p(x|z)", "log q(z) - log p(z)", "the ELBO's integrand"];

/**
 * The evidence lower bound E_q[log p(x|z)] - β KL(q‖prior) by Monte Carlo (D. P. Kingma and M. Welling, Auto-Encoding Variational
 * Bayes, 2014; β: I. Higgins et al., 2017). With β = 1 it is below log p(x) by KL(q‖posterior); for q the posterior itself
 * every sample gives log p(x).
 *
 * @returns estimates in nats
 * @throws InputError for options that do not fit, a q that reaches beyond the prior's support, `klTerm: "exact"` where there is no closed
 *   form; and all that `expectation` throws
 */
export async function elbo(engine: Engine, options: ElboOptions): Promise<Elbo> {
  const where = "elbo";
  checkNamesOf(options, ["model", "posterior", "beta", "klTerm", "onProgress", ...SAMPLING_NAMES], where);
  const { model, posterior, beta = 1, klTerm = "monteCarlo", onProgress, ...sampling } = options;
  checkCallback(onProgress, "onProgress", where);
  checkChoice(klTerm, ["monteCarlo", "exact"], where, "klTerm");
  if (!(typeof beta === "number" && beta >= 0 && Number.isFinite(beta))) {
    throw new InputError(`${where}: beta must be a finite number, 0 or more, got ${String(beta)}`);
  }
  const { logLikelihood, logPrior, logPosterior, parameters } = logWeightOf(model, posterior, where);
  const klExact = closedKl(posterior, model.prior);
  if (klTerm === "exact" && klExact === undefined) {
    throw new InputError(
      `${where}: klTerm "exact" needs a closed form of KL(q‖prior), which ${posterior.name} and ${model.prior.name} have not; leave it out`,
    );
  }
  const kl = sub(logPosterior, logPrior);
  const bound = klTerm === "exact" ? logLikelihood : sub(logLikelihood, mul(parameter("elbo.beta"), kl));
  const known = {
    ...(klExact === undefined ? {} : { klExact }),
    ...exactOf(model, posterior, beta),
  };
  const read = (all: VectorEstimate): Elbo => {
    const reconstruction = componentOf(all, 0, NAMES);
    const sampled = componentOf(all, 1, NAMES);
    const klMean = klTerm === "exact" && klExact !== undefined ? klExact : sampled.mean;
    return {
      elbo: movedTo(componentOf(all, 2, NAMES), reconstruction.mean - beta * klMean),
      reconstruction,
      kl: sampled,
      ...known,
    };
  };
  return read(
    await estimateExpressions(engine, {
      where,
      under: posterior,
      of: [logLikelihood, kl, bound],
      parameters: klTerm === "exact" ? parameters : { ...parameters, "elbo.beta": beta },
      options: sampling,
      onProgress: onProgress && ((all) => onProgress(read(all))),
    }),
  );
}
