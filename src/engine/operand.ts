import type { Operand } from "./plan.ts";

/** f32 values of this shape that start their buffer: a new output, or an input that only its shape is known of. */
export function floats(shape: readonly number[]): Operand {
  return { shape, dtype: "f32", byteOffset: 0 };
}
