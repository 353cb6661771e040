import { type Elementary, isElementary } from "../arithmetic/elementary.ts";
import { InputError } from "../core/errors.ts";
import { costOf } from "./cost.ts";
import { type Action, type Expr, isCondition, isIndicator } from "./expr.ts";
import { checkExpression, MAX_INSTRUCTIONS, MAX_PROGRAM_TRANSCENDENTAL, transcendentalProblem } from "./limits.ts";
import { plainExponent } from "./powers.ts";

/** One value, made from values before it: `args` are their places. The type is that of `action`, see `isBool`. */
export type Instruction =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly index: number }
  /** The parameter `parameters[index]` of the program. */
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "call"; readonly action: Action; readonly args: readonly number[] };

/** Expressions as a list of instructions without repetition, in the order in which they run. */
export interface Program {
  readonly instructions: readonly Instruction[];
  /** The place of each output, always a number. */
  readonly outputs: readonly number[];
  /** Whether an output is 0 or 1 by its form. */
  readonly indicators: readonly boolean[];
  /** x[0] … x[variables - 1] are read. */
  readonly variables: number;
  /** Names in the order of code units. */
  readonly parameters: readonly string[];
  /** Functions that the emitted code calls. */
  readonly functions: ReadonlySet<Elementary>;
  /** Rough work of a sample; an addition is 1. */
  readonly cost: number;
}

/** Whether an instruction is a condition rather than a number. */
export function isBool(instruction: Instruction | undefined): boolean {
  return instruction?.kind === "call" && (instruction.action === "holds" || isCondition(instruction.action));
}

/**
 * Lowers expressions to one program in which equal parts are computed once.
 *
 * x^n with a whole |n| <= 16 becomes multiplications by repeated squaring (x^-n is 1 / x^n), x^0.5 a square root. Throws
 * InputError for an expression, or expressions together, too large for a shader.
 */
export function lower(outputs: readonly Expr[], where = "expression"): Program {
  for (const output of outputs) checkExpression(output, where);
  return lowerUnchecked(outputs, where);
}

/** `lower` for expressions of our own making, such as derivatives, of which only the program's size is bounded. */
export function lowerUnchecked(
  outputs: readonly Expr[],
  where = "expression",
  mostInstructions = MAX_INSTRUCTIONS,
  tooLong = `needed at most ${mostInstructions} instructions, got more`,
): Program {
  const parameters = [...namesIn(outputs)].sort();
  const builder = new Builder(parameters, mostInstructions, `${where}: ${tooLong}`);
  const places = outputs.map((output) => builder.number(output));
  const { instructions } = builder;
  const calls = instructions.flatMap((made) => (made.kind === "call" ? [made.action] : []));
  const elementary = calls.filter((action) => isElementary(action));
  const transcendental = elementary.filter((action) => action !== "sqrt").length;
  if (transcendental > MAX_PROGRAM_TRANSCENDENTAL) {
    throw new InputError(`${where}: ${transcendentalProblem(transcendental, MAX_PROGRAM_TRANSCENDENTAL)}`);
  }
  const indexes = instructions.map((made) => (made.kind === "variable" ? made.index : -1));
  const cost = calls.reduce((sum, action) => sum + costOf(action), 0);
  return {
    instructions,
    outputs: places,
    indicators: outputs.map(isIndicator),
    variables: indexes.reduce((most, index) => Math.max(most, index + 1), 0),
    parameters,
    functions: new Set(elementary),
    cost,
  };
}

/** A text that is equal for equal programs only: for fingerprints and as a key of compiled kernels. */
export function signature(program: Program): string {
  const lines = program.instructions.map((made) => {
    if (made.kind === "number") return Object.is(made.value, -0) ? "-0" : String(made.value);
    if (made.kind === "variable") return `x${made.index}`;
    if (made.kind === "parameter") return `p${made.index}`;
    return `${made.action} ${made.args.join(" ")}`;
  });
  const indicators = program.indicators.map((indicator) => (indicator ? "1" : "0")).join("");
  return ["expression 1", program.parameters.join(" "), ...lines, `= ${program.outputs.join(" ")}`, indicators].join(
    "\n",
  );
}

