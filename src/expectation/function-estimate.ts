import type { Estimate, Interval } from "./estimate.ts";
import { student, wilson } from "./interval.ts";
import type { Tally } from "./tally.ts";

/** What the sums say of one function. */
export interface FunctionEstimate {
  readonly mean: number;
  readonly finiteMean: number;
  readonly variance: number;
  readonly standardError: number;
  readonly nonFinite: number;
  readonly interval: (level: number) => Interval;
  readonly plain?: Estimate["plain"];
  /** Of freedom, where a few strata may carry all of the error. */
  readonly degrees?: number;
}

/** The mean of independent draws of an output, plus `more`; Wilson's interval for one that is 0 or 1 by its form. */
export function meanOfDraws(tally: Tally, output: number, indicator = false, more = 0): FunctionEstimate {
  const n = tally.finite(output);
  const mean = tally.mean(output) + more;
  const variance = tally.variance(output);
  const standardError = n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(variance / n);
  const interval = indicator
    ? (level: number) => wilson(mean, n, level)
    : (level: number) => student(mean, standardError, n - 1, level);
  return functionEstimate(mean, variance, standardError, tally.nonFinite(output), interval);
}

/** An estimate whose mean is NaN as soon as one draw's value was not finite. */
export function functionEstimate(
  finiteMean: number,
  variance: number,
  standardError: number,
  nonFinite: number,
  interval: (level: number) => Interval,
): FunctionEstimate {
  if (nonFinite === 0) return { mean: finiteMean, finiteMean, variance, standardError, nonFinite, interval };
  const nowhere: Interval = [Number.NaN, Number.NaN];
  return { mean: Number.NaN, finiteMean, variance, standardError, nonFinite, interval: () => nowhere };
}
