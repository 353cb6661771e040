import { InputError } from "../../core/errors.ts";
import { coordinatesOf } from "../../distributions/coordinates.ts";
import { covers } from "../../distributions/covers.ts";
import type { Distribution, Model } from "../../distributions/distribution.ts";
import { LOWEST } from "../../distributions/formulas.ts";
import { allOf, withinBounds } from "../../distributions/inside.ts";
import { leastShareOf, prefixedFormula, prefixedParameters, prefixedRejections } from "../../distributions/parts.ts";
import { Rewriter } from "../../distributions/rewriting/rewriter.ts";
import { call, type Expr, number, variable } from "../../expression/expr.ts";
import { drawer } from "../../sampling/draws.ts";
import type { Integrand } from "../../sampling/integrand.ts";
import type { CheckedCall } from "../checked-call.ts";
import { clampingOf } from "../clamping.ts";
import type { Scheme, Warning } from "../estimate.ts";
import { type FunctionEstimate, functionEstimate, meanOfDraws } from "../function-estimate.ts";
import { type IntegrandFormulas, integrandOf, PLAIN_TALLIES, warningsOfCoarseness } from "../integrand.ts";
import { student } from "../interval.ts";
import type { Tally } from "../tally.ts";
import { heaviness, MOST_SKEWED, warningsOfDraws } from "../warnings.ts";
import { functionsOf, type MethodEstimates, type SamplingMethod } from "./method.ts";

/** Draws of a proposal, each weighed by the ratio w of the densities: outputs f w and, last, w. */
export const importance: SamplingMethod = {
  role: "importance",
  samplesPerDraw: 1,
  fixed: false,
  formulas: (call) => weighed(call, false),
  estimates: (scheme, tallies) => ofWeighted(scheme, tallies, (tally, k) => meanOfDraws(tally, k)),
};

/** The same, divided by the mean weight: for densities that are known up to a factor. */
export const selfNormalised: SamplingMethod = {
  ...importance,
  role: "self-normalised",
  formulas: (call) => weighed(call, true),
  estimates: (scheme, tallies) => ofWeighted(scheme, tallies, (tally, k) => ratioOfMeans(tally, k, scheme.functions)),
};

/** f w and w for draws of the proposal; where the density is 0, so is f w. */
function weighed(checked: CheckedCall, ofRatio: boolean): IntegrandFormulas {
  const { under, functions } = checked;
  const proposal = proposalOf(checked);
  const coordinates = coordinatesOf(proposal.model, "proposal.");
  const parameters = {
    ...checked.parameters,
    ...prefixedParameters(under.model, "under."),
    ...prefixedParameters(proposal.model, "proposal."),
  };
  const rewriter = new Rewriter(coordinates, parameters);
  const log = (model: Model, prefix: string) => prefixedFormula(model.logDensity, prefix, variable);
  const difference = call("sub", log(under.model, "under."), log(proposal.model, "proposal."));
  const [logRatio, ratio] = [rewriter.rewrite(difference), rewriter.rewrite(call("exp", difference))];
  const condition = within(under.model);
  const inside = condition && rewriter.rewrite(condition);
  const weight = inside ? call("select", inside, ratio, number(0)) : ratio;
  const products = functions.map((f) => {
    const product = call("mul", rewriter.rewrite(f), ratio);
    return inside ? call("select", inside, product, number(0)) : product;
  });
  const w = products.length;
  const formulas: IntegrandFormulas = {
    variates: proposal.model.variates,
    rejections: prefixedRejections(proposal.model, "proposal.", (index) => index),
    outputs: [...products, weight],
    parameters: { ...parameters, ...rewriter.parameters },
    draws: { kind: "random" },
    tallies: { ...PLAIN_TALLIES, products: ofRatio ? products.map((_, k) => [k, w] as const) : [], peaks: [w] },
    unshifted: [],
    origins: [],
    clamping: clampingOf(
      functions.map((f) => call("mul", f, call("exp", difference))),
      coordinates,
      parameters,
      proposal,
    ),
    leastWeight: leastShareOf(proposal),
    warnings: [...warningsOfCover(proposal, under), ...warningsOfCoarseness(rewriter)],
  };
  const logs = [inside ? call("select", inside, logRatio, number(LOWEST)) : logRatio];
  return { ...formulas, logWeight: largestOf(integrandOf({ ...formulas, outputs: logs }, checked), checked) };
}

function proposalOf({ where, under, proposal }: CheckedCall): Distribution {
  if (!proposal) throw new RangeError("weights without a proposal");
  if ((proposal.shape[0] ?? 0) !== (under.shape[0] ?? 0)) {
    throw new InputError(
      `${where}: proposal must have under's shape [${under.shape.join()}], got [${proposal.shape.join()}]`,
    );
  }
  const kinds = ({ support }: Distribution) => support.map(({ kind }) => (kind === "shares" ? kind : "numbers")).join();
  if (kinds(proposal) !== kinds(under)) {
    throw new InputError(
      `${where}: densities of shares that add up to 1, as of dirichlet, and of other vectors have no ratio; got under ${under.name} and proposal ${proposal.name}`,
    );
  }
  return proposal;
}

