import type { Action } from "./expr.ts";

// Operations of the emitted WGSL, counted in pairs, because an addition comes with its barrier; those of functions are
// counted in shaders/lib/elementary.
const COSTS: ReadonlyMap<Action, number> = new Map([
  ["div", 2],
  ["min", 2],
  ["max", 2],
  ["sqrt", 10],
  ["exp", 27],
  ["expm1", 29],
  ["log", 25],
  ["log1p", 34],
  ["sin", 35],
  ["cos", 35],
  ["sinTurns", 30],
  ["cosTurns", 30],
  ["tanh", 41],
  ["pow", 80],
  ["erf", 67],
  ["erfc", 66],
  ["normalQuantile", 66],
  ["atan", 30],
  ["lgamma", 66],
  ["digamma", 56],
  ["trigamma", 36],
]);

/** Rough work of an instruction; an addition is 1. */
export function costOf(action: Action): number {
  return COSTS.get(action) ?? 1;
}
