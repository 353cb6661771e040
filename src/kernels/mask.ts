import source from "../../shaders/pack-mask.wgsl?raw";
import { defineKernel, grid, type Limits, type Pass, pass } from "../engine/plan.ts";

export const kernel = defineKernel({
  name: "pack-mask",
  code: source,
  bindings: { flags: "read", bits: "read_write" },
  params: { rows: "u32", classes: "u32", words: "u32" },
});

/** Words of one row of mask bits; rows start on a word. */
export function maskWords(classes: number): number {
  return Math.ceil(classes / 32);
}

/** Mask bits of an array of flags, row after row, and a word to spare for the shader's two-word look. */
export function packMask(flags: ArrayLike<number | boolean>, classes: number): Uint32Array {
  const rows = classes === 0 ? 0 : flags.length / classes;
  const words = maskWords(classes);
  const bits = new Uint32Array(rows * words + 1);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < classes; c++) {
      const word = row * words + (c >>> 5);
      if (flags[row * classes + c]) bits[word] = (bits[word] ?? 0) | (1 << (c & 31));
    }
  }
  return bits;
}

/** A pass that packs a tensor of flags (any dtype, non-zero bits = kept) into mask bits. */
export function planPackMask(rows: number, classes: number, limits: Limits): Pass {
  const words = maskWords(classes);
  return pass(kernel, {
    bind: { flags: "mask", bits: "maskBits" },
    params: { rows, classes, words },
    grid: grid(Math.ceil((rows * words) / 64), limits, "mask"),
  });
}
