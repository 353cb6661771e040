import { lgamma1p } from "../arithmetic/double-gamma.ts";
import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { add, mul, select, sub } from "../expression/simplify.ts";
import { exp, LOG_2PI, LOG_ZERO, log } from "./formulas.ts";
import { type GammaVariate, gammaVariate } from "./gamma-variate.ts";
import type { Formulas } from "./make.ts";
import { atLeast, devianceOf, happensWith } from "./saddle-point.ts";
import { logPoissonMass, stirlingRemainder } from "./special/deviance.ts";
import { gammaTails } from "./special/incomplete-gamma.ts";

/** A distribution of whole numbers from 0 that is skewed to the right, and no more than a gamma distribution of the same moments has tails. */
export interface Counts {
  readonly mean: number;
  readonly std: number;
  readonly skewness: number;
  /** Of 0 and more. */
  readonly logMass: (k: number) => number;
  /** The same as a formula, asked only for 1 and more. */
  readonly logMassOf: (k: Expr) => Expr;
}

/** A gamma distribution of which a shift is subtracted. */
interface Shifted {
  readonly concentration: number;
  readonly rate: number;
  readonly shift: number;
}

/**
 * Whole numbers by rejection from a gamma variate x of their mean, variance and skewness but for the rounding: k = floor(x - shift), of 0 or more, accepted
 * with its probability over the density at x and over a height. The x that give 0 are accepted alike, since near 0 the density may be infinite.
 */
export function roundedGamma(counts: Counts): Pick<Formulas, "variates" | "rejections" | "event" | "parameters"> {
  const { mean, std, skewness, logMassOf } = counts;
  const [concentration, rate] = [4 / skewness ** 2, 2 / (skewness * std)];
  const gamma = { concentration, rate, shift: concentration / rate - mean - 0.5 };
  const variate = gammaVariate(concentration, 0, "gamma_");
  const { whole, logOver, parameters, logUnit } = placed(variate, gamma, mean);
  const k = call("max", whole, number(0));
  const { height, atZero } = heightOf(counts, gamma);
  const beyond0 = sub(add(logMassOf(k), logOver), parameter("logHeight"));
  const share = select(call("lt", k, number(0.5)), parameter("logZero"), beyond0);
  const last = variate.variates.length;
  const accept = call("and", variate.rejection.accept, happensWith(variable(last), share));
  return {
    variates: [...variate.variates, "uniform"],
    rejections: [{ variates: Array.from({ length: last + 1 }, (_, at) => at), accept }],
    event: [k],
    parameters: {
      ...variate.parameters,
      ...parameters,
      logHeight: height + logUnit,
      logZero: Math.max(atZero - height, LOG_ZERO),
    },
  };
}

interface Place {
  /** floor(x - shift) */
  readonly whole: Expr;
  /** `logUnit` less the logarithm of the density at x */
  readonly logOver: Expr;
  readonly logUnit: number;
  readonly parameters: Readonly<Record<string, number>>;
}

function placed(variate: GammaVariate, gamma: Shifted, mean: number): Place {
  const { concentration: a, rate, shift } = gamma;
  const { size, cube, growth, boost } = variate;
  const logCube = log(atLeast(cube, LEAST_NORMAL));
  if (boost) {
    const x = mul(parameter("gamma_size"), mul(cube, exp(boost)));
    const logX = add(add(logCube, boost), parameter("gamma_logSize"));
    return {
      whole: call("floor", sub(x, parameter("gamma_shift"))),
      logOver: add(mul(parameter("gamma_rate"), x), mul(parameter("gamma_rest"), logX)),
      logUnit: a * Math.log(rate) + Math.log(a) - lgamma1p(a),
      parameters: {
        gamma_size: size / rate,
        gamma_logSize: Math.log(size / rate),
        gamma_shift: shift,
        gamma_rate: rate,
        gamma_rest: 1 - a,
      },
    };
  }
  // x over its mean, less 1: the variate's own digits, however large the concentration is.
  const t = add(mul(parameter("gamma_spread"), growth), parameter("gamma_offset"));
  const logShare = add(logCube, parameter("gamma_logSize"));
  const centre = mean + 0.5 - 1 / (3 * rate);
  return {
    // The whole part of the centre is added last, so that the rest keeps its digits.
    whole: add(
      call("floor", add(mul(parameter("gamma_scale"), growth), parameter("centreRest"))),
      parameter("centreWhole"),
    ),
    logOver: add(mul(parameter("gamma_concentration"), devianceOf(t, logShare)), logShare),
    logUnit: (Math.log(a) - LOG_2PI) / 2 - stirlingRemainder(a) - Math.log(a / rate),
    parameters: {
      gamma_concentration: a,
      gamma_spread: Math.sqrt(size) / a,
      gamma_offset: size / a - 1,
      gamma_logSize: Math.log(size / a),
      gamma_scale: Math.sqrt(size) / rate,
      centreWhole: Math.floor(centre),
      centreRest: centre - Math.floor(centre),
    },
  };
}

/**
 * The logarithm of the largest probability over density, and of that of 0 over all that gives it. The density's logarithm bends one way within a step, so
 * that the ratio is largest at an end of it; from step to step it is smooth, and looked at closely where it may be large, to less than is added.
 */
function heightOf({ mean, std, logMass }: Counts, { concentration: a, rate, shift }: Shifted) {
  const logDensity = (x: number) => logPoissonMass(a, rate * x) + Math.log(a) - Math.log(x);
  const near = Array.from({ length: 64 }, (_, k) => k + 1);
  const about = Array.from({ length: 129 }, (_, k) => Math.round(mean + (std * (k - 64)) / 4));
  const far = Array.from({ length: 128 }, (_, k) => Math.round(64 * 2 ** (k / 8)));
  const logs = [...near, ...about, ...far]
    .filter((k) => k > 0)
    .map((k) => logMass(k) - Math.min(logDensity(k + shift), logDensity(k + 1 + shift)));
  const atZero = logMass(0) - gammaTails(a, rate * (1 + shift)).logLower;
  return { height: Math.max(atZero, ...logs) + 0.001, atZero };
}