/** Whether an event lies in a support, as a condition; nothing where the support is everything. */
function within(model: Model): Expr | undefined {
  return allOf(withinBounds(model.support, (_, bound) => (Number.isFinite(bound) ? number(bound) : undefined)));
}

/** Draws that are looked at for their log-weights. */
const LOOKED_AT = 64;

/** The logarithm of the least normal f32. */
const LEAST = -87.3;

/**
 * The largest log-weight, to a whole number, among the proposal's first samples, where its weight is 0 in f32; else undefined.
 * The integrand gives the log-weight. (That it is too large for f32 has a probability of e^-88: the mean weight is 1.)
 */
function largestOf(integrand: Integrand, { address }: CheckedCall): number | undefined {
  const [values = []] = drawer(integrand, "f64", LOOKED_AT)(address, 0, LOOKED_AT).outputs;
  const most = Array.from(values).reduce((most, value) => (value > most ? value : most), Number.NEGATIVE_INFINITY);
  return most > -1e38 && most < LEAST ? Math.round(most) : undefined;
}

function ofWeighted(
  scheme: Scheme,
  [tally]: readonly Tally[],
  estimateOf: (tally: Tally, k: number) => FunctionEstimate,
): MethodEstimates {
  if (!tally) throw new RangeError("a run without a tally");
  const w = scheme.functions;
  const weights = tally.raw(w);
  const effectiveSampleSize = weights.squares > 0 ? weights.sum ** 2 / weights.squares : 0;
  const functions = functionsOf(scheme).map((k) => estimateOf(tally, k));
  const lost = warningOfLostWeights(scheme, tally, w);
  const warnings = lost
    ? [lost]
    : [
        ...functions.flatMap((found, k) => warningsOfDraws(scheme, tally, found, k)),
        ...warningsOfWeights(tally, w, effectiveSampleSize),
      ];
  return { functions, warnings, effectiveSampleSize };
}

/** E[f w] / E[w], w being output `w`. Its variance by the delta method: Var(f w - m w) / (n E[w]²). */
function ratioOfMeans(tally: Tally, k: number, w: number): FunctionEstimate {
  const n = tally.count;
  const meanWeight = tally.mean(w);
  const mean = tally.mean(k) / meanWeight;
  const spread = tally.variance(k) - 2 * mean * tally.covariance(k) + mean * mean * tally.variance(w);
  const variance = n < 2 ? Number.NaN : Math.max(0, spread) / meanWeight ** 2;
  const standardError = n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(variance / n);
  // Where w is not finite, f w is not either.
  const nonFinite = tally.nonFinite(k);
  const interval = (level: number) => student(mean, standardError, n - 1, level);
  return functionEstimate(mean, variance, standardError, nonFinite, interval);
}

function warningsOfCover(proposal: Distribution, under: Distribution): Warning[] {
  if (covers(proposal, under)) return [];
  const message = "The proposal's support does not cover the distribution's: what lies outside is missed.";
  return [{ code: "missed-mass", message }];
}

/** Where all weights of a proposal, output `w`, are 0, so that sums of them say nothing. */
function warningOfLostWeights({ logWeight }: Scheme, tally: Tally, w: number): Warning | undefined {
  const n = tally.count;
  if (n === 0 || tally.nonFinite(w) > 0 || tally.raw(w).sum !== 0) return undefined;
  // Scaling f would change nothing, nor would a factor of all weights: both densities are normalised.
  const found = logWeight === undefined ? "" : `; the largest of the first samples is ${logWeight}`;
  const message = `All ${n} weights are 0 in 32-bit floats (log-weights below -87${found}): the proposal hardly reaches where the distribution is; move it there or widen it.`;
  return { code: "underflow", message };
}

/** What the weights of a proposal, output `w`, say of it. */
function warningsOfWeights(tally: Tally, w: number, effective: number): Warning[] {
  const n = tally.count;
  if (n < 2) return [];
  const warnings: Warning[] = [];
  const off = Math.abs(tally.mean(w) - 1) / Math.sqrt(tally.variance(w) / n);
  if (off > 5) {
    const message = `The mean weight is ${tally.mean(w).toPrecision(4)}, ${off.toPrecision(2)} standard errors from 1: the proposal misses mass of the distribution, or a density is not normalised. Where f lives on what it does reach, the estimate may still hold.`;
    warnings.push({ code: "missed-mass", message });
  }
  const share = tally.peak(0) / tally.raw(w).sum;
  if (share > 0.05 && n > 100) {
    const message = `One sample carries ${(100 * share).toPrecision(2)} % of all weight: the weights' variance may be infinite; use a proposal with wider tails.`;
    warnings.push({ code: "dominant-weight", message });
  }
  if (effective < Math.min(n / 10, 100)) {
    const message = `For a function spread like the distribution, ${n} samples are worth ${Math.round(effective)}: the proposal is far from it.`;
    warnings.push({ code: "low-effective-sample-size", message });
  }
  if (heaviness(tally, w) > MOST_SKEWED) {
    const message =
      "The weights are heavy-tailed and may have infinite variance; a warning of f's own says whether that reaches the estimate.";
    warnings.push({ code: "heavy-tail", message });
  }
  return warnings;
}
