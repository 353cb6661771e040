import type { Distribution } from "../../distributions/distribution.ts";
import { asGaussian, excesses } from "../closed/gaussians.ts";
import { closedRenyi } from "../closed/renyi.ts";
import { factorPairs } from "../factors.ts";
import { isInfinite } from "../tails.ts";

/**
 * Whether E_p[(q / p)²] = ∫ q² / p over p's support is known to be infinite: for normal distributions where 2 Σq⁻¹ - Σp⁻¹ is not positive
 * definite, for others by how their tails compare. False where it is finite or not known.
 */
export function hasInfiniteSquare(p: Distribution, q: Distribution): boolean {
  if (p.atoms && q.atoms) return false;
  if (p.name === "dirichlet" && q.name === "dirichlet") return closedRenyi(q, p, 2) === Number.POSITIVE_INFINITY;
  const [own, other] = [asGaussian(p), asGaussian(q)];
  // Along q's and p's common axes p's variance must be more than half of q's.
  if (own && other) return excesses(own, other).some((excess) => excess <= -0.5 + ROUNDING);
  if (p.shape.length === 0) {
    return p.support[0]?.kind === "interval" && isInfinite(q, 2, p, -1) === true;
  }
  const pairs = factorPairs(p, q);
  return pairs.length > 1 && pairs.some((pair) => hasInfiniteSquare(pair.p, pair.q));
}

/** On the boundary itself the square is infinite; roundings of the eigenvalues must not hide it. */
const ROUNDING = 1e-12;
