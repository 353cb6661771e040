import { call, type Expr, number, variable } from "../expression/expr.ts";
import { sub } from "../expression/simplify.ts";
import type { FixedSum, Support } from "./distribution.ts";

/** What a coordinate's support bounds: itself on either side, or its sum with those after it. */
export type Bounded = "low" | "high" | "sum";

/**
 * The conditions that x[first], x[first + 1] … are within the bounds of their supports. `bound` gives what a coordinate, or a sum that starts with
 * it, is compared with, or nothing where it needs no comparison.
 */
export function withinBounds(
  support: readonly Support[],
  bound: (what: Bounded, value: number, k: number) => Expr | undefined,
  first = 0,
): readonly Expr[] {
  return support.flatMap((own, k) => {
    const [least, most] = [bound("low", own.low, k), bound("high", own.high, k)];
    const sum = sumFrom(own);
    const total = sum && bound("sum", sum.total, k);
    const x = variable(first + k);
    return [
      ...(least ? [call("ge", x, least)] : []),
      ...(most ? [call("le", x, most)] : []),
      ...(sum && total ? [call("eq", restOf(total, first + k, sum.count), number(0))] : []),
    ];
  });
}

/** The fixed sum that starts with a coordinate. */
export function sumFrom(support: Support | undefined): FixedSum | undefined {
  const sum = support?.kind === "integers" ? support.sum : undefined;
  return sum?.place === 0 ? sum : undefined;
}

export function isSameSum(a: FixedSum | undefined, b: FixedSum | undefined): boolean {
  return a?.total === b?.total && a?.place === b?.place && a?.count === b?.count;
}

/** Whether what lies in both of two supports of one shape has no probability: they are of other kinds, ranges or sums. */
export function areApart(a: readonly Support[], b: readonly Support[]): boolean {
  return a.some((own, k) => {
    const other = b[k] as Support;
    if ((own.kind === "integers") !== (other.kind === "integers")) return true;
    const [sum, others] = [sumFrom(own), sumFrom(other)];
    return isBelow(own, other) || isBelow(other, own) || (sum?.count === others?.count && sum?.total !== others?.total);
  });
}

// Intervals that touch share no mass.
function isBelow(a: Support, b: Support): boolean {
  return a.kind === "interval" ? a.high <= b.low : a.high < b.low;
}

// Up to totals of 2^24, f32 subtracts whole numbers from 0 on exactly until the rest is below 0, where it stays.
function restOf(total: Expr, first: number, count: number): Expr {
  return Array.from({ length: count }, (_, k) => variable(first + k)).reduce((rest, x) => sub(rest, x), total);
}

/** Whether all of these hold; nothing where there are none. */
export function allOf(conditions: readonly Expr[]): Expr | undefined {
  return conditions.reduce<Expr | undefined>((all, one) => (all ? call("and", all, one) : one), undefined);
}