class Builder {
  readonly instructions: Instruction[] = [];
  readonly #parameters: readonly string[];
  readonly #tooLong: string;
  readonly #most: number;
  readonly #places = new Map<string, number>();
  readonly #lowered = new Map<Expr, number>();

  constructor(parameters: readonly string[], most: number, tooLong: string) {
    this.#parameters = parameters;
    this.#most = most;
    this.#tooLong = tooLong;
  }

  /** The place of an expression's value as a number. */
  number(expr: Expr): number {
    const place = this.#value(expr);
    return isBool(this.instructions[place]) ? this.#call("indicate", place) : place;
  }

  #bool(expr: Expr): number {
    const place = this.#value(expr);
    return isBool(this.instructions[place]) ? place : this.#call("holds", place);
  }

  #value(expr: Expr): number {
    const known = this.#lowered.get(expr);
    if (known !== undefined) return known;
    const place = this.#lower(expr);
    this.#lowered.set(expr, place);
    return place;
  }

  #lower(expr: Expr): number {
    if (expr.kind === "number") return this.#add(`n${Object.is(expr.value, -0) ? "-0" : expr.value}`, expr);
    if (expr.kind === "variable") return this.#add(`x${expr.index}`, expr);
    if (expr.kind === "parameter") {
      const index = this.#parameters.indexOf(expr.name);
      return this.#add(`p${index}`, { kind: "parameter", index });
    }
    const { operation, args } = expr;
    const [a, b, c] = args;
    if (operation === "select" && a && b && c)
      return this.#call("select", this.#bool(a), this.number(b), this.number(c));
    if (operation === "and" || operation === "or" || operation === "not") {
      return this.#call(operation, ...args.map((arg) => this.#bool(arg)));
    }
    const exponent = operation === "pow" && b ? plainExponent(b) : undefined;
    if (exponent !== undefined && a) return this.#power(this.number(a), exponent);
    return this.#call(operation, ...args.map((arg) => this.number(arg)));
  }

  #power(base: number, exponent: number): number {
    if (exponent < 0) return this.#call("div", this.#literal(1), this.#power(base, -exponent));
    if (exponent === 0.5) return this.#call("sqrt", base);
    if (exponent === 0) return this.#literal(1);
    if (exponent === 1) return base;
    // x^(2k) = (x^k)^2, x^(2k + 1) = x^(2k) x: both factors are shared with other powers of x.
    const half = this.#power(base, Math.floor(exponent / 2));
    const even = this.#call("mul", half, half);
    return exponent % 2 === 0 ? even : this.#call("mul", even, base);
  }

  #literal(value: number): number {
    return this.#add(`n${value}`, { kind: "number", value });
  }

  // Where the order of two arguments does not matter they are sorted, so that x*y and y*x are one.
  #call(action: Action, ...args: readonly number[]): number {
    const sorted = COMMUTATIVE.has(action) ? args.toSorted((a, b) => a - b) : args;
    return this.#add(`${action} ${sorted.join(" ")}`, { kind: "call", action, args: sorted });
  }

  #add(key: string, instruction: Instruction): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.instructions.length === this.#most) throw new InputError(this.#tooLong);
    this.#places.set(key, this.instructions.length);
    return this.instructions.push(instruction) - 1;
  }
}

const COMMUTATIVE: ReadonlySet<Action> = new Set(["add", "mul", "eq", "ne", "and", "or"]);

function namesIn(outputs: readonly Expr[]): Set<string> {
  const names = new Set<string>();
  const seen = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    if (expr.kind === "parameter") names.add(expr.name);
    if (expr.kind === "call") expr.args.forEach(visit);
  };
  outputs.forEach(visit);
  return names;
}
