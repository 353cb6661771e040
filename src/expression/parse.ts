import { InputError } from "../core/errors.ts";
import { type Link, productOf, sumOf } from "./chains.ts";
import { Cursor } from "./cursor.ts";
import { type Condition, call, type Expr } from "./expr.ts";
import type { FormulaContext } from "./formula-context.ts";
import { type FormulaFunction, FUNCTIONS, negated, power } from "./functions.ts";
import { checkExpression, MAX_LENGTH } from "./limits.ts";
import { checkNames } from "./names.ts";
import { readName, readNumber } from "./parse-leaves.ts";

/**
 * Reads a formula such as `exp(-x^2 / 2)` or `x[0] < a ? 1 : 0`.
 *
 * From loosest to tightest: `c ? a : b`; `or`, `||`; `and`, `&&`; `not`, `!`; one of `< <= > >= == !=`; `+ -`; `* /`; a sign; `^`, which
 * joins from the right, so that -x^2 is -(x^2) and 2^3^2 is 2^(3^2). Throws FormulaError, which says what was expected and
 * points at the character, for text that is no formula, and InputError for one that is too large.
 */
export function parseFormula(text: string, context: FormulaContext): Expr {
  const { where, parameters = [] } = context;
  if (typeof text !== "string") throw new InputError(`${where}: needed a formula, got ${typeof text}`);
  if (text.length > MAX_LENGTH) {
    throw new InputError(`${where}: needed a formula of at most ${MAX_LENGTH} characters, got ${text.length}`);
  }
  checkNames(parameters, where);
  const cursor = new Cursor(text, where);
  const expr = choice({ cursor, context });
  if (cursor.token.kind !== "end") throw cursor.unexpected("an operator or the end of the formula");
  checkExpression(expr, where);
  return expr;
}

interface Reading {
  readonly cursor: Cursor;
  readonly context: FormulaContext;
}

// One function a level of precedence, from the loosest; each reads from the cursor's token on.

function choice(reading: Reading): Expr {
  const { cursor } = reading;
  const condition = or(reading);
  if (!cursor.take("?")) return condition;
  return cursor.nested(() => {
    const holds = choice(reading);
    cursor.need(":", "':' and the value where the condition does not hold");
    return call("select", condition, holds, choice(reading));
  });
}

function or(reading: Reading): Expr {
  let left = and(reading);
  while (reading.cursor.take("or", "||")) left = call("or", left, and(reading));
  return left;
}

function and(reading: Reading): Expr {
  let left = not(reading);
  while (reading.cursor.take("and", "&&")) left = call("and", left, not(reading));
  return left;
}

function not(reading: Reading): Expr {
  const { cursor } = reading;
  return cursor.take("not", "!") ? cursor.nested(() => call("not", not(reading))) : comparison(reading);
}

const COMPARISONS: ReadonlyMap<string, Condition> = new Map([
  ["<", "lt"],
  ["<=", "le"],
  [">", "gt"],
  [">=", "ge"],
  ["==", "eq"],
  ["!=", "ne"],
]);

function comparison(reading: Reading): Expr {
  const { cursor } = reading;
  const left = sum(reading);
  const operation = cursor.takeOf(COMPARISONS);
  if (!operation) return left;
  const right = sum(reading);
  if (COMPARISONS.has(cursor.token.text)) throw cursor.problem("comparisons do not chain: write a < b and b < c");
  return call(operation, left, right);
}

function sum(reading: Reading): Expr {
  return sumOf(chain(reading, product, "+", "-"));
}

function product(reading: Reading): Expr {
  return productOf(chain(reading, signed, "*", "/"));
}

function chain(reading: Reading, member: (reading: Reading) => Expr, join: string, inverse: string): Link[] {
  const links: Link[] = [{ inverse: false, expr: member(reading) }];
  for (;;) {
    const sign = reading.cursor.take(join, inverse);
    if (!sign) return links;
    links.push({ inverse: sign === inverse, expr: member(reading) });
  }
}

function signed(reading: Reading): Expr {
  const { cursor } = reading;
  const sign = cursor.take("+", "-");
  if (!sign) return raised(reading);
  return cursor.nested(() => {
    // -2 is a number; -(2) and -2^2 are operations.
    const literal = cursor.token.kind === "number";
    const expr = signed(reading);
    if (sign === "+") return expr;
    return literal ? negated(expr) : call("neg", expr);
  });
}

function raised(reading: Reading): Expr {
  const base = value(reading);
  return reading.cursor.take("^") ? reading.cursor.nested(() => power(base, signed(reading))) : base;
}

function value(reading: Reading): Expr {
  const { cursor } = reading;
  if (cursor.token.kind === "number") return readNumber(cursor);
  if (cursor.token.kind === "name") return named(reading);
  const { position } = cursor.token;
  if (!cursor.take("(")) throw cursor.unexpected("a value");
  return cursor.nested(() => {
    const expr = choice(reading);
    const opening = cursor.token.kind === "end" ? ` for the '(' at ${position + 1}` : "";
    cursor.need(")", `an operator or ')'${opening}`);
    return expr;
  });
}

function named(reading: Reading): Expr {
  const { cursor, context } = reading;
  const token = cursor.next();
  const known = FUNCTIONS.get(token.text);
  if (!known) return readName(token, cursor, context);
  if (!cursor.take("(")) throw cursor.problem(`${token.text} is a function: expected '(', got ${cursor.got()}`);
  const args = cursor.nested(() => list(reading, token.text));
  if (args.length < known.least || args.length > known.most) {
    throw cursor.problem(`expected ${countOf(known)} of ${token.text}, got ${args.length}`, token.position);
  }
  return known.build(args);
}

function list(reading: Reading, name: string): Expr[] {
  const { cursor } = reading;
  if (cursor.take(")")) return [];
  const args = [choice(reading)];
  while (cursor.take(",")) args.push(choice(reading));
  cursor.need(")", `an operator, ',' or the ')' of ${name}`);
  return args;
}

function countOf({ least, most }: FormulaFunction): string {
  if (least === 1 && most === 1) return "1 argument";
  return most === least ? `${least} arguments` : `at least ${least} arguments`;
}
