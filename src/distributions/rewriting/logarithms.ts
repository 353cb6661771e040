import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { call, type Expr, number } from "../../expression/expr.ts";
import { guarded } from "../../expression/guards.ts";
import { add, isNumber, neg, select, sub } from "../../expression/simplify.ts";
import { FAR, type Shifted } from "../refined.ts";
import { added } from "./linear.ts";
import type { Rewriting, Rewritten } from "./rewriting.ts";
import { sumOf, times } from "./sum.ts";

// Logarithms of samples, and of products, quotients and powers of them, by what is known of log x rather than by the f32 number
// that stands for x.

const ONE = number(1);

/** log(of), where it is known in a better way than by the f32 number. */
export function logarithm(of: Expr, rewriting: Rewriting): Rewritten | undefined {
  const known = logOf(of, rewriting);
  if (known) return { sum: sumOf(known) };
  if (of.kind !== "call") return undefined;
  return logOfQuotient(guarded(of) ?? of, rewriting);
}

/** log1p(x), alike. */
export function logarithmOf1Plus(x: Expr, rewriting: Rewriting): Rewritten | undefined {
  const quotient = quotientOf1Plus(x);
  const known = quotient && logOf(quotient, rewriting);
  return known ? { sum: sumOf(known) } : logarithm(call("add", ONE, x), rewriting);
}

/** a / b, where x is (a - b) / b of coordinates, as densities write it for what is near 1. */
function quotientOf1Plus(x: Expr): Expr | undefined {
  if (x.kind !== "call" || x.operation !== "div") return undefined;
  const [difference, divisor] = x.args as [Expr, Expr];
  if (difference.kind !== "call" || difference.operation !== "sub") return undefined;
  const [a, b] = difference.args as [Expr, Expr];
  const over = guarded(divisor) ?? divisor;
  const isSame = b.kind === "variable" && over.kind === "variable" && over.index === b.index;
  return isSame && a.kind === "variable" ? call("div", a, b) : undefined;
}

/** Quotients are taken as they are while their scale is from here to its inverse. */
const NEAR_SCALE = 2 ** -40;
const MOST = 2 ** 127;

function logOfQuotient(of: Expr, rewriting: Rewriting): Rewritten | undefined {
  if (of.kind !== "call" || of.operation !== "div") return undefined;
  const { numbers } = rewriting;
  const [a, c] = of.args as [Expr, Expr];
  const scale = numbers.constant(c);
  if (scale === undefined || !(scale > 0)) return undefined;
  const robust = isFaithful(a, rewriting);
  if (!robust && scale >= NEAR_SCALE && scale <= 1 / NEAR_SCALE) return undefined;
  // The quotient may leave f32's range where neither x nor its logarithm does.
  const quotient = rewriting.rewrite(of);
  const inRange = call("and", call("ge", quotient, number(LEAST_NORMAL)), call("le", quotient, number(MOST)));
  // A point that is subnormal is known by its logarithm alone.
  const inside = robust ? call("and", inRange, call("gt", rewriting.rewrite(a), number(LEAST_NORMAL))) : inRange;
  const difference = sub(logOfPoint(a, rewriting), numbers.named(Math.log(scale)));
  return { value: select(inside, call("log", quotient), difference) };
}

function logOfPoint(of: Expr, rewriting: Rewriting): Expr {
  const inner = guarded(of);
  if (inner) return logOfPoint(inner, rewriting);
  const log = of.kind === "variable" ? rewriting.coordinate(of.index).log : undefined;
  return log ? rewriting.whole(sumOf(log)) : call("log", rewriting.rewrite(of));
}

function isFaithful(of: Expr, rewriting: Rewriting): boolean {
  if (of.kind === "variable") return rewriting.coordinate(of.index).faithful === true;
  return of.kind === "call" && of.args.some((arg) => isFaithful(arg, rewriting));
}

/** Whether what logarithms are known of is a sample's own and positive. */
export function isPositive(of: Expr, rewriting: Rewriting): boolean {
  if (of.kind === "call") return of.args.every((arg) => isPositive(arg, rewriting));
  if (of.kind !== "variable") return true;
  const { faithful, partial } = rewriting.coordinate(of.index);
  return !(faithful || partial);
}

