import type { Arithmetic } from "./arithmetic.ts";
import { f32, flush } from "./bits.ts";
import { cos, cosTurns, sin, sinTurns } from "./single-angle.ts";
import { atan } from "./single-atan.ts";
import { erf, erfc, normalQuantile } from "./single-erf.ts";
import { exp, expm1, pow, tanh } from "./single-exp.ts";
import { digamma, lgamma, trigamma } from "./single-gamma.ts";
import { log, log1p } from "./single-log.ts";

/**
 * The elementary functions in f32, equal to shaders/lib/elementary to the bit. Their arguments are f32 numbers; the bounds
 * of their errors stand in the shaders' headers.
 */
export const single: Arithmetic = {
  name: "f32",
  sqrt: (x) => f32(Math.sqrt(flush(x))),
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  sinTurns,
  cosTurns,
  tanh,
  pow,
  erf,
  erfc,
  normalQuantile,
  atan,
  lgamma,
  digamma,
  trigamma,
};
