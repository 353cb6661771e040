import { type Expr, parameter } from "../expression/expr.ts";
import { picked, placeOf, thresholdsOf } from "./choose.ts";
import { X } from "./formulas.ts";

/** Values of whole numbers that a uniform variate chooses among, and the parameters that say with which probabilities. */
export interface Ranked {
  readonly event: Expr;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A probability that uniform variates do not come down to. */
export const NEVER = 2 ** -64;

/**
 * A whole number k >= 0 of probability masses[k] by inversion. The rarest values come first, at small variates, where these are fine enough
 * for any probability, so that both tails are as frequent as they should be.
 */
export function ranked(masses: readonly number[]): Ranked {
  const size = 2 ** Math.max(1, Math.ceil(Math.log2(masses.length)));
  const cells = Array.from({ length: size }, (_, value) => ({ value, mass: masses[value] ?? 0 }));
  cells.sort((a, b) => a.mass - b.mass);
  const thresholds = thresholdsOf(cells.map(({ mass }) => mass));
  const name = (k: number) => `value_${k}`;
  const below = (k: number) => `below_${k + 1}`;
  return {
    event: picked(
      placeOf(
        X,
        thresholds.map((_, k) => parameter(below(k))),
      ),
      cells.map((_, k) => parameter(name(k))),
    ),
    parameters: {
      ...Object.fromEntries(thresholds.map((sum, k) => [below(k), sum])),
      ...Object.fromEntries(cells.map(({ value }, k) => [name(k), value])),
    },
  };
}
