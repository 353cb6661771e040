import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { add, sub } from "../expression/simplify.ts";
import { binomialCount } from "./binomial-count.ts";
import { thresholdsOf } from "./choose.ts";
import type { Rejection } from "./distribution.ts";
import type { Formulas } from "./make.ts";

/** A class's probability, which is positive, and the coordinate that has its count. */
export interface PlacedClass {
  readonly p: number;
  readonly at: number;
}

/** Counts as formulas of variates. */
export interface ClassCounts extends Pick<Formulas, "variates" | "rejections" | "parameters"> {
  /** By coordinate. */
  readonly counts: ReadonlyMap<number, Expr>;
}

/** Up to this count classes are drawn one by one. */
const FEW = 32;

/** How many of `count` draws of a class are of each, `all` being the count as a formula. */
export function classCounts(count: number, all: Expr, classes: readonly PlacedClass[]): ClassCounts {
  return count <= FEW ? oneByOne(count, all, classes) : split(count, all, classes);
}

/** How many of as many uniform variates fall to each class; the rarest come first, where these are fine enough for any probability. */
function oneByOne(count: number, all: Expr, classes: readonly PlacedClass[]): ClassCounts {
  const ascending = classes.toSorted((a, b) => a.p - b.p);
  const thresholds = thresholdsOf(ascending.map(({ p }) => p));
  const draws = Array.from({ length: count }, (_, i) => variable(i));
  const upTo = (k: number) => draws.map((u) => call("lt", u, parameter(`below_${k + 1}`))).reduce<Expr>(add, number(0));
  const sums = [...thresholds.map((_, k) => upTo(k)), all];
  return {
    variates: draws.map(() => "uniform"),
    counts: new Map(
      ascending.map(({ at }, k) => [at, k === 0 ? (sums[0] as Expr) : sub(sums[k] as Expr, sums[k - 1] as Expr)]),
    ),
    parameters: Object.fromEntries(thresholds.map((sum, k) => [`below_${k + 1}`, sum])),
  };
}

/**
 * The count of half of the classes is binomial, and so is that of half of these given theirs, and so on. A split is accepted only with those
 * before it, on whose counts it depends: until then it is drawn again.
 */
function split(count: number, all: Expr, classes: readonly PlacedClass[]): ClassCounts {
  const counts = new Map<number, Expr>();
  const rejections: Rejection[] = [];
  const parameters: Record<string, number> = {};
  const visit = (part: readonly PlacedClass[], trials: Expr, before: Expr | undefined): void => {
    const [first] = part;
    if (!first || part.length === 1) {
      if (first) counts.set(first.at, trials);
      return;
    }
    // Ascending, so that the first half is the rarer.
    const [rarer, others] = [part.slice(0, part.length >> 1), part.slice(part.length >> 1)];
    const [mass, rest] = [rarer, others].map((half) => half.reduce((sum, { p }) => sum + p, 0)) as [number, number];
    const k = rejections.length;
    const variates = [2 * k, 2 * k + 1] as const;
    const made = binomialCount(
      trials,
      mass / (mass + rest),
      count * (mass + rest),
      [variable(2 * k), variable(2 * k + 1)],
      `split${k}_`,
    );
    const accept = before ? call("and", before, made.accept) : made.accept;
    rejections.push({ variates, accept });
    Object.assign(parameters, made.parameters);
    visit(rarer, made.count, accept);
    visit(others, sub(trials, made.count), accept);
  };
  visit(
    classes.toSorted((a, b) => a.p - b.p),
    all,
    undefined,
  );
  return { variates: rejections.flatMap(() => ["uniform", "uniform"] as const), rejections, counts, parameters };
}
