import { double } from "../arithmetic/double.ts";
import { InputError } from "../core/errors.ts";
import { differentiate } from "./differentiate.ts";
import { evaluator } from "./evaluate.ts";
import { type Expr, variable } from "./expr.ts";
import { parseFormula } from "./parse.ts";
import { printFormula } from "./print.ts";
import { lowerUnchecked } from "./program.ts";
import { type TracedFunction, traceFormula } from "./trace.ts";

export interface FormulaOptions {
  /** 0, the default: a function of one number, `x`. d >= 1: of a vector, `x[0]` to `x[d - 1]`. */
  readonly dimension?: number;
  /** Names that the formula may use besides x. */
  readonly parameters?: readonly string[];
}

/** A function of x, in f64, that can be differentiated and printed. */
export interface Formula {
  readonly expr: Expr;
  readonly dimension: number;
  /** The value at a number, or at a vector's coordinates; a parameter without a value is an InputError. */
  evaluate(x: number | ArrayLike<number>, parameters?: Readonly<Record<string, number>>): number;
  /** The derivative by x, by coordinate `x[by]`, or by a parameter's name. */
  derivative(by?: number | string): Formula;
  toString(): string;
}

/** A formula, or a traced function of one value, as a function that can be evaluated in f64. */
export function formula(of: string | TracedFunction, options: FormulaOptions = {}): Formula {
  const { dimension = 0, parameters = [] } = options;
  if (!Number.isSafeInteger(dimension) || dimension < 0) {
    throw new InputError(`formula: dimension must be a whole number, 0 or more, got ${dimension}`);
  }
  const context = { dimension, where: "formula" };
  const expr = typeof of === "string" ? parseFormula(of, { ...context, parameters }) : traceFormula(of, context);
  if (!("kind" in expr)) throw new InputError("formula: needed a function that returns one value, got an array");
  return formulaOf(expr, dimension);
}

function formulaOf(expr: Expr, dimension: number): Formula {
  const program = lowerUnchecked([expr], "formula");
  const run = evaluator(program, double);
  return {
    expr,
    dimension,
    evaluate(x, parameters = {}) {
      const point = typeof x === "number" ? [x] : Array.from(x);
      if (point.length !== Math.max(1, dimension)) {
        throw new InputError(`formula: x must have ${Math.max(1, dimension)} coordinates, got ${point.length}`);
      }
      const values = program.parameters.map((name) => parameterOf(parameters, name));
      const [value] = run(
        point.map((coordinate) => Float64Array.of(coordinate)),
        values,
        1,
      );
      return value?.[0] ?? Number.NaN;
    },
    derivative(by = 0) {
      const to: Expr = typeof by === "number" ? variable(by) : { kind: "parameter", name: by };
      return formulaOf(differentiate(expr, to), dimension);
    },
    toString: () => printFormula(expr, dimension),
  };
}

function parameterOf(values: Readonly<Record<string, number>>, name: string): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value !== "number")
    throw new InputError(`formula: needed a number for parameter ${name}, got ${typeof value}`);
  return value;
}
