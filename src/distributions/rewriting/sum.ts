import { type Expr, number } from "../../expression/expr.ts";
import { add, mul, neg } from "../../expression/simplify.ts";
import type { Shifted, Term } from "../refined.ts";
import type { HostNumbers } from "./host-numbers.ts";

/** origin + scale · unit as a part of a formula: the value of a refined coordinate, or of sums and multiples of such. */
export interface Sum extends Shifted {
  /** Of the order of the standard deviation of scale · unit. */
  readonly spread: number;
}

export function sumOf(shifted: Shifted): Sum {
  return { ...shifted, spread: shifted.spread ?? Math.abs(shifted.scale) };
}

/** factor · sum */
export function times(sum: Sum, factor: number): Sum {
  const { origin, scale, spread } = sum;
  return { ...sum, origin: origin * factor, scale: scale * factor, spread: spread * Math.abs(factor) };
}

/** origin + the sum of terms, those of one unit added up in f64. */
export function sumOfTerms(origin: number, terms: readonly Term[], numbers: HostNumbers): Sum {
  const kept = merged(terms);
  const [only] = kept;
  if (!only) return { origin, scale: 0, unit: number(0), spread: 0 };
  if (kept.length === 1) return { origin, ...only };
  const unit = kept.map((term) => scaled(term, numbers)).reduce(add);
  return { origin, scale: 1, unit, terms: kept, spread: Math.hypot(...kept.map(({ spread }) => spread)) };
}

/** The terms of scale · unit. */
export function termsOf({ scale, unit, spread, terms }: Sum): readonly Term[] {
  return terms?.map((term) => scaledTerm(term, scale)) ?? [{ scale, unit, spread }];
}

function scaledTerm({ scale, unit, spread }: Term, factor: number): Term {
  return { scale: scale * factor, unit, spread: spread * Math.abs(factor) };
}

/** A share of the multiples of a unit that is left where they cancel but for the rounding of their f64. */
const CANCELLED = 2 ** -44;

/** One term a unit; nothing of those that cancel. */
function merged(terms: readonly Term[]): readonly Term[] {
  const units = new Map<Expr | number, { term: Term; largest: number }>();
  for (const term of terms) {
    const key = term.unit.kind === "variable" ? term.unit.index : term.unit;
    const known = units.get(key);
    const scale = (known?.term.scale ?? 0) + term.scale;
    const largest = Math.max(known?.largest ?? 0, Math.abs(term.scale));
    const spread = term.scale === 0 ? 0 : term.spread * Math.abs(scale / term.scale);
    units.set(key, { term: { ...term, scale, spread }, largest });
  }
  return [...units.values()].flatMap(({ term, largest }) => (Math.abs(term.scale) > CANCELLED * largest ? [term] : []));
}

/** scale · unit */
export function scaled({ scale, unit }: Pick<Shifted, "scale" | "unit">, numbers: HostNumbers): Expr {
  if (scale === 1) return unit;
  return scale === -1 ? neg(unit) : mul(numbers.named(scale), unit);
}

/** The sum as one formula: the origin in two parts that f32 holds, the second where it is not lost next to scale · unit. */
export function wholeOf(sum: Sum, numbers: HostNumbers): Expr {
  const unit = scaled(sum, numbers);
  const high = Math.fround(sum.origin);
  if (!Number.isFinite(high)) return numbers.named(sum.origin);
  const low = sum.origin - high;
  if (high === 0 && low === 0) return unit;
  const rest = Math.abs(low) > sum.spread * 2 ** -24 ? add(numbers.named(low), unit) : unit;
  return add(numbers.named(high), rest);
}
