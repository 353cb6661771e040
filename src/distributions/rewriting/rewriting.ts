import type { Expr } from "../../expression/expr.ts";
import type { Refined } from "../refined.ts";
import type { HostNumbers } from "./host-numbers.ts";
import type { Sum } from "./sum.ts";

/** A coordinate as formulas see it. */
export interface Coordinate extends Refined {
  readonly value: Expr;
  /** `value` is x itself, as of points in a tensor, rather than what f32 holds of a sample: `log` is then for x that are subnormal. */
  readonly faithful?: boolean;
}

/** A part of a formula, rewritten: its value, or a sum where a refined coordinate is in it linearly. */
export type Rewritten =
  | { readonly value: Expr; readonly sum?: undefined }
  | { readonly value?: undefined; readonly sum: Sum };

/** A rewriting under way, as the rules for logarithms, powers and comparisons need it. */
export interface Rewriting {
  readonly numbers: HostNumbers;
  /** What x[index] stands for; throws RangeError where that is nothing. */
  coordinate(index: number): Coordinate;
  /** A part of the formula in its best form. */
  rewritten(formula: Expr): Rewritten;
  /** The same as one value, of which f32 may be too coarse. */
  rewrite(formula: Expr): Expr;
  /** A sum as one value. */
  whole(sum: Sum): Expr;
}
