import type { Distribution, Support } from "../distributions/distribution.ts";
import { type Growth, logTerm, type Side } from "../distributions/growth.ts";
import { asGeneral } from "./general.ts";

/**
 * Whether the integral of f^a g^b over f's support, which g covers or which covers g's, is infinite; undefined for families whose
 * tails are not known here.
 */
export function isInfinite(f: Distribution, a: number, g: Distribution, b: number): boolean | undefined {
  const [one, other] = [growthsOf(f), growthsOf(g)];
  if (!one || !other) return undefined;
  return ([-1, 1] as const).some((side) => {
    const [end, otherEnd] = [endOf(f, side), endOf(g, side)];
    // The nearer end is where the product ends; there a density that goes further is a constant.
    const last = side * Math.min(side * end, side * otherEnd);
    const terms = [...scaled(end === last ? one(side) : [], a), ...scaled(otherEnd === last ? other(side) : [], b)];
    // In y, dx is dy / y² at a finite end.
    return diverges([...terms, logTerm(Number.isFinite(last) ? -2 : 0)]);
  });
}

/** Whether f / g grows without bound towards an end of f's support, which g covers; undefined for families whose tails are not known here. */
export function isUnbounded(f: Distribution, g: Distribution): boolean | undefined {
  const [one, other] = [growthsOf(f), growthsOf(g)];
  if (!one || !other) return undefined;
  return ([-1, 1] as const).some((side) => {
    const isEnd = endOf(g, side) === endOf(f, side);
    const terms = [...scaled(one(side), 1), ...scaled(isEnd ? other(side) : [], -1)];
    return (fastest(terms) ?? total(logsOf(terms))) > 0;
  });
}

function growthsOf(d: Distribution): ((side: Side) => Growth) | undefined {
  const { growth } = asGeneral(d).known ?? {};
  return growth;
}

function endOf(d: Distribution, side: Side): number {
  const { low, high } = d.support[0] as Support;
  return side === 1 ? high : low;
}

function scaled(growth: Growth, factor: number): Growth {
  return growth.map((term) => ({ ...term, by: term.by * factor }));
}

const KINDS = ["exponential", "power", "logSquare"] as const;

/** Whether exp of the sum has an infinite integral. */
function diverges(terms: Growth): boolean {
  const first = fastest(terms);
  return first === undefined ? total(logsOf(terms)) >= -1 : first > 0;
}

/** The coefficient of the fastest term that does not cancel, unless that is a logarithm. */
function fastest(terms: Growth): number | undefined {
  for (const kind of KINDS) {
    const alike = terms.filter((term) => term.kind === kind);
    const orders = [...new Set(alike.map(({ order }) => order))].sort((x, y) => y - x);
    for (const order of orders) {
      const sum = total(alike.filter((term) => term.order === order));
      if (sum !== 0) return sum;
    }
  }
  return undefined;
}

function logsOf(terms: Growth): Growth {
  return terms.filter(({ kind }) => kind === "log");
}

/** The coefficients' sum, 0 where they cancel but for roundings. */
function total(terms: Growth): number {
  const sum = terms.reduce((all, { by }) => all + by, 0);
  const size = terms.reduce((most, { by }) => Math.max(most, Math.abs(by)), 0);
  return Math.abs(sum) <= 4 * Number.EPSILON * size ? 0 : sum;
}
