import { covers } from "../distributions/covers.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { type Independent, independent } from "../distributions/families/independent.ts";
import type { MultivariateNormal } from "../distributions/families/multivariate-normal.ts";
import { normal } from "../distributions/families/normal.ts";
import { sizeOf } from "../distributions/parts.ts";

/** The marginals of p and q over the same coordinates. */
export interface Pair {
  readonly p: Distribution;
  readonly q: Distribution;
  /** Where those coordinates start, and how many they are. */
  readonly start: number;
  readonly size: number;
}

/** The independent parts that p and q both are made of, as small as they go; one of all coordinates where there are no others. */
export function factorPairs(p: Distribution, q: Distribution): readonly Pair[] {
  const [own, others] = [factorsOf(p), factorsOf(q)];
  const pairs: Pair[] = [];
  let start = 0;
  let [first, second] = [0, 0];
  while (first < own.length && second < others.length) {
    const [left, right]: Distribution[][] = [[], []];
    let [leftSize, rightSize] = [0, 0];
    // Parts are joined until both sides end at one coordinate.
    do {
      const isLeft = leftSize <= rightSize;
      const next = isLeft ? own[first++] : others[second++];
      if (!next) return [];
      if (isLeft) leftSize += sizeOf(next);
      else rightSize += sizeOf(next);
      (isLeft ? left : right)?.push(next);
    } while (leftSize !== rightSize);
    const size = leftSize;
    pairs.push({ p: joined(left), q: joined(right), start, size });
    start += size;
  }
  return pairs;
}

/** Whether q has density wherever p has, part by part where they have parts: else their divergence is infinite. */
export function isCovered(p: Distribution, q: Distribution): boolean {
  return covers(q, p) && factorPairs(p, q).every((pair) => covers(pair.q, pair.p));
}

function factorsOf(distribution: Distribution): readonly Distribution[] {
  if (distribution.name === "independent") return (distribution as Independent).distributions.flatMap(factorsOf);
  if (distribution.name !== "multivariateNormal") return [distribution];
  const { mean, scaleTril } = distribution as MultivariateNormal;
  const isDiagonal = scaleTril.every((row, i) => row.every((value, j) => j >= i || value === 0));
  return isDiagonal ? mean.map((value, i) => normal(value, scaleTril[i]?.[i] ?? Number.NaN)) : [distribution];
}

function joined(parts: readonly Distribution[] = []): Distribution {
  const [only] = parts;
  return only && parts.length === 1 ? only : independent(parts);
}
