import type { ChiSquared } from "../distributions/chi-squared.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { gamma } from "../distributions/gamma.ts";
import type { HalfNormal } from "../distributions/half-normal.ts";
import { truncatedNormal } from "../distributions/truncated-normal.ts";

/** The same distribution as a member of the more general family, where it is of one of the special ones. */
export function asGeneral(distribution: Distribution): Distribution {
  if (distribution.name === "chiSquared") return gamma((distribution as ChiSquared).degrees / 2, 0.5);
  if (distribution.name === "halfNormal") {
    return truncatedNormal(0, (distribution as HalfNormal).scale, 0, Number.POSITIVE_INFINITY);
  }
  return distribution;
}
