import { double } from "../arithmetic/double.ts";
import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";
import { UnsupportedError } from "../engine/errors.ts";
import { checkOrder, checkPair } from "./checks.ts";
import { closedKl } from "./closed-kl.ts";
import { closedRenyi, isInfiniteRenyi } from "./closed-renyi.ts";
import { asGaussian, sameScale, squaredDistance } from "./gaussians.ts";
import { meanBetween } from "./mean-between.ts";
import { jensenShannonAt, renyiAt, squaredHellingerAt, totalVariationAt } from "./pointwise.ts";
import { logRenyiIntegral } from "./renyi-integral.ts";

/**
 * Jensen-Shannon divergence ½ D(p || m) + ½ D(q || m) in nats, m = (p + q) / 2, from 0 to log 2: in f64, an exact sum where both have
 * finitely many values, else within 1e-10.
 * A class that only one of two categoricals has is one that the other never gives.
 *
 * @throws InputError unless both are distributions of one shape; UnsupportedError for vectors: `divergenceEstimate` has an estimate
 */
export function jensenShannon(p: Distribution, q: Distribution): number {
  return between(p, q, jensenShannonAt, Math.LN2, "jensenShannon");
}

/**
 * Total variation ½ ∫ |p - q|, the largest difference of probabilities that they give one event, from 0 to 1: closed for normal
 * distributions of one covariance, an exact sum where both have finitely many values, else within 1e-10.
 *
 * @throws InputError unless both are distributions of one shape; UnsupportedError for other vectors: `divergenceEstimate` has an
 * estimate
 */
export function totalVariation(p: Distribution, q: Distribution): number {
  const where = "totalVariation";
  checkPair(p, q, where);
  const [own, other] = [asGaussian(p), asGaussian(q)];
  if (own && other && sameScale(own, other)) {
    return double.erf(Math.sqrt(squaredDistance(own, other) / 8));
  }
  return between(p, q, totalVariationAt, 1, where);
}

/**
 * Hellinger's distance (not squared), √(1 - ∫ √(p q)) = √(½ ∫ (√p - √q)²), from 0 to 1: closed within exponential families and for
 * products of them, an exact sum where both have finitely many values, else its square within 1e-10.
 *
 * @throws InputError unless both are distributions of one shape; UnsupportedError for other vectors: `divergenceEstimate` has an
 * estimate
 */
export function hellinger(p: Distribution, q: Distribution): number {
  const where = "hellinger";
  checkPair(p, q, where);
  const closed = closedRenyi(p, q, 0.5);
  // The affinity ∫ √(p q) is exp(-½ D) of Rényi's divergence of order ½.
  if (closed !== undefined) return Math.sqrt(-Math.expm1(-closed / 2));
  return Math.sqrt(between(p, q, squaredHellingerAt, 1, where));
}

/**
 * Rényi's divergence of order alpha, log(∫ p^α q^(1 - α)) / (α - 1) in nats: closed within exponential families and for products of
 * them, an exact sum where both have finitely many values, else by quadrature: exp((α - 1) D) within 1e-10, or within 1e-10 of itself
 * where that is below 1e-3 or alpha above 1. Order 1 is `klDivergence`, its limit. Infinity where the integral diverges, or is 0.
 *
 * @param alpha - above 0
 * @throws InputError unless both are distributions of one shape and alpha is such a number; UnsupportedError for other vectors:
 * `divergenceEstimate` has an estimate
 */
export function renyiDivergence(p: Distribution, q: Distribution, alpha: number): number {
  const where = "renyiDivergence";
  checkPair(p, q, where);
  checkOrder(alpha, where);
  const known = p === q ? 0 : alpha === 1 ? closedKl(p, q) : undefined;
  if (known !== undefined) return known;
  if (alpha === 1) throw none(p, q, where, "klEstimate");
  if (isInfiniteRenyi(p, q, alpha)) return Number.POSITIVE_INFINITY;
  const closed = closedRenyi(p, q, alpha);
  if (closed !== undefined) return closed;
  const isLine = p.shape.length === 0 && p.support[0]?.kind === "interval";
  if (alpha > 1 && isLine) {
    return Math.max(0, logRenyiIntegral(p as ScalarDistribution, q as ScalarDistribution, alpha) / (alpha - 1));
  }
  const excess = between(p, q, (t) => renyiAt(t, alpha), -1, where);
  if (excess < FAINT - 1 && isLine && p.support[0]?.kind === q.support[0]?.kind) {
    return logRenyiIntegral(p as ScalarDistribution, q as ScalarDistribution, alpha) / (alpha - 1);
  }
  return Math.max(0, Math.log1p(Math.max(-1, excess)) / (alpha - 1));
}

/** Where p and q share less than this, their share is integrated itself, so that its logarithm keeps its digits. */
const FAINT = 1e-3;

/** The mean of h under p and q; `apart` where they share no value. */
function between(p: Distribution, q: Distribution, h: (t: number) => number, apart: number, where: string): number {
  checkPair(p, q, where);
  if (p === q) return 0;
  if (p.support.some(({ kind }, k) => (kind === "integers") !== (q.support[k]?.kind === "integers"))) return apart;
  const value = meanBetween(p, q, h, where);
  if (value === undefined) throw none(p, q, where, "divergenceEstimate");
  return value;
}

function none(p: Distribution, q: Distribution, where: string, instead: string): UnsupportedError {
  return new UnsupportedError(
    "limits",
    `${where}: ${p.name} and ${q.name} of these parameters have no closed form; ${instead}(engine, p, q, …) estimates it`,
  );
}
