import type { Elementary } from "../arithmetic/elementary.ts";
import { InputError } from "../core/errors.ts";
import { call, type Expr, number } from "./expr.ts";
import { square } from "./functions.ts";
import { guarded } from "./guards.ts";
import { add, div, isNumber, mul, neg, ONE, pow, select, sub, ZERO } from "./simplify.ts";

/**
 * The derivative of an expression by a variable or parameter.
 *
 * Steps (floor, ceil, sign, conditions) have derivative 0, the jumps left out; abs has sign(x), 0 at 0; min and max have that of the
 * argument which they return, select that of the branch taken. Shared parts stay shared.
 *
 * @throws InputError for trigamma of what varies: formulas have no function that is its derivative
 */
export function differentiate(expr: Expr, by: Expr): Expr {
  const known = new Map<Expr, Expr>();
  const derivative = (node: Expr): Expr => {
    const before = known.get(node);
    if (before) return before;
    const made = node.kind === "call" ? derivativeOfCall(node, derivative) : isSame(node, by) ? ONE : ZERO;
    known.set(node, made);
    return made;
  };
  return derivative(expr);
}

function isSame(a: Expr, b: Expr): boolean {
  if (a.kind === "variable") return b.kind === "variable" && a.index === b.index;
  return a.kind === "parameter" && b.kind === "parameter" && a.name === b.name;
}

type Call = Extract<Expr, { kind: "call" }>;

function derivativeOfCall(node: Call, derivative: (expr: Expr) => Expr): Expr {
  const { operation } = node;
  const [a = ZERO, b = ZERO, c = ZERO] = node.args;
  switch (operation) {
    case "add":
      return add(derivative(a), derivative(b));
    case "sub":
      return sub(derivative(a), derivative(b));
    case "mul":
      return add(mul(derivative(a), b), mul(a, derivative(b)));
    case "div":
      return quotient(node, a, b, derivative);
    case "neg":
      return neg(derivative(a));
    case "abs":
      return mul(call("sign", a), derivative(a));
    case "min":
      return select(call("le", a, b), derivative(a), derivative(b));
    case "max":
      return select(call("ge", a, b), derivative(a), derivative(b));
    case "select":
      return select(a, derivative(b), derivative(c));
    case "pow":
      return powerRule(node, a, b, derivative);
    case "log": {
      const quotient = guarded(a) ?? a;
      if (quotient.kind === "call" && quotient.operation === "div") return logOfQuotient(quotient, derivative);
      const inner = derivative(a);
      return isNumber(inner, 0) ? ZERO : div(inner, a);
    }
    case "floor":
    case "ceil":
    case "sign":
    case "lt":
    case "le":
    case "gt":
    case "ge":
    case "eq":
    case "ne":
    case "and":
    case "or":
    case "not":
      return ZERO;
    default: {
      const inner = derivative(a);
      return isNumber(inner, 0) ? ZERO : mul(outer(operation, node, a), inner);
    }
  }
}

// (a / b)' = (a' - (a / b) b') / b
function quotient(node: Expr, a: Expr, b: Expr, derivative: (expr: Expr) => Expr): Expr {
  return div(sub(derivative(a), mul(node, derivative(b))), b);
}

// log(a / b)' = a' / a - b' / b, which does not divide by a quotient that may be 0 in f32
function logOfQuotient(node: Call, derivative: (expr: Expr) => Expr): Expr {
  const [a = ONE, b = ONE] = node.args;
  return sub(div(derivative(a), a), div(derivative(b), b));
}

// (a^b)' = b a^(b-1) a' + a^b log(a) b'
function powerRule(node: Expr, a: Expr, b: Expr, derivative: (expr: Expr) => Expr): Expr {
  const base = derivative(a);
  const exponent = derivative(b);
  const byBase = isNumber(base, 0) ? ZERO : mul(mul(b, pow(a, sub(b, ONE))), base);
  if (isNumber(exponent, 0)) return byBase;
  const log = a.kind === "number" && a.value > 0 ? number(Math.log(a.value)) : call("log", a);
  return add(byBase, mul(mul(node, log), exponent));
}

const TWO = number(2);
const TURN = number(2 * Math.PI);

// f'(x) of a function of one argument, where `value` is f(x).
function outer(operation: Exclude<Elementary, "pow" | "log">, value: Expr, x: Expr): Expr {
  switch (operation) {
    case "sqrt":
      return div(number(0.5), value);
    case "exp":
      return value;
    case "expm1":
      return call("exp", x);
    case "log1p":
      return div(ONE, add(ONE, x));
    case "sin":
      return call("cos", x);
    case "cos":
      return neg(call("sin", x));
    case "sinTurns":
      return mul(TURN, call("cosTurns", x));
    case "cosTurns":
      return neg(mul(TURN, call("sinTurns", x)));
    case "tanh":
      return sub(ONE, square(value));
    case "erf":
      return mul(number(2 / Math.sqrt(Math.PI)), call("exp", neg(square(x))));
    case "erfc":
      return mul(number(-2 / Math.sqrt(Math.PI)), call("exp", neg(square(x))));
    // 1 / density(q) = sqrt(2 pi) exp(q^2 / 2)
    case "normalQuantile":
      return mul(number(Math.sqrt(2 * Math.PI)), call("exp", div(square(value), TWO)));
    case "atan":
      return div(ONE, add(ONE, square(x)));
    case "lgamma":
      return call("digamma", x);
    case "digamma":
      return call("trigamma", x);
    case "trigamma":
      throw new InputError("derivative: needed a formula that differentiates no trigamma, got trigamma of what varies");
  }
}
