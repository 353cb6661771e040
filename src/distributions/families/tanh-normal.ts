import { double } from "../../arithmetic/double.ts";
import { LARGEST_BELOW_1 } from "../../arithmetic/range.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, neg, select, sub } from "../../expression/simplify.ts";
import { ofNormals, renyiOfNormals } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution, Support } from "../distribution.ts";
import { abs, exp, LOG_2PI, log, log1p, logAddExp, MEAN, minusHalfSquare, STD, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { clampedAboveMinusOne, clampedBelowOne, isCoarse, locationNamed, type Refined } from "../refined.ts";
import { normalTails } from "../special/normal-tails.ts";
import { atanhLess, logSlopeAt, squashedNormal } from "../special/squashed-normal.ts";
import { normal } from "./normal.ts";

export interface TanhNormal extends ScalarDistribution {
  readonly name: "tanhNormal";
  /** Mean and standard deviation of the area tangent, atanh X. */
  readonly atanhMean: number;
  readonly atanhStd: number;
}

const SUPPORT: Support = { kind: "interval", low: -1, high: 1 };
const WHERE = "tanhNormal";

/**
 * The distribution of tanh(Z), Z normal: what soft actor-critic draws actions from (T. Haarnoja et al., 2018, appendix C). Its samples are from
 * -1 + 2^-24 to 1 - 2^-24, where it has others nearer to -1 and 1.
 *
 * @param mean - of Z
 * @param std - of Z, positive
 * @throws InputError for parameters that are not such numbers; UnsupportedError, when it is sampled or weighed by an engine, where |mean| + std is
 * above 65536
 */
export function tanhNormal(mean: number, std: number): TanhNormal {
  checkLocation(mean, "mean", WHERE);
  checkScale(std, "std", WHERE);
  const squashed = squashedNormal(mean, std);
  return scalar<TanhNormal>({
    own: {
      name: WHERE,
      atanhMean: mean,
      atanhStd: std,
      mean: squashed.mean,
      variance: squashed.variance,
      standardDeviation: () => squashed.standardDeviation,
      logProb(x) {
        if (Math.abs(x) === 1) return Number.NEGATIVE_INFINITY;
        const distance = atanhLess(x, mean) / std;
        return -0.5 * distance ** 2 - Math.log1p(x) - Math.log1p(-x) - Math.log(std) - LOG_2PI / 2;
      },
      mode: () => Math.tanh(modeOf(mean, std)),
      entropy: squashed.entropy,
      tails: (x) => normalTails(atanhLess(x, mean) / std),
      icdf: (p) => Math.tanh(mean + std * double.normalQuantile(p)),
    },
    support: SUPPORT,
    known: () => ({
      moments: () => ({}),
      // With y = 1 / (1 - |x|) it is atanh |x| = log(2 y) / 2 and less.
      growth(side) {
        const precision = 1 / std ** 2;
        return [
          { kind: "logSquare", order: 2, by: -precision / 8 },
          logTerm(1 + (precision / 2) * (side * mean - Math.LN2 / 2)),
        ];
      },
      atanhPlaced: () => ({ location: mean, scale: std, at: normal }),
      kl: (q) => ofNormals(mean - q.atanhMean, std, q.atanhStd),
      renyi: (q, alpha) => renyiOfNormals(mean - q.atanhMean, std, q.atanhStd, alpha),
    }),
    model: () => modelOf(mean, std),
  });
}

/** Most of Newton's steps, which come nearer from one side. */
const MOST_STEPS = 200;

/**
 * Z where X is most dense, (z - mean) / std² = 2 tanh z. Of its roots the one on the mean's side of 0 is the highest, and the only one there; of a
 * mean of 0 both are, where there are two.
 */
function modeOf(mean: number, std: number): number {
  const twice = 2 * std * std;
  if (mean === 0 && twice <= 1) return 0;
  const size = Math.abs(mean);
  let z = size + twice;
  for (let step = 0; step < MOST_STEPS; step++) {
    const tangent = Math.tanh(z);
    const next = z - (z - size - twice * tangent) / (1 - twice * (1 - tangent * tangent));
    if (!(next < z)) break;
    z = next;
  }
  return mean > 0 ? z : -z;
}

const CENTRE = locationNamed("centre");
const [SLOPE, BELOW_1, ABOVE_MINUS_1] = [parameter("slope"), parameter("belowOne"), parameter("aboveMinusOne")];
const [LOG_BELOW_1, LOG_ABOVE_MINUS_1] = [parameter("logBelowOne"), parameter("logAboveMinusOne")];
const HALF = number(0.5);
const ONE = number(1);
// With c = tanh(mean), Q = 1 - c² and r = (x - c) / Q the quotients (1 + x) / (1 + c) = 1 + (1 - c) r and (1 - x) / (1 - c) = 1 - (1 + c) r, whose logarithms
// are of unlike signs: atanh x - mean is half their difference, and log((1 - x²) / Q) their sum.
const logDensityOf = (distance: Expr, above: Expr, below: Expr) =>
  sub(sub(minusHalfSquare(distance), add(above, below)), parameter("logScale"));
const distanceOf = (above: Expr, below: Expr) => div(mul(HALF, sub(above, below)), STD);
const [LOG_ABOVE, LOG_BELOW] = [log(div(add(ONE, X), ABOVE_MINUS_1)), log(div(sub(ONE, X), BELOW_1))];
const LOG_DENSITY = logDensityOf(distanceOf(LOG_ABOVE, LOG_BELOW), LOG_ABOVE, LOG_BELOW);

// Near c they have the digits of x - c, which is the distance itself where tanh does not bend.
const STEP = div(CENTRE.distance(X), SLOPE);
const byStep = (step: Expr, quotient: Expr) => select(call("lt", abs(step), HALF), log1p(step), quotient);
const NEAR_ABOVE = byStep(mul(BELOW_1, STEP), LOG_ABOVE);
const NEAR_BELOW = byStep(neg(mul(ABOVE_MINUS_1, STEP)), LOG_BELOW);
const IS_STRAIGHT = call("lt", abs(STEP), number(2 ** -24));
const NEAR_DISTANCE = select(IS_STRAIGHT, div(STEP, STD), distanceOf(NEAR_ABOVE, NEAR_BELOW));
const LOG_DENSITY_NEAR = logDensityOf(NEAR_DISTANCE, NEAR_ABOVE, NEAR_BELOW);
/** Of means up to here f32 has numbers next to c. */
const MOST_NEAR = 9;

// Farther out it has no 1 - c, or 1 + c, either.
const [FAR_ABOVE, FAR_BELOW] = [sub(log1p(X), LOG_ABOVE_MINUS_1), sub(log1p(neg(X)), LOG_BELOW_1)];
const LOG_DENSITY_FAR = logDensityOf(distanceOf(FAR_ABOVE, FAR_BELOW), FAR_ABOVE, FAR_BELOW);
const LEAST_SLOPE = 2 ** -100;

// d = std N, and e = exp(-2 |d|): the two quotients are e^d / W and e^-d / W with W = cosh d + c sinh d, and log W = |d| + log(own + other e), own and other
// the shares (1 ± c) / 2, which change places with d's sign.
const SHIFT = mul(STD, X);
const FALL = mul(number(-2), abs(SHIFT));
const IS_BELOW = call("lt", X, number(0));
const LOG_2 = number(Math.LN2);
const other = select(IS_BELOW, ABOVE_MINUS_1, BELOW_1);
const [logOwn, logOthers] = [
  select(IS_BELOW, LOG_BELOW_1, LOG_ABOVE_MINUS_1),
  select(IS_BELOW, LOG_ABOVE_MINUS_1, LOG_BELOW_1),
];
const LOG_WIDTH = select(
  call("lt", abs(SHIFT), number(0.25)),
  log1p(mul(HALF, mul(other, call("expm1", FALL)))),
  sub(logAddExp(logOwn, add(logOthers, FALL)), LOG_2),
);
const DOUBLE_SHIFT = mul(number(2), SHIFT);
const LOG_ABOVE_UNIT = sub(call("min", DOUBLE_SHIFT, number(0)), LOG_WIDTH);
const LOG_BELOW_UNIT = sub(neg(call("max", DOUBLE_SHIFT, number(0))), LOG_WIDTH);
// (x - c) / (Q std) = sinh d / (W std)
const own = select(IS_BELOW, BELOW_1, ABOVE_MINUS_1);
const SIZE = div(neg(call("expm1", FALL)), mul(STD, add(own, mul(other, exp(FALL)))));
const UNIT = select(IS_BELOW, neg(SIZE), SIZE);
/** Of a smaller deviation tanh does not bend. */
const NARROW = 2 ** -30;

/** Up to here logarithms of 1 ± x keep their digits as f32. */
const MOST_SIZE = 2 ** 16;

function modelOf(mean: number, std: number): Formulas {
  if (Math.abs(mean) + std > MOST_SIZE) {
    throw new UnsupportedError(
      "limits",
      `${WHERE}: engines draw and weigh it in 32-bit floats, which keep the digits of log(1 + x) and log(1 - x) for |mean| + std up to 65536, got mean ${mean} and std ${std}; the logProb, cdf and moments of numbers have no such limit, and the sign of normal(mean, std) is all that f32 has of it`,
    );
  }
  const centre = Math.tanh(mean);
  const [belowOne, aboveMinusOne] = [shareOf(-mean), shareOf(mean)];
  const slope = belowOne * aboveMinusOne;
  return {
    variates: ["normal"],
    ...drawnOf(mean, std, { centre, belowOne, aboveMinusOne }),
    logDensity: Math.abs(mean) < MOST_NEAR ? LOG_DENSITY_NEAR : slope < LEAST_SLOPE ? LOG_DENSITY_FAR : LOG_DENSITY,
    parameters: {
      mean,
      std,
      ...CENTRE.parameters(centre),
      slope,
      spread: slope * std,
      belowOne,
      aboveMinusOne,
      logBelowOne: logShareOf(-mean),
      logAboveMinusOne: logShareOf(mean),
      logScale: logSlopeAt(mean) + Math.log(std) + LOG_2PI / 2,
    },
  };
}

/** 1 + tanh z, and its logarithm. */
function shareOf(z: number): number {
  return 2 / (1 + Math.exp(-2 * z));
}

function logShareOf(z: number): number {
  return z > -300 ? Math.log(shareOf(z)) : Math.LN2 + 2 * z;
}

interface Places {
  readonly centre: number;
  readonly belowOne: number;
  readonly aboveMinusOne: number;
}

/** The logarithms of 1 ± x where samples would be nearer to ±1 than f32 tells apart, and the distance from tanh(mean) where they are close to it. */
function drawnOf(
  mean: number,
  std: number,
  { centre, belowOne, aboveMinusOne }: Places,
): Pick<Formulas, "event" | "refined"> {
  const spread = belowOne * aboveMinusOne * std;
  const [isNarrow, coarse] = [std < NARROW, isCoarse(centre, spread)];
  const unit = isNarrow ? X : UNIT;
  const isNear = coarse && Math.abs(mean) < MOST_NEAR;
  const event = isNear ? CENTRE.plus(mul(parameter("spread"), unit)) : call("tanh", add(MEAN, SHIFT));
  const lost = clampedAboveMinusOne(normalTails((-END - mean) / std).lower);
  const clamped = [...lost, ...clampedBelowOne(normalTails((END - mean) / std).upper)];
  const within = call("min", call("max", event, number(-LARGEST_BELOW_1)), number(LARGEST_BELOW_1));
  if (!coarse && clamped.length === 0) return { event: [within] };
  const spreadOf = (share: number) => (std < 1 ? share * std : std);
  const logOf = (end: number, share: number, unit: Expr) =>
    isNarrow
      ? { origin: logShareOf(end * mean), scale: end * share * std, unit: X }
      : { origin: logShareOf(end * mean), scale: 1, unit, spread: spreadOf(share) };
  const refined: Refined = {
    ...(coarse && belowOne * aboveMinusOne >= LEAST_SLOPE ? { shifted: { origin: centre, scale: spread, unit } } : {}),
    log1p: logOf(1, belowOne, LOG_ABOVE_UNIT),
    logOther: logOf(-1, aboveMinusOne, LOG_BELOW_UNIT),
    ...(clamped.length > 0 ? { clamped } : {}),
  };
  return { event: [within], refined: [refined] };
}

const END = Math.atanh(LARGEST_BELOW_1);
