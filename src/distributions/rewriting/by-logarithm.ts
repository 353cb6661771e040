import { call, type Expr, number } from "../../expression/expr.ts";
import { guarded } from "../../expression/guards.ts";
import { isNumber, select } from "../../expression/simplify.ts";
import { isPositive, logOf } from "./logarithms.ts";
import type { Rewriting } from "./rewriting.ts";
import { sumOf, times } from "./sum.ts";

/** Logarithms up to this size are of numbers of which f32 has many digits, also as their distance from 1. */
const NEAR_LOG = 5;

/** of^exponent, by its logarithm where that is beyond f32's range; `node` is the power as it was written, a square root's exponent 1/2. */
export function powerByLogarithm(node: Expr, of: Expr, exponent: Expr, rewriting: Rewriting): Expr | undefined {
  if (!isPositive(of, rewriting)) return undefined;
  const [log, power] = [logOf(of, rewriting), rewriting.numbers.constant(exponent)];
  // Of whole powers what is beyond the range has no share in any mean.
  if (!log || power === undefined || (power > 0 && Number.isInteger(power))) return undefined;
  const isFar = call("gt", call("abs", rewriting.whole(sumOf(log))), number(NEAR_LOG));
  const far = call("exp", rewriting.whole(times(sumOf(log), power)));
  const whole = rewriting.rewrite(of);
  const plain = node.kind === "call" && node.operation === "sqrt" ? call("sqrt", whole) : call("pow", whole, exponent);
  return select(isFar, far, plain);
}

/** 1 - x, or 1 + x, of samples that may be nearer to 1, or -1, than f32 tells apart; densities keep it from 0 where it is not known better. */
export function complementByLogarithm(node: Expr, rewriting: Rewriting): Expr | undefined {
  if (node.kind !== "call") return undefined;
  const inner = guarded(node);
  if (inner) return complementByLogarithm(inner, rewriting);
  const { operation } = node;
  if (operation !== "sub" && operation !== "add") return undefined;
  const [a, b] = node.args as [Expr, Expr];
  const [one, x] = operation === "add" && isNumber(b, 1) ? [b, a] : [a, b];
  if (!isNumber(one, 1) || x.kind !== "variable") return undefined;
  const { value, logOther, log1p, faithful } = rewriting.coordinate(x.index);
  const known = operation === "sub" ? logOther : log1p;
  if (!known || faithful) return undefined;
  const log = rewriting.whole(sumOf(known));
  return select(call("lt", log, number(-NEAR_LOG)), call("exp", log), call(operation, one, value));
}
