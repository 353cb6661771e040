import { InputError } from "../core/errors.ts";
import { call, type Expr, isCondition, number, type Operation } from "./expr.ts";
import { FUNCTIONS, negated, power } from "./functions.ts";

/** What a method of a traced value takes. */
export type Operand = Traced | number;

/**
 * A value of a traced function: each method writes its operation down and returns the result. Comparisons, `and`, `or` and `not`
 * are 1 where they hold and 0 where they do not; `select` chooses by them.
 */
export class Traced {
  readonly expr: Expr;

  constructor(expr: Expr) {
    this.expr = expr;
  }

  add(other: Operand): Traced {
    return operation("add", this, other);
  }

  sub(other: Operand): Traced {
    return operation("sub", this, other);
  }

  mul(other: Operand): Traced {
    return operation("mul", this, other);
  }

  div(other: Operand): Traced {
    return operation("div", this, other);
  }

  pow(exponent: Operand): Traced {
    return traced(power(this.expr, exprOf(exponent, "pow")));
  }

  neg(): Traced {
    return traced(negated(this.expr));
  }

  lt(other: Operand): Traced {
    return operation("lt", this, other);
  }

  le(other: Operand): Traced {
    return operation("le", this, other);
  }

  gt(other: Operand): Traced {
    return operation("gt", this, other);
  }

  ge(other: Operand): Traced {
    return operation("ge", this, other);
  }

  eq(other: Operand): Traced {
    return operation("eq", this, other);
  }

  ne(other: Operand): Traced {
    return operation("ne", this, other);
  }

  and(other: Operand): Traced {
    return operation("and", this, other);
  }

  or(other: Operand): Traced {
    return operation("or", this, other);
  }

  not(): Traced {
    return operation("not", this);
  }

  /** `holds` where this condition holds, `otherwise` where it does not. */
  select(holds: Operand, otherwise: Operand): Traced {
    return operation("select", this, holds, otherwise);
  }

  /** The least of this and the others; NaN if one is NaN. */
  min(...others: readonly [Operand, ...Operand[]]): Traced {
    return formula("min", this, ...others);
  }

  /** The greatest of this and the others; NaN if one is NaN. */
  max(...others: readonly [Operand, ...Operand[]]): Traced {
    return formula("max", this, ...others);
  }

  clamp(low: Operand, high: Operand): Traced {
    return formula("clamp", this, low, high);
  }

  hypot(...others: readonly [Operand, ...Operand[]]): Traced {
    return formula("hypot", this, ...others);
  }

  sqrt(): Traced {
    return formula("sqrt", this);
  }

  exp(): Traced {
    return formula("exp", this);
  }

  expm1(): Traced {
    return formula("expm1", this);
  }

  log(): Traced {
    return formula("log", this);
  }

  log1p(): Traced {
    return formula("log1p", this);
  }

  sin(): Traced {
    return formula("sin", this);
  }

  cos(): Traced {
    return formula("cos", this);
  }

  /** `sin(2 pi this)` */
  sinTurns(): Traced {
    return formula("sinTurns", this);
  }

  /** `cos(2 pi this)` */
  cosTurns(): Traced {
    return formula("cosTurns", this);
  }

  tanh(): Traced {
    return formula("tanh", this);
  }

  erf(): Traced {
    return formula("erf", this);
  }

  erfc(): Traced {
    return formula("erfc", this);
  }

  /** The standard normal's quantile. */
  normalQuantile(): Traced {
    return formula("normalQuantile", this);
  }

  atan(): Traced {
    return formula("atan", this);
  }

  /** The angle of the point (x, this) with the x axis, in (-pi, pi]; 0 at the origin. */
  atan2(x: Operand): Traced {
    return formula("atan2", this, x);
  }

  asin(): Traced {
    return formula("asin", this);
  }

  acos(): Traced {
    return formula("acos", this);
  }

  /** The logarithm of the gamma function; NaN below 0. */
  lgamma(): Traced {
    return formula("lgamma", this);
  }

  /** The derivative of `lgamma`; NaN below 0. */
  digamma(): Traced {
    return formula("digamma", this);
  }

  /** The derivative of `digamma`; NaN below 0. It has no derivative of its own in formulas. */
  trigamma(): Traced {
    return formula("trigamma", this);
  }

  abs(): Traced {
    return formula("abs", this);
  }

  sign(): Traced {
    return formula("sign", this);
  }

  floor(): Traced {
    return formula("floor", this);
  }

  ceil(): Traced {
    return formula("ceil", this);
  }

  /** To the nearest whole number, halves to the even one. */
  round(): Traced {
    return formula("round", this);
  }

  trunc(): Traced {
    return formula("trunc", this);
  }

  /** `1 / (1 + exp(-this))` */
  sigmoid(): Traced {
    return formula("sigmoid", this);
  }

  /** `log(1 + exp(this))` */
  softplus(): Traced {
    return formula("softplus", this);
  }

  /** `max(0, this)` */
  relu(): Traced {
    return formula("relu", this);
  }

  tan(): Traced {
    return formula("tan", this);
  }

  sinh(): Traced {
    return formula("sinh", this);
  }

  cosh(): Traced {
    return formula("cosh", this);
  }

  log2(): Traced {
    return formula("log2", this);
  }

  log10(): Traced {
    return formula("log10", this);
  }

  exp2(): Traced {
    return formula("exp2", this);
  }

  square(): Traced {
    return formula("square", this);
  }

  /** The standard normal's distribution function. */
  normalCdf(): Traced {
    return formula("normalCdf", this);
  }

  /** The standard normal's density. */
  normalDensity(): Traced {
    return formula("normalDensity", this);
  }

  /** Refuses to be a number, text or truth of JavaScript, which operators ask for. */
  [Symbol.toPrimitive](): never {
    throw new InputError(
      `${current?.where ?? "traced value"}: JavaScript's operators and Math do not work on traced values; ` +
        "write x.mul(x) for x * x, x.exp() for Math.exp(x), x.lt(0).select(a, b) for x < 0 ? a : b",
    );
  }
}

export function isTraced(value: unknown): value is Traced {
  return value instanceof Traced;
}

interface Recording {
  readonly where: string;
  readonly conditions: Expr[];
}

let current: Recording | undefined;

/** Runs `f` and says which conditions it made. */
export function tracing(where: string, f: () => unknown): { result: unknown; conditions: readonly Expr[] } {
  const outer = current;
  const recording: Recording = { where, conditions: [] };
  current = recording;
  try {
    return { result: f(), conditions: recording.conditions };
  } finally {
    current = outer;
  }
}

function traced(expr: Expr): Traced {
  if (expr.kind === "call" && isCondition(expr.operation)) current?.conditions.push(expr);
  return new Traced(expr);
}

function operation(name: Operation, ...operands: readonly Operand[]): Traced {
  return traced(call(name, ...operands.map((operand) => exprOf(operand, name))));
}

function formula(name: string, ...operands: readonly Operand[]): Traced {
  const known = FUNCTIONS.get(name);
  if (!known || operands.length < known.least) {
    throw new InputError(
      `${current?.where ?? "traced value"}: ${name} needed at least ${known?.least} values, got ${operands.length}`,
    );
  }
  return traced(known.build(operands.map((operand) => exprOf(operand, name))));
}

function exprOf(operand: unknown, name: string): Expr {
  if (typeof operand === "number") return number(operand);
  if (isTraced(operand)) return operand.expr;
  const got = operand === null ? "null" : Array.isArray(operand) ? "an array" : typeof operand;
  throw new InputError(`${current?.where ?? "traced value"}: ${name} needed traced values or numbers, got ${got}`);
}
