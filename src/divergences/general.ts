import type { Distribution } from "../distributions/distribution.ts";

/** The same distribution as a member of the more general family, where it is of one of the special ones. */
export function asGeneral(distribution: Distribution): Distribution {
  return distribution.known?.general?.() ?? distribution;
}
