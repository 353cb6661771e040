import { powers, renyiOfMasses, share } from "../distributions/bregman/masses.ts";
import type { Distribution, Point } from "../distributions/distribution.ts";
import { coordinatesOfPoint } from "../distributions/parts.ts";
import { logSumExp } from "../distributions/special/tails.ts";

/**
 * Σ p log(p / q) over p's values, in terms that are never negative: p log(p / q) - p + q. Where q has values besides, what it has
 * there is missing from their sum.
 */
export function overAtoms(p: Distribution, q: Distribution): number | undefined {
  if (!p.atoms) return undefined;
  const others = q.atoms && massesOf(q);
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
    const [own, others] = [massesOf(p), massesOf(q)];
    const values = possibleValues(p).map((value) => {
      const [mass, other] = [own.get(keyOf(value)) ?? 0, others.get(keyOf(value)) ?? 0];
      others.delete(keyOf(value));
      return { p: { mass, log: p.logProb(value) }, q: { mass: other, log: q.logProb(value) }, change: other - mass };
    });
    const rest = [...others.values()].reduce((total, mass) => total + mass, 0);
    return Math.max(0, renyiOfMasses(values, rest, alpha));
  }
  const counted = p.atoms ? p : alpha < 1 && q.atoms ? q : undefined;
  if (!counted || p.support.some(({ kind }, k) => kind !== q.support[k]?.kind)) return undefined;
  return (
    logSumExp(possibleValues(counted).map((value) => powers(p.logProb(value), q.logProb(value), alpha))) / (alpha - 1)
  );
}

/** The values of a distribution that has atoms, also those that are no atoms as their probabilities are below f64's range. */
export function possibleValues({ atoms = [], shape, support: [own] }: Distribution): readonly Point[] {
  if (shape.length > 0 || own?.kind !== "integers") return atoms.map(({ value }) => value);
  return Array.from({ length: own.high - own.low + 1 }, (_, k) => own.low + k);
}

function massesOf({ atoms = [] }: Distribution): Map<string, number> {
  return new Map(atoms.map(({ value, probability }) => [keyOf(value), probability]));
}

function keyOf(value: Point): string {
  return coordinatesOfPoint(value).join();
}
