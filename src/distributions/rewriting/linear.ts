import { call, type Expr, type Operation } from "../../expression/expr.ts";
import { add, mul, sub } from "../../expression/simplify.ts";
import { comparedWith0 } from "./comparisons.ts";
import type { HostNumbers } from "./host-numbers.ts";
import type { Rewritten } from "./rewriting.ts";
import { type Sum, scaled, sumOfTerms, termsOf, times } from "./sum.ts";

/**
 * Sums, multiples, sizes, whole powers and comparisons of sums; nothing where only the whole value will do.
 *
 * @param args - the operation's, as they were written
 * @param parts - the same, rewritten
 */
export function linear(
  operation: Operation,
  args: readonly Expr[],
  parts: readonly Rewritten[],
  numbers: HostNumbers,
): Rewritten | undefined {
  const [a, b] = parts;
  const [left, right] = args.map((arg) => numbers.constant(arg));
  switch (operation) {
    case "add":
    case "sub":
      return a && b && { sum: added(a, left, b, right, operation === "add" ? 1 : -1, numbers) };
    case "neg":
      return a?.sum && { sum: times(a.sum, -1) };
    case "mul":
      if (a?.sum && right !== undefined) return { sum: times(a.sum, right) };
      if (b?.sum && left !== undefined) return { sum: times(b.sum, left) };
      return ofSum(product(a?.sum, b?.sum, numbers));
    case "pow":
      return ofSum(wholePower(a?.sum, right, numbers));
    case "div":
      return a?.sum && right ? { sum: times(a.sum, 1 / right) } : undefined;
    case "abs": {
      const { sum } = a ?? {};
      if (sum?.origin !== 0) return undefined;
      const { terms: _, ...whole } = sum;
      return { sum: { ...whole, scale: Math.abs(sum.scale), unit: call("abs", sum.unit) } };
    }
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return a && b && { value: comparedWith0(operation, added(a, left, b, right, -1, numbers), numbers) };
    default:
      return undefined;
  }
}

function ofSum(sum: Sum | undefined): Rewritten | undefined {
  return sum && { sum };
}

/** a ± b, at least one of which is a sum; `aConstant` and `bConstant` are their values where no coordinate is in them. */
export function added(
  a: Rewritten,
  aConstant: number | undefined,
  b: Rewritten,
  bConstant: number | undefined,
  sign: 1 | -1,
  numbers: HostNumbers,
): Sum {
  const [left, right] = [a.sum, b.sum && times(b.sum, sign)];
  if (left && right && left.unit === right.unit) {
    const scale = left.scale + right.scale;
    const spread = left.scale === 0 ? right.spread : left.spread * Math.abs(scale / left.scale);
    return { ...left, origin: left.origin + right.origin, scale, spread };
  }
  const origin = (left?.origin ?? aConstant ?? 0) + (right?.origin ?? sign * (bConstant ?? 0));
  if (left && bConstant !== undefined) return { ...left, origin };
  if (right && aConstant !== undefined) return { ...right, origin };
  if (left && right) return sumOfTerms(origin, [...termsOf(left), ...termsOf(right)], numbers);
  const first = a.sum ? scaled(a.sum, numbers) : a.value;
  const second = right ? scaled(right, numbers) : (b.value as Expr);
  // Where the right one is a sum, its sign is in its scale already.
  const unit = right || sign === 1 ? add(first, second) : sub(first, second);
  return { origin, scale: 1, unit, spread: (left ?? right)?.spread ?? 0 };
}

/** (o + r) (p + s) = o p + (o s + p r + r s), where f32 is too coarse for the factors. */
function product(a: Sum | undefined, b: Sum | undefined, numbers: HostNumbers): Sum | undefined {
  if (!a || !b || !(isFar(a) || isFar(b))) return undefined;
  const [r, s] = [scaled(a, numbers), scaled(b, numbers)];
  const linear = add(mul(numbers.named(a.origin), s), mul(numbers.named(b.origin), r));
  const spread = Math.abs(a.origin) * b.spread + Math.abs(b.origin) * a.spread;
  return { origin: a.origin * b.origin, scale: 1, unit: add(linear, mul(r, s)), spread };
}

/** Powers of sums that are multiplied out. */
const MOST_POWER = 8;

function wholePower(base: Sum | undefined, exponent: number | undefined, numbers: HostNumbers): Sum | undefined {
  if (!base || exponent === undefined || !Number.isInteger(exponent) || exponent < 2 || exponent > MOST_POWER)
    return undefined;
  let power: Sum | undefined = base;
  for (let k = 1; k < exponent; k++) power = product(power, base, numbers);
  return power;
}

/** Origins, in units of the spread, from which on f32 loses digits of a sum that count. */
const FAR_ORIGIN = 2 ** 7;

function isFar({ origin, spread }: Sum): boolean {
  return Math.abs(origin) > FAR_ORIGIN * spread;
}
