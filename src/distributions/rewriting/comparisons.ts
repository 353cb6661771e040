import { LARGEST } from "../../arithmetic/range.ts";
import { call, type Expr, isCondition, number, type Operation } from "../../expression/expr.ts";
import { isNumber } from "../../expression/simplify.ts";
import type { Shifted } from "../refined.ts";
import type { HostNumbers } from "./host-numbers.ts";
import type { Rewriting } from "./rewriting.ts";
import { sumOf } from "./sum.ts";

/** A comparison of two numbers by their order. */
export type Comparison = "lt" | "le" | "gt" | "ge";

const MIRRORED: Readonly<Record<Comparison, Comparison>> = { lt: "gt", le: "ge", gt: "lt", ge: "le" };
const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

export function isComparison(operation: Operation): operation is Comparison {
  return isCondition(operation) && Object.hasOwn(COMPARE, operation);
}

/** Whether origin + scale · unit compares with 0: the unit is compared with a number that the host works out. */
export function comparedWith0(operation: Comparison, { origin, scale, unit }: Shifted, numbers: HostNumbers): Expr {
  if (scale === 0) return number(COMPARE[operation](origin, 0) ? 1 : 0);
  const threshold = Math.min(Math.max(-origin / scale, -LARGEST), LARGEST);
  return call(scale > 0 ? operation : MIRRORED[operation], unit, numbers.named(threshold));
}

/** A probability nearer to 1 than this is compared by its distance from 1. */
const NEAR_1 = 2 ** -12;

/** A comparison of x with a number in logarithms, where samples leave f32's range or are nearer to 1 than it tells apart. */
export function comparedByLogarithm(operation: Comparison, a: Expr, b: Expr, rewriting: Rewriting): Expr | undefined {
  const { numbers } = rewriting;
  if (b.kind === "variable") {
    return a.kind === "variable" ? undefined : comparedByLogarithm(MIRRORED[operation], b, a, rewriting);
  }
  // 1 - x against a number is x against the other one.
  const [one, other] = a.kind === "call" && a.operation === "sub" ? a.args : [];
  if (one && isNumber(one, 1) && other?.kind === "variable") {
    const bound = numbers.constant(b);
    if (bound === undefined || !rewriting.coordinate(other.index).logOther) return undefined;
    return comparedByLogarithm(MIRRORED[operation], other, number(1 - bound), rewriting);
  }
  if (a.kind !== "variable") return undefined;
  const { log, logOther, log1p, faithful, partial } = rewriting.coordinate(a.index);
  const bound = numbers.constant(b);
  if (faithful || partial || bound === undefined) return undefined;
  if (log && bound <= 0) return number(COMPARE[operation](1, 0) ? 1 : 0);
  if (logOther && bound >= 1) return number(COMPARE[operation](0, 1) ? 1 : 0);
  if (log1p && bound <= -1) return number(COMPARE[operation](1, 0) ? 1 : 0);
  if (logOther && 1 - bound < NEAR_1) {
    const rest = { ...logOther, origin: logOther.origin - Math.log1p(-bound) };
    return comparedWith0(MIRRORED[operation], sumOf(rest), numbers);
  }
  if (log1p && 1 + bound < NEAR_1) {
    return comparedWith0(operation, sumOf({ ...log1p, origin: log1p.origin - Math.log1p(bound) }), numbers);
  }
  if (log && bound > 0) {
    return comparedWith0(operation, sumOf({ ...log, origin: log.origin - Math.log(bound) }), numbers);
  }
  return undefined;
}
