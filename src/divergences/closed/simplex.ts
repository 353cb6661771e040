import type { Beta } from "../../distributions/families/beta.ts";
import type { Dirichlet } from "../../distributions/families/dirichlet.ts";
import type { Uniform } from "../../distributions/families/uniform.ts";
import { type RenyiRule, type Rule, renyiRule, rule } from "../bounded/rule.ts";
import { crossed, logRatio, ratioGap, ratiosGap, type Step, sharedGap, steadyGap } from "../bregman.ts";

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

/** A concentration of p and q's, and what the others of each are together. */
interface SplitConcentration {
  readonly a: number;
  readonly b: number;
  /** b - a */
  readonly d: number;
  readonly others: { readonly a: number; readonly b: number; readonly d: number };
}

/**
 * The gap of Σ log Γ(a) - log Γ(Σ a) between q's concentrations and its tangent at p's. What grows with the concentrations
 * themselves is the divergence of the mean probabilities.
 */
function ofDirichlets(p: readonly number[], q: readonly number[]): number {
  const parts = partsOf(p, q);
  const [pSum, qSum] = [total(p), total(q)];
  const means = parts.map((part) => {
    const { a, b } = part;
    // a Σq / (b Σp) - 1
    const excess = -crossedOf(part) / b / pSum;
    return b * ratioGap(excess, logRatio(a, b) + logRatio(qSum, pSum));
  });
  return (
    total(means) +
    steadyGaps(
      parts.map(({ a, b, d, others }) => ({
        own: { from: a, to: b, by: d },
        rest: { from: others.a, to: others.b, by: others.d },
      })),
    )
  );
}

// The mean of log-normalisers above the log-normaliser of the mean: tangents at the mean cancel.
function renyiOfDirichlets(p: readonly number[], q: readonly number[], alpha: number): number {
  const rest = 1 - alpha;
  const parts = partsOf(p, q);
  if (!parts.every(({ a, b }) => alpha * a + rest * b > 0)) return Number.POSITIVE_INFINITY;
  const [pSum, qSum] = [total(p), total(q)];
  const means = parts.map((part) => ratiosGap([part.a, pSum], [part.b, qSum], alpha, crossedOf(part)));
  const joint = ({ a, b }: { readonly a: number; readonly b: number }) => alpha * a + rest * b;
  const toP = parts.map((part) => ({
    own: { from: joint(part), to: part.a, by: -rest * part.d },
    rest: { from: joint(part.others), to: part.others.a, by: -rest * part.others.d },
  }));
  const toQ = parts.map((part) => ({
    own: { from: joint(part), to: part.b, by: alpha * part.d },
    rest: { from: joint(part.others), to: part.others.b, by: alpha * part.others.d },
  }));
  return (total(means) + alpha * steadyGaps(toP) + rest * steadyGaps(toQ)) / rest;
}

function partsOf(p: readonly number[], q: readonly number[]): readonly SplitConcentration[] {
  const pairs = p.map((a, k) => ({ a, b: q[k] ?? Number.NaN }));
  return pairs.map(({ a, b }, k) => {
    const rest = pairs.filter((_, j) => j !== k);
    const others = {
      a: total(rest.map((pair) => pair.a)),
      b: total(rest.map((pair) => pair.b)),
      d: total(rest.map((pair) => pair.b - pair.a)),
    };
    return { a, b, d: b - a, others };
  });
}

/** b Σa - a Σb, where a and b themselves cancel. */
function crossedOf({ a, b, others }: SplitConcentration): number {
  return crossed(a, b, others.a, others.b);
}

interface Gap {
  readonly own: Step;
  readonly rest: Step;
}

/** The gaps of each less that of their sum, which the largest is taken with: where it is nearly all, they cancel. */
function steadyGaps(gaps: readonly Gap[]): number {
  const share = ({ own, rest }: Gap) => (own.from / (own.from + rest.from)) * (own.to / (own.to + rest.to));
  const largest = gaps.reduce((most, gap, k) => (share(gap) > share(gaps[most] ?? gap) ? k : most), 0);
  return total(
    gaps.map(({ own, rest }, k) => (k === largest ? sharedGap(own, rest) : steadyGap(own.from, own.to, own.by))),
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
