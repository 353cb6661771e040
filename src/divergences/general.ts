import type { Distribution } from "../distributions/distribution.ts";
import type { ChiSquared } from "../distributions/families/chi-squared.ts";
import { gamma } from "../distributions/families/gamma.ts";
import type { HalfNormal } from "../distributions/families/half-normal.ts";
import { truncatedNormal } from "../distributions/families/truncated-normal.ts";

/** The same distribution as a member of the more general family, where it is of one of the special ones. */
export function asGeneral(distribution: Distribution): Distribution {
  if (distribution.name === "chiSquared") return gamma((distribution as ChiSquared).degrees / 2, 0.5);
  if (distribution.name === "halfNormal") {
    return truncatedNormal(0, (distribution as HalfNormal).scale, 0, Number.POSITIVE_INFINITY);
  }
  return distribution;
}
