import type { Distribution } from "../distributions/distribution.ts";
import type { Bernoulli } from "../distributions/families/bernoulli.ts";
import type { Binomial } from "../distributions/families/binomial.ts";
import type { Geometric } from "../distributions/families/geometric.ts";
import type { Poisson } from "../distributions/families/poisson.ts";
import { coordinatesOf } from "../distributions/parts.ts";
import { deviance } from "../distributions/special/deviance.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "./bounded/rule.ts";
import { expGap, logRatio, ratioGap } from "./bregman.ts";

export const kl: readonly Rule[] = [
  rule<Bernoulli, Bernoulli>("bernoulli", "bernoulli", (p, q) => ofOdds(p.probability, q.probability)),
  // Of other numbers of trials: a sum over the values.
  rule<Binomial, Binomial>("binomial", "binomial", (p, q) => {
    return p.trials === q.trials ? p.trials * ofOdds(p.probability, q.probability) : undefined;
  }),
  rule<Poisson, Poisson>("poisson", "poisson", (p, q) => (p.rate === 0 ? q.rate : p.rate * rateGap(p, q))),
  // Each of the 1 / p trials that are expected tells as much.
  rule<Geometric, Geometric>("geometric", "geometric", (p, q) => {
    return ofOdds(p.probability, q.probability) / p.probability;
  }),
  rule<Poisson, Geometric>("poisson", "geometric", ofMean),
  // Of few trials: a sum over the values.
  rule<Binomial, Geometric>("binomial", "geometric", (p, q) => (p.atoms ? undefined : ofMean(p, q))),
];

/** A geometric distribution's log-probabilities are linear in the count. */
function ofMean(p: Poisson | Binomial, { probability }: Geometric): number {
  return -p.entropy() - p.mean * Math.log1p(-probability) - Math.log(probability);
}

export const renyi: readonly RenyiRule[] = [
  renyiRule<Bernoulli>("bernoulli", (p, q, alpha) => renyiOfOdds(p.probability, q.probability, alpha)),
  renyiRule<Binomial>("binomial", (p, q, alpha) => {
    return p.trials === q.trials ? p.trials * renyiOfOdds(p.probability, q.probability, alpha) : undefined;
  }),
  renyiRule<Poisson>("poisson", (p, q, alpha) => {
    // (α λp + (1 - α) λq - λp^α λq^(1 - α)) / (1 - α)
    if (p.rate === 0) return q.rate;
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

function renyiOfOdds(p: number, q: number, alpha: number): number {
  const [own, other] = [p, q].map((odds) => [
    { mass: odds, log: Math.log(odds) },
    { mass: 1 - odds, log: Math.log1p(-odds) },
  ]);
  const changes = [q - p, p - q];
  const values = (own ?? []).map((at, k) => ({ p: at, q: other?.[k] ?? at, change: changes[k] ?? 0 }));
  return renyiOfMasses(values, 0, alpha);
}

interface Mass {
  readonly mass: number;
  readonly log: number;
}

/** A value's probabilities, and the second less the first. */
interface Value {
  readonly p: Mass;
  readonly q: Mass;
  readonly change: number;
}

/**
 * log(Σ p^α q^(1 - α)) / (α - 1) over the values of either: close to 1, the sum is so by Σ (p^α q^(1 - α) - α p - (1 - α) q), whose terms are of
 * second order.
 *
 * @param rest - what q has besides
 */
function renyiOfMasses(values: readonly Value[], rest: number, alpha: number): number {
  const other = 1 - alpha;
  const excess = values.reduce((sum, { p, q, change }) => {
    if (p.mass === 0) return sum - other * q.mass;
    if (q.log === Number.NEGATIVE_INFINITY) return other > 0 ? sum - alpha * p.mass : Number.POSITIVE_INFINITY;
    const log = q.log - p.log;
    const t = change / p.mass;
    const ratio = Math.abs(t) < 0.5 ? Math.log1p(t) : log;
    return sum + p.mass * (expGap(other * ratio) - other * ratioGap(t, ratio));
  }, -other * rest);
  if (Math.abs(excess) < 0.5) return Math.log1p(excess) / -other;
  return logSum(values.map(({ p, q }) => powers(p.log, q.log, alpha))) / -other;
}

/** log(p^α q^(1 - α)); where neither is positive, it is no value of theirs. */
function powers(logP: number, logQ: number, alpha: number): number {
  if (logP === Number.NEGATIVE_INFINITY) return logP;
  return alpha * logP + (1 - alpha) * logQ;
}

export function logSum(logs: readonly number[]): number {
  const peak = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(peak)) return peak;
  return peak + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - peak), 0));
}

function rateGap(p: Poisson, q: Poisson): number {
  return ratioGap((q.rate - p.rate) / p.rate, logRatio(q.rate, p.rate));
}

/** p log(p / q) - p + q of one value, its change being q - p, and log(q / p). */
function share(p: number, q: number, change: number, log = Math.log(q) - Math.log(p)): number {
  if (p === 0) return change;
  // A ratio may leave f64's range where its share does not.
  return Math.abs(change) < 0.5 * p ? p * deviance(change / p) : change - p * log;
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
    sum += share(probability, other, other - probability, log - Math.log(probability));
    reached += other;
    others?.delete(keyOf(value));
  }
  const rest = others ? [...others.values()].reduce((total, mass) => total + mass, 0) : 1 - reached;
  return sum + rest;
}

/** Rényi's divergence of whole numbers where the values that count are finitely many: p's, or q's where alpha is below 1. */
export function renyiOverAtoms(p: Distribution, q: Distribution, alpha: number): number | undefined {
  if (p.atoms && q.atoms) {
    const others = new Map(q.atoms.map((atom) => [keyOf(atom.value), atom]));
    const values = p.atoms.map(({ value, probability }) => {
      const other = others.get(keyOf(value))?.probability ?? 0;
      others.delete(keyOf(value));
      return {
        p: { mass: probability, log: p.logProb(value) },
        q: { mass: other, log: q.logProb(value) },
        change: other - probability,
      };
    });
    const rest = [...others.values()].reduce((total, { probability }) => total + probability, 0);
    return Math.max(0, renyiOfMasses(values, rest, alpha));
  }
  const atoms = p.atoms ?? (alpha < 1 ? q.atoms : undefined);
  if (!atoms || p.support.some(({ kind }, k) => kind !== q.support[k]?.kind)) return undefined;
  return logSum(atoms.map(({ value }) => powers(p.logProb(value), q.logProb(value), alpha))) / (alpha - 1);
}

function keyOf(value: Distribution["mean"]): string {
  return coordinatesOf(value).join();
}
