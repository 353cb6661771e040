import { call, type Expr, number } from "../../expression/expr.ts";
import { spacingAt } from "../refined.ts";
import { complementByLogarithm, powerByLogarithm } from "./by-logarithm.ts";
import { comparedByLogarithm, isComparison } from "./comparisons.ts";
import { HostNumbers } from "./host-numbers.ts";
import { linear } from "./linear.ts";
import { logarithm, logarithmOf1Plus } from "./logarithms.ts";
import type { Coordinate, Rewriting, Rewritten } from "./rewriting.ts";
import { type Sum, scaled, sumOf, wholeOf } from "./sum.ts";

// A formula of an event's coordinates becomes one of what the coordinates are made of. Where a coordinate is refined, sums and
// multiples of it keep the part that is known on the host by itself, in f64, so that x - 100000003 or x > 100000003 is right under a
// normal distribution of mean 10^8; and logarithms of it are those of the sample, not of the f32 number that stands for it.

/** origin + value */
export interface AboutOrigin {
  readonly origin: number;
  readonly value: Expr;
}

const HALF = number(0.5);

/** Rewrites formulas of one event; numbers that the host works out become parameters `fine.0`, `fine.1` … */
export class Rewriter implements Rewriting {
  /** The largest spacing of f32 numbers, in units of their spread, where a formula reads a sum rounded to one, and where that is. */
  coarseness = 0;
  coarseAt: number | undefined;
  readonly numbers: HostNumbers;
  readonly #coordinates: readonly Coordinate[];
  readonly #known = new Map<Expr, Rewritten>();

  /**
   * @param coordinates - what x[0], x[1] … stand for
   * @param values - of the parameters that the formulas name
   */
  constructor(coordinates: readonly Coordinate[], values: Readonly<Record<string, number>>) {
    this.#coordinates = coordinates;
    this.numbers = new HostNumbers(values);
  }

  /** Values of the parameters that rewriting has made. */
  get parameters(): Readonly<Record<string, number>> {
    return this.numbers.parameters;
  }

  /** The formula's value. */
  rewrite(formula: Expr): Expr {
    const { sum, value } = this.rewritten(formula);
    return sum ? this.whole(sum) : value;
  }

  /** The formula's value less a number that the host can add to its mean. */
  rewriteAboutOrigin(formula: Expr): AboutOrigin {
    const constant = this.numbers.constant(formula);
    if (constant !== undefined) return { origin: constant, value: number(0) };
    const { sum, value } = this.rewritten(formula);
    return sum ? { origin: sum.origin, value: scaled(sum, this.numbers) } : { origin: 0, value };
  }

  /** A part of a formula in its best form; each part is rewritten once. */
  rewritten(formula: Expr): Rewritten {
    const known = this.#known.get(formula);
    if (known) return known;
    const made = this.#made(formula);
    this.#known.set(formula, made);
    return made;
  }

  /** A sum as one value; notes how coarse f32 is for it. */
  whole(sum: Sum): Expr {
    if (sum.origin !== 0) this.#noteCoarseness(spacingAt(sum.origin) / sum.spread, sum.origin);
    return wholeOf(sum, this.numbers);
  }

  coordinate(index: number): Coordinate {
    const found = this.#coordinates[index];
    if (!found) throw new RangeError(`x[${index}] stands for nothing`);
    return found;
  }

  #made(node: Expr): Rewritten {
    if (node.kind === "number" || node.kind === "parameter") return { value: node };
    if (node.kind === "variable") return this.#variable(node.index);
    const { operation, args } = node;
    const better = this.#byLogarithm(node);
    if (better) return better;
    const parts = args.map((arg) => this.rewritten(arg));
    if (parts.some(({ sum }) => sum)) {
      const found = linear(operation, args, parts, this.numbers);
      if (found) return found;
    }
    const values = parts.map(({ sum, value }) => (sum ? this.whole(sum) : value));
    return { value: values.every((value, k) => value === args[k]) ? node : call(operation, ...values) };
  }

  #variable(index: number): Rewritten {
    const { value, shifted, coarseness = 0 } = this.coordinate(index);
    if (shifted) return { sum: sumOf(shifted) };
    this.#noteCoarseness(coarseness, undefined);
    return { value };
  }

  /** Logarithms of samples, and what is taken from them: powers, 1 - x, and comparisons at the ends of the support. */
  #byLogarithm(node: Extract<Expr, { kind: "call" }>): Rewritten | undefined {
    const { operation, args } = node;
    const [a, b] = args;
    if (operation === "log" || operation === "log1p") {
      // Of a number near 1 f32 has few digits of the logarithm.
      const constant = this.numbers.constant(node);
      if (constant !== undefined) return { value: this.numbers.named(constant) };
      const log = a && (operation === "log" ? logarithm(a, this) : logarithmOf1Plus(a, this));
      if (log) return log;
    }
    const exponent = operation === "sqrt" ? HALF : b;
    const value =
      ((operation === "pow" || operation === "sqrt") && a && exponent
        ? powerByLogarithm(node, a, exponent, this)
        : undefined) ??
      complementByLogarithm(node, this) ??
      (isComparison(operation) && a && b ? comparedByLogarithm(operation, a, b, this) : undefined);
    return value && { value };
  }

  #noteCoarseness(coarseness: number, at: number | undefined): void {
    if (coarseness <= this.coarseness) return;
    [this.coarseness, this.coarseAt] = [coarseness, at];
  }
}
