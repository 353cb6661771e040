import type { Distribution, ScalarDistribution, VectorDistribution } from "../distributions/distribution.ts";
import { type MultivariateNormal, multivariateNormal } from "../distributions/families/multivariate-normal.ts";
import { type Normal, normal } from "../distributions/families/normal.ts";
import type { Engine } from "../engine/engine.ts";
import type { Estimate } from "../expectation/estimate.ts";
import { estimateExpressions, type SamplingOptions } from "../expectation/expression-estimate.ts";
import { componentOf } from "./component.ts";
import { checkedFit, type FittedGaussian, heldByF32 } from "./fit-checks.ts";
import { type KlDirection, meanName, type Objective, stdName } from "./fit-objective.ts";
import type { FitGaussianOptions, FitStep, Values } from "./fit-options.ts";

export interface GaussianFit<V extends Values = Values, D extends Distribution = Normal | MultivariateNormal> {
  readonly direction: KlDirection;
  readonly mean: V;
  readonly std: V;
  /** q: a `normal`, or a `multivariateNormal` of independent coordinates. */
  readonly distribution: D;
  /** "unfinished" where the steps ran out first; "diverged" where a slope was not finite or q left the range of f32. */
  readonly status: "converged" | "unfinished" | "diverged";
  /** The divergence of q in nats, on samples that the fit has not seen. */
  readonly divergence: Estimate;
  /** The start, and the place after each step; the last is the result. */
  readonly trace: readonly FitStep<V>[];
}

/**
 * The Gaussian q with the least KL(p‖q) or KL(q‖p) to a target p, by gradient descent on estimates of it; of independent coordinates
 * where the target is of vectors.
 *
 * Every step sees the same samples (common random numbers): it is then the descent of one smooth function, which comes to rest and
 * can be seen to, at a place that is off by a sampling error of about std / √samples. Steps are natural gradients (S. Amari, 1998),
 * which do not depend on the units of x; none moves the mean by more than `learningRate` stds, or the std by more than
 * exp(learningRate / 2). Where a slope has changed its sign, the next step along it is half as long.
 *
 * Forward there is one minimum, p's mean and standard deviations. Reverse there may be several, and the start decides.
 *
 * @throws InputError for options that do not fit, a target without a density, forward one without a finite variance, reverse one that is
 *   0 anywhere, for then KL(q‖p) is infinite; and all that `expectation` throws
 */
export function fitGaussian(
  engine: Engine,
  target: ScalarDistribution,
  options: FitGaussianOptions<number>,
): Promise<GaussianFit<number, Normal>>;
export function fitGaussian(
  engine: Engine,
  target: VectorDistribution,
  options: FitGaussianOptions<readonly number[]>,
): Promise<GaussianFit<readonly number[], MultivariateNormal>>;
export async function fitGaussian<V extends Values>(
  engine: Engine,
  target: Distribution,
  options: FitGaussianOptions<V>,
): Promise<GaussianFit<V>> {
  const { objective, start, steps, samples, learningRate, tolerance, sampling } = checkedFit(target, options);
  const isScalar = target.shape.length === 0;
  const valuesOf = (values: readonly number[]) => (isScalar ? values[0] : values) as V;
  const trace: FitStep<V>[] = [];
  let status: GaussianFit["status"] = "unfinished";
  let place = start;
  let rates: readonly number[] = [...start.mean, ...start.std].map(() => learningRate);
  let before: readonly number[] = [];
  for (let step = 0; status === "unfinished"; step++) {
    const { divergence, falls } = await evaluate(engine, objective, place, { ...sampling, samples });
    const { mean, standardError } = divergence;
    const reached = { step, mean: valuesOf(place.mean), std: valuesOf(place.std), divergence: mean, standardError };
    trace.push(reached);
    options.onStep?.(reached);
    rates = ratesAfter(rates, before, falls, learningRate);
    before = falls;
    const next = heldByF32(moved(place, falls, rates));
    if (!next) status = "diverged";
    else if (falls.every((fall) => Math.abs(fall) <= tolerance)) status = "converged";
    else if (step === steps) break;
    else place = next;
  }
  const { divergence } = await evaluate(engine, objective, place, { ...sampling, samples, offset: samples });
  return {
    direction: options.direction,
    mean: valuesOf(place.mean),
    std: valuesOf(place.std),
    distribution: isScalar
      ? normal(place.mean[0] ?? Number.NaN, place.std[0] ?? Number.NaN)
      : multivariateNormal(place),
    status,
    divergence,
    trace,
  };
}

/** The divergence at a place, and how it falls: -std ∂/∂mean of each coordinate, then -∂/∂log std of each. */
async function evaluate(
  engine: Engine,
  { under, of, parameters }: Objective,
  { mean, std }: FittedGaussian,
  options: SamplingOptions,
): Promise<{ divergence: Estimate; falls: readonly number[] }> {
  const own = mean.flatMap((m, i) => [
    [meanName(i), m],
    [stdName(i), std[i] ?? Number.NaN],
  ]);
  const all = await estimateExpressions(engine, {
    where: "fitGaussian",
    under,
    of,
    parameters: { ...parameters, ...Object.fromEntries(own) },
    options,
  });
  return { divergence: componentOf(all, 0, ["the divergence's integrand"]), falls: all.mean.slice(1) };
}

/** A step along the natural gradient, whose metric is std⁻² for the mean and 2 for log std; slopes beyond 1 count as 1. */
function moved({ mean, std }: FittedGaussian, falls: readonly number[], rates: readonly number[]): FittedGaussian {
  const size = mean.length;
  const share = (k: number) => (rates[k] ?? 0) * Math.max(-1, Math.min(1, falls[k] ?? Number.NaN));
  return {
    mean: mean.map((m, i) => m + share(i) * (std[i] ?? Number.NaN)),
    std: std.map((s, i) => s * Math.exp(share(size + i) / 2)),
  };
}

/** Where a slope has changed its sign, the step went too far: the next is half as long. Others may grow again. */
function ratesAfter(
  rates: readonly number[],
  before: readonly number[],
  falls: readonly number[],
  most: number,
): readonly number[] {
  return rates.map((rate, k) => ((before[k] ?? 0) * (falls[k] ?? 0) < 0 ? rate / 2 : Math.min(most, 1.2 * rate)));
}
