import { call, type Expr, parameter } from "../expression/expr.ts";

/**
 * The expression with each variable replaced by another expression, and each parameter's name given a prefix.
 *
 * Shared parts stay shared.
 */
export function substitute(expr: Expr, variables: readonly Expr[], prefix = ""): Expr {
  const made = new Map<Expr, Expr>();
  const visit = (node: Expr): Expr => {
    const known = made.get(node);
    if (known) return known;
    const result = replace(node);
    made.set(node, result);
    return result;
  };
  const replace = (node: Expr): Expr => {
    if (node.kind === "number") return node;
    if (node.kind === "parameter") return prefix === "" ? node : parameter(prefix + node.name);
    if (node.kind === "call") return call(node.operation, ...node.args.map(visit));
    const variable = variables[node.index];
    if (!variable) throw new RangeError(`x[${node.index}] stands for nothing`);
    return variable;
  };
  return visit(expr);
}

/** Parameters under prefixed names. */
export function prefixed(values: Readonly<Record<string, number>>, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
