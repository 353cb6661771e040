import { drawer } from "../sampling/draws.ts";
import type { Integrand } from "../sampling/integrand.ts";
import type { CheckedCall } from "./checked-call.ts";

/** Draws that are looked at. */
const LOOKED_AT = 64;

/** The logarithm of the least normal f32. */
const LEAST = -87.3;

/**
 * The largest log-weight, to a whole number, among the proposal's first samples, where its weight is 0 in f32; else undefined.
 * The integrand gives the log-weight. (That it is too large for f32 has a probability of e^-88: the mean weight is 1.)
 */
export function logWeightOf(integrand: Integrand, { address }: CheckedCall): number | undefined {
  const [values = []] = drawer(integrand, "f64", LOOKED_AT)(address, 0, LOOKED_AT).outputs;
  const most = Array.from(values).reduce((most, value) => (value > most ? value : most), Number.NEGATIVE_INFINITY);
  return most > -1e38 && most < LEAST ? Math.round(most) : undefined;
}
