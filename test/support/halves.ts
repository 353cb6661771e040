import type { Half } from "../../src/arithmetic/halves.ts";

/** Every pattern of 16 bits. */
export const everyHalf = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

/** The number that a pattern stands for, from its sign, exponent and fraction. */
export function valueOfHalf(bits: number, half: Half): number {
  const { exponentBits, fractionBits } =
    half === "f16" ? { exponentBits: 5, fractionBits: 10 } : { exponentBits: 8, fractionBits: 7 };
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> fractionBits;
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}
