import type { Expr } from "./expr.ts";

/** Whole exponents up to this size become multiplications. */
const MAX_POWER = 16;

/** The literal exponent of x^n that becomes multiplications, a square root or their reciprocal; undefined for any other. */
export function plainExponent(exponent: Expr): number | undefined {
  if (exponent.kind !== "number") return undefined;
  const size = Math.abs(exponent.value);
  return size === 0.5 || (Number.isInteger(size) && size <= MAX_POWER) ? exponent.value : undefined;
}

export function isPlainPower(expr: Expr): boolean {
  if (expr.kind !== "call" || expr.operation !== "pow") return false;
  const [, exponent] = expr.args;
  return exponent !== undefined && plainExponent(exponent) !== undefined;
}
