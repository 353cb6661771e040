import { call, type Expr, variable } from "../expression/expr.ts";
import type { Support } from "./distribution.ts";

/**
 * The conditions that x[first], x[first + 1] … are within the bounds of their supports. `bound` gives what a coordinate is compared
 * with, or nothing where it needs no comparison.
 */
export function withinBounds(
  support: readonly Support[],
  bound: (end: "low" | "high", value: number, k: number) => Expr | undefined,
  first = 0,
): readonly Expr[] {
  return support.flatMap(({ low, high }, k) => {
    const [least, most] = [bound("low", low, k), bound("high", high, k)];
    const x = variable(first + k);
    return [...(least ? [call("ge", x, least)] : []), ...(most ? [call("le", x, most)] : [])];
  });
}

/** Whether all of these hold; nothing where there are none. */
export function allOf(conditions: readonly Expr[]): Expr | undefined {
  return conditions.reduce<Expr | undefined>((all, one) => (all ? call("and", all, one) : one), undefined);
}
