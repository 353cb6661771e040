import type { Distribution, ScalarDistribution } from "../../distributions/distribution.ts";
import type { Rule } from "../bounded/rule.ts";
import { overAtoms } from "../counts.ts";
import { factorPairs, isCovered } from "../factors.ts";
import { asGeneral } from "../general.ts";
import { ofMixtures } from "../mixtures.ts";
import { reduced } from "../reduced.ts";
import { isSame } from "../same.ts";
import { expectedLog } from "./expected-log.ts";
import { kl as gammaLike } from "./gamma-like.ts";
import { asGaussian, klOfGaussians } from "./gaussians.ts";
import { kl as simplex } from "./simplex.ts";

/** Pairs of unlike families with a formula of their own, which does not cancel; other pairs go by moments. */
const rules: ReadonlyMap<string, Rule["divergence"]> = new Map(
  [...gammaLike, ...simplex].map(({ p, q, divergence }) => [`${p} ${q}`, divergence]),
);

/** KL(p || q) of distributions of one shape, in nats; undefined where it has no closed form. */
export function closedKl(p: Distribution, q: Distribution): number | undefined {
  if (isSame(p, q)) return 0;
  if (!isCovered(p, q)) return Number.POSITIVE_INFINITY;
  const value = klFormula(p, q);
  // Parameters so far apart that terms leave f64's range are none of a closed form's.
  if (value === undefined || Number.isNaN(value)) return undefined;
  // Roundings may take a divergence of nothing below 0.
  return Math.max(0, value);
}

/** The formula's own value, which is NaN where its terms leave f64's range; undefined where there is none. */
export function klFormula(p: Distribution, q: Distribution): number | undefined {
  return overFactors(p, q) ?? ofPair(asGeneral(p), asGeneral(q));
}

function overFactors(p: Distribution, q: Distribution): number | undefined {
  const pairs = factorPairs(p, q);
  if (pairs.length < 2 && pairs[0]?.p.shape.length === p.shape.length) return undefined;
  let sum: number | undefined = 0;
  for (const pair of pairs) {
    const part = closedKl(pair.p, pair.q);
    if (part === Number.POSITIVE_INFINITY) return part;
    sum = part === undefined || sum === undefined ? undefined : sum + part;
  }
  return sum;
}

function ofPair(p: Distribution, q: Distribution): number | undefined {
  const value = p.name === q.name ? p.known?.kl?.(q) : rules.get(`${p.name} ${q.name}`)?.(p, q);
  if (value !== undefined) return value;
  if (p.shape.length > 0) {
    const [own, other] = [asGaussian(p), asGaussian(q)];
    if (own && other) return klOfGaussians(own, other);
  }
  return overAtoms(p, q) ?? ofMixtures(p, q, closedKl) ?? byMoments(p, q);
}

/** -H(p) - E_p[log q] */
function byMoments(p: Distribution, q: Distribution): number | undefined {
  const kind = p.support[0]?.kind;
  if (p.shape.length > 0 || kind === "shares" || kind !== q.support[0]?.kind) return undefined;
  const [own, other] = reduced(p, q);
  const mean = expectedLog(own as ScalarDistribution, other);
  return mean === undefined ? undefined : -own.entropy() - mean;
}
