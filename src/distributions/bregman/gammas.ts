import { digamma, trigamma } from "../../arithmetic/double-gamma.ts";
import type { Moments } from "../moments.ts";
import { digammaRemainder, logPoissonMass } from "../special/deviance.ts";
import { gammaTails } from "../special/incomplete-gamma.ts";
import { crossed, lgammaStep, logQuotient, ratioGap, ratiosGap, steadyGap } from "./generators.ts";

export interface GammaParameters {
  readonly concentration: number;
  readonly rate: number;
}

export function gammaMoments(a: number, rate: number): Moments {
  const mean = a / rate;
  return {
    // E[X; X <= c] is the mean times P(a + 1, rate c), which is P(a, rate c) less a mass.
    below: (c) => (c - mean) * gammaTails(a, rate * c).lower + mean * Math.exp(logPoissonMass(a, rate * c)),
    logarithm: digamma(a) - Math.log(rate),
    logGap: -digammaRemainder(a),
    logVariance: trigamma(a),
    power: (k, s) => gammaPower(a, k, -Math.log(rate * s)),
    exponential: (t, c) => (t < rate ? Math.exp(-t * c - a * Math.log1p(-t / rate)) : Number.POSITIVE_INFINITY),
  };
}

/** E X^k of a gamma variable of the logarithm of a scale. */
export function gammaPower(a: number, k: number, log: number): number {
  return k > -a ? Math.exp(lgammaStep(a, k) + k * (Math.log(a + k) + log)) : Infinity;
}

/**
 * (a - b) ψ(a) - log Γ(a) + log Γ(b) + b log(r / s) + a (s - r) / r of concentrations a, b and rates r, s: what grows with a and b
 * is a gap of the logarithm.
 */
export function ofGammas(p: GammaParameters, q: GammaParameters): number {
  const [a, b] = [p.concentration, q.concentration];
  const [concentrations, rates] = [(a - b) / b, (q.rate - p.rate) / p.rate];
  const isClose = Math.abs(concentrations) < 0.5 && Math.abs(rates) < 0.5;
  const means = isClose ? (a * rates) / b + concentrations : (a / b) * (q.rate / p.rate) - 1;
  return b * ratioGap(means, logQuotient(a, b) + logQuotient(q.rate, p.rate)) + steadyGap(a, b);
}

/** p^α q^(1 - α) is a gamma density but for a factor. */
export function renyiOfGammas(p: GammaParameters, q: GammaParameters, alpha: number): number {
  const [a, b] = [p.concentration, q.concentration];
  const joint = alpha * a + (1 - alpha) * b;
  if (!(joint > 0 && alpha * p.rate + (1 - alpha) * q.rate > 0)) return Number.POSITIVE_INFINITY;
  const means = ratiosGap([a, p.rate], [b, q.rate], alpha, crossed(a, b, p.rate, q.rate));
  const d = a - b;
  const constants = alpha * steadyGap(joint, a, (1 - alpha) * d) + (1 - alpha) * steadyGap(joint, b, -alpha * d);
  return (means + constants) / (1 - alpha);
}
