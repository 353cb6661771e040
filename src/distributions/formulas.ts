import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { add, mul, neg, pow, sub } from "../expression/simplify.ts";
import type { Support } from "./distribution.ts";

// What the formulas of several families are made of.

/** The event's only coordinate in a log-density, or the only variate of an event. */
export const X = variable(0);
export const MEAN = parameter("mean");
export const STD = parameter("std");
export const SCALE = parameter("scale");
export const SHAPE = parameter("shape");
export const LOCATION = parameter("location");

export const LOG_2PI = Math.log(2 * Math.PI);

/** Stands for the logarithm of 0 where a formula's value or parameter must be finite: exp of it is 0. */
export const LOG_ZERO = -1e30;

/** Below all log-densities that f32 holds: stands for one where a point is in no support. */
export const LOWEST = -3e38;

export const EVERYWHERE: Support = Object.freeze({
  kind: "interval",
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
});
export const POSITIVE: Support = Object.freeze({ kind: "interval", low: 0, high: Number.POSITIVE_INFINITY });

export function exp(x: Expr): Expr {
  return call("exp", x);
}

export function log(x: Expr): Expr {
  return call("log", x);
}

export function log1p(x: Expr): Expr {
  return call("log1p", x);
}

/** log(1 + exp(x)) */
export function softplus(x: Expr): Expr {
  return add(call("max", number(0), x), log1p(exp(neg(abs(x)))));
}

/** log(exp(a) + exp(b)) */
export function logAddExp(a: Expr, b: Expr): Expr {
  return add(call("max", a, b), log1p(exp(neg(abs(sub(a, b))))));
}

export function abs(x: Expr): Expr {
  return call("abs", x);
}

/** -x² / 2, in range wherever the half is. */
export function minusHalfSquare(x: Expr): Expr {
  return mul(mul(number(-0.5), x), x);
}

export function square(x: Expr): Expr {
  return pow(x, number(2));
}

/**
 * P(|Z| > |z|) of a normal variate: uniform on (0, 1), and, unlike a uniform variate, as accurate where z is far out on either
 * side. Families with two tails are made of it and of z's sign.
 */
export function bothTails(z: Expr): Expr {
  return call("erfc", mul(number(Math.SQRT1_2), abs(z)));
}
