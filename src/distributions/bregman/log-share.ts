import { digamma, lgamma1p, trigamma } from "../../arithmetic/double-gamma.ts";
import { logGammaRatio } from "../special/gamma-ratio.ts";
import { fallingIntegral, panel } from "../special/quadrature.ts";

// Of log Y of a share Y that has the beta distribution of concentrations 1 and b.

/** log E Y^r for r > -1: log(Γ(1 + r) Γ(1 + b) / Γ(1 + b + r)). */
export function logPower(r: number, b: number): number {
  if (r < 0) return lgamma1p(r) + logGammaRatio(1 + b + r, -r);
  return lgamma1p(Math.min(r, b)) - logGammaRatio(1 + Math.max(r, b), Math.min(r, b));
}

/**
 * ∫ f(s t) (1 - exp(-b t)) / (t (exp(t) - 1)) dt over t > 0, for a positive f of the order of t or less near 0. -log Y is a sum of steps, and this is how
 * many there are of each size t: by Malmstén's integral of log Γ, log E Y^s is that of exp(-t) - 1, E log Y^s that of -t, and what is left of such
 * logarithms where they nearly cancel is that of what is left of their f.
 */
export function overSteps(f: (t: number) => number, s: number, b: number): number {
  // In log t, from where exp(-t) is nothing; before that the integrand falls at least as t does.
  const at = (u: number) => {
    const t = Math.exp(u);
    return f(s * t) * (-Math.expm1(-b * t) / Math.expm1(t));
  };
  return fallingIntegral(at, Math.log(50), -2, Number.NEGATIVE_INFINITY);
}

/** ψ(x + d) - ψ(x), of the order of d where that is small. */
export function digammaStep(x: number, d: number): number {
  if (Math.abs(d) < 0.2 * x) return d * panel((v) => trigamma(x + v * d), 0, 1);
  return digamma(x + d) - digamma(x);
}
