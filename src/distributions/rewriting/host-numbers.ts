import { double } from "../../arithmetic/double.ts";
import { LARGEST } from "../../arithmetic/range.ts";
import { evaluator } from "../../expression/evaluate.ts";
import { type Expr, parameter } from "../../expression/expr.ts";
import { lowerUnchecked } from "../../expression/program.ts";

/** Numbers that the host works out in f64: values of formulas without x, and the parameters `fine.0`, `fine.1` … that hold numbers. */
export class HostNumbers {
  /** Values of the parameters that were made, each within the range of f32. */
  readonly parameters: Record<string, number> = {};
  readonly #values: Readonly<Record<string, number>>;
  readonly #constants = new Map<Expr, boolean>();
  readonly #named = new Map<number, Expr>();

  /** @param values - of the parameters that formulas name */
  constructor(values: Readonly<Record<string, number>>) {
    this.#values = values;
  }

  /** A number as a parameter, so that other values need no new shader. */
  named(value: number): Expr {
    const known = this.#named.get(value);
    if (known) return known;
    const name = `fine.${this.#named.size}`;
    this.parameters[name] = Math.min(Math.max(value, -LARGEST), LARGEST);
    const made = parameter(name);
    this.#named.set(value, made);
    return made;
  }

  /** The value of a formula in which no coordinate is, in f64, where it is finite. */
  constant(expr: Expr): number | undefined {
    if (!this.#isConstant(expr)) return undefined;
    const value = expr.kind === "number" ? expr.value : numberOf(expr, this.#values);
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  }

  #isConstant(expr: Expr): boolean {
    const known = this.#constants.get(expr);
    if (known !== undefined) return known;
    const found = expr.kind === "call" ? expr.args.every((arg) => this.#isConstant(arg)) : expr.kind !== "variable";
    this.#constants.set(expr, found);
    return found;
  }
}

function numberOf(expr: Expr, values: Readonly<Record<string, number>>): number | undefined {
  const program = lowerUnchecked([expr]);
  const given = program.parameters.map((name) => (Object.hasOwn(values, name) ? values[name] : undefined));
  if (given.includes(undefined)) return undefined;
  const [output] = evaluator(program, double)([], given as number[], 1);
  return output?.[0];
}
