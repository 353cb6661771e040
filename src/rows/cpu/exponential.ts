import { LN2_HIGH, LN2_LOW, type Polynomial, ROW_EXP2 } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4, i32x4 } from "../../wasm/simd.ts";
import { mulAdd, mulSub } from "./fused.ts";

const { add, sub, mul, const: all } = f32x4;

/** 1.5 * 2^23, and the bias of exponents: a sum with it holds the nearest whole number, biased, in its low bits. */
const MAGIC = 1.5 * 2 ** 23 + 127;

/** The whole number nearest to this, of log 2, makes a biased exponent of 0 and with it a power of exactly 0. */
const LEAST = -88;

/** The power of two that is exactly 0 for the same reason. */
const FLOOR = -127;

/**
 * A function of a vector in two halves: a loop that begins the next vectors while it finishes these keeps the processor's
 * adders and multipliers busy, which one long chain of operations does not.
 */
export interface Halves {
  begin(x: V128): readonly V128[];
  finish(begun: readonly V128[]): V128;
}

/**
 * exp(d) for d <= 0 within 2 ULP, exactly 0 below 2^-126, 1 at 0 and NaN for NaN: d = n log 2 + r (Cody and Waite's
 * two-part log 2), and a minimax polynomial for exp(r).
 */
export function exponential(b: FunctionBuilder): Halves {
  const constant = (value: number) => b.let(all(value));
  const [least, log2e, magic] = [constant(LEAST), constant(Math.LOG2E), constant(MAGIC)];
  const [high, low] = [constant(LN2_HIGH), constant(-LN2_LOW)];
  return {
    begin(distance) {
      const d = b.let(f32x4.pmax(distance, least));
      const shifted = b.let(mulAdd(d, log2e, magic));
      const n = b.let(sub(shifted, magic));
      return [b.let(mulAdd(n, low, mulSub(n, high, d))), shifted];
    },
    finish(begun) {
      const [r, shifted] = begun as readonly [V128, V128];
      const square = b.let(mul(r, r));
      const p = mulAdd(horner(r, [0.0083125014, 0.041890332]), square, horner(r, [0.16667115, 0.4999923]));
      return b.let(mul(add(mulAdd(p, square, r), all(1)), i32x4.shl(shifted, 23)));
    },
  };
}

/**
 * 2^u for u <= 0 within 2 ULP of the rounded u, exactly 0 below 2^-126, 1 at 0 and NaN for NaN. Cheaper than `exponential`: the
 * rounding of u costs |u| ULP, which a sum forgives (terms shrink faster than |u| grows) and a single term does not.
 * The third of what it begins with is the u that it uses.
 */
export function powerOfTwo(b: FunctionBuilder): Halves {
  const [magic, floor] = [b.let(all(MAGIC)), b.let(all(FLOOR))];
  return {
    begin(exponent) {
      const u = b.let(f32x4.pmax(exponent, floor));
      const shifted = b.let(add(u, magic));
      return [b.let(sub(u, sub(shifted, magic))), shifted, u];
    },
    finish(begun) {
      const [f, shifted] = begun as readonly [V128, V128];
      const p = horner(f, ROW_EXP2);
      return b.let(mul(p, i32x4.shl(shifted, 23)));
    },
  };
}

/** A polynomial in t. */
export function horner(t: V128, [highest, ...rest]: Polynomial): V128 {
  return rest.reduce((p, coefficient) => mulAdd(p, t, all(coefficient)), all(highest));
}
