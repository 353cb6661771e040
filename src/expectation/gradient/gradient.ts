import { InputError } from "../../core/errors.ts";
import { checkNamesOf, checkWhole } from "../../core/options.ts";
import type { Engine } from "../../engine/engine.ts";
import { checkEngine } from "../../engine/engine.ts";
import { drawer } from "../../sampling/draws.ts";
import { abortError } from "../abort.ts";
import { type CheckedCall, checkedCall } from "../checked-call.ts";
import type { Estimate, VectorEstimate } from "../estimate.ts";
import { lastEstimate } from "../expectation.ts";
import { runOf } from "../run.ts";
import { freshTask } from "../time.ts";
import { baselinesOf } from "./baselines.ts";
import { familyOf } from "./family.ts";
import { type GradientFormulas, groupFormulas, pathwiseFormulas, scoreFormulas, scoresOf } from "./formulas.ts";
import {
  type At,
  DRAW_NAMES,
  type ExpectationGradientOptions,
  type GradientEstimate,
  read,
  sampling,
} from "./options.ts";

/**
 * The gradient of E[f(X)], X of under(θ), by θ at one θ, by Monte Carlo on the engine: unbiased, with its standard error.
 *
 * - estimator "score" (REINFORCE: R. Williams, Machine Learning 8, 1992) is the mean of (f - b) ∂ log p / ∂θ. It needs nothing of f,
 *   and a distribution whose support stays as it is.
 * - estimator "pathwise" (reparameterisation) is the mean of ∂f/∂x ∂x/∂θ with the variates held fixed. It needs samples that move
 *   smoothly with θ and a continuous f; where f chooses between branches, a warning says that a jump at their border is left out.
 *
 * Baselines of the score: "mean" is E[f] and "optimal", one a component, E[f s²] / E[s²], both from 16,384 draws of a stream of
 * their own; "leaveOneOut" is, for each sample of a group, the mean of f over the others (W. Kool and others, 2019). None of them
 * biases the estimate. "group" is the mean over the whole group, the sample itself included: biased by (K - 1) / K, with a
 * warning; it is there to show just that.
 *
 * Formulas are differentiated by the distribution's named parameters, and those by θ numerically (in f64, about 1e-12). Other θ
 * share the shader. With the groups of K samples that "leaveOneOut" and "group" have, `samples` and `offset` are multiples of K.
 *
 * @returns lists, one entry a component of θ, of one entry for a number
 * @throws InputError for options that do not fit, before any work on the GPU: an f or a distribution that the estimator cannot
 *   differentiate (which names the one that can), formulas that change with θ; all that `expectation` throws
 */
export async function expectationGradient<const T extends At>(
  engine: Engine,
  options: ExpectationGradientOptions<T>,
): Promise<GradientEstimate> {
  const where = "expectationGradient";
  checkEngine(engine, where);
  const { call, extras } = await gradientCall(options, where);
  // Its functions are a list, so their estimate is one too.
  const gradientOf = (estimate: Estimate | VectorEstimate): GradientEstimate => {
    const vector = estimate as VectorEstimate;
    return { ...vector, ...extras, perSampleVariance: vector.variance.map((variance) => variance * extras.group) };
  };
  const { onProgress } = options;
  return gradientOf(await lastEstimate(engine, call, onProgress && ((estimate) => onProgress(gradientOf(estimate)))));
}

/**
 * The draws that `expectationGradient` of the same options averages, one by one, on the CPU and with its bits: what a gradient from
 * so little looks like. With groups a draw is a group's mean.
 *
 * @returns for each component of θ `samples` values, or `samples` / `group`; at most 2^20
 * @throws InputError as `expectationGradient`, and for `until` and `resume`, which belong to estimates
 */
export async function gradientDraws<const T extends At>(
  options: ExpectationGradientOptions<T>,
): Promise<readonly Float32Array[]> {
  const where = "gradientDraws";
  checkNamesOf(options, DRAW_NAMES, where);
  checkWhole(options.samples, 1, 2 ** 20, where, "samples");
  const { call } = await gradientCall(options, where);
  const { integrand, address, offset, draws } = await runOf(call);
  const draw = drawer(integrand, "f32", STRETCH);
  const drawn = call.functions.map(() => new Float32Array(draws));
  // The generator's words come in fours.
  for (let first = offset - (offset % 4); first < offset + draws; first += STRETCH) {
    if (call.signal?.aborted) throw abortError(call.signal);
    const [begin, end] = [Math.max(first, offset), Math.min(first + STRETCH, offset + draws)];
    draw(address, first, STRETCH).outputs.forEach((values, j) => {
      drawn[j]?.set(values.subarray(begin - first, end - first), begin - offset);
    });
    await freshTask();
  }
  return drawn;
}

/** Draws that are made at once. */
const STRETCH = 4_096;

/** A call whose functions' means are the gradient, and what to say of its estimate. */
interface GradientCall {
  readonly call: CheckedCall;
  readonly extras: Pick<GradientEstimate, "estimator" | "baseline" | "baselines" | "group">;
}

async function gradientCall<T extends At>(
  options: ExpectationGradientOptions<T>,
  where: string,
): Promise<GradientCall> {
  const { under, at, estimator, baseline, group } = read(options, where);
  const family = familyOf(under, at, where);
  const call = checkedCall({ ...sampling(options), of: options.of, under: family.centre }, where);
  const [f] = call.functions;
  if (!call.scalar || !f) {
    throw new InputError(`${where}: of must be one function, got a list of ${call.functions.length}`);
  }
  const made = (formulas: GradientFormulas, extras: GradientCall["extras"]) => ({
    call: withFormulas(call, formulas),
    extras,
  });
  if (estimator === "pathwise") return made(pathwiseFormulas(family, f), { estimator, group: 1 });
  const scores = scoresOf(family);
  if (baseline === "leaveOneOut" || baseline === "group") {
    return made(groupFormulas(family, f, scores, group, baseline === "group"), { estimator, baseline, group });
  }
  const zeros = scores.scores.map(() => 0);
  if (baseline === "none") {
    return made(scoreFormulas(family, f, scores, undefined), { estimator, baseline, baselines: zeros, group: 1 });
  }
  // Nothing is drawn for a call that will be refused.
  await runOf(withFormulas(call, scoreFormulas(family, f, scores, zeros)));
  const scored = { ...call, parameters: { ...call.parameters, ...scores.parameters } };
  const baselines = await baselinesOf(scored, f, scores.scores, baseline);
  return made(scoreFormulas(family, f, scores, baselines), { estimator, baseline, baselines, group: 1 });
}

/** The call with the functions whose means are the gradient in the place of f. */
function withFormulas(call: CheckedCall, formulas: GradientFormulas): CheckedCall {
  const { under, functions, parameters, warnings, group } = formulas;
  return {
    ...call,
    under,
    functions,
    scalar: false,
    parameters: { ...call.parameters, ...parameters },
    warnings,
    group,
  };
}
