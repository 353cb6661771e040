import { type Expr, variable } from "../expression/expr.ts";
import type { Model } from "./distribution.ts";
import { prefixedFormula, prefixedRefined } from "./parts.ts";
import type { Coordinate } from "./rewriting/rewriting.ts";

/** A sample's coordinates as formulas of its variates, under names that start with `prefix`. */
export function coordinatesOf(model: Model, prefix: string): readonly Coordinate[] {
  const same = (index: number): Expr => variable(index);
  return model.event.map((expr, k) => {
    const refined = model.refined?.[k];
    return { value: prefixedFormula(expr, prefix, same), ...(refined ? prefixedRefined(refined, prefix, same) : {}) };
  });
}
