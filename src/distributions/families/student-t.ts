import { digamma, logBeta } from "../../arithmetic/double-gamma.ts";
import { call, number, parameter, variable } from "../../expression/expr.ts";
import { add, div, mul, neg, sub } from "../../expression/simplify.ts";
import { lgammaGap } from "../bregman/generators.ts";
import { cauchyLogSquare, ofCauchys } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, EVERYWHERE, exp, LOCATION, log, SCALE, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { scalar } from "../make.ts";
import { type Moments, plus, times } from "../moments.ts";
import { heavyGrowth, located, locationNamed } from "../refined.ts";
import { digammaRemainder } from "../special/deviance.ts";
import { studentQuantile, studentTails } from "../special/student.ts";

export interface StudentT extends ScalarDistribution {
  readonly name: "studentT";
  readonly degrees: number;
  readonly location: number;
  readonly scale: number;
}

/** Keeps samples finite where degrees are few: at 0.5 degrees they end at e^87, which one in 10^19 would pass. */
const MOST_GROWTH = 87;
const DEGREES = parameter("degrees");
const HALF_NEXT = parameter("halfNext");
// R. Bailey's method (1994): a radius r with P(R > r) = (1 + r²/degrees)^(-degrees/2), which is sqrt(degrees) exp(e) sqrt(1 - exp(-2 e)) of
// e = -log(u) / degrees, times the cosine of an angle. No variate is rejected.
const GROWTH = call("min", div(neg(log(variable(0))), DEGREES), number(MOST_GROWTH));
const NEAR = call("sqrt", neg(call("expm1", mul(number(-2), GROWTH))));
const RADIUS = mul(call("sqrt", DEGREES), mul(exp(GROWTH), NEAR));
const COSINE = call("cosTurns", variable(1));
const UNIT = mul(RADIUS, COSINE);
const EVENT = add(LOCATION, mul(SCALE, UNIT));
/** log |unit|, however few the degrees are. */
const LOG_UNIT = add(
  add(mul(number(0.5), log(DEGREES)), div(neg(log(variable(0))), DEGREES)),
  log(abs(mul(NEAR, COSINE))),
);
const CENTRE = locationNamed("location");
const LOG_DENSITY = sub(parameter("logPeak"), mul(HALF_NEXT, heavyGrowth(CENTRE.distance(X), parameter("spread"))));

/** What stands for samples that f32 does not hold: about exp(87) of the scale. */
function beyondOf(degrees: number, location: number, scale: number) {
  if (degrees >= FEW_DEGREES) return undefined;
  const at = scale * Math.sqrt(degrees) * Math.exp(MOST_GROWTH);
  const clamped = [1, -1].map((sign) => ({
    at: location + sign * at,
    probability: Math.exp(-MOST_GROWTH * degrees) / 2,
    beyond: [1e2, 1e10, 1e50].map((factor) => location + sign * factor * at),
  }));
  return { logSize: LOG_UNIT, clamped };
}

/** From here on exp(87) is passed with a probability of less than 10^-12. */
const FEW_DEGREES = 0.4;

/** From here on it is the normal distribution, to the last bit of f32 and of f64. */
const MOST_DEGREES = 2 ** 64;

/**
 * Student's t distribution with `degrees` degrees of freedom, whole or not.
 *
 * Its mean is NaN for degrees <= 1; its variance is NaN for degrees <= 1 and infinite for degrees <= 2.
 *
 * @throws InputError unless degrees and scale are positive numbers and location is a number
 */
