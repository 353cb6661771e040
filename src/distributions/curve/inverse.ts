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
const GUESSES = 3;

/** How far apart two values may be, relative to them, that are as good as one. */
const ALIKE = 1e-10;

/** What f32 has no digit of. */
const TINY = 2 ** -160;

/**
 * The quantiles as a function of p. Points of it are points of `cdf` the other way round, since `icdf` costs many times as much: x is guessed from the
 * points known so far. Of whole numbers they are the last p that each of them has.
 */
export function inverse(of: Inverted): Source {
  const { from, high } = of;
  // Ascending in both.
  const places = [from.place, ONE_KEY];
  const values = [from.value, high];

  /** Adds a point, unless it is there, and gives its index. */
  const learn = (x: number): number => {
    const place = placeOf(of.cdf(x));
    const index = lowerBound(values, x);
    if (values[index] !== x) {
      places.splice(index, 0, place);
      values.splice(index, 0, x);
    }
    return index;
  };
  const guess = (place: number, index: number): number => {
    const [before, after] = [places[index - 1] as number, places[index] as number];
    const x = between(values[index - 1] as number, values[index] as number, (place - before) / (after - before));
    return of.whole ? Math.round(x) : x;
  };
  const pointAt = (index: number): Point => ({ place: places[index] as number, value: values[index] as number });
  if (from.value < 0 && high > 0) learn(0);
  const near = (place: number, slack: number): Point | undefined => {
    if (place <= from.place) return { place, value: from.value };
    if (place >= ONE_KEY) return { place, value: high };
    for (let tries = 0; tries <= GUESSES; tries++) {
      const index = Math.min(Math.max(lowerBound(places, place), 1), places.length - 1);
      const [before, after] = [pointAt(index - 1), pointAt(index)];
      const closest = place - before.place < after.place - place ? before : after;
      if (fits(closest, place, slack)) return closest;
      const apart = after.value - before.value;
      if (of.whole && apart === 1) return closest;
      if (Number.isFinite(apart) && apart <= ALIKE * Math.max(Math.abs(closest.value), TINY))
        return { place, value: closest.value };
      const x = tries === GUESSES ? Number.NaN : guess(place, index);
      const inside = x > (values[index - 1] as number) && x < (values[index] as number);
      if (inside) learn(x);
      else {
        const own = of.icdf(numberAt(place));
        // f64 has no number at that place, and f32 none nearby.
        if (Math.abs(own) < TINY || Math.abs(own) === Number.POSITIVE_INFINITY) return { place, value: own };
        const found = pointAt(learn(own));
        return fits(found, place, slack) ? found : undefined;
      }
    }
    return undefined;
  };
  return { near, at: (key) => (key <= from.place ? from.value : of.icdf(Math.min(numberOf(key), 1))) };
}

function fits(point: Point, place: number, slack: number): boolean {
  return Math.abs(point.place - place) <= slack && Number.isFinite(point.value);
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
