import { double } from "../../arithmetic/double.ts";
import { UnsupportedError } from "../../core/errors.ts";
import type { Distribution, ScalarDistribution } from "../../distributions/distribution.ts";
import { normal } from "../../distributions/families/normal.ts";
import { areApart } from "../../distributions/inside.ts";
import { checkAnyOrder, checkPair } from "../checks.ts";
import { asGaussian, sameScale, squaredDistance } from "../closed/gaussians.ts";
import { closedKl } from "../closed/kl.ts";
import { closedRenyi, isInfiniteRenyi } from "../closed/renyi.ts";
import { isFarOut, isHiddenNextToEnds, meanBetween } from "../mean-between.ts";
import { noClosedForm, noClosedKl } from "../refusals.ts";
import { renyiOfOrder0, renyiOfOrderInfinity } from "../renyi-ends.ts";
import { logRenyiIntegral } from "../renyi-integral.ts";
import { isSame } from "../same.ts";
import { jensenShannonAt, renyiAt, squaredHellingerAt, totalVariationAt } from "./pointwise.ts";

/**
 * Jensen-Shannon divergence ½ D(p || m) + ½ D(q || m) in nats, m = (p + q) / 2, from 0 to log 2: in f64, an exact sum where both have
 * finitely many values, else within 1e-10.
 * A class that only one of two categoricals has is one that the other never gives.
 *
 * @throws InputError unless both are distributions of one shape; UnsupportedError for vectors: `divergenceEstimate` has an estimate
 */
export function jensenShannon(p: Distribution, q: Distribution): number {
  return Math.min(between(p, q, jensenShannonAt, Math.LN2, "jensenShannon"), Math.LN2);
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
 * where that is below 1e-3 or alpha above 1. Orders 0, 1 and Infinity are its limits: -log Q(p > 0), `klDivergence`, and the logarithm of the
 * largest p / q, which between two densities without a formula is searched for from their quantiles. Infinity where the integral diverges,
 * or is 0.
 *
 * @param alpha - 0 or more
 * @throws InputError unless both are distributions of one shape and alpha is such a number; UnsupportedError for other vectors:
 * `divergenceEstimate` has an estimate
 */
export function renyiDivergence(p: Distribution, q: Distribution, alpha: number): number {
  const where = "renyiDivergence";
  checkPair(p, q, where);
  checkAnyOrder(alpha, where);
  if (isSame(p, q)) return 0;
  if (alpha === 0 || alpha === 1 || alpha === Number.POSITIVE_INFINITY) {
    const limit = (alpha === 0 ? renyiOfOrder0 : alpha === 1 ? closedKl : renyiOfOrderInfinity)(p, q);
    if (limit !== undefined) return limit;
    throw alpha === 1 ? none(p, q, where, "klEstimate") : noneOfLimit(p, q, alpha, where);
  }
  if (areApart(p.support, q.support) || isInfiniteRenyi(p, q, alpha)) return Number.POSITIVE_INFINITY;
  const closed = closedRenyi(p, q, alpha);
  if (closed !== undefined) return closed;
  const isLine = p.shape.length === 0 && p.support[0]?.kind === "interval";
  const sameKind = p.support[0]?.kind === q.support[0]?.kind;
  // Tails that f64's numbers do not reach are powers, which its integral goes on as.
  if (isLine && sameKind && (alpha > 1 || isFarOut(p as ScalarDistribution, q as ScalarDistribution))) {
    return overLine(p, q, alpha, where);
  }
  const excess = between(p, q, (t) => renyiAt(t, alpha), -1, where);
  if (excess < FAINT - 1 && isLine && sameKind) {
    return overLine(p, q, alpha, where);
  }
  return Math.max(0, Math.log1p(Math.max(-1, excess)) / (alpha - 1));
}

/** By the integral of the powers themselves, refused where f64's numbers are too far apart for it. */
function overLine(p: Distribution, q: Distribution, alpha: number, where: string): number {
  const [first, second] = [p as ScalarDistribution, q as ScalarDistribution];
  const log = logRenyiIntegral(first, second, alpha);
  const isLost = Number.isNaN(log) || (alpha < 1 && log === Number.POSITIVE_INFINITY);
  if (isLost || isHiddenNextToEnds(first, second, alpha, Math.exp(log))) {
    throw new UnsupportedError(
      "limits",
      `${where}: ${p.name} and ${q.name} share a range of values that f64's numbers lie too far apart for, or does not reach; move both nearer to 0`,
    );
  }
  return Math.max(0, log / (alpha - 1));
}

function noneOfLimit(p: Distribution, q: Distribution, alpha: number, where: string): UnsupportedError {
  return new UnsupportedError(
    "limits",
    `${where}: the limit of order ${alpha} of ${p.name} and ${q.name} is not known here; use a finite order above 0`,
  );
}

/** Where p and q share less than this, their share is integrated itself, so that its logarithm keeps its digits. */
const FAINT = 1e-3;

/** As far apart as distributions can be. */
const MOST_APART = 1e38;

/** The mean of h under p and q; `apart` where they share no value. */
function between(p: Distribution, q: Distribution, h: (t: number) => number, apart: number, where: string): number {
  checkPair(p, q, where);
  if (isSame(p, q)) return 0;
  const [own, other] = [asGaussian(p), asGaussian(q)];
  // Vectors of one covariance differ along one line only.
  if (p.shape.length > 0 && own && other && sameScale(own, other)) {
    return between(
      normal(0, 1),
      normal(Math.min(Math.sqrt(squaredDistance(own, other)), MOST_APART), 1),
      h,
      apart,
      where,
    );
  }
  if (areApart(p.support, q.support)) return apart;
  const value = meanBetween(p, q, h, where);
  if (value === undefined) throw none(p, q, where, "divergenceEstimate");
  return value;
}

function none(p: Distribution, q: Distribution, where: string, instead: string): UnsupportedError {
  return instead === "klEstimate" ? noClosedKl(p, q, where) : noClosedForm(p, q, where, instead);
}
