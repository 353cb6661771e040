import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { call, type Expr, number } from "./expr.ts";
import { square } from "./functions.ts";

// Operations that leave out what a derivative is full of: 0, 1, signs, and arithmetic of numbers.

export const ZERO = number(0);
export const ONE = number(1);

export function add(a: Expr, b: Expr): Expr {
  if (isNumber(a, 0)) return b;
  if (isNumber(b, 0)) return a;
  if (b.kind === "call" && b.operation === "neg" && b.args[0]) return sub(a, b.args[0]);
  return folded(a, b, (x, y) => x + y) ?? call("add", a, b);
}

export function sub(a: Expr, b: Expr): Expr {
  if (isNumber(b, 0)) return a;
  if (isNumber(a, 0)) return neg(b);
  return folded(a, b, (x, y) => x - y) ?? call("sub", a, b);
}

export function mul(a: Expr, b: Expr): Expr {
  if (isNumber(a, 0) || isNumber(b, 0)) return ZERO;
  if (isNumber(a, 1)) return b;
  if (isNumber(b, 1)) return a;
  if (isNumber(a, -1)) return neg(b);
  if (isNumber(b, -1)) return neg(a);
  // Numbers come first.
  return folded(a, b, (x, y) => x * y) ?? (b.kind === "number" ? call("mul", b, a) : call("mul", a, b));
}

export function div(a: Expr, b: Expr): Expr {
  if (isNumber(a, 0)) return ZERO;
  if (isNumber(b, 1)) return a;
  return call("div", a, b);
}

export function neg(a: Expr): Expr {
  if (a.kind === "number") return number(a.value === 0 ? 0 : -a.value);
  if (a.kind === "call" && a.operation === "neg" && a.args[0]) return a.args[0];
  return call("neg", a);
}

export function pow(a: Expr, b: Expr): Expr {
  if (isNumber(b, 1)) return a;
  if (isNumber(b, 0)) return ONE;
  return isNumber(b, 2) ? square(a) : call("pow", a, b);
}

export function select(condition: Expr, holds: Expr, otherwise: Expr): Expr {
  const same = holds === otherwise || (holds.kind === "number" && isNumber(otherwise, holds.value));
  return same ? holds : call("select", condition, holds, otherwise);
}

export function isNumber(expr: Expr, value: number): boolean {
  return expr.kind === "number" && expr.value === value;
}

function folded(a: Expr, b: Expr, f: (x: number, y: number) => number): Expr | undefined {
  if (a.kind !== "number" || b.kind !== "number") return undefined;
  const value = f(a.value, b.value);
  return Math.abs(value) < 2 ** 127 && (value === 0 || Math.abs(value) > LEAST_NORMAL) ? number(value) : undefined;
}
