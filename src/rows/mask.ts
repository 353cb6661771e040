import source from "../../shaders/rows/pack-mask.wgsl?raw";
import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import type { Check } from "../engine/checks.ts";
import { defineKernel, grid, type Limits, type Pass, pass, specialise } from "../engine/plan.ts";

export const kernel = defineKernel({
  name: "pack-mask",
  code: source,
  bindings: { flags: "read", bits: "read_write", fault: "read_write" },
  params: { rows: "u32", classes: "u32", words: "u32" },
});

/** Words of one row of mask bits; rows start on a word. */
export function maskWords(classes: number): number {
  return Math.ceil(classes / 32);
}

/**
 * Refuses flags that are neither true or false nor 1 or 0: masks that are added to logits, of 0 and -Infinity, or texts would
 * mean the opposite of what they say.
 */
export function checkFlags(flags: ArrayLike<number | boolean>, name: string, where: string): void {
  for (let k = 0; k < flags.length; k++) {
    const flag: unknown = flags[k];
    if (flag === true || flag === false || flag === 1 || flag === 0) continue;
    const needed = "true or 1 (kept), false or 0 (hidden)";
    throw new InputError(`${where}: ${name}[${k}] must be ${needed}, got ${shown(flag)}${hintOf(flag, name)}`);
  }
}

function hintOf(flag: unknown, name: string): string {
  if (typeof flag === "number" && flag < 0) return `; ${additiveHint(name)}`;
  return Array.isArray(flag) ? `; give the rows one after another, as ${name}.flat() does` : "";
}

function additiveHint(name: string): string {
  return `of a mask that is added to logits, where 0 keeps and -Infinity hides, give ${name}.map((x) => x === 0)`;
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

/** Where a mask of f32 reports its first value that is no flag. */
export const MASK_FAULT = "maskFault";

/** What to tell of such a value. */
export function maskCheck(classes: number, shared: boolean, where: string): Check {
  const place = shared ? "class {pivot}" : "row {row}, class {pivot}";
  return {
    buffer: MASK_FAULT,
    message: `${where}: mask must hold 1 (kept) or 0 (hidden), and has another number at ${place}; ${additiveHint("mask")} of it`,
    pivots: classes,
    flags: "mask",
  };
}

/** A pass that packs a tensor of flags into mask bits: integers that are not 0 keep, and f32 must be 0 or 1. */
export function planPackMask(rows: number, classes: number, floats: boolean, limits: Limits): Pass {
  const words = maskWords(classes);
  return pass(specialise(kernel, { FLOATS: floats }), {
    bind: { flags: "mask", bits: "maskBits", fault: MASK_FAULT },
    params: { rows, classes, words },
    grid: grid(Math.ceil((rows * words) / 64), limits, "mask"),
  });
}
