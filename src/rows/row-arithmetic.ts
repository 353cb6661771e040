import type { Machine } from "../engine/plan.ts";

/** How kernels over rows compute: constants in front of them (shaders/lib/row/row-sweep.wgsl). */
export interface RowArithmetic {
  /** Sums of exponentials are of WGSL's own exp2, else of our polynomial. */
  readonly NATIVE: boolean;
  /** A fused product and sum is rounded once, and probabilities are of WGSL's own exp2 too. */
  readonly FUSED: boolean;
  /** NaN and +Inf are looked for in the bits, because they might not show in sums. */
  readonly STRICT: boolean;
}

/**
 * Units in the last place that WGSL's own exp2 may err by, between 2^-124 and 2^4, as the self-test measures it. Of the 16 roundings (8 units) that
 * the tolerance of a probability leaves besides those of its difference and its sum, the division takes 5 at worst (2.5 units, WGSL), the product 1; a
 * term's own error counts twice, in numerator and sum, 4 roundings a unit. So 2.5 units would be spent; ours errs by 2.
 */
export const MOST_EXP2_ERROR = 2.5;

/**
 * The arithmetic that a machine's self-test allows. Probabilities need more than sums: their tolerance has room for one rounding of the exponent, which only a
 * fused product and sum keeps to.
 */
export function rowArithmetic({ numerics, software }: Machine): RowArithmetic {
  const sound = numerics?.path === "sum";
  const native = sound && numerics.exp2Ends && numerics.builtinError.exp2 <= MOST_EXP2_ERROR;
  return { NATIVE: native, FUSED: native && numerics.fused, STRICT: numerics ? !sound : !software };
}
