import type { Arithmetic } from "./arithmetic.ts";
import { erf, erfc, normalQuantile } from "./double-erf.ts";
import { digamma, lgamma, trigamma } from "./double-gamma.ts";

/** The elementary functions in f64. */
export const double: Arithmetic = {
  name: "f64",
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  sinTurns: (x) => sinQuarters(x, 0),
  cosTurns: (x) => sinQuarters(x, 1),
  tanh: Math.tanh,
  pow,
  erf,
  erfc,
  normalQuantile,
  atan: Math.atan,
  lgamma,
  digamma,
  trigamma,
};

/** C's pow, which unlike Math.pow has 1 to the power of NaN, and ±1 to that of ±Infinity, be 1. */
function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

/** The sine of x turns and `turn` quarter turns; the nearest quarter is taken away exactly. */
function sinQuarters(x: number, turn: number): number {
  const part = x % 1;
  const quarters = Math.round(4 * part);
  const angle = 2 * Math.PI * (part - quarters / 4);
  const quarter = (quarters + turn) & 3;
  const y = (quarter & 1) === 0 ? Math.sin(angle) : Math.cos(angle);
  return quarter < 2 ? y : -y;
}
