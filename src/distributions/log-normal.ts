import { double } from "../arithmetic/double.ts";
import { call, type Expr, number } from "../expression/expr.ts";
import { add, div, mul, select, sub } from "../expression/simplify.ts";
import { checkLocation, checkScale } from "./checks.ts";
import type { ScalarDistribution } from "./distribution.ts";
import { abs, exp, LOG_2PI, log, log1p, MEAN, minusHalfSquare, POSITIVE, STD, X } from "./formulas.ts";
import { scalar } from "./make.ts";
import { clampedToZero, isCoarse, LOG_LEAST, LOG_MOST, locationNamed, NEVER_MET, type Refined } from "./refined.ts";
import { split } from "./saddle-point.ts";
import { exactProduct, exactSum } from "./special/double-double.ts";
import { logLess } from "./special/logarithms.ts";
import { normalTails } from "./special/normal-tails.ts";

export interface LogNormal extends ScalarDistribution {
  readonly name: "logNormal";
  /** Mean and standard deviation of the logarithm. */
  readonly logMean: number;
  readonly logStd: number;
}

const LOG_X = log(X);
const CENTRE = locationNamed("mean");
const EVENT = [exp(add(MEAN, mul(STD, X)))];
const MEDIAN = split("median");
const FAR_DISTANCE = CENTRE.distance(LOG_X);
const NEAR = call("lt", abs(MEDIAN.distance(X)), number(0.25));
/** log x - mean, near the median with the digits of x - median. */
const DISTANCE = select(NEAR, log1p(MEDIAN.distance(X)), FAR_DISTANCE);
const logDensityOf = (distance: Expr) =>
  sub(sub(sub(minusHalfSquare(div(distance, STD)), LOG_X), log(STD)), number(LOG_2PI / 2));
const LOG_DENSITY = logDensityOf(DISTANCE);
/** Where f32 does not hold the median. */
const LOG_DENSITY_BEYOND = logDensityOf(FAR_DISTANCE);
const MOST_MEAN = 80;

/**
 * The distribution of exp(Z), Z normal.
 *
 * @param mean - of the logarithm
 * @param std - of the logarithm, positive
 * @throws InputError for parameters that are not such numbers
 */
export function logNormal(mean: number, std: number): LogNormal {
  checkLocation(mean, "mean", "logNormal");
  checkScale(std, "std", "logNormal");
  const square = std * std;
  // log(exp(std²) - 1)
  const logGrowth = square < 1 ? Math.log(Math.expm1(square)) : square + Math.log1p(-Math.exp(-square));
  return scalar<LogNormal>({
    own: {
      name: "logNormal",
      logMean: mean,
      logStd: std,
      mean: exponential(mean, std, 0.5, 0),
      variance: exponential(mean * 2, std, 1, logGrowth),
      standardDeviation: () => exponential(mean, std, 0.5, logGrowth / 2),
      logProb(x) {
        if (x === 0) return Number.NEGATIVE_INFINITY;
        return -0.5 * (logLess(x, mean) / std) ** 2 - Math.log(x) - Math.log(std) - LOG_2PI / 2;
      },
      mode: () => Math.exp(mean - std * std),
      entropy: () => mean + 0.5 + LOG_2PI / 2 + Math.log(std),
      tails: (x) => normalTails(logLess(x, mean) / std),
      icdf: (p) => Math.exp(mean + std * double.normalQuantile(p)),
    },
    support: POSITIVE,
    model: () => ({
      variates: ["normal"],
      event: EVENT,
      refined: refinedOf(mean, std),
      logDensity: Math.abs(mean) < MOST_MEAN ? LOG_DENSITY : LOG_DENSITY_BEYOND,
      parameters: {
        mean,
        ...CENTRE.parameters(mean),
        std,
        ...(Math.abs(mean) < MOST_MEAN ? MEDIAN.parameters(Math.exp(mean)) : {}),
      },
    }),
  });
}

/** The logarithm where samples would leave f32's range, and the distance from the median where they are close to it. */
function refinedOf(mean: number, std: number): readonly Refined[] | undefined {
  const log = { origin: mean, scale: std, unit: X };
  const beyond = (end: number) => 0.5 * double.erfc((end / std) * Math.SQRT1_2);
  const lost = beyond(mean - LOG_LEAST);
  if (lost > NEVER_MET || beyond(LOG_MOST - mean) > NEVER_MET) return [{ log, clamped: clampedToZero(lost) }];
  const median = Math.exp(mean);
  if (!isCoarse(median, median * std)) return undefined;
  return [{ log, shifted: { origin: median, scale: median * std, unit: div(call("expm1", mul(STD, X)), STD) } }];
}

/** exp(mean + std² factor + rest), whose terms may cancel. */
function exponential(mean: number, std: number, factor: number, rest: number): number {
  const [square, error] = exactProduct(std, std);
  const [sum, rounding] = exactSum(mean, square * factor);
  const [log, last] = exactSum(sum, rest);
  return Math.exp(log) * Math.exp(last + rounding + error * factor);
}
