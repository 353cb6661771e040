import type { Distribution } from "../../distributions/distribution.ts";
import { renyiOverAtoms } from "../counts.ts";
import { factorPairs, isCovered } from "../factors.ts";
import { asGeneral } from "../general.ts";
import { logSumOverIntegers } from "../integers.ts";
import { isSame } from "../same.ts";
import { isInfinite } from "../tails.ts";
import { asGaussian, renyiOfGaussians } from "./gaussians.ts";

/** Rényi's divergence of order alpha, not 1, of distributions of one shape, in nats; undefined where it has no closed form. */
export function closedRenyi(p: Distribution, q: Distribution, alpha: number): number | undefined {
  if (isSame(p, q)) return 0;
  const [own, other] = [asGaussian(p), asGaussian(q)];
  const value =
    ofFamily(asGeneral(p), asGeneral(q), alpha) ??
    overFactors(p, q, alpha) ??
    renyiOverAtoms(p, q, alpha) ??
    overIntegers(p, q, alpha) ??
    (own && other && renyiOfGaussians(own, other, alpha));
  if (value === undefined || Number.isNaN(value)) return undefined;
  // Roundings may take a divergence of nothing below 0.
  return Math.max(0, value);
}

function ofFamily(p: Distribution, q: Distribution, alpha: number): number | undefined {
  return p.name === q.name ? p.known?.renyi?.(q, alpha) : undefined;
}

function overIntegers(p: Distribution, q: Distribution, alpha: number): number | undefined {
  const log = logSumOverIntegers(p, q, alpha);
  return log === undefined ? undefined : log / (alpha - 1);
}

/** Whether it is known to be infinite. */
export function isInfiniteRenyi(p: Distribution, q: Distribution, alpha: number): boolean {
  if (alpha > 1 && !isCovered(p, q)) return true;
  if (closedRenyi(p, q, alpha) === Number.POSITIVE_INFINITY) return true;
  const isLine = p.shape.length === 0 && p.support[0]?.kind === "interval";
  return alpha > 1 && isLine && isInfinite(p, alpha, q, 1 - alpha) === true;
}

function overFactors(p: Distribution, q: Distribution, alpha: number): number | undefined {
  const pairs = factorPairs(p, q);
  if (pairs.length < 2 && pairs[0]?.p.shape.length === p.shape.length) return undefined;
  let sum = 0;
  for (const pair of pairs) {
    const part = closedRenyi(pair.p, pair.q, alpha);
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}
