import { digamma } from "../../arithmetic/double-gamma.ts";
import type { Exponential } from "../../distributions/families/exponential.ts";
import type { Gamma } from "../../distributions/families/gamma.ts";
import type { Weibull } from "../../distributions/families/weibull.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "../bounded/rule.ts";
import { crossed, logRatio, ratioGap, ratiosGap, steady, steadyGap, steadySlope } from "../bregman.ts";
import { gammaPower } from "./moments.ts";

export const kl: readonly Rule[] = [
  rule<Exponential, Exponential>("exponential", "exponential", (p, q) =>
    ratioGap((q.rate - p.rate) / p.rate, logRatio(q.rate, p.rate)),
  ),
  rule<Gamma, Gamma>("gamma", "gamma", ofGammas),
  rule<Exponential, Gamma>("exponential", "gamma", (p, q) => ofGammas(asGamma(p), q)),
  rule<Gamma, Exponential>("gamma", "exponential", (p, q) => ofGammas(p, asGamma(q))),
  rule<Weibull, Exponential>("weibull", "exponential", (p, q) => weibullOfShape1(p, asGamma(q))),
  rule<Weibull, Gamma>("weibull", "gamma", weibullOfShape1),
  rule<Gamma, Weibull>("gamma", "weibull", byLogarithms),
];

export const renyi: readonly RenyiRule[] = [
  renyiRule<Exponential>("exponential", (p, q, alpha) => renyiOfGammas(asGamma(p), asGamma(q), alpha)),
  renyiRule<Gamma>("gamma", renyiOfGammas),
];

type Parameters = Pick<Gamma, "concentration" | "rate">;

function asGamma({ rate }: Exponential): Parameters {
  return { concentration: 1, rate };
}

// Others of a Weibull distribution go by its moments.
function weibullOfShape1(p: Weibull, q: Parameters): number | undefined {
  return p.shapeParameter === 1 ? ofGammas({ concentration: 1, rate: 1 / p.scale }, q) : undefined;
}

/**
 * Of gammas of small concentrations the logarithm's mean is large, in the entropy as in the mean of log q: both are taken of log X, where it is not.
 */
function byLogarithms(p: Gamma, q: Weibull): number | undefined {
  const { concentration: a, rate } = p;
  if (a >= 1) return undefined;
  const k = q.shapeParameter;
  const entropy = steady(a) - a * steadySlope(a);
  const logarithm = digamma(a) - Math.log(rate) - Math.log(q.scale);
  return gammaPower(a, k, -Math.log(rate * q.scale)) - entropy - Math.log(k) - k * logarithm;
}

/**
 * (a - b) ψ(a) - log Γ(a) + log Γ(b) + b log(r / s) + a (s - r) / r of concentrations a, b and rates r, s: what grows with a and b
 * is a gap of the logarithm.
 */
function ofGammas(p: Parameters, q: Parameters): number {
  const [a, b] = [p.concentration, q.concentration];
  const [concentrations, rates] = [(a - b) / b, (q.rate - p.rate) / p.rate];
  const isClose = Math.abs(concentrations) < 0.5 && Math.abs(rates) < 0.5;
  const means = isClose ? (a * rates) / b + concentrations : (a / b) * (q.rate / p.rate) - 1;
  return b * ratioGap(means, logRatio(a, b) + logRatio(q.rate, p.rate)) + steadyGap(a, b);
}

/** p^α q^(1 - α) is a gamma density but for a factor. */
function renyiOfGammas(p: Parameters, q: Parameters, alpha: number): number {
  const [a, b] = [p.concentration, q.concentration];
  const joint = alpha * a + (1 - alpha) * b;
  if (!(joint > 0 && alpha * p.rate + (1 - alpha) * q.rate > 0)) return Number.POSITIVE_INFINITY;
  const means = ratiosGap([a, p.rate], [b, q.rate], alpha, crossed(a, b, p.rate, q.rate));
  const d = a - b;
  const volumes = alpha * steadyGap(joint, a, (1 - alpha) * d) + (1 - alpha) * steadyGap(joint, b, -alpha * d);
  return (means + volumes) / (1 - alpha);
}
