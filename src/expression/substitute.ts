import { call, type Expr } from "./expr.ts";

/** An expression with other leaves in the place of its variables and parameters; shared parts stay shared. */
export function substitute(expr: Expr, leaf: (leaf: Extract<Expr, { kind: "variable" | "parameter" }>) => Expr): Expr {
  const made = new Map<Expr, Expr>();
  const visit = (node: Expr): Expr => {
    const known = made.get(node);
    if (known) return known;
    const result =
      node.kind === "call" ? call(node.operation, ...node.args.map(visit)) : node.kind === "number" ? node : leaf(node);
    made.set(node, result);
    return result;
  };
  return visit(expr);
}
