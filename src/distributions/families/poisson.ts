import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, mul, neg, select, sub } from "../../expression/simplify.ts";
import { expGap, logQuotient, ratioGap } from "../bregman/generators.ts";
import { checkScaleOrZero } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { LOG_2PI, log, X } from "../formulas.ts";
import { type Formulas, scalar } from "../make.ts";
import { NEVER, ranked } from "../ranked.ts";
import { atLeast, countDeviance, stirlingRemainderOf } from "../saddle-point.ts";
import { logPoissonMass } from "../special/deviance.ts";
import { gammaTails } from "../special/incomplete-gamma.ts";
import { entropyOf } from "../special/mass-entropy.ts";
import { leastWhole } from "../special/root.ts";
import { swapped } from "../special/tails.ts";
import { transformedRejection } from "../transformed-rejection.ts";

export interface Poisson extends ScalarDistribution {
  readonly name: "poisson";
  readonly rate: number;
}

/** Beyond this, samples would not be whole numbers that f32 holds. */
const MOST_RATE = 2 ** 23;

/**
 * The Poisson distribution of counts, of mean `rate`.
 *
 * @throws InputError unless rate is a positive number, or 0, of which all counts are 0; UnsupportedError, when it is sampled, for rates above 2^23
 */
export function poisson(rate: number): Poisson {
  checkScaleOrZero(rate, "rate", "poisson");
  const support: Support = { kind: "integers", low: 0, high: rate > 0 ? Number.POSITIVE_INFINITY : 0 };
  return scalar<Poisson>({
    own: {
      name: "poisson",
      rate,
      mean: rate,
      variance: rate,
      logProb: (k) => logPoissonMass(k, rate),
      mode: () => Math.max(Math.ceil(rate) - 1, 0),
      entropy: () => entropyOf((k) => logPoissonMass(k, rate), rate, rate, 0, Number.POSITIVE_INFINITY),
      tails: (k) => tails(rate, k),
      icdf: (p) => leastWhole((k) => tails(rate, k), p, 0, Number.POSITIVE_INFINITY, rate, Math.sqrt(rate)),
    },
    support,
    known: () => ({
      moments: () => ({}),
      fall: () => ({ limit: Number.NEGATIVE_INFINITY, isConvex: false }),
      kl: (q) => (rate === 0 ? q.rate : rate * rateGap(rate, q.rate)),
      // (α λp + (1 - α) λq - λp^α λq^(1 - α)) / (1 - α)
      renyi(q, alpha) {
        if (rate === 0) return q.rate;
        return rate * (rateGap(rate, q.rate) - expGap((1 - alpha) * logQuotient(q.rate, rate)) / (1 - alpha));
      },
      // log p / q is linear in the count: it is largest at 0, or has no bound.
      mostOver: (q) => (rate <= q.rate ? q.rate - rate : Number.POSITIVE_INFINITY),
    }),
    model: () => modelOf(rate),
  });
}

function tails(rate: number, k: number) {
  return swapped(gammaTails(k + 1, rate));
}

// -log k! + k log rate - rate, as -(log k) / 2 - remainder - k (log(k / rate) + rate / k - 1) - log(2 pi) / 2
const RATE = parameter("rate");
const WHOLE = parameter("rateWhole");

function logMassOf(k: Expr): Expr {
  const count = atLeast(k, 1);
  const apart = countDeviance(count, RATE, add(sub(WHOLE, count), parameter("rateRest")));
  const spread = add(add(mul(number(0.5), log(count)), stirlingRemainderOf(count)), number(LOG_2PI / 2));
  return select(call("lt", k, number(0.5)), neg(RATE), sub(apart, spread));
}

const LOG_DENSITY = logMassOf(X);

function modelOf(rate: number): Formulas {
  if (rate > MOST_RATE) {
    throw new UnsupportedError(
      "limits",
      `poisson: engines draw and weigh it in 32-bit floats, which hold its whole numbers for rates up to 2^23, got ${rate}; the logProb, cdf and moments of numbers have no such limit, and normal(rate, sqrt(rate)), rounded, is close to it`,
    );
  }
  const whole = Math.round(rate);
  const rest = rate - whole;
  const shared = { logDensity: LOG_DENSITY, jumps: true };
  const own = { rate, rateWhole: whole, rateRest: Math.abs(rest) < LEAST_NORMAL ? 0 : rest };
  if (rate < 10) {
    const { event, parameters } = ranked(massesOf(rate));
    return { ...shared, variates: ["uniform"], event: [event], parameters: { ...own, ...parameters } };
  }
  // PTRS of W. Hörmann, The transformed rejection method for generating Poisson random variables (1993)
  const width = 0.931 + 2.53 * Math.sqrt(rate);
  const hat = {
    steepness: -0.059 + 0.02483 * width,
    width,
    centre: rate + 0.43,
    logHeight: Math.log(1.1239 + 1.1328 / (width - 3.4)),
  };
  const { event, rejection, parameters } = transformedRejection(hat, logMassOf, number(0), number(2 ** 24));
  return {
    ...shared,
    variates: ["uniform", "uniform"],
    rejections: [rejection],
    event: [event],
    parameters: { ...own, ...parameters },
  };
}

/** Of 0, 1, … until what is left is never drawn. */
function massesOf(rate: number): readonly number[] {
  const masses: number[] = [];
  for (let k = 0; k === 0 || gammaTails(k, rate).lower > NEVER; k++) masses.push(Math.exp(logPoissonMass(k, rate)));
  return masses;
}

function rateGap(p: number, q: number): number {
  return ratioGap((q - p) / p, logQuotient(q, p));
}
