import { digamma, lgamma1p, trigamma } from "../../arithmetic/double-gamma.ts";
import { LEAST_NORMAL_64 } from "../../arithmetic/range.ts";
import { call, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { gammaPower, ofGammas, renyiOfGammas } from "../bregman/gammas.ts";
import { logQuotient } from "../bregman/generators.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, exp, LOG_2PI, LOWEST, log, POSITIVE, SCALE, X } from "../formulas.ts";
import { gammaVariate } from "../gamma-variate.ts";
import { logTerm, powerTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { clampedToZero, isCoarse, LOG_LEAST, LOG_MOST, NEVER_MET } from "../refined.ts";
import { nearDeviance, split } from "../saddle-point.ts";
import { digammaRemainder, logPoissonMass, stirlingRemainder } from "../special/deviance.ts";
import { exactProduct } from "../special/double-double.ts";
import { gammaTails, logGammaQuantile } from "../special/incomplete-gamma.ts";
import { logRatio } from "../special/logarithms.ts";
import { swapped } from "../special/tails.ts";

export interface InverseGamma extends ScalarDistribution {
  readonly name: "inverseGamma";
  /** Also called the shape, α. */
  readonly concentration: number;
  /** Also called β: the rate of 1 / X. */
  readonly scale: number;
}

const WHERE = "inverseGamma";

/**
 * The distribution of 1 / G, G gamma of this concentration and of rate `scale`: the conjugate prior of a normal variance. Its mean is
 * infinite for concentration <= 1, its variance for concentration <= 2.
 *
 * @throws InputError unless concentration, scale and scale / concentration are positive numbers that f32 can hold
 */
export function inverseGamma(concentration: number, scale: number): InverseGamma {
  checkScale(concentration, "concentration", WHERE);
  checkScale(scale, "scale", WHERE);
  checkScale(scale / concentration, "scale / concentration", WHERE);
  const c = concentration;
  const tailsOf = (x: number) => swapped(gammaTails(c, scale / x, logRatio(scale, x)));
  const logPeak = (Math.log(c) - LOG_2PI) / 2 - stirlingRemainder(c);
  return scalar<InverseGamma>({
    own: {
      name: WHERE,
      concentration,
      scale,
      mean: c > 1 ? scale / (c - 1) : Number.POSITIVE_INFINITY,
      variance: c > 2 ? (scale / (c - 1)) ** 2 / (c - 2) : Number.POSITIVE_INFINITY,
      standardDeviation: () => (c > 2 ? scale / (c - 1) / Math.sqrt(c - 2) : Number.POSITIVE_INFINITY),
      logProb(x) {
        if (x === 0) return Number.NEGATIVE_INFINITY;
        const inverse = scale / x;
        if (inverse === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
        const mass = inverse < LEAST_NORMAL_64 ? c * logRatio(scale, x) - lgamma1p(c) : logPoissonMass(c, inverse);
        return mass + lostMass(c, scale, x) + Math.log(c) - Math.log(x);
      },
      mode: () => scale / (c + 1),
      // That of the gamma variable, less twice the mean of its logarithm.
      entropy: () =>
        (LOG_2PI - 3 * Math.log(c)) / 2 + stirlingRemainder(c) - (1 + c) * digammaRemainder(c) + Math.log(scale),
      tails: tailsOf,
      icdf(p) {
        const log = logGammaQuantile(c, 1 - p, p);
        return Math.abs(log) < 700 ? scale / Math.exp(log) : Math.exp(Math.log(scale) - log);
      },
    },
    support: POSITIVE,
    known: () => ({
      moments: () => ({
        ...(c > 1 && {
          // E[X; X <= b] is the mean times Q(c - 1, scale / b).
          below: (b: number) => b * tailsOf(b).lower - (scale / (c - 1)) * gammaTails(c - 1, scale / b).upper,
          logGap: digammaRemainder(c) - Math.log1p(-1 / c),
        }),
        logarithm: Math.log(scale) - digamma(c),
        logVariance: trigamma(c),
        power: (k, s) => gammaPower(c, -k, logQuotient(s, scale)),
      }),
      meanLog(p) {
        const centre = scale / c;
        const gap = plus(plus(-1, p.power?.(-1, centre)), p.logOver(centre));
        return plus(plus(logPeak, times(-1, p.logarithm)), times(-c, gap));
      },
      growth: (side) => (side === 1 ? [logTerm(-(c + 1))] : [powerTerm(1, -scale), logTerm(c + 1)]),
      kl: (q) => ofGammas({ concentration, rate: scale }, { concentration: q.concentration, rate: q.scale }),
      renyi: (q, alpha) =>
        renyiOfGammas({ concentration, rate: scale }, { concentration: q.concentration, rate: q.scale }, alpha),
    }),
    model: () => modelOf(concentration, scale, logPeak),
  });
}

/** What the logarithm of the mass loses to the rounding of scale / x near its centre: a narrow distribution's deviations are many of these. */
function lostMass(c: number, scale: number, x: number): number {
  const inverse = scale / x;
  if (!(Math.abs(inverse / c - 1) < 0.5)) return 0;
  const [product, rest] = exactProduct(inverse, x);
  return ((c - inverse) / inverse) * ((scale - product - rest) / x);
}

// With t = centre / x - 1, where centre = scale / concentration: -c (t - log(1 + t)) - log x, and what does not depend on x. Far from
// the centre c t is scale / x - c.
const CENTRE = split("centre");
const CONCENTRATION = parameter("concentration");
const DISTANCE = div(neg(CENTRE.difference(X)), X);
const NEAR = call("lt", abs(DISTANCE), number(0.5));
const FAR_DEVIANCE = add(sub(div(SCALE, X), CONCENTRATION), mul(CONCENTRATION, CENTRE.exactLogRatio(X)));
const DEVIANCE = select(NEAR, mul(CONCENTRATION, nearDeviance(DISTANCE)), FAR_DEVIANCE);
// A sample that is 0 as an f32 has no density that f32 holds.
const LOG_DENSITY = select(call("gt", X, number(0)), sub(sub(parameter("logPeak"), DEVIANCE), log(X)), number(LOWEST));

function modelOf(concentration: number, scale: number, logPeak: number): Formulas {
  const { variates, rejection, size, cube, logCube, boost, parameters } = gammaVariate(concentration, 0, "");
  const logScale = Math.log(scale) - Math.log(size);
  const logUnit = neg(boost ? add(logCube, boost) : logCube);
  const lost = gammaTails(concentration, scale * Math.exp(-LOG_LEAST), Math.log(scale) - LOG_LEAST).upper;
  const beyond = gammaTails(concentration, scale * Math.exp(-LOG_MOST), Math.log(scale) - LOG_MOST).lower;
  const isLost = lost > NEVER_MET || beyond > NEVER_MET;
  const log = { origin: logScale, scale: 1, unit: logUnit };
  // Near the middle 1 / v = (1 + t)^-3 is 1 + (v^-1 - 1), of which the rest has its own digits.
  const shifted = {
    origin: scale / size,
    scale: scale / size,
    unit: call("expm1", logUnit),
    spread: scale / size / Math.sqrt(size),
  };
  const refined = isLost
    ? [{ log, clamped: clampedToZero(lost) }]
    : !boost && isCoarse(scale / size, shifted.spread)
      ? [{ log, shifted }]
      : undefined;
  return {
    variates,
    rejections: [rejection],
    event: [boost ? exp(add(parameter("logSize"), logUnit)) : div(parameter("size"), cube)],
    ...(refined ? { refined } : {}),
    logDensity: LOG_DENSITY,
    parameters: {
      ...parameters,
      ...(boost ? { logSize: logScale } : { size: scale / size }),
      ...CENTRE.parameters(scale / concentration),
      concentration,
      scale,
      logPeak,
    },
  };
}
