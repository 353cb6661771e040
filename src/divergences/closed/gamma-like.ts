import { digamma } from "../../arithmetic/double-gamma.ts";
import { type GammaParameters, gammaPower, ofGammas } from "../../distributions/bregman/gammas.ts";
import { steady, steadySlope } from "../../distributions/bregman/generators.ts";
import type { Exponential } from "../../distributions/families/exponential.ts";
import type { Gamma } from "../../distributions/families/gamma.ts";
import type { Weibull } from "../../distributions/families/weibull.ts";
import { type Rule, rule } from "../bounded/rule.ts";

export const kl: readonly Rule[] = [
  rule<Exponential, Gamma>("exponential", "gamma", (p, q) => ofGammas(asGamma(p), q)),
  rule<Gamma, Exponential>("gamma", "exponential", (p, q) => ofGammas(p, asGamma(q))),
  rule<Weibull, Exponential>("weibull", "exponential", (p, q) => weibullOfShape1(p, asGamma(q))),
  rule<Weibull, Gamma>("weibull", "gamma", weibullOfShape1),
  rule<Gamma, Weibull>("gamma", "weibull", byLogarithms),
];

function asGamma({ rate }: Exponential): GammaParameters {
  return { concentration: 1, rate };
}

// Others of a Weibull distribution go by its moments.
function weibullOfShape1(p: Weibull, q: GammaParameters): number | undefined {
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
