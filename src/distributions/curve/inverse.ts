import type { Point, Source } from "./fit.ts";
import { numberAt, numberOf, ONE_KEY, placeOf } from "./keys.ts";

/** What is to be inverted: a distribution's own functions, and its ends. */
export interface Inverted {
  cdf(x: number): number;
  icdf(p: number): number;
  /** Where the quantiles begin: what stands before is not asked for. */
  readonly from: Point;
  /** The end of the support. */
  readonly high: number;
  readonly whole: boolean;
}

/** Guesses before `icdf` is asked. */
const MOST_GUESSES = 4;

/** How far apart two values may be, relative to them, that are as good as one. */
const ALIKE = 1e-10;

/** Probabilities below this are 0 in f32, whose least number is 2^-149. */
const TINY = 2 ** -160;

/**
 * The quantiles as a function of p. Points of it are points of `cdf` the other way round, since `icdf` costs many times as much: x is guessed from the
 * points known so far. Of whole numbers they are the last p that each of them has.
 */
export function inverse(of: Inverted): Source {
  const { from, high, whole } = of;
  // Ascending in both.
  const places = [from.place, ONE_KEY];
  const values = [from.value, high];

  /** Adds a point, unless it is there. */
  const learn = (x: number): void => {
    const index = lowerBound(values, x);
    if (index === 0 || values[index] === x) return;
    places.splice(index, 0, placeOf(of.cdf(x)));
    values.splice(index, 0, x);
  };
  const guess = (place: number, index: number): number => {
    const [before, after] = [places[index - 1] as number, places[index] as number];
    const x = between(values[index - 1] as number, values[index] as number, (place - before) / (after - before));
    return whole ? Math.round(x) : x;
  };
  /** Where guesses lead nowhere: at first, where f64 has no number for a place, and where the quantiles jump. */
  const asked = (place: number): Point => {
    const value = of.icdf(numberAt(place));
    const last = Math.abs(value) === Number.POSITIVE_INFINITY || Math.abs(value) < TINY;
    if (!last) [value, whole ? value - 1 : value - Math.abs(value) * (ALIKE / 2)].forEach(learn);
    return whole ? { place: placeOf(of.cdf(value)), value } : { place, value };
  };
  const pointAt = (index: number): Point => ({ place: places[index] as number, value: values[index] as number });
  if (from.value < 0 && high > 0) learn(0);
  const near = (place: number, slack: number): Point => {
    if (place <= from.place) return { place, value: from.value };
    if (place >= ONE_KEY) return { place, value: high };
    for (let guesses = 0; ; guesses++) {
      const index = Math.min(Math.max(lowerBound(places, place), 1), places.length - 1);
      const [before, after] = [pointAt(index - 1), pointAt(index)];
      const closest = place - before.place < after.place - place ? before : after;
      const apart = after.value - before.value;
      if (Number.isFinite(closest.value)) {
        if (Math.abs(closest.place - place) <= slack || (whole && apart === 1)) return closest;
        if (apart <= ALIKE * Math.max(Math.abs(closest.value), TINY)) return { place, value: closest.value };
      }
      const x = guesses < MOST_GUESSES ? guess(place, index) : Number.NaN;
      if (x > before.value && x < after.value) learn(x);
      else return asked(place);
    }
  };
  return { near, at: (key) => (key <= from.place ? from.value : of.icdf(Math.min(numberOf(key), 1))) };
}

/** The first index of a value that is not below x. */
function lowerBound(ascending: readonly number[], x: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A number at a share of the way from a to b: by its size where they are of one sign and far apart. NaN where one is infinite. */
function between(a: number, b: number, share: number): number {
  const ratio = b / a;
  if (ratio > 4 || (ratio < 0.25 && ratio > 0)) return a * ratio ** share;
  return a + (b - a) * share;
}
