import type { Distribution } from "../../distributions/distribution.ts";

/** KL(p || q) in closed form, for p of one family and q of one; undefined for parameters that have none. */
export interface Rule {
  readonly p: string;
  readonly q: string;
  readonly divergence: (p: Distribution, q: Distribution) => number | undefined;
}

/** A rule of the registry; names are factories'. q is asked only where it covers p. */
export function rule<P, Q>(p: string, q: string, divergence: (p: P, q: Q) => number | undefined): Rule {
  return { p, q, divergence: divergence as unknown as Rule["divergence"] };
}
