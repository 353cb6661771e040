import { closest } from "./closest.ts";
import { brief, type Cursor } from "./cursor.ts";
import { type Expr, number, parameter, variable } from "./expr.ts";
import type { FormulaContext } from "./formula-context.ts";
import { CONSTANTS, FUNCTIONS, WORDS } from "./functions.ts";
import { fitsF32, MAX_VARIABLES, numberProblem, variableProblem } from "./limits.ts";
import type { Token } from "./tokens.ts";

/** Reads the number that is next. */
export function readNumber(cursor: Cursor): Expr {
  const token = cursor.next();
  const value = Number(token.text);
  if (!fitsF32(value)) throw cursor.problem(numberProblem(value), token.position);
  const [digits = ""] = token.text.split(/e/i);
  if (value === 0 && /[1-9]/.test(digits)) {
    throw cursor.problem("needed a number that f32 can hold, got one too close to 0", token.position);
  }
  if (cursor.token.kind === "number" && cursor.token.position === token.position + token.text.length) {
    throw cursor.problem(`expected one decimal point, got ${brief(token.text + cursor.token.text)}`, token.position);
  }
  return number(value);
}

/** What a name that is no function stands for; the rest of x[k] is read. */
export function readName(token: Token, cursor: Cursor, context: FormulaContext): Expr {
  const name = token.text;
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return number(constant);
  if (name === "x") return readVariable(token, cursor, context.dimension);
  if (context.parameters?.includes(name)) return parameter(name);
  const advice = name === "not" ? ": put it in parentheses" : "";
  const problem = WORDS.includes(name) ? `expected a value, got '${name}'${advice}` : unknown(name, context);
  throw cursor.problem(problem, token.position);
}

function readVariable(token: Token, cursor: Cursor, dimension: number): Expr {
  if (!cursor.take("[")) {
    if (dimension === 0) return variable(0);
    throw cursor.problem(`x is a vector: expected ${coordinates(dimension)}, got x`, token.position);
  }
  if (!/^[0-9]+$/.test(cursor.token.text)) {
    throw cursor.problem(`expected a whole number in x[...], got ${cursor.got()}`);
  }
  const { text, position } = cursor.next();
  const index = Number(text);
  if (index >= Math.max(1, dimension)) {
    throw cursor.problem(`expected ${coordinates(dimension)}, got x[${brief(text)}]`, position);
  }
  if (index >= MAX_VARIABLES) throw cursor.problem(variableProblem(index), position);
  cursor.need("]", "']'");
  return variable(index);
}

function unknown(name: string, { dimension, parameters = [] }: FormulaContext): string {
  const problem = `unknown name '${brief(name)}'`;
  if (/^x_?[0-9]+$/.test(name) && dimension > 0) return `${problem}: a coordinate is written x[0]`;
  if (name === "ln") return `${problem}: the natural logarithm is log`;
  const near = closest(name, [...FUNCTIONS.keys(), ...CONSTANTS.keys(), ...WORDS, ...parameters]);
  if (near) return `${problem}: did you mean ${near}?`;
  const names = parameters.length > 0 ? `, parameters ${parameters.slice(0, 8).join(", ")}` : "";
  return `${problem}: expected ${coordinates(dimension)}${names}, a constant or a function`;
}

function coordinates(dimension: number): string {
  if (dimension === 0) return "x";
  return dimension === 1 ? "x[0]" : `x[0] to x[${dimension - 1}]`;
}
