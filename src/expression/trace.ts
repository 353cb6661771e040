import { InputError } from "../core/errors.ts";
import type { Expr } from "./expr.ts";
import { parameter as parameterOf, variable } from "./expr.ts";
import { checkExpression } from "./limits.ts";
import { checkNames } from "./names.ts";
import { isTraced, Traced, tracing } from "./traced.ts";

export interface TraceContext {
  /** 0: the function gets one value. d >= 1: it gets an array of d. */
  readonly dimension: number;
  /** Starts the message of an error. */
  readonly where: string;
}

/**
 * A function over one event: of a Traced value, or of an array of them. It runs once, to be written down. The type of its
 * argument is both, so that `(x) => x.mul(x)` and `(x) => x[0].mul(x[1])` need no annotation.
 */
export type TracedFunction = (x: Traced & readonly Traced[]) => TracedResult;
export type TracedScalarFunction = (x: Traced) => TracedResult;
export type TracedVectorFunction = (x: readonly Traced[]) => TracedResult;
export type TracedResult = Traced | number | readonly (Traced | number)[];

/**
 * Runs a function such as `(x) => x.mul(x)` on traced values and returns what it computes as an expression, or one for each
 * element of the array that it returns.
 *
 * Throws InputError where the function returns something else, uses JavaScript's operators on a traced value, or makes a
 * condition that is not part of its result, as an `if` would.
 */
export function traceFormula(f: TracedFunction, context: TraceContext): Expr | readonly Expr[] {
  const { dimension, where } = context;
  if (typeof f !== "function") throw new InputError(`${where}: needed a function, got ${describe(f)}`);
  const event =
    dimension === 0
      ? new Traced(variable(0))
      : Object.freeze(Array.from({ length: dimension }, (_, k) => new Traced(variable(k))));
  const { result, conditions } = tracing(where, () => (f as (x: unknown) => unknown)(event));
  const exprs = Array.isArray(result) ? result.map((item, k) => exprOf(item, `${where}[${k}]`)) : exprOf(result, where);
  const list = Array.isArray(exprs) ? exprs : [exprs];
  if (list.length === 0) throw new InputError(`${where}: needed at least one value in the array returned, got none`);
  refuseUnusedConditions(list, conditions, where);
  return exprs;
}

/** A number with a name, for use in traced functions: its value is given when the expression is evaluated. */
export function parameter(name: string): Traced {
  checkNames([name], "parameter");
  return new Traced(parameterOf(name));
}

function exprOf(result: unknown, where: string): Expr {
  if (typeof result === "number") return checked({ kind: "number", value: result }, where);
  if (isTraced(result)) return checked(result.expr, where);
  const promise = result instanceof Promise ? "; the function must not be async" : "";
  throw new InputError(
    `${where}: needed a function that returns a traced value, a number or an array of them, got ${describe(result)}${promise}`,
  );
}

function checked(expr: Expr, where: string): Expr {
  checkExpression(expr, where);
  return expr;
}

// `if (x.lt(0))` is always true, and nothing in JavaScript says so; but the condition is then missing in the result.
function refuseUnusedConditions(exprs: readonly Expr[], conditions: readonly Expr[], where: string): void {
  const used = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (used.has(expr)) return;
    used.add(expr);
    if (expr.kind === "call") expr.args.forEach(visit);
  };
  exprs.forEach(visit);
  if (conditions.every((condition) => used.has(condition))) return;
  throw new InputError(
    `${where}: a condition was made that is not part of the result; if and ?: cannot see it, write condition.select(a, b)`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? `an object (${value?.constructor?.name ?? "without a class"})` : typeof value;
}
