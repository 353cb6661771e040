import type { ScalarDistribution } from "../distribution.ts";
import type { Point } from "./fit.ts";
import { numberOf, ONE_KEY, placeOf, ZERO_KEY } from "./keys.ts";

/** The quantiles of whole numbers one by one. */
export interface Steps {
  /** The least number, that of the smallest positive p. */
  readonly first: number;
  /** The first key of each number's p. */
  readonly starts: readonly number[];
  /** The last number, and the place of its last p. */
  readonly last: Point;
  /** Whether no number is above the last one. */
  readonly all: boolean;
}

/** Most numbers that are listed. */
const MOST_STEPS = 2 ** 15;
/** Where f32 ceases to have every whole number. */
const MOST_WHOLE = 2 ** 24;

/** How near to a key, in keys, a sum of masses leaves open on which side it is: 2^-30 relative to the sum at most. */
const MARGIN = 2 ** -7;

/**
 * The quantiles as steps, as far as they are few: all of them, or those below 2^15. The sum of masses gives the last p of each number, but where an f32 p is so
 * near that `cdf` must decide.
 */
export function stepsOf({ icdf, cdf, logProb }: ScalarDistribution): Steps | undefined {
  const first = icdf(numberOf(ZERO_KEY + 1));
  const end = icdf(numberOf(ONE_KEY - 1));
  const all = end - first < MOST_STEPS && end < MOST_WHOLE;
  const final = all ? end : MOST_STEPS - 1;
  if (!all && first >= MOST_STEPS) return undefined;
  const starts = [0];
  let sum = cdf(first);
  for (let k = first; k < final; k++) {
    if (k > first) sum += Math.exp(logProb(k));
    starts.push(Math.floor(endOf(cdf, k, sum)) + 1);
  }
  return { first, starts, last: { place: placeOf(cdf(final)), value: final }, all };
}

function endOf(cdf: (x: number) => number, k: number, sum: number): number {
  const place = placeOf(sum);
  return Math.abs(place - Math.round(place)) < MARGIN ? placeOf(cdf(k)) : place;
}
