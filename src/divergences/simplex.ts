import type { Beta } from "../distributions/beta.ts";
import type { Dirichlet } from "../distributions/dirichlet.ts";
import type { Uniform } from "../distributions/uniform.ts";
import { lgammaGap, logRatio, ratioGap, steadyGap } from "./gaps.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "./rule.ts";

export const kl: readonly Rule[] = [
  rule<Beta, Beta>("beta", "beta", (p, q) => ofDirichlets(listOf(p), listOf(q))),
  rule<Dirichlet, Dirichlet>("dirichlet", "dirichlet", (p, q) => ofDirichlets(p.concentration, q.concentration)),
  rule<Uniform, Beta>("uniform", "beta", (p, q) => (isUnit(p) ? ofDirichlets([1, 1], listOf(q)) : undefined)),
  rule<Beta, Uniform>("beta", "uniform", (p, q) => {
    // A wider interval only has less density.
    return ofDirichlets(listOf(p), [1, 1]) + Math.log(q.high - q.low);
  }),
];

export const renyi: readonly RenyiRule[] = [
  renyiRule<Beta>("beta", (p, q, alpha) => renyiOfDirichlets(listOf(p), listOf(q), alpha)),
  renyiRule<Dirichlet>("dirichlet", (p, q, alpha) => renyiOfDirichlets(p.concentration, q.concentration, alpha)),
];

function listOf({ concentration1, concentration0 }: Beta): readonly number[] {
  return [concentration1, concentration0];
}

function isUnit({ low, high }: Uniform): boolean {
  return low === 0 && high === 1;
}

/**
 * The gap of Σ log Γ(a) - log Γ(Σ a) between q's concentrations and its tangent at p's. What grows with the concentrations
 * themselves is the divergence of the mean probabilities.
 */
function ofDirichlets(p: readonly number[], q: readonly number[]): number {
  const [pSum, qSum] = [total(p), total(q)];
  const differences = q.map((b, k) => b - (p[k] ?? 0));
  const sumDifference = total(differences);
  const pairs = q.map((b, k) => ({ b, a: p[k] ?? Number.NaN, d: differences[k] ?? 0 }));
  const terms = pairs.map(({ b, a, d }) => {
    // a Σq / (b Σp) - 1
    const excess = (a * sumDifference - d * pSum) / b / pSum;
    const log = logRatio(a, b) + logRatio(qSum, pSum);
    return b * ratioGap(Math.abs(excess) < 0.5 ? excess : (a / pSum) * (qSum / b) - 1, log) + steadyGap(a, d);
  });
  return total(terms) - steadyGap(pSum, sumDifference);
}

// The mean of log-normalisers above the log-normaliser of the mean: tangents at the mean cancel.
function renyiOfDirichlets(p: readonly number[], q: readonly number[], alpha: number): number {
  const joint = p.map((a, k) => alpha * a + (1 - alpha) * (q[k] ?? Number.NaN));
  if (!joint.every((a) => a > 0)) return Number.POSITIVE_INFINITY;
  const above = (c: number, d: number) =>
    alpha * lgammaGap(c, (1 - alpha) * d) + (1 - alpha) * lgammaGap(c, -alpha * d);
  const differences = p.map((a, k) => a - (q[k] ?? Number.NaN));
  const each = joint.map((c, k) => above(c, differences[k] ?? Number.NaN));
  return (total(each) - above(total(joint), total(differences))) / (1 - alpha);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
