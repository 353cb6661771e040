import { InputError } from "../../core/errors.ts";
import { checkChoice, checkNamesOf } from "../../core/options.ts";
import type { Distribution, ScalarDistribution } from "../../distributions/distribution.ts";
import { mixture } from "../../distributions/families/mixture.ts";
import type { Engine } from "../../engine/engine.ts";
import { checkEngine } from "../../engine/engine.ts";
import type { Estimate } from "../../expectation/estimate.ts";
import { estimateExpression, SAMPLING_NAMES, type SamplingOptions } from "../../expectation/expression-estimate.ts";
import { type Expr, parameter } from "../../expression/expr.ts";
import { checkOrder, checkPair } from "../checks.ts";
import { isInfiniteRenyi } from "../closed/renyi.ts";
import { jensenShannonOf, logRatioAnywhere, renyiOf, squaredHellingerOf, totalVariationOf } from "./ratio.ts";

export type DivergenceName = "jensenShannon" | "totalVariation" | "hellinger" | "renyi";

export interface DivergenceEstimateOptions extends SamplingOptions {
  readonly divergence: DivergenceName;
  /** The order of "renyi": above 0 and not 1. */
  readonly alpha?: number;
}

const NAMES = ["jensenShannon", "totalVariation", "hellinger", "renyi"] as const;

const FUNCTIONS: Readonly<Record<DivergenceName, (t: Expr) => Expr>> = {
  jensenShannon: jensenShannonOf,
  totalVariation: totalVariationOf,
  hellinger: squaredHellingerOf,
  renyi: (t) => renyiOf(t, parameter("alpha")),
};

/**
 * An estimate of a divergence of p and q of any shape, from samples of their even mixture m = (p + q) / 2, under which the densities'
 * ratio is bounded, and so is what is averaged, but for Rényi's of order above 1.
 *
 * Jensen-Shannon divergence and total variation are means themselves. Hellinger's distance is the root of a mean, and Rényi's divergence a
 * logarithm of one: `mean` is that function of the mean, biased by O(1 / samples), `variance` and `standardError` are carried over by its
 * slope, intervals by their ends; the snapshot is the mean's own.
 *
 * @throws InputError unless both are distributions of one shape and the options fit, Rényi's order above 1 needing that q covers p; and all
 * that `expectation` and `mixture` throw
 */
export async function divergenceEstimate(
  engine: Engine,
  p: Distribution,
  q: Distribution,
  options: DivergenceEstimateOptions,
): Promise<Estimate> {
  const where = "divergenceEstimate";
  checkEngine(engine, where);
  checkPair(p, q, where);
  checkNamesOf(options, ["divergence", "alpha", ...SAMPLING_NAMES], where);
  const { divergence: asked, alpha, ...sampling } = options;
  const divergence = checkChoice(asked, NAMES, where, "divergence");
  const order = orderOf(p, q, divergence, alpha, where);
  const ratio = logRatioAnywhere(p, q);
  const estimate = await estimateExpression(engine, {
    where,
    under: mixture([0.5, 0.5], [p as ScalarDistribution, q as ScalarDistribution]),
    of: FUNCTIONS[divergence](ratio.log),
    parameters: order === undefined ? ratio.parameters : { ...ratio.parameters, alpha: order },
    options: sampling,
  });
  if (divergence === "hellinger") {
    return through(
      estimate,
      (x) => Math.sqrt(Math.max(0, x)),
      (x) => 0.5 / Math.sqrt(Math.max(0, x)),
    );
  }
  if (order === undefined) return estimate;
  // The mean is exp((α - 1) D) - 1.
  const scale = 1 / (order - 1);
  return through(
    estimate,
    (x) => scale * Math.log1p(Math.max(-1, x)),
    (x) => scale / (1 + x),
  );
}

function orderOf(
  p: Distribution,
  q: Distribution,
  divergence: DivergenceName,
  alpha: number | undefined,
  where: string,
): number | undefined {
  if (divergence !== "renyi") {
    if (alpha === undefined) return undefined;
    throw new InputError(`${where}: alpha is for divergence "renyi"; leave it out`);
  }
  const order = checkOrder(alpha, where);
  if (order === 1)
    throw new InputError(`${where}: Rényi's divergence of order 1 is D(p || q); klEstimate estimates it`);
  if (isInfiniteRenyi(p, q, order)) {
    throw new InputError(`${where}: Rényi's divergence of order ${order} of this ${p.name} and ${q.name} is infinite`);
  }
  return order;
}

/** An estimate of a monotonic function of a mean. */
function through(estimate: Estimate, f: (x: number) => number, slope: (x: number) => number): Estimate {
  const factor = Math.abs(slope(estimate.mean));
  return {
    ...estimate,
    mean: f(estimate.mean),
    finiteMean: f(estimate.finiteMean),
    variance: estimate.variance * factor * factor,
    standardError: estimate.standardError * factor,
    interval(level) {
      const [a, b] = estimate.interval(level).map(f) as [number, number];
      return a <= b ? [a, b] : [b, a];
    },
  };
}
