import { LARGEST_BELOW_1, LEAST_NORMAL } from "../../arithmetic/range.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { expGap, logQuotient } from "../bregman/generators.ts";
import { renyiOfRates, scaleGap } from "../bregman/location-scale.ts";
import { digammaStep, logPower, overSteps } from "../bregman/log-share.ts";
import { checkScale } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { bothTails, exp, log, log1p, square, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { above0, below1, clampedAtLeast, clampedBelowOne, isCoarse, NEVER_MET } from "../refined.ts";
import { atLeast, polynomial } from "../saddle-point.ts";
import { betaTails } from "../special/incomplete-beta.ts";
import { ofHazard, type Tails } from "../special/tails.ts";

export interface Kumaraswamy extends ScalarDistribution {
  readonly name: "kumaraswamy";
  /** Of x, also called a: the density is of the order of x^(concentration1 - 1) near 0. */
  readonly concentration1: number;
  /** Of 1 - x, also called b. */
  readonly concentration0: number;
}

const SUPPORT: Support = { kind: "interval", low: 0, high: 1 };
const WHERE = "kumaraswamy";

/**
 * Kumaraswamy's distribution on [0, 1]: P(X > x) = (1 - x^concentration1)^concentration0, like a beta distribution but with quantiles in closed
 * form (M. Jones, Kumaraswamy's distribution: a beta-type distribution with some tractability advantages, 2009). Its samples are from 2^-126 to
 * 1 - 2^-24, where small concentrations have others nearer to 0 and 1.
 *
 * @throws InputError unless both concentrations are positive numbers that f32 can hold
 */
export function kumaraswamy(concentration1: number, concentration0: number): Kumaraswamy {
  checkScale(concentration1, "concentration1", WHERE);
  checkScale(concentration0, "concentration0", WHERE);
  const [a, b] = [concentration1, concentration0];
  // X^a has the beta distribution of concentrations 1 and b.
  const logMean = logPower(1 / a, b);
  const mean = Math.exp(logMean);
  // The logarithm of the mean square as a multiple of the mean's square
  const gap = overSteps((t) => Math.expm1(-t) ** 2, 1 / a, b);
  const std = gap < 40 ? mean * Math.sqrt(Math.expm1(gap)) : Math.exp(logMean + gap / 2);
  return scalar<Kumaraswamy>({
    own: {
      name: WHERE,
      concentration1,
      concentration0,
      mean,
      variance: std * std,
      standardDeviation: () => std,
      logProb(x) {
        if (x === 0) return atEnd(a, b);
        if (x === 1) return atEnd(b, a);
        const log = Math.log(x);
        return Math.log(a) + Math.log(b) + (a - 1) * log + (b - 1) * logRest(-a * log);
      },
      mode: () => modeOf(a, b),
      entropy: () => 1 - 1 / b + (1 - 1 / a) * digammaStep(1, b) - Math.log(a) - Math.log(b),
      tails: (x) => tailsAt(x, a, b),
      icdf(p) {
        const size = -Math.log1p(-p);
        const hazard = size / b;
        return Math.exp((hazard < 1e-290 ? Math.log(size) - Math.log(b) : logRest(hazard)) / a);
      },
    },
    support: SUPPORT,
    known: () => ({
      moments: () => ({
        // E[X; X <= c] is the mean times that of a beta variable.
        below: (c) => c * tailsAt(c, a, b).lower - mean * betaTails(1 + 1 / a, b, c ** a, rest(c, a)).lower,
        logarithm: -digammaStep(1, b) / a,
        logGap: overSteps((t) => expGap(-t), 1 / a, b),
        logVariance: overSteps((t) => t * t, 1, b) / a / a,
        power: (k, s) => (k > -a ? Math.exp(logPower(k / a, b) - k * Math.log(s)) : Number.POSITIVE_INFINITY),
        ...(a === 1 && { complementOver: (c: number) => -1 / b - Math.log1p(-c) }),
        ...(b === 1 && { complementOver: (c: number) => -digammaStep(1, a) - Math.log1p(-c) }),
      }),
      // E log(1 - X^a) has no closed form otherwise.
      meanLog(p) {
        const others = b === 1 ? 0 : a === 1 ? times(b - 1, p.complementOver?.(0)) : undefined;
        return plus(Math.log(a) + Math.log(b), plus(times(a - 1, p.logOver(1)), others));
      },
      growth: (side) => [logTerm(1 - (side === 1 ? b : a))],
      kl: (q) => klOf({ concentration1, concentration0 }, q),
      renyi(q, alpha) {
        // -log(1 - X^a) is exponential of rate b, and -log X of rate a where b is 1.
        if (a === q.concentration1) return renyiOfRates(logQuotient(q.concentration0, b), alpha);
        return b === 1 && q.concentration0 === 1 ? renyiOfRates(logQuotient(q.concentration1, a), alpha) : undefined;
      },
    }),
    model: () => modelOf(a, b, mean, std),
  });
}

/** The log-density at the end whose concentration comes first. */
function atEnd(own: number, other: number): number {
  if (own === 1) return Math.log(other);
  return own < 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** Where the density is largest: of two ends where it is infinite, or of all alike, the first. */
function modeOf(a: number, b: number): number {
  if (b < 1 && a >= 1) return 1;
  return a > 1 ? Math.exp(-Math.log1p((b - 1) * (a / (a - 1))) / a) : 0;
}

/** log(1 - exp(-w)) for w > 0 */
function logRest(w: number): number {
  return w < Math.LN2 ? Math.log(-Math.expm1(-w)) : Math.log1p(-Math.exp(-w));
}

/** 1 - x^a */
function rest(x: number, a: number): number {
  return -Math.expm1(a * Math.log(x));
}

/** From here on -log(1 - exp(-w)) is exp(-w). */
const DEEP = 40;

function tailsAt(x: number, a: number, b: number): Tails {
  const depth = -a * Math.log(x);
  const logHazard = Math.log(b) - depth;
  // x^a may be below f64's range where b times it is not.
  return ofHazard(depth > DEEP ? Math.exp(logHazard) : -b * logRest(depth), logHazard);
}

type Concentrations = Pick<Kumaraswamy, "concentration1" | "concentration0">;

/** By gaps, and a product of two differences; E log(1 - X^c) is known of X^c = X^a, and of b = 1, where X^a is uniform. */
function klOf({ concentration1: a, concentration0: b }: Concentrations, q: Concentrations): number | undefined {
  const { concentration1: c, concentration0: d } = q;
  if (a === c) return scaleGap(d, b);
  if (d === 1) return scaleGap(c, a) + scaleGap(1, b) + ((c - a) / a) * digammaStep(2, b - 1);
  if (b === 1) return scaleGap(c, a) + scaleGap(d, 1) + (d - 1) * digammaStep(2, (a - c) / c);
  return undefined;
}

// exp(-FEW) is 0 as an f32.
const FEW = 300;
const [A, B] = [parameter("concentration1"), parameter("concentration0")];
const [LOG_A, LOG_B] = [parameter("log1"), parameter("log0")];
const HALF = number(0.5);

// log(1 - exp(-w)) = log w - w / 2 + log(sinh(h) / h), h = w / 2, for small w, which may be below f32 where its logarithm is not.
const isNear = (w: Expr) => call("lt", w, number(Math.LN2));
const nearRest = (w: Expr): Expr => {
  const h2 = square(mul(HALF, w));
  return sub(mul(h2, polynomial(h2, [1 / 6, -1 / 180, 1 / 2835, -1 / 37800, 1 / 467775])), mul(HALF, w));
};
const farRest = (w: Expr) => log1p(neg(exp(neg(w))));
const logRestOf = (w: Expr, logW: Expr) => select(isNear(w), add(logW, nearRest(w)), farRest(w));

// SIZE = -log P(X > x), whose two halves are each of one sign of z, so that both ends are as fine as normal variates' tails. From it
// HAZARD = -log(1 - x^a) and DEPTH = -log(x^a); where that is below f32, its logarithm is -HAZARD.
const TAIL = mul(HALF, bothTails(X));
const SIZE = neg(select(call("lt", X, number(0)), log1p(neg(TAIL)), log(TAIL)));
const HAZARD = div(call("min", SIZE, parameter("most0")), B);
const DEPTH = neg(logRestOf(HAZARD, sub(log(SIZE), LOG_B)));
const IS_DEEP = call("gt", SIZE, parameter("deep0"));
const LOG_DEPTH = log(atLeast(DEPTH, LEAST_NORMAL));
// -log x
const FALL = select(IS_DEEP, exp(sub(neg(HAZARD), LOG_A)), div(call("min", DEPTH, parameter("most1")), A));
const EVENT = [call("min", atLeast(exp(neg(FALL)), LEAST_NORMAL), number(LARGEST_BELOW_1))];
// min(1, b) log(1 - x), which is within f32 also where b is not far from its least.
const UNIT = parameter("unit0");
const SHARE_OF_SIZE = mul(SIZE, parameter("shareOfSize"));
const LOG_FALL = sub(select(IS_DEEP, neg(SHARE_OF_SIZE), mul(UNIT, LOG_DEPTH)), mul(UNIT, LOG_A));
const LOG_OTHER = select(isNear(FALL), add(LOG_FALL, mul(UNIT, nearRest(FALL))), mul(UNIT, farRest(FALL)));

// log(-log x), next to 1 by log(1 - x), which is known where 1 - x is below f32: -log x = 2 atanh(z), z = (1 - x) / (1 + x).
const OTHER = below1(X);
const Z2 = square(div(OTHER, sub(number(2), OTHER)));
const LOG_LOG = select(
  call("gt", X, number(15 / 16)),
  add(sub(log(OTHER), log1p(mul(number(-0.5), OTHER))), log1p(mul(Z2, polynomial(Z2, [1 / 3, 1 / 5, 1 / 7, 1 / 9])))),
  log(atLeast(neg(log(above0(X))), LEAST_NORMAL)),
);
const OWN_DEPTH = mul(A, call("min", neg(log(above0(X))), parameter("mostFall")));
const LOG_DENSITY = add(
  add(parameter("logScale"), mul(parameter("power1"), log(above0(X)))),
  mul(parameter("power0"), logRestOf(OWN_DEPTH, add(LOG_A, LOG_LOG))),
);

function modelOf(a: number, b: number, mean: number, std: number): Formulas {
  const atMost = (value: number) => Math.min(value, 1e37);
  return {
    variates: ["normal"],
    event: EVENT,
    ...refinedOf(a, b, mean, std),
    logDensity: LOG_DENSITY,
    parameters: {
      concentration1: a,
      concentration0: b,
      log1: Math.log(a),
      log0: Math.log(b),
      power1: a - 1,
      power0: b - 1,
      logScale: Math.log(a) + Math.log(b),
      most1: atMost(FEW * a),
      most0: atMost(FEW * b),
      mostFall: atMost(FEW / a),
      deep0: atMost(16 * b),
      unit0: Math.min(1, b),
      shareOfSize: Math.min(1, 1 / b),
    },
  };
}

/** Logarithms of both shares, where samples would be nearer to 0 or 1 than f32 tells apart, and the distance from 1 where they are close to it. */
function refinedOf(a: number, b: number, mean: number, std: number): Pick<Formulas, "refined"> {
  const nearZero = tailsAt(LEAST_NORMAL, a, b).lower;
  const nearOne = tailsAt(LARGEST_BELOW_1, a, b).upper;
  const isNarrow = mean > 0.5 && isCoarse(mean, std);
  if (!(nearZero > NEVER_MET || nearOne > NEVER_MET || isNarrow)) return {};
  const shifted = { origin: 1, scale: 1 / a, unit: mul(A, call("expm1", neg(FALL))), spread: std };
  return {
    refined: [
      {
        log: { origin: 0, scale: -1 / a, unit: DEPTH },
        logOther: { origin: 0, scale: Math.max(1, 1 / b), unit: LOG_OTHER },
        clamped: [...clampedAtLeast(nearZero), ...clampedBelowOne(nearOne)],
        ...(isNarrow ? { shifted } : {}),
      },
    ],
  };
}
