import { type Half, fromHalves as numbersOf } from "../arithmetic/halves.ts";
import { InputError } from "../core/errors.ts";
import { checkChoice, shown } from "../core/options.ts";
import { bitsOfFloat16, type Float16Values, isFloat16 } from "./values.ts";

/**
 * The numbers that halves are, in f32, which holds each: of what `read()` gives of a tensor of f16 or bf16, wherever Float16Array is missing.
 *
 * @param values - bits, or a Float16Array, of f16
 * @throws InputError for other arrays and dtypes
 */
export function fromHalves(values: Uint16Array | Float16Values, dtype: Half): Float32Array {
  const half = checkChoice(dtype, ["f16", "bf16"], "fromHalves", "dtype");
  if (values instanceof Uint16Array) return numbersOf(values, half);
  if (isFloat16(values) && half === "f16") return numbersOf(bitsOfFloat16(values), half);
  const needed = half === "f16" ? "a Uint16Array or Float16Array" : "a Uint16Array";
  const got = ArrayBuffer.isView(values) ? Object.prototype.toString.call(values) : shown(values);
  throw new InputError(`fromHalves: values must be ${needed}, got ${got}`);
}
