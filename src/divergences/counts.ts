import type { Distribution } from "../distributions/distribution.ts";
import { logSum, powers, renyiOfMasses, share } from "../distributions/gaps/masses.ts";
import { coordinatesOf } from "../distributions/parts.ts";

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
