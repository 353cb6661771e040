import type { Bernoulli } from "../distributions/bernoulli.ts";
import type { Binomial } from "../distributions/binomial.ts";
import type { Distribution } from "../distributions/distribution.ts";
import type { Geometric } from "../distributions/geometric.ts";
import { coordinatesOf } from "../distributions/parts.ts";
import type { Poisson } from "../distributions/poisson.ts";
import { deviance } from "../distributions/special/deviance.ts";
import { expGap, logRatio, ratioGap } from "./gaps.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "./rule.ts";

export const kl: readonly Rule[] = [
  rule<Bernoulli, Bernoulli>("bernoulli", "bernoulli", (p, q) => ofOdds(p.probability, q.probability)),
  // Of other numbers of trials: a sum over the values.
  rule<Binomial, Binomial>("binomial", "binomial", (p, q) => {
    return p.trials === q.trials ? p.trials * ofOdds(p.probability, q.probability) : undefined;
  }),
  rule<Poisson, Poisson>("poisson", "poisson", (p, q) => p.rate * rateGap(p, q)),
  // Each of the 1 / p trials that are expected tells as much.
  rule<Geometric, Geometric>("geometric", "geometric", (p, q) => {
    return ofOdds(p.probability, q.probability) / p.probability;
  }),
];

export const renyi: readonly RenyiRule[] = [
  renyiRule<Poisson>("poisson", (p, q, alpha) => {
    // (α λp + (1 - α) λq - λp^α λq^(1 - α)) / (1 - α)
    return p.rate * (rateGap(p, q) - expGap((1 - alpha) * logRatio(q.rate, p.rate)) / (1 - alpha));
  }),
  renyiRule<Geometric>("geometric", (p, q, alpha) => renyiOfGeometrics(p.probability, q.probability, alpha)),
];

/**
 * (log(1 - (1 - p)^α (1 - q)^(1 - α)) - α log p - (1 - α) log q) / (1 - α): where the probabilities are close, in gaps of second
 * order. Infinite where the series diverges.
 */
function renyiOfGeometrics(p: number, q: number, alpha: number): number {
  if (p === 1) return -Math.log(q);
  if (q === 1) return alpha < 1 ? (-alpha / (1 - alpha)) * Math.log(p) : Number.POSITIVE_INFINITY;
  const failures = (p - q) / (1 - p);
  const log = Math.abs(failures) < 0.5 ? Math.log1p(failures) : Math.log1p(-q) - Math.log1p(-p);
  // 1 - (1 - p)^α (1 - q)^(1 - α) is p (1 + excess).
  const odds = (1 - p) / p;
  const excess = -odds * Math.expm1((1 - alpha) * log);
  if (!(excess > -1)) return Number.POSITIVE_INFINITY;
  const successes = (q - p) / p;
  if (Math.abs(successes) >= 0.5) return Math.log1p(excess) / (1 - alpha) - logRatio(q, p);
  const bend = ratioGap(failures, log) - expGap((1 - alpha) * log) / (1 - alpha);
  return odds * bend + ratioGap(successes, Math.log1p(successes)) - deviance(excess) / (1 - alpha);
}

function rateGap(p: Poisson, q: Poisson): number {
  return ratioGap((q.rate - p.rate) / p.rate, logRatio(q.rate, p.rate));
}

/** p log(p / q) - p + q of one value, its change being q - p. */
function share(p: number, q: number, change: number): number {
  return p === 0 ? change : p * ratioGap(change / p, Math.log(q) - Math.log(p));
}

/** p log(p / q) + (1 - p) log((1 - p) / (1 - q)); of 0 log 0, 0. */
function ofOdds(p: number, q: number): number {
  return share(p, q, q - p) + share(1 - p, 1 - q, p - q);
}

/**
 * Σ p log(p / q) over p's values, in terms that are never negative: p log(p / q) - p + q. Where q has values besides, what it has
 * there is missing from their sum.
 */
export function overAtoms(p: Distribution, q: Distribution): number | undefined {
  if (!p.atoms) return undefined;
  const others = q.atoms && new Map(q.atoms.map(({ value, probability }) => [keyOf(value), probability]));
  let sum = 0;
  let reached = 0;
  for (const { value, probability } of p.atoms) {
    const log = q.logProb(value);
    if (log === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const other = others?.get(keyOf(value)) ?? Math.exp(log);
    // What is below f64's range still has a logarithm.
    sum += probability * ratioGap((other - probability) / probability, log - Math.log(probability));
    reached += other;
    others?.delete(keyOf(value));
  }
  const rest = others ? [...others.values()].reduce((total, mass) => total + mass, 0) : 1 - reached;
  return sum + rest;
}

function keyOf(value: Distribution["mean"]): string {
  return coordinatesOf(value).join();
}
