import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { call, type Expr, number, parameter } from "../expression/expr.ts";
import { add, div, mul, neg, sub } from "../expression/simplify.ts";
import { log } from "./formulas.ts";
import { atLeast, devianceOf, happensWith, stirlingRemainderOf } from "./saddle-point.ts";

/** A binomial count as a formula of two uniform variates, the condition on which they are accepted, and the parameters. */
export interface BinomialCount {
  readonly count: Expr;
  readonly accept: Expr;
  readonly parameters: Readonly<Record<string, number>>;
}

/** √(8/e) and 3 - √(12/e) */
const [SPREAD, BESIDE] = [Math.sqrt(8 / Math.E), 3 - Math.sqrt(12 / Math.E)];

/**
 * A binomial count whose number of trials is a formula itself, up to 2^24 of them, by the ratio of uniforms (E. Stadlober, The ratio of uniforms
 * approach for generating discrete random variates, 1990), with a narrower hat below a mean of 1, where his is for more. Of 100 pairs of variates
 * 38 or more are accepted.
 *
 * @param trials - within 0 and 2^24
 * @param chance - up to 1/2
 * @param usual - a number of trials near to which f32's roundings count least, such as the mean
 * @param prefix - what the parameters' names start with
 */
export function binomialCount(
  trials: Expr,
  chance: number,
  usual: number,
  [u, v]: readonly [u: Expr, v: Expr],
  prefix: string,
): BinomialCount {
  const at = Math.round(usual);
  const whole = Math.round(at * chance);
  const rest = at * chance - whole;
  const parameters = {
    [`${prefix}chance`]: chance < LEAST_NORMAL ? 0 : chance,
    [`${prefix}usual`]: at,
    [`${prefix}whole`]: whole,
    [`${prefix}rest`]: Math.abs(rest) < LEAST_NORMAL ? 0 : rest,
  };
  const of = (name: string) => parameter(prefix + name);
  // The mean is whole + above, which f32 rounds less than their sum.
  const above = add(of("rest"), mul(of("chance"), sub(trials, of("usual"))));
  const mean = atLeast(add(of("whole"), above), 0);
  const others = atLeast(sub(trials, mean), 0);
  const variance = mul(mean, sub(number(1), of("chance")));
  const place = add(mul(hatWidth(mean, variance), div(sub(v, number(0.5)), u)), add(above, number(0.5)));
  const drawn = add(call("floor", place), of("whole"));
  const inside = call("and", call("ge", drawn, number(0)), call("le", drawn, trials));
  const count = within(drawn, trials);
  const mode = within(add(call("floor", add(above, of("chance"))), of("whole")), trials);
  // log of the mass, but for what does not go with the count: of k + 1 and of the others' count + 1, so that none is 0.
  const logMass = (k: Expr) => {
    const missing = sub(add(sub(of("whole"), k), above), number(1));
    const other = sub(trials, k);
    return add(
      ofCount(add(k, number(1)), mean, missing),
      ofCount(add(other, number(1)), others, sub(neg(missing), number(2))),
    );
  };
  const ratio = sub(logMass(count), logMass(mode));
  const probable = happensWith(u, mul(number(0.5), ratio));
  const none = call("lt", trials, number(0.5));
  return { count, accept: call("or", none, call("and", inside, probable)), parameters };
}

/** What the ratio of uniforms is stretched by. */
export function hatWidth(mean: Expr, variance: Expr): Expr {
  const wide = add(mul(number(SPREAD), call("sqrt", add(variance, number(0.5)))), number(BESIDE));
  return call("min", add(number(1), mul(number(2), mean)), wide);
}

function within(k: Expr, trials: Expr): Expr {
  return call("min", atLeast(k, 0), trials);
}

/** log(mean^(y - 1) e^-mean / (y - 1)!) + log(2π mean) / 2, given mean - y, for whole y >= 1. */
function ofCount(y: Expr, mean: Expr, meanMinusY: Expr): Expr {
  const logRatio = log(atLeast(div(mean, y), LEAST_NORMAL));
  const apart = mul(y, devianceOf(div(meanMinusY, y), logRatio));
  return neg(add(add(apart, mul(number(0.5), logRatio)), stirlingRemainderOf(y)));
}
