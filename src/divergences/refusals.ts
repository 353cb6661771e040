import { UnsupportedError } from "../core/errors.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { klFormula } from "./closed/kl.ts";

/** Why KL(p || q) is not to be had in f64: no formula, or one whose terms f64 does not hold. */
export function noClosedKl(p: Distribution, q: Distribution, where: string): UnsupportedError {
  if (klFormula(p, q) === undefined) return noClosedForm(p, q, where, "klEstimate");
  return new UnsupportedError(
    "limits",
    `${where}: ${p.name} and ${q.name} have a closed form, but with these parameters its terms leave f64's range, 5e-324 to 1.8e308; ` +
      "scale both to nearer 1, which does not change it",
  );
}

export function noClosedForm(p: Distribution, q: Distribution, where: string, instead: string): UnsupportedError {
  return new UnsupportedError(
    "limits",
    `${where}: ${p.name} and ${q.name} of these parameters have no closed form; ${instead}(engine, p, q, …) estimates it`,
  );
}
