import { double } from "../../arithmetic/double.ts";
import { LEAST_NORMAL } from "../../arithmetic/range.ts";
import { call, type Expr, number, parameter } from "../../expression/expr.ts";
import { add, div, mul, select, sub } from "../../expression/simplify.ts";
import { ofNormals, renyiOfNormals } from "../bregman/location-scale.ts";
import { checkLocation, checkScale } from "../checks.ts";
import type { ScalarDistribution } from "../distribution.ts";
import { abs, exp, LOG_2PI, log, log1p, MEAN, minusHalfSquare, POSITIVE, STD, X } from "../formulas.ts";
import { logTerm } from "../growth.ts";
import { type Formulas, scalar } from "../make.ts";
import { plus, times } from "../moments.ts";
import { clampedToZero, isCoarse, LOG_LEAST, LOG_MOST, locationNamed, NEVER_MET, type Refined } from "../refined.ts";
import { split } from "../saddle-point.ts";
import { exactProduct, exactSum } from "../special/double-double.ts";
import { logLess } from "../special/logarithms.ts";
import { normalTails } from "../special/normal-tails.ts";
import { normal } from "./normal.ts";

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
const both = (a: Expr, b: Expr) => call("and", a, b);
const NEAR = (median: Expr) => call("lt", abs(median), number(0.25));
const logDensityOf = (distance: Expr) =>
  sub(sub(sub(minusHalfSquare(div(distance, STD)), LOG_X), log(STD)), number(LOG_2PI / 2));

// log x - mean, near the median with the digits of x - median. A large mean takes those of log x; x in units of a power of two near the
// median has a small logarithm.
const DISTANCE = CENTRE.distance(LOG_X);
const LOG_DENSITY = logDensityOf(select(NEAR(MEDIAN.distance(X)), log1p(MEDIAN.distance(X)), DISTANCE));
const LARGE_MEAN = 4;

const IN_UNITS = mul(parameter("inverseUnit"), X);
const SCALED_CENTRE = locationNamed("scaledMean");
/** A subnormal x is known by its logarithm alone. */
const IS_NORMAL = call("gt", X, number(LEAST_NORMAL));
const IS_CLOSE = [call("gt", IN_UNITS, number(2 ** -40)), call("lt", IN_UNITS, number(2 ** 40))].reduce(
  both,
  IS_NORMAL,
);
const FAR_DISTANCE = select(IS_CLOSE, SCALED_CENTRE.distance(log(IN_UNITS)), DISTANCE);
const LOG_DENSITY_LARGE = logDensityOf(
  select(both(IS_NORMAL, NEAR(MEDIAN.distance(IN_UNITS))), log1p(MEDIAN.distance(IN_UNITS)), FAR_DISTANCE),
);
/** Where f32 holds no number near the median. */
const LOG_DENSITY_BEYOND = logDensityOf(FAR_DISTANCE);
/** The largest exponent of a unit that f32 holds, as it does its inverse. */
const MOST_EXPONENT = 126;

function densityOf(mean: number): Pick<Formulas, "logDensity"> & { readonly own: Readonly<Record<string, number>> } {
  if (Math.abs(mean) <= LARGE_MEAN) return { logDensity: LOG_DENSITY, own: MEDIAN.parameters(Math.exp(mean)) };
  const exponent = Math.round(mean / Math.LN2);
  const nearest = Math.max(-MOST_EXPONENT, Math.min(exponent, MOST_EXPONENT));
  const scaledMean = mean - nearest * Math.LN2;
  const own = { inverseUnit: 2 ** -nearest, ...SCALED_CENTRE.parameters(scaledMean) };
  if (exponent !== nearest) return { logDensity: LOG_DENSITY_BEYOND, own };
  return { logDensity: LOG_DENSITY_LARGE, own: { ...own, ...MEDIAN.parameters(Math.exp(scaledMean)) } };
}

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
    known: (of) => ({
      moments: () => ({
        below(c) {
          const z = (mean - Math.log(c)) / std;
          return 0.5 * (c * double.erfc(z * Math.SQRT1_2) - of.mean * double.erfc((z + std) * Math.SQRT1_2));
        },
        logarithm: mean,
        logGap: std ** 2 / 2,
        logVariance: std * std,
        power: (k, s) => Math.exp(k * (mean - Math.log(s)) + (k * std) ** 2 / 2),
      }),
      meanLog(p) {
        const start = -Math.log(std) - LOG_2PI / 2;
        const square = times(-1 / (2 * std ** 2), p.logarithmSquare(mean));
        return plus(plus(start, times(-1, p.logarithm)), square);
      },
      growth(side) {
        const precision = 1 / std ** 2;
        return [{ kind: "logSquare", order: 2, by: -precision / 2 }, logTerm(side * (mean * precision - 1))];
      },
      logPlaced: () => ({ location: -mean, scale: std, at: normal }),
      kl: (q) => ofNormals(mean - q.logMean, std, q.logStd),
      renyi: (q, alpha) => renyiOfNormals(mean - q.logMean, std, q.logStd, alpha),
    }),
    model: () => {
      const { logDensity, own } = densityOf(mean);
      return {
        variates: ["normal"],
        event: EVENT,
        refined: refinedOf(mean, std),
        logDensity,
        parameters: { mean, ...CENTRE.parameters(mean), std, ...own },
      };
    },
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
