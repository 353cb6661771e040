import { ELEMENTARY } from "../arithmetic/elementary.ts";
import { call, type Expr, number } from "./expr.ts";

/** A function that formulas and traced values can call; `build` writes it in the operations of expr.ts. */
export interface FormulaFunction {
  readonly least: number;
  readonly most: number;
  build(args: readonly Expr[]): Expr;
}

const half = number(0.5);
const one = number(1);
const two = number(2);
const zero = number(0);

export const square = (x: Expr): Expr => call("pow", x, two);

/** Base^exponent; e^x is exp(x), because e itself is not an f32. */
export function power(base: Expr, exponent: Expr): Expr {
  return base.kind === "number" && base.value === Math.E ? call("exp", exponent) : call("pow", base, exponent);
}

/** -x, where the negative of a number is a number. */
export function negated(x: Expr): Expr {
  return x.kind === "number" ? number(-x.value) : call("neg", x);
}

// To the nearest whole number, halves to the even one. x - floor(x) is exact, but for x in (-0.5, 0), where it rounds to 0.5 or
// more and floor(x) = -1 is odd.
function round(x: Expr): Expr {
  const below = call("floor", x);
  const rest = call("sub", x, below);
  const odd = call("ne", below, call("mul", two, call("floor", call("mul", half, below))));
  const up = call("or", call("gt", rest, half), call("and", call("eq", rest, half), odd));
  return call("select", up, call("add", below, one), below);
}

const trunc = (x: Expr): Expr => call("select", call("lt", x, zero), call("ceil", x), call("floor", x));

const sigmoid = (x: Expr): Expr => call("div", one, call("add", one, call("exp", negated(x))));

// max(x, 0) + log(1 + exp(-|x|)): nothing overflows, and small values keep their digits.
const softplus = (x: Expr): Expr => call("add", relu(x), call("log1p", call("exp", negated(call("abs", x)))));

// The constant comes first, so that the derivative at 0 is 0.
const relu = (x: Expr): Expr => call("max", zero, x);

const sinh = (x: Expr): Expr => call("mul", half, call("sub", call("expm1", x), call("expm1", negated(x))));

const cosh = (x: Expr): Expr => call("mul", half, call("add", call("exp", x), call("exp", negated(x))));

// Unlike a series, x over the other leg of the triangle keeps its digits near ±1; beyond, that leg is NaN.
const asin = (x: Expr): Expr =>
  call("atan", call("div", x, call("sqrt", call("mul", call("sub", one, x), call("add", one, x)))));

// Twice the angle at the circle's far side.
const acos = (x: Expr): Expr =>
  call("mul", two, call("atan", call("sqrt", call("div", call("sub", one, x), call("add", one, x)))));

// The quotient is at most 1 in size, so that derivatives are finite on the axes too. At the origin it is 0 / 1.
function atan2(y: Expr, x: Expr): Expr {
  const steep = call("gt", call("abs", y), call("abs", x));
  const above = call("select", steep, x, y);
  const below = call("select", steep, y, x);
  const angle = call("atan", call("div", above, call("select", call("eq", below, zero), one, below)));
  const left = call("add", angle, call("select", call("lt", x, zero), signed(Math.PI, y), zero));
  return call("select", steep, call("sub", signed(Math.PI / 2, y), angle), left);
}

const signed = (value: number, y: Expr): Expr => call("select", call("lt", y, zero), number(-value), number(value));

const normalCdf = (x: Expr): Expr => call("mul", half, call("erfc", call("mul", number(-Math.SQRT1_2), x)));

const normalDensity = (x: Expr): Expr =>
  call("mul", number(1 / Math.sqrt(2 * Math.PI)), call("exp", call("mul", number(-0.5), square(x))));

const clamp = (x: Expr, low: Expr, high: Expr): Expr => call("min", call("max", x, low), high);

function hypot(args: readonly Expr[]): Expr {
  return call(
    "sqrt",
    args.map(square).reduce((sum, term) => call("add", sum, term)),
  );
}

function unary(build: (x: Expr) => Expr): FormulaFunction {
  return { least: 1, most: 1, build: ([x = zero]) => build(x) };
}

function binary(build: (a: Expr, b: Expr) => Expr): FormulaFunction {
  return { least: 2, most: 2, build: ([a = zero, b = zero]) => build(a, b) };
}

function ternary(build: (a: Expr, b: Expr, c: Expr) => Expr): FormulaFunction {
  return { least: 3, most: 3, build: ([a = zero, b = zero, c = zero]) => build(a, b, c) };
}

function several(build: (args: readonly Expr[]) => Expr): FormulaFunction {
  return { least: 2, most: Number.POSITIVE_INFINITY, build };
}

const select = ternary((condition, holds, otherwise) => call("select", condition, holds, otherwise));

/** Operations of one argument, which formulas call by the same names. */
const UNARY = [...ELEMENTARY.filter((name) => name !== "pow"), "abs", "sign", "floor", "ceil"] as const;

/**
 * Functions by name. `select(condition, a, b)`, also `where`, is a where the condition holds and b where not; `sinTurns` and
 * `cosTurns` take whole turns; `atan2(y, x)` is the angle of the point (x, y), 0 at the origin, in (-pi, pi]; `lgamma`, `digamma`
 * and `trigamma` are NaN below 0; `round` takes halves to the even number; logarithms without a base are natural.
 */
export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ...UNARY.map((name) => [name, unary((x) => call(name, x))] as const),
  ["pow", binary(power)],
  ["min", several((args) => args.reduce((a, b) => call("min", a, b)))],
  ["max", several((args) => args.reduce((a, b) => call("max", a, b)))],
  ["select", select],
  ["where", select],
  ["round", unary(round)],
  ["trunc", unary(trunc)],
  ["sigmoid", unary(sigmoid)],
  ["softplus", unary(softplus)],
  ["relu", unary(relu)],
  ["asin", unary(asin)],
  ["acos", unary(acos)],
  ["atan2", binary(atan2)],
  ["tan", unary((x) => call("div", call("sin", x), call("cos", x)))],
  ["sinh", unary(sinh)],
  ["cosh", unary(cosh)],
  ["log2", unary((x) => call("div", call("log", x), number(Math.LN2)))],
  ["log10", unary((x) => call("div", call("log", x), number(Math.LN10)))],
  ["exp2", unary((x) => call("pow", two, x))],
  ["square", unary(square)],
  ["normalCdf", unary(normalCdf)],
  ["normalDensity", unary(normalDensity)],
  ["clamp", ternary(clamp)],
  ["hypot", several(hypot)],
]);

export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);

/** Words with a meaning of their own besides functions and constants. */
export const WORDS: readonly string[] = ["x", "and", "or", "not"];
