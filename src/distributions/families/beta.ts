import { digamma, trigamma } from "../../arithmetic/double-gamma.ts";
import { LARGEST_BELOW_1, LEAST_NORMAL } from "../../arithmetic/range.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { lgammaStep, logQuotient } from "../bregman/generators.ts";
import { ofDirichlets, renyiOfDirichlets } from "../bregman/shares.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { exp, LOG_2PI, log, softplus, X } from "../formulas.ts";
import { gammaVariate } from "../gamma-variate.ts";
import { logTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { above0, below1, clampedAtLeast, clampedBelowOne, isCoarse, NEVER_MET, spacingAt } from "../refined.ts";
import { atLeast, devianceOf, split } from "../saddle-point.ts";
import { digammaRemainder, logBetaMass, stirlingRemainder } from "../special/deviance.ts";
import { betaQuantile, betaTails } from "../special/incomplete-beta.ts";

export interface Beta extends ScalarDistribution {
  readonly name: "beta";
  /** Of x: the density is of the order of x^(concentration1 - 1) near 0. */
  readonly concentration1: number;
  /** Of 1 - x. */
  readonly concentration0: number;
}

const SUPPORT: Support = { kind: "interval", low: 0, high: 1 };
const WHERE = "beta";

/**
 * The beta distribution, of mean concentration1 / (concentration1 + concentration0). Its samples are from 2^-126 to 1 - 2^-24, where
 * small concentrations have others nearer to 0 and 1.
 *
 * @throws InputError unless both concentrations and their shares of the sum are positive numbers that f32 can hold
 */
export function beta(concentration1: number, concentration0: number): Beta {
  checkScale(concentration1, "concentration1", WHERE);
  checkScale(concentration0, "concentration0", WHERE);
  const [a, b] = [concentration1, concentration0];
  const n = a + b;
  checkScale(a / n, "concentration1's share of the sum", WHERE);
  checkScale(b / n, "concentration0's share of the sum", WHERE);
  return scalar<Beta>({
    own: {
      name: WHERE,
      concentration1,
      concentration0,
      mean: a / n,
      variance: ((a / n) * (b / n)) / (n + 1),
      logProb(x) {
        if (x === 0) return atEnd(a, b);
        if (x === 1) return atEnd(b, a);
        return logBetaMass(a, b, x, 1 - x) - Math.log(x) - Math.log1p(-x);
      },
      mode: () => modeOf(a, b),
      entropy: () =>
        (Math.log(a / n) + Math.log(b / n) + LOG_2PI - Math.log(n)) / 2 +
        (stirlingRemainder(a) + stirlingRemainder(b) - stirlingRemainder(n)) -
        (a - 1) * (digammaRemainder(a) - digammaRemainder(n)) -
        (b - 1) * (digammaRemainder(b) - digammaRemainder(n)),
      tails: (x) => betaTails(a, b, x, 1 - x),
      icdf: (p) => betaQuantile(a, b, p).x,
    },
    support: SUPPORT,
    known: (of) => ({
      moments: () => ({
        below: (c) => c * betaTails(a, b, c, 1 - c).lower - (a / (a + b)) * betaTails(a + 1, b, c, 1 - c).lower,
        logarithm: digamma(a) - digamma(a + b),
        logGap: digammaRemainder(a + b) - digammaRemainder(a),
        logVariance: trigamma(a) - trigamma(a + b),
        power(k, s) {
          if (!(k > -a)) return Number.POSITIVE_INFINITY;
          const steps = lgammaStep(a, k) - lgammaStep(a + b, k);
          return Math.exp(steps + k * (logQuotient(a + k, a + b + k) - Math.log(s)));
        },
        complementOver: (c) => digamma(b) - digamma(a + b) - Math.log1p(-c),
      }),
      meanLog(p) {
        const start = plus(of.logProb(of.mean), times(a - 1, p.logOver(of.mean)));
        return plus(start, times(b - 1, p.complementOver?.(of.mean)));
      },
      growth: (side) => [logTerm(1 - (side === 1 ? b : a))],
      kl: (q) => ofDirichlets([a, b], [q.concentration1, q.concentration0]),
      renyi: (q, alpha) => renyiOfDirichlets([a, b], [q.concentration1, q.concentration0], alpha),
    }),
    model: () => modelOf(a, b),
  });
}

/** Where the density is largest: of two ends where it is infinite, or of all alike, the first. */
function modeOf(a: number, b: number): number {
  if (a > 1 && b > 1) return (a - 1) / (a - 1 + (b - 1));
  return b < 1 && a >= 1 ? 1 : a > 1 ? 1 : 0;
}

/** The log-density at the end whose concentration comes first. */
function atEnd(own: number, other: number): number {
  if (own === 1) return Math.log(other);
  return own < 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

const [SAMPLE, OTHER] = [above0(X), below1(X)];
const MEAN = split("mean");
const OTHER_MEAN = split("otherMean");
// (x - mean) is the same for both, but for its sign; from 1/2 on 1 - x is exact, below it is not.
const OTHER_DISTANCE = select(
  call("lt", X, number(0.5)),
  div(neg(MEAN.difference(X)), OTHER_MEAN.centre),
  OTHER_MEAN.distance(OTHER),
);
const DEVIANCES = add(
  mul(parameter("concentration1"), devianceOf(MEAN.distance(X), MEAN.logRatio(X))),
  mul(parameter("concentration0"), devianceOf(OTHER_DISTANCE, OTHER_MEAN.logRatio(OTHER))),
);
const LOG_DENSITY = sub(sub(parameter("logPeak"), DEVIANCES), add(log(SAMPLE), log(OTHER)));

// Of two gamma variates g1 and g0 it is g1 / (g1 + g0); where one may be tiny, 1 / (1 + g0 / g1) of their logarithms.
function modelOf(a: number, b: number): Formulas {
  const one = gammaVariate(a, 0, "one_");
  const other = gammaVariate(b, one.variates.length, "other_");
  const [logs, sizes] = [a < 1 || b < 1, one.size + other.size];
  // log(g0 / g1)
  const logOne = add(one.logCube, one.boost ?? number(0));
  const logOther = add(other.logCube, other.boost ?? number(0));
  const logRatio = add(parameter("logSizeRatio"), sub(logOther, logOne));
  function shareOfLogs() {
    return div(number(1), add(number(1), exp(call("min", logRatio, number(88)))));
  }
  function shareOfSizes() {
    const [left, right] = [mul(parameter("oneSize"), one.cube), mul(parameter("otherSize"), other.cube)];
    return div(left, add(left, right));
  }
  const share = logs ? shareOfLogs() : shareOfSizes();
  return {
    variates: [...one.variates, ...other.variates],
    rejections: [one.rejection, other.rejection],
    event: [call("min", atLeast(share, LEAST_NORMAL), number(LARGEST_BELOW_1))],
    ...refinedOf(a, b, logRatio),
    logDensity: LOG_DENSITY,
    parameters: {
      ...one.parameters,
      ...other.parameters,
      logSizeRatio: Math.log(other.size / one.size),
      ...(logs ? {} : { oneSize: one.size / sizes, otherSize: other.size / sizes }),
      ...MEAN.parameters(a / (a + b)),
      ...OTHER_MEAN.parameters(b / (a + b)),
      concentration1: a,
      concentration0: b,
      logPeak: logBetaMass(a, b, a / (a + b), b / (a + b)),
    },
  };
}

/** Logarithms of both shares, where samples would be nearer to 0 or 1 than f32 tells apart. */
function refinedOf(a: number, b: number, logRatio: Expr): Pick<Formulas, "refined"> {
  const nearZero = betaTails(a, b, LEAST_NORMAL, 1).lower;
  const nearOne = betaTails(a, b, 1, 2 ** -24).upper;
  const spread = Math.sqrt(((a / (a + b)) * (b / (a + b))) / (a + b + 1));
  const coarseness = isCoarse(a / (a + b), spread) ? spacingAt(a / (a + b)) / spread : 0;
  if (!(nearZero > NEVER_MET || nearOne > NEVER_MET)) return coarseness > 0 ? { refined: [{ coarseness }] } : {};
  const log = { origin: 0, scale: -1, unit: softplus(logRatio) };
  const logOther = { origin: 0, scale: -1, unit: softplus(neg(logRatio)) };
  const clamped = [...clampedAtLeast(nearZero), ...clampedBelowOne(nearOne)];
  return { refined: [{ log, logOther, clamped }] };
}
