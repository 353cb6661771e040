/**
 * The two floating-point formats of 16 bits: IEEE 754's binary16 (f16: 5 bits of exponent, 10 of fraction), and bfloat16 (bf16: the upper
 * half of an f32).
 */
export type Half = "f16" | "bf16";

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** The bits of the half that is nearest to an f32, of two the even one: beyond the largest Infinity, and NaN quiet. */
const narrowed: Readonly<Record<Half, (bits: number) => number>> = {
  f16(bits) {
    const sign = (bits >>> 16) & 0x8000;
    const size = bits & 0x7fffffff;
    if (size > 0x7f800000) return sign | 0x7e00;
    // From 65,520 on.
    if (size >= 0x477ff000) return sign | 0x7c00;
    if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
    // Below 2^-14, in steps of 2^-24: those of f32 numbers from 0.5 on.
    words[0] = size;
    floats[0] = (floats[0] ?? 0) + 0.5;
    return sign | ((words[0] ?? 0) - 0x3f000000);
  },
  bf16(bits) {
    if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
    return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  },
};

/** The bits of the halves nearest to f32 numbers. */
export function toHalves(values: Float32Array, half: Half): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const narrow = narrowed[half];
  const halves = new Uint16Array(values.length);
  for (let k = 0; k < halves.length; k++) halves[k] = narrow(bits[k] ?? 0);
  return halves;
}

/** The numbers that halves are, by their bits; f32 holds each. */
export function fromHalves(halves: Uint16Array, half: Half): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  const table = half === "f16" ? tableOfF16() : undefined;
  for (let k = 0; k < halves.length; k++) {
    const one = halves[k] ?? 0;
    bits[k] = table ? (table[one] ?? 0) : one << 16;
  }
  return values;
}

let table: Uint32Array | undefined;

/** The f32 bits of each f16. */
function tableOfF16(): Uint32Array {
  table ??= Uint32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = (half & 0x8000) << 16;
    const size = half & 0x7fff;
    if (size >= 0x7c00) return sign | ((size << 13) + 0x70000000);
    if (size >= 0x400) return sign | ((size << 13) + 0x38000000);
    floats[0] = size * 2 ** -24;
    return sign | (words[0] ?? 0);
  });
  return table;
}