export function studentT(degrees: number, location = 0, scale = 1): StudentT {
  checkScale(degrees, "degrees", "studentT");
  checkLocation(location, "location", "studentT");
  checkScale(scale, "scale", "studentT");
  const half = degrees / 2;
  const logPeak = -logBeta(half, 0.5) - Math.log(degrees) / 2 - Math.log(scale);
  const used = Math.min(degrees, MOST_DEGREES);
  return scalar<StudentT>({
    own: {
      name: "studentT",
      degrees,
      location,
      scale,
      mean: degrees > 1 ? location : Number.NaN,
      variance: varianceOf(degrees, scale),
      logProb(x) {
        const distance = Math.abs(x - location) / scale / Math.sqrt(degrees);
        return logPeak - (half + 0.5) * grownAt(distance, Math.abs(x - location), scale, degrees);
      },
      // (degrees + 1) / 2 (digamma((degrees + 1) / 2) - digamma(degrees / 2)) - logPeak
      mode: () => location,
      entropy: () =>
        (half + 0.5) * (Math.log1p(1 / degrees) + digammaRemainder(half + 0.5) - digammaRemainder(half)) - logPeak,
      tails: (x) => studentTails(degrees, (x - location) / scale, Math.log(Math.abs(x - location)) - Math.log(scale)),
      icdf: (p) => location + studentQuantile(degrees, p, scale),
    },
    support: EVERYWHERE,
    known: (of) => ({
      moments: () => momentsOf(of),
      meanLog(p) {
        const square = p.logSquare?.(location, scale * Math.sqrt(degrees));
        return plus(of.logProb(location), times(-(degrees + 1) / 2, square));
      },
      growth: () => [logTerm(-(degrees + 1))],
      placed: () => ({ location, scale, at: (m, s) => studentT(degrees, m, s) }),
      kl: (q) => klOf(of, q),
    }),
    model: () => ({
      variates: ["uniform", "uniform"],
      ...located(EVENT, CENTRE, SCALE, UNIT, [location, scale], beyondOf(used, location, scale)),
      logDensity: LOG_DENSITY,
      parameters: {
        degrees: used,
        location,
        ...CENTRE.parameters(location),
        scale,
        spread: scale * Math.sqrt(used),
        halfNext: used / 2 + 0.5,
        logPeak,
      },
    }),
  });
}

/** log(1 + d²), of a distance d that may be infinite where its factors are not. */
function grownAt(d: number, offset: number, scale: number, degrees: number): number {
  if (d < 1) return Math.log1p(d * d);
  if (Number.isFinite(d)) return 2 * Math.log(Math.hypot(1, d));
  return 2 * (Math.log(offset) - Math.log(scale)) - Math.log(degrees);
}

function varianceOf(degrees: number, scale: number): number {
  if (degrees <= 1) return Number.NaN;
  return degrees <= 2 ? Number.POSITIVE_INFINITY : (scale * scale * degrees) / (degrees - 2);
}

function momentsOf({ degrees, location, scale, cdf, logProb }: StudentT): Moments {
  return {
    // The density's own antiderivative times z is -(ν + z²) / (ν - 1) times it.
    ...(degrees > 1 && {
      below(c: number) {
        const z = (c - location) / scale;
        const part = (scale * scale * (degrees + z * z)) / (degrees - 1);
        return (c - location) * cdf(c) + part * Math.exp(logProb(c));
      },
    }),
    exponential: () => Number.POSITIVE_INFINITY,
    // Of its own logarithm only: log(1 + T² / ν) is that of a ratio of gamma variables.
    logSquare(c, s) {
      if (degrees === 1) return cauchyLogSquare((location - c) / s, scale / s);
      const own = scale * Math.sqrt(degrees);
      if (c !== location || Math.abs(s - own) > 4 * Number.EPSILON * own) return undefined;
      return digamma((degrees + 1) / 2) - digamma(degrees / 2);
    },
  };
}

// Of one location, and of scales in the ratio of the roots of the degrees, else only E log q lacks a closed form: an exponential
// family, T² / (ν + T²) being a beta variable.
function klOf(p: StudentT, q: StudentT): number | undefined {
  if (p.degrees === 1 && q.degrees === 1) return ofCauchys(p, q);
  if (!isMatched(p.scale ** 2 * p.degrees, q.scale ** 2 * q.degrees) || p.location !== q.location) return undefined;
  const half = (q.degrees - p.degrees) / 2;
  const gap = (added: number) => lgammaGap((p.degrees + added) / 2, (q.degrees + added) / 2, half);
  return gap(0) - gap(1);
}

/** Whether two squares are equal but for the roundings of their factors. */
function isMatched(a: number, b: number): boolean {
  return Math.abs(a - b) <= 8 * Number.EPSILON * a;
}
