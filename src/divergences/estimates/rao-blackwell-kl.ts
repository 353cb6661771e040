import { InputError } from "../../core/errors.ts";
import { checkNamesOf } from "../../core/options.ts";
import type { Distribution } from "../../distributions/distribution.ts";
import type { Engine } from "../../engine/engine.ts";
import { checkEngine } from "../../engine/engine.ts";
import type { Estimate } from "../../expectation/estimate.ts";
import { SAMPLING_NAMES } from "../../expectation/expression-estimate.ts";
import { checkPair } from "../checks.ts";
import { closedKl } from "../closed/kl.ts";
import { factorPairs, isCovered } from "../factors.ts";
import { type KlEstimateOptions, klEstimate } from "./kl-estimate.ts";

/** D(p || q) of the coordinates that one independent part holds. */
export interface DimensionKl {
  /** The first of the coordinates, and how many there are. */
  readonly start: number;
  readonly size: number;
  readonly mean: number;
  /** 0 where `mean` is exact. */
  readonly standardError: number;
  /** Where there is no closed form. */
  readonly estimate?: Estimate;
}

/** D(p || q) as the sum over the independent parts of both. */
export interface RaoBlackwellKl {
  readonly mean: number;
  /** 0 where all parts are exact. */
  readonly standardError: number;
  readonly dimensions: readonly DimensionKl[];
}

/**
 * D(p || q) of products of distributions (`independent`, a multivariateNormal without correlations), dimension by dimension: exact where
 * a dimension's divergence has a closed form, and by `klEstimate` elsewhere. A Rao-Blackwell estimate: each exact term is the conditional
 * expectation of the sampled one, so that it has its mean and no variance.
 *
 * @param options - of `klEstimate`; parts that are estimated use streams of their own, from `stream` on
 * @returns nats
 * @throws InputError unless both are distributions of one shape and q covers p; and all that `klEstimate` throws
 */
export async function raoBlackwellKl(
  engine: Engine,
  p: Distribution,
  q: Distribution,
  options: Omit<KlEstimateOptions, "onProgress" | "resume">,
): Promise<RaoBlackwellKl> {
  const where = "raoBlackwellKl";
  checkEngine(engine, where);
  checkPair(p, q, where);
  const names = ["estimator", ...SAMPLING_NAMES.filter((name) => name !== "resume")];
  checkNamesOf(options, names, where);
  if (!isCovered(p, q)) {
    throw new InputError(
      `${where}: q must have density wherever p has, else D(p || q) is infinite; got ${p.name}, ${q.name}`,
    );
  }
  const dimensions: DimensionKl[] = [];
  let stream = options.stream ?? 0;
  for (const { start, size, ...pair } of factorPairs(p, q)) {
    const exact = closedKl(pair.p, pair.q);
    if (exact !== undefined) {
      dimensions.push({ start, size, mean: exact, standardError: 0 });
      continue;
    }
    const estimate = await klEstimate(engine, pair.p, pair.q, { ...options, stream });
    stream += 1;
    dimensions.push({ start, size, mean: estimate.mean, standardError: estimate.standardError, estimate });
  }
  return {
    mean: dimensions.reduce((sum, { mean }) => sum + mean, 0),
    standardError: Math.hypot(...dimensions.map(({ standardError }) => standardError)),
    dimensions,
  };
}
