import type { Dtype } from "./plan.ts";

/** The platform's Float16Array; of a program that is compiled without one (TypeScript's library `esnext.float16`) never. */
export type Float16Values = typeof globalThis extends { Float16Array: { prototype: infer Values } } ? Values : never;

/** Values as they are kept: an array of their dtype, of halves their bits. */
export type StoredValues = Float32Array | Uint32Array | Int32Array | Uint16Array;

/** Values of a tensor: an array of its dtype. Of bf16, and of f16 where the platform has no Float16Array, their bits. */
export type Values = StoredValues | Float16Values;

type Float16Constructor = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => Float16Values;

/** Float16Array, where the platform has it. */
const float16 = (globalThis as { Float16Array?: Float16Constructor }).Float16Array;

/** Whether an array is a Float16Array. */
export function isFloat16(data: unknown): data is Float16Values & ArrayBufferView & ArrayLike<number> {
  return float16 !== undefined && data instanceof float16;
}

/** The bits of a Float16Array, in place. */
export function bitsOfFloat16({ buffer, byteOffset, length }: ArrayBufferView & ArrayLike<number>): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length);
}

/** The first `length` values of a dtype among bytes. */
export function storedValues(dtype: Dtype, bytes: ArrayBuffer, length: number): StoredValues {
  if (dtype === "u32") return new Uint32Array(bytes, 0, length);
  if (dtype === "i32") return new Int32Array(bytes, 0, length);
  if (dtype === "f32") return new Float32Array(bytes, 0, length);
  return new Uint16Array(bytes, 0, length);
}

/** What the caller gets of values: f16 as a Float16Array where there is one. */
export function shownValues(values: StoredValues, dtype: Dtype): Values {
  if (dtype !== "f16" || !float16) return values;
  return new float16(values.buffer, values.byteOffset, values.length);
}
