import type { Exponential } from "../distributions/exponential.ts";
import type { Gamma } from "../distributions/gamma.ts";
import { deviance } from "../distributions/special/deviance.ts";
import type { Weibull } from "../distributions/weibull.ts";
import { lgammaGap, logRatio, ratioGap, steadyGap } from "./gaps.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "./rule.ts";

export const kl: readonly Rule[] = [
  rule<Exponential, Exponential>("exponential", "exponential", (p, q) =>
    ratioGap((q.rate - p.rate) / p.rate, logRatio(q.rate, p.rate)),
  ),
  rule<Gamma, Gamma>("gamma", "gamma", ofGammas),
  rule<Exponential, Gamma>("exponential", "gamma", (p, q) => ofGammas(asGamma(p), q)),
  rule<Gamma, Exponential>("gamma", "exponential", (p, q) => ofGammas(p, asGamma(q))),
  rule<Weibull, Exponential>("weibull", "exponential", (p, q) => weibullOfShape1(p, asGamma(q))),
  rule<Weibull, Gamma>("weibull", "gamma", weibullOfShape1),
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
 * (a - b) ψ(a) - log Γ(a) + log Γ(b) + b log(r / s) + a (s - r) / r of concentrations a, b and rates r, s: what grows with a and b
 * is a gap of the logarithm.
 */
function ofGammas(p: Parameters, q: Parameters): number {
  const [a, b] = [p.concentration, q.concentration];
  const means = (a * (q.rate / p.rate) - b) / b;
  const close = (a * (q.rate - p.rate)) / p.rate / b + (a - b) / b;
  const log = logRatio(a, b) + logRatio(q.rate, p.rate);
  return b * ratioGap(Math.abs(means) < 0.5 ? close : means, log) + steadyGap(a, b - a);
}

function renyiOfGammas(p: Parameters, q: Parameters, alpha: number): number {
  // p^α q^(1 - α) is a gamma density but for a factor.
  const concentration = alpha * p.concentration + (1 - alpha) * q.concentration;
  const t = (q.rate - p.rate) / p.rate;
  const rate = (1 - alpha) * t;
  if (!(concentration > 0 && rate > -1)) return Number.POSITIVE_INFINITY;
  const difference = p.concentration - q.concentration;
  const volumes =
    alpha * lgammaGap(concentration, (1 - alpha) * difference) +
    (1 - alpha) * lgammaGap(concentration, -alpha * difference);
  const log = logRatio(q.rate, p.rate);
  // Far apart the gaps themselves would cancel.
  if (Math.abs(t) > 0.5) return (volumes + concentration * Math.log1p(rate)) / (1 - alpha) - q.concentration * log;
  const rates = (1 - alpha) * q.concentration * ratioGap(t, log) - concentration * deviance(rate);
  return (volumes + rates) / (1 - alpha) + alpha * t * difference;
}
