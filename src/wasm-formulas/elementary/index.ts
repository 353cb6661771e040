import type { Elementary } from "../../arithmetic/elementary.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4 } from "../../wasm/simd.ts";
import { cos, cosTurns, sin, sinTurns } from "./angle.ts";
import { atan } from "./atan.ts";
import { erf, erfc, normalQuantile } from "./erf.ts";
import { exp, expm1, tanh } from "./exp.ts";
import { digamma, lgamma, trigamma } from "./gamma.ts";
import { flush } from "./lanes.ts";
import { log, log1p } from "./log.ts";
import { pow } from "./pow.ts";

/** Writes a function of one or two arguments, four at once, where it is needed. */
export type Emitter = (f: FunctionBuilder, ...args: V128[]) => V128;

type Unary = (f: FunctionBuilder, x: V128) => V128;

const of1 =
  (emit: Unary): Emitter =>
  (f, x) =>
    emit(f, given(x));

/** The elementary functions in f32, each equal to that of `single` to the bit, but for the bits of a NaN. */
export const elementary: Readonly<Record<Elementary, Emitter>> = {
  sqrt: of1((f, x) => f32x4.sqrt(flush(f, x))),
  exp: of1(exp),
  expm1: of1(expm1),
  log: of1(log),
  log1p: of1(log1p),
  sin: of1(sin),
  cos: of1(cos),
  sinTurns: of1(sinTurns),
  cosTurns: of1(cosTurns),
  tanh: of1(tanh),
  pow: (f, x, y) => pow(f, given(x), given(y)),
  erf: of1(erf),
  erfc: of1(erfc),
  normalQuantile: of1(normalQuantile),
  atan: of1(atan),
  lgamma: of1(lgamma),
  digamma: of1(digamma),
  trigamma: of1(trigamma),
};

function given(x: V128 | undefined): V128 {
  if (!x) throw new RangeError("an argument is missing");
  return x;
}
