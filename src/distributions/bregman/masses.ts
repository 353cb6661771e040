import { deviance } from "../special/deviance.ts";
import { logSumExp } from "../special/tails.ts";
import { expGap, logQuotient, ratioGap } from "./generators.ts";

// Of probabilities of single values.

/** p log(p / q) - p + q of one value, its change being q - p, and log(q / p). */
export function share(p: number, q: number, change: number, log = Math.log(q) - Math.log(p)): number {
  if (p === 0) return change;
  // A ratio may leave f64's range where its share does not.
  return Math.abs(change) < 0.5 * p ? p * deviance(change / p) : change - p * log;
}

/** p log(p / q) + (1 - p) log((1 - p) / (1 - q)); of 0 log 0, 0. */
export function ofOdds(p: number, q: number): number {
  return share(p, q, q - p) + share(1 - p, 1 - q, p - q);
}

/**
 * (log(1 - (1 - p)^α (1 - q)^(1 - α)) - α log p - (1 - α) log q) / (1 - α): where the probabilities are close, in gaps of second
 * order. Infinite where the series diverges.
 */
export function renyiOfGeometrics(p: number, q: number, alpha: number): number {
  if (p === 1) return -Math.log(q);
  if (q === 1) return alpha < 1 ? (-alpha / (1 - alpha)) * Math.log(p) : Number.POSITIVE_INFINITY;
  const failures = (p - q) / (1 - p);
  const log = Math.abs(failures) < 0.5 ? Math.log1p(failures) : Math.log1p(-q) - Math.log1p(-p);
  // 1 - (1 - p)^α (1 - q)^(1 - α) is p (1 + excess).
  const odds = (1 - p) / p;
  const excess = -odds * Math.expm1((1 - alpha) * log);
  if (!(excess > -1)) return Number.POSITIVE_INFINITY;
  const successes = (q - p) / p;
  if (Math.abs(successes) >= 0.5) return Math.log1p(excess) / (1 - alpha) - logQuotient(q, p);
  const bend = ratioGap(failures, log) - expGap((1 - alpha) * log) / (1 - alpha);
  return odds * bend + ratioGap(successes, Math.log1p(successes)) - deviance(excess) / (1 - alpha);
}

export function renyiOfOdds(p: number, q: number, alpha: number): number {
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
export function renyiOfMasses(values: readonly Value[], rest: number, alpha: number): number {
  const other = 1 - alpha;
  const excess = values.reduce((sum, { p, q, change }) => {
    // Below f64's range it still has a logarithm, and powers.
    if (p.mass === 0) return sum + Math.exp(powers(p.log, q.log, alpha)) - other * q.mass;
    if (q.log === Number.NEGATIVE_INFINITY) return other > 0 ? sum - alpha * p.mass : Number.POSITIVE_INFINITY;
    const log = q.log - p.log;
    const t = change / p.mass;
    const ratio = Math.abs(t) < 0.5 ? Math.log1p(t) : log;
    return sum + p.mass * (expGap(other * ratio) - other * ratioGap(t, ratio));
  }, -other * rest);
  if (Math.abs(excess) < 0.5) return Math.log1p(excess) / -other;
  return logSumExp(values.map(({ p, q }) => powers(p.log, q.log, alpha))) / -other;
}

/** log(p^α q^(1 - α)); where neither is positive, it is no value of theirs. */
export function powers(logP: number, logQ: number, alpha: number): number {
  if (logP === Number.NEGATIVE_INFINITY) return logP;
  return alpha * logP + (1 - alpha) * logQ;
}
