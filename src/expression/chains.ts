import { call, type Expr } from "./expr.ts";

/** One member of a chain: added or multiplied, or (`inverse`) subtracted or divided by. The first is never inverse. */
export interface Link {
  readonly inverse: boolean;
  readonly expr: Expr;
}

/** Longer sums and products are joined in halves: 200 terms are then 8 deep, and their roundings grow as log n. */
export const LONGEST_LEFT_TO_RIGHT = 8;

/** a + b - c …: from left to right, or in halves where it is long. */
export function sumOf(links: readonly Link[]): Expr {
  return links.length > LONGEST_LEFT_TO_RIGHT ? halves(links, false, "add", "sub") : leftToRight(links, "add", "sub");
}

/** a * b / c …: from left to right, or in halves where it is long and has no division (which halves could make overflow). */
export function productOf(links: readonly Link[]): Expr {
  const inHalves = links.length > LONGEST_LEFT_TO_RIGHT && !links.some((link) => link.inverse);
  return inHalves ? halves(links, false, "mul", "div") : leftToRight(links, "mul", "div");
}

type Joiner = "add" | "sub" | "mul" | "div";

function leftToRight(links: readonly Link[], join: Joiner, inverse: Joiner): Expr {
  return links.slice(1).reduce((left, link) => call(link.inverse ? inverse : join, left, link.expr), first(links));
}

// A half that starts with a subtraction is subtracted whole, with its own signs turned.
function halves(links: readonly Link[], turned: boolean, join: Joiner, inverse: Joiner): Expr {
  if (links.length === 1) return first(links);
  const middle = Math.ceil(links.length / 2);
  const right = links.slice(middle);
  const opposite = right[0]?.inverse === true;
  const operation = opposite !== turned ? inverse : join;
  return call(operation, halves(links.slice(0, middle), turned, join, inverse), halves(right, opposite, join, inverse));
}

function first(links: readonly Link[]): Expr {
  const [link] = links;
  if (!link) throw new RangeError("a chain has at least one member");
  return link.expr;
}
