import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { call, type Expr, number, parameter } from "../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../expression/simplify.ts";
import { abs, log, log1p, square } from "./formulas.ts";
import { above0, logOfRatio } from "./refined.ts";

// Formulas of densities as distances from where they are largest, which keep f32's digits however large their terms would be; the
// f64 functions are in special/deviance.ts.

/** t - log(1 + t), where `logRatio` is log(1 + t): 1 + t may be too small for t to tell it from 0. */
export function devianceOf(t: Expr, logRatio: Expr): Expr {
  return select(call("lt", abs(t), number(0.5)), nearDeviance(t), sub(t, logRatio));
}

/** t - log(1 + t) for |t| <= 1/2. */
export function nearDeviance(t: Expr): Expr {
  // With s = t / (2 + t) it is s t - 2 s³ (1/3 + s²/5 + …); six terms are within 6e-8 for |t| <= 1/2.
  const s = div(t, add(number(2), t));
  const sum = polynomial(square(s), [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13]);
  return mul(s, sub(t, mul(square(s), sum)));
}

/** log(1 + t) - t + t²/2 - t³/3, which is -t⁴/4 near 0, for t > -1: by its series, which leaves 1e-6 of it, for |t| < 1/4. */
export function quarticRest(t: Expr): Expr {
  const coefficients = Array.from({ length: 9 }, (_, k) => (k % 2 === 0 ? -1 : 1) / (k + 4));
  const near = mul(square(square(t)), polynomial(t, coefficients));
  const cubic = mul(t, sub(number(1), mul(t, sub(number(1 / 2), mul(number(1 / 3), t)))));
  return select(call("lt", abs(t), number(0.25)), near, sub(log1p(t), cubic));
}

/**
 * What log Γ(x) has beyond (x - 1/2) log x - x + log(2π) / 2, for whole x >= 1: Stieltjes' continued fraction, within 1e-7 from 2 on.
 */
export function stirlingRemainderOf(x: Expr): Expr {
  const terms = [1 / 12, 1 / 30, 53 / 210, 195 / 371, 22999 / 22737];
  const fraction = terms.reduceRight<Expr>((rest, term) => div(number(term), add(x, rest)), number(0));
  return select(call("lt", x, number(1.5)), number(OF_ONE), fraction);
}

/** 1 - log(2π) / 2 */
const OF_ONE = 0.08106146679532726;

/** Σ coefficients[k] x^k */
export function polynomial(x: Expr, coefficients: readonly (number | Expr)[]): Expr {
  const terms = coefficients.map((term) => (typeof term === "number" ? number(term) : term));
  return terms.reduceRight((sum, term) => add(term, mul(x, sum)));
}

/** A condition that a uniform variate meets with probability exp(logProbability). */
export function happensWith(uniform: Expr, logProbability: Expr): Expr {
  return call("lt", log(uniform), logProbability);
}

/** The larger of a formula's value and a number. */
export function atLeast(x: Expr, least: number): Expr {
  return call("max", x, number(least));
}

/** x log(mean / x) + x - mean, the logarithm of how much less likely a count x >= 1 is than the mean, given mean - x. */
export function countDeviance(x: Expr, mean: Expr, meanMinusX: Expr): Expr {
  return neg(mul(x, devianceOf(div(meanMinusX, x), log(atLeast(div(mean, x), LEAST_NORMAL)))));
}

/** A centre as two parameters, because one f32 may be further from it than a sample of a narrow distribution is. */
export function split(name: string): Split {
  const [high, low] = [parameter(name), parameter(`${name}Rest`)];
  const difference = (x: Expr) => sub(sub(x, high), low);
  const distance = (x: Expr) => div(difference(x), high);
  return {
    centre: high,
    difference,
    distance,
    exactLogRatio: (x) => {
      const t = distance(x);
      return select(call("lt", abs(t), number(0.25)), log1p(t), sub(logOfRatio(x, high), div(low, high)));
    },
    logRatio: (x) => log(above0(div(x, high))),
    parameters(value) {
      const rest = value - Math.fround(value);
      return { [name]: Math.fround(value), [`${name}Rest`]: Math.abs(rest) < LEAST_NORMAL ? 0 : rest };
    },
  };
}

export interface Split {
  /** The centre, rounded to f32. */
  readonly centre: Expr;
  /** x - centre */
  readonly difference: (x: Expr) => Expr;
  /** x / centre - 1 */
  readonly distance: (x: Expr) => Expr;
  /** log(x / centre) far from the centre */
  readonly logRatio: (x: Expr) => Expr;
  /** log(x / centre) anywhere: near the centre it has the digits of the distance. */
  readonly exactLogRatio: (x: Expr) => Expr;
  readonly parameters: (value: number) => Record<string, number>;
}
