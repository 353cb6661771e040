import { remember } from "../../core/memo.ts";
import type { Source } from "./fit.ts";
import { numberAt, numberOf, placeOf } from "./keys.ts";

/** A function of numbers, known everywhere. */
export function forward(f: (x: number) => number): Source {
  return {
    near: (place) => ({ place, value: f(numberAt(place)) }),
    at: (key) => f(numberOf(key)),
  };
}

/** A function that changes at whole numbers only, of which it is asked alone. */
export function forwardOfWhole(f: (x: number) => number): Source {
  const known = new Map<number, number>();
  const valueAt = (x: number) => remember(known, x, () => f(x));
  return {
    near(place) {
      const x = Math.floor(numberAt(place));
      return { place: placeOf(x), value: valueAt(x) };
    },
    at: (key) => valueAt(Math.floor(numberOf(key))),
  };
}
