import type { Distribution, Model } from "../../distributions/distribution.ts";
import { exp, LOG_ZERO } from "../../distributions/formulas.ts";
import { allOf, withinBounds } from "../../distributions/inside.ts";
import { prefixedFormula, prefixedParameters } from "../../distributions/parts.ts";
import { call, type Expr, number, parameter, variable } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";

/** log(q / p) at an event, and the parameters that it names. */
export interface Ratio {
  readonly log: Expr;
  readonly parameters: Readonly<Record<string, number>>;
}

/** log(q / p) where p has density, which q covers. */
export function logRatio(p: Distribution, q: Distribution): Ratio {
  return ratioOf([p, q], densityOf);
}

/** log(q / p) anywhere: very large or small where one of them has no density, or one below f32's range. */
export function logRatioAnywhere(p: Distribution, q: Distribution): Ratio {
  const { log, parameters } = ratioOf([p, q], maskedDensity);
  return { log: call("max", call("min", log, number(-LOG_ZERO)), number(LOG_ZERO)), parameters };
}

interface Density {
  readonly log: Expr;
  readonly parameters: Readonly<Record<string, number>>;
}

function ratioOf(
  [p, q]: readonly [Distribution, Distribution],
  density: (model: Model, prefix: string) => Density,
): Ratio {
  const [own, other] = [density(p.model, "p."), density(q.model, "q.")];
  return { log: sub(other.log, own.log), parameters: { ...own.parameters, ...other.parameters } };
}

function densityOf(model: Model, prefix: string): Density {
  return { log: prefixedFormula(model.logDensity, prefix, variable), parameters: prefixedParameters(model, prefix) };
}

/** The log-density, and LOG_ZERO outside the support. */
function maskedDensity(model: Model, prefix: string): Density {
  const { log, parameters } = densityOf(model, prefix);
  const bounds: Record<string, number> = {};
  const conditions = withinBounds(model.support, (end, bound, k) => {
    if (!Number.isFinite(bound)) return undefined;
    bounds[`${prefix}${end}_${k}`] = bound;
    return parameter(`${prefix}${end}_${k}`);
  });
  const inside = allOf(conditions);
  return { log: inside ? select(inside, log, number(LOG_ZERO)) : log, parameters: { ...parameters, ...bounds } };
}

const HALF = number(0.5);
const ONE = number(1);

/** -log r */
export function k1(t: Expr): Expr {
  return neg(t);
}

/** ½ log² r */
export function k2(t: Expr): Expr {
  return mul(HALF, mul(t, t));
}

/** r - 1 - log r, whose terms cancel for r near 1: there by its series in log r. */
export function k3(t: Expr): Expr {
  return select(call("lt", call("abs", t), HALF), mul(mul(t, t), expSeries(t)), sub(call("expm1", t), t));
}

/** (exp(t) - 1 - t) / t² for |t| < 1/2: Σ t^k / (k + 2)! */
function expSeries(t: Expr): Expr {
  let [sum, factorial]: [Expr | undefined, number] = [undefined, 1];
  const coefficients = Array.from({ length: 8 }, (_, k) => {
    factorial *= k + 2;
    return number(1 / factorial);
  });
  for (const coefficient of coefficients.reverse()) sum = sum ? add(coefficient, mul(sum, t)) : coefficient;
  return sum as Expr;
}

// As pointwise.ts, of expressions.

/** ½ ((1 + s) log(1 + s) + (1 - s) log(1 - s)), s = tanh(|t| / 2) */
export function jensenShannonOf(t: Expr): Expr {
  const size = call("abs", t);
  const e = exp(neg(size));
  const log = call("log1p", e);
  const s = div(neg(call("expm1", neg(size))), add(ONE, e));
  const square = mul(s, s);
  let series: Expr = number(0);
  // Σ s^(2k) / (2k (2k - 1)) up to s = 0.3
  for (let k = 7; k >= 1; k--) series = mul(add(series, number(1 / (2 * k * (2 * k - 1)))), square);
  const far = sub(number(Math.LN2), log);
  const near = mul(div(mul(number(2), e), add(ONE, e)), sub(far, size));
  const whole = mul(HALF, add(mul(add(ONE, s), far), near));
  return select(call("lt", s, number(0.3)), series, whole);
}

/** tanh(|t| / 2) */
export function totalVariationOf(t: Expr): Expr {
  const size = call("abs", t);
  return div(neg(call("expm1", neg(size))), add(ONE, exp(neg(size))));
}

/** (1 - √w)² / (1 + w), w = exp(-|t|) */
export function squaredHellingerOf(t: Expr): Expr {
  const half = mul(HALF, call("abs", t));
  const lost = call("expm1", neg(half));
  const root = exp(neg(half));
  return div(mul(lost, lost), add(ONE, mul(root, root)));
}

/** (p^α q^(1 - α) - α p - (1 - α) q) / m */
export function renyiOf(t: Expr, alpha: Expr): Expr {
  const log = call("log1p", exp(neg(call("abs", t))));
  const zero = number(0);
  const [above, below] = [call("max", t, zero), call("min", t, zero)];
  const [logP, logQ] = [sub(neg(above), log), sub(below, log)];
  const rest = sub(ONE, alpha);
  const both = exp(add(mul(alpha, logP), mul(rest, logQ)));
  return mul(number(2), sub(sub(both, mul(alpha, exp(logP))), mul(rest, exp(logQ))));
}
