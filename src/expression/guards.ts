import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { type Expr, number } from "./expr.ts";

// What the library's own densities keep from 0 before they take a logarithm, where a sample that is 0 as an f32 stands for one that is not. Guards are
// known by these very nodes, which are no part of a value: a user's own max(x, …) is a user's own.

/** Keeps x from 0. */
export const GUARD_0 = number(LEAST_NORMAL);
/** Keeps 1 - x from 0. */
export const GUARD_1 = number(2 ** -24);

/** What is guarded, where an expression is that and a guard. */
export function guarded(expr: Expr): Expr | undefined {
  if (expr.kind !== "call" || expr.operation !== "max") return undefined;
  const [inner, guard] = expr.args;
  return guard === GUARD_0 || guard === GUARD_1 ? inner : undefined;
}
