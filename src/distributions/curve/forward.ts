import type { Point, Source } from "./fit.ts";
import { numberAt, numberOf, OCTAVE, placeOf } from "./keys.ts";

/**
 * A function of numbers, known everywhere.
 *
 * @param whole - whether it changes at whole numbers only, of which it is asked alone
 */
export function forward(f: (x: number) => number, whole: boolean): Source {
  const points = whole ? ((place: number) => ofWhole(f, place)) : (place: number) => ({ place, value: f(numberAt(place)) });
  return { near: points, at: (key) => f(numberOf(key)), longest: whole ? OCTAVE : 2 ** 32 };
}

function ofWhole(f: (x: number) => number, place: number): Point {
  const x = Math.floor(numberAt(place));
  return { place: placeOf(x), value: f(x) };
}
