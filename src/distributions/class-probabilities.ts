import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { listOf, probabilitiesOf } from "./checks.ts";

/** Probabilities of classes, plain or by name, or their logits. */
export type CategoricalOptions =
  | ArrayLike<number>
  | { readonly probabilities: ArrayLike<number> }
  | { readonly logits: ArrayLike<number> };

/** Probabilities whose sum is 1, of probabilities that add up to 1 within 1e-6, or of logits, where -Infinity hides a class. */
export function classProbabilities(of: CategoricalOptions, where: string): readonly number[] {
  if (typeof of !== "object" || of === null || !("logits" in of || "probabilities" in of)) {
    return probabilitiesOf(of, "probabilities", where);
  }
  checkNamesOf(of, ["logits" in of ? "logits" : "probabilities"], where);
  if ("logits" in of) return softmaxOf(of.logits, where);
  return probabilitiesOf(of.probabilities, "probabilities", where);
}

function softmaxOf(logits: ArrayLike<number>, where: string): readonly number[] {
  const list = listOf(logits, "logits", where);
  const bad = list.findIndex((x) => typeof x !== "number" || !(x < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw new InputError(`${where}: logits must be numbers below Infinity, got ${shown(list[bad])} at ${bad}`);
  }
  const peak = list.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  if (peak === Number.NEGATIVE_INFINITY) {
    throw new InputError(`${where}: logits must have at least one finite number, got none`);
  }
  const shares = list.map((x) => Math.exp(x - peak));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
