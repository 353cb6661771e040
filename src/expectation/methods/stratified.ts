import { InputError } from "../../core/errors.ts";
import { call, number, variable } from "../../expression/expr.ts";
import type { Interval, Scheme, Warning } from "../estimate.ts";
import { type FunctionEstimate, functionEstimate } from "../function-estimate.ts";
import { student } from "../interval.ts";
import type { Tally } from "../tally.ts";
import { warningsOfFunction } from "../warnings.ts";
import { ofOthers } from "./antithetic.ts";
import { functionsOf, placeable, type SamplingMethod } from "./method.ts";

/**
 * Two samples in each of as many strata of equal probability on the first coordinate. Of each function there are two outputs: the mean of the two, and half
 * their difference, whose square is the variance of that mean.
 */
export const stratified: SamplingMethod = {
  role: "plain",
  samplesPerDraw: 2,
  fixed: true,
  outputsPerFunction: 2,
  formulas(checked, strata, { coefficient }) {
    const plain = placeable(checked, coefficient);
    if (strata > 2 ** 31) {
      throw new InputError(`${checked.where}: stratified takes at most 2^32 samples, got ${strata * 2}`);
    }
    const d = plain.variates.length;
    const partner = plain.variates.map((_, k) => variable(k + d));
    const outputs = plain.outputs.flatMap((f) => {
      const other = ofOthers(f, partner);
      return [call("mul", number(0.5), call("add", f, other)), call("mul", number(0.5), call("sub", f, other))];
    });
    return {
      ...plain,
      variates: [...plain.variates, ...plain.variates],
      outputs,
      draws: { kind: "stratified", strata, coordinates: [0, d] },
      unshifted: plain.outputs.map((_, k) => 2 * k + 1),
      origins: plain.origins.flatMap((origin) => [origin, 0]),
    };
  },
  estimates(scheme, [tally]) {
    if (!tally) throw new RangeError("a run without a tally");
    const functions = functionsOf(scheme).map((k) => ofStrata(scheme, tally, k));
    return { functions, warnings: functions.flatMap((found, k) => warningsOfStrata(scheme, tally, found, k)) };
  },
};

function ofStrata(scheme: Scheme, tally: Tally, k: number): FunctionEstimate {
  const strata = tally.count;
  const half = 2 * k + 1;
  const nonFinite = tally.nonFinite(2 * k);
  if (strata < (scheme.strata ?? strata)) {
    // The strata come in order: a part of them is a part of the distribution.
    return functionEstimate(Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, nonFinite, () => ALL_NUMBERS);
  }
  const mean = tally.mean(2 * k);
  const variance = tally.secondAboutShift(half) / strata;
  const standardError = Math.sqrt(variance / strata);
  // A few strata in the tails may carry all of the error. Degrees of freedom after F. E. Satterthwaite (Biometrics 2, 1946), one
  // a stratum. The fourth powers overstate the squared variances three times on average; leaving it so is the safe side.
  const concentration = tally.concentration(half);
  const degrees = concentration > 0 ? Math.min(strata, Math.max(1, 1 / concentration)) : 1;
  const interval = (level: number) => student(mean, standardError, degrees, level);
  return { ...functionEstimate(mean, variance, standardError, nonFinite, interval), degrees };
}

/** Degrees of freedom below which the error of strata is poorly known. */
const FEW = 10;

function warningsOfStrata(scheme: Scheme, tally: Tally, found: FunctionEstimate, k: number): readonly Warning[] {
  const drawn = tally.count;
  const warnings = warningsOfFunction(scheme, found, k, drawn, tally.underflows(2 * k + 1));
  if (drawn < (scheme.strata ?? drawn)) {
    const message = `${drawn} of ${scheme.strata} strata are drawn so far; there is no estimate until all are.`;
    return [...warnings.filter(({ code }) => code === "non-finite"), { code: "partial", message }];
  }
  if (!(found.degrees !== undefined && found.degrees < FEW && drawn > FEW)) return warnings;
  const name = scheme.scalar ? "f" : `function ${k}`;
  const message = `A few of the ${drawn} strata carry all of the error of ${name}, so intervals are too narrow; method "sobol" is safer.`;
  return [...warnings, { code: "heavy-tail", message }];
}

const ALL_NUMBERS: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
