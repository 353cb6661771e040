import type { Elementary } from "../arithmetic/elementary.ts";

/**
 * Operations that are exact, or rounded once, on every machine. `min` and `max` give NaN if either argument is NaN, and the
 * first of two equal ones; `sign` keeps NaN and both zeros.
 */
export type Basic = "add" | "sub" | "mul" | "div" | "neg" | "abs" | "min" | "max" | "floor" | "ceil" | "sign";

const CONDITIONS = ["lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"] as const;

/**
 * Conditions are 1 where they hold and 0 where they do not; comparisons with NaN are false, `ne` is true. `and`, `or`, `not` and
 * `select` take any number as a condition: what is not 0 holds, NaN included.
 */
export type Condition = (typeof CONDITIONS)[number];

/** `select` takes (condition, where it holds, where it does not). */
export type Operation = Elementary | Basic | Condition | "select";

/** What an instruction does: `holds` makes a condition of a number (it is not 0), `indicate` the number 1 or 0 of a condition. */
export type Action = Operation | "holds" | "indicate";

/** A formula as a tree: plain data, which becomes WGSL, an evaluator in f32 and f64, and its derivative. */
export type Expr =
  | { readonly kind: "number"; readonly value: number }
  /** x[index] */
  | { readonly kind: "variable"; readonly index: number }
  /** A number that has a name, so that it can change without a new shader. */
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "call"; readonly operation: Operation; readonly args: readonly Expr[] };

export function number(value: number): Expr {
  return { kind: "number", value };
}

export function variable(index: number): Expr {
  return { kind: "variable", index };
}

export function parameter(name: string): Expr {
  return { kind: "parameter", name };
}

export function call(operation: Operation, ...args: readonly Expr[]): Expr {
  return { kind: "call", operation, args };
}

const conditions = new Set<string>(CONDITIONS);

export function isCondition(operation: string): operation is Condition {
  return conditions.has(operation);
}

/** Whether an expression is 0 or 1 by its form: a condition at its root. */
export function isIndicator(expr: Expr): boolean {
  return expr.kind === "call" && isCondition(expr.operation);
}