/** log(of) by the logarithms that coordinates have, where it is made of those. */
export function logOf(of: Expr, rewriting: Rewriting): Shifted | undefined {
  if (of.kind === "variable") return rewriting.coordinate(of.index).log;
  if (of.kind !== "call") return undefined;
  const { numbers } = rewriting;
  const [a, b] = of.args as [Expr, Expr];
  switch (of.operation) {
    case "sub":
      if (!isNumber(a, 1)) return undefined;
      return b.kind === "variable" ? rewriting.coordinate(b.index).logOther : logOfSquareComplement(b, rewriting);
    case "add": {
      const x = isNumber(a, 1) ? b : isNumber(b, 1) ? a : undefined;
      if (x?.kind === "variable") return rewriting.coordinate(x.index).log1p;
      // 1 + -x
      return x && logOf(call("sub", ONE, negative(x)), rewriting);
    }
    case "div":
      return logOfMultiple(a, numbers.constant(b), -1, rewriting) ?? logOfBoth(a, b, -1, rewriting);
    case "mul":
      return (
        logOfMultiple(a, numbers.constant(b), 1, rewriting) ??
        logOfMultiple(b, numbers.constant(a), 1, rewriting) ??
        logOfBoth(a, b, 1, rewriting)
      );
    case "sqrt":
      return logOfPower(a, 0.5, rewriting);
    case "pow":
      return logOfPower(a, numbers.constant(b), rewriting);
    case "max": {
      const inner = guarded(of);
      return inner && logOf(inner, rewriting);
    }
    case "abs":
      return logOfSize(a, rewriting);
    default:
      return undefined;
  }
}

/** log(1 - x²), of what is written as x². */
function logOfSquareComplement(square: Expr, rewriting: Rewriting): Shifted | undefined {
  const root = rootOf(square);
  if (root?.kind !== "variable") return undefined;
  const { logOther, log1p } = rewriting.coordinate(root.index);
  if (!logOther || !log1p) return undefined;
  return added({ sum: sumOf(logOther) }, undefined, { sum: sumOf(log1p) }, undefined, 1, rewriting.numbers);
}

function rootOf(square: Expr): Expr | undefined {
  if (square.kind !== "call") return undefined;
  const [a, b] = square.args as [Expr, Expr];
  const isTwice = a.kind === "variable" && b?.kind === "variable" && a.index === b.index;
  return (square.operation === "mul" && isTwice) || (square.operation === "pow" && isNumber(b, 2)) ? a : undefined;
}

/** -x of what is written as -x; anything else stays, and then is no form that has a logarithm. */
function negative(x: Expr): Expr {
  if (x.kind !== "call") return x.kind === "variable" ? neg(x) : x;
  const [a, b] = x.args as [Expr, Expr];
  if (x.operation === "neg") return a;
  if (x.operation === "mul" && a.kind === "number" && a.value === -1) return b;
  return neg(x);
}

function logOfMultiple(of: Expr, scale: number | undefined, sign: 1 | -1, rewriting: Rewriting): Shifted | undefined {
  if (scale === undefined || !(scale > 0) || isFaithful(of, rewriting)) return undefined;
  const log = logOf(of, rewriting);
  return log && { ...log, origin: log.origin + sign * Math.log(scale) };
}

/** log(a b), or log(a / b), of two samples, or of a number and a sample. */
function logOfBoth(a: Expr, b: Expr, sign: 1 | -1, rewriting: Rewriting): Shifted | undefined {
  if (!isPositive(a, rewriting) || !isPositive(b, rewriting)) return undefined;
  const other = logOf(b, rewriting);
  if (!other) return undefined;
  const constant = rewriting.numbers.constant(a);
  if (constant !== undefined && constant > 0) {
    const log = times(sumOf(other), sign);
    return { ...log, origin: log.origin + Math.log(constant) };
  }
  const own = logOf(a, rewriting);
  return own && added({ sum: sumOf(own) }, undefined, { sum: sumOf(other) }, undefined, sign, rewriting.numbers);
}

function logOfPower(of: Expr, exponent: number | undefined, rewriting: Rewriting): Shifted | undefined {
  if (exponent === undefined || !isPositive(of, rewriting)) return undefined;
  const log = logOf(of, rewriting);
  return log && times(sumOf(log), exponent);
}

/** log |x|, where |x| may be too large for f32: next to such x any location is nothing. */
function logOfSize(of: Expr, rewriting: Rewriting): Shifted | undefined {
  const { sum } = rewriting.rewritten(of);
  if (!sum?.logSize || sum.scale === 0) return undefined;
  const { origin, scale, unit, logSize } = sum;
  const near = origin === 0 ? unit : add(unit, rewriting.numbers.named(origin / scale));
  const far = call("gt", logSize, number(FAR));
  return { origin: Math.log(Math.abs(scale)), scale: 1, unit: select(far, logSize, call("log", call("abs", near))) };
}
