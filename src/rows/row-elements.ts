import halves from "../../shaders/lib/halves.wgsl?raw";
import loadHalvesScalar from "../../shaders/lib/row/load-halves-scalar.wgsl?raw";
import loadHalvesVec4 from "../../shaders/lib/row/load-halves-vec4.wgsl?raw";
import pairHalvesScalar from "../../shaders/lib/row/load-pair-halves-scalar.wgsl?raw";
import pairHalvesVec4 from "../../shaders/lib/row/load-pair-halves-vec4.wgsl?raw";
import pairScalar from "../../shaders/lib/row/load-pair-scalar.wgsl?raw";
import pairVec4 from "../../shaders/lib/row/load-pair-vec4.wgsl?raw";
import loadScalar from "../../shaders/lib/row/load-scalar.wgsl?raw";
import loadVec4 from "../../shaders/lib/row/load-vec4.wgsl?raw";
import storeHalvesEven from "../../shaders/lib/row/store-halves-even.wgsl?raw";
import storeHalvesOdd from "../../shaders/lib/row/store-halves-odd.wgsl?raw";
import storeHalvesVec4 from "../../shaders/lib/row/store-halves-vec4.wgsl?raw";
import storeScalar from "../../shaders/lib/row/store-scalar.wgsl?raw";
import storeVec4 from "../../shaders/lib/row/store-vec4.wgsl?raw";
import { type Constants, type Dtype, type FloatDtype, isHalf, type Machine } from "../engine/plan.ts";
import type { RowCall } from "./row-ranges.ts";

type Width = "vec4" | "scalar";

/** How the elements of a call's operands lie in words, which is what shader files are chosen by. */
export interface Elements {
  /** Four at once where every row's window starts and ends on a multiple of four, else one by one. */
  readonly width: Width;
  /** Of the logits, of what they are compared with, and of the rows that are written. */
  readonly x: "f32" | "halves";
  readonly other: "f32" | "halves";
  readonly y: "f32" | "halves" | "odd halves";
}

export function elementsOf({ x, alike = {}, dtype = "f32", window }: RowCall): Elements {
  const { classes, begin, end } = window;
  const vec4s = classes % 4 === 0 && begin % 4 === 0 && end % 4 === 0;
  const kind = (of: FloatDtype) => (isHalf(of) ? "halves" : "f32");
  const y = kind(dtype);
  return {
    width: vec4s ? "vec4" : "scalar",
    x: kind(x.dtype as FloatDtype),
    other: kind((alike.other?.dtype ?? "f32") as FloatDtype),
    y: y === "halves" && (end - begin) % 2 === 1 ? "odd halves" : y,
  };
}

/** What tells variants of a kernel apart. */
export function keyOf({ width, x, other, y }: Elements): string {
  return `${width} ${x} ${other} ${y}`;
}

/** Shader files that read the logits, and with `pair` what they are compared with, and that write rows. */
export function accessOf(
  elements: Elements,
  { pair = false, writes = false }: { pair?: boolean; writes?: boolean },
): string {
  const { width, x, other, y } = elements;
  const used = x === "halves" || (pair && other === "halves") || (writes && y !== "f32");
  const files = [
    ...(used ? [halves] : []),
    LOADS[x][width],
    ...(pair ? [PAIR_LOADS[other][width]] : []),
    ...(writes ? [STORES[y][width]] : []),
  ];
  return files.join("\n");
}

/** The same of rows in registers, whose results may be of another width. */
export function inRegistersAccess(reads: Elements, writes: Elements): string {
  const used = reads.x === "halves" || writes.y !== "f32";
  return [...(used ? [halves] : []), LOADS[reads.x][reads.width], STORES[writes.y][writes.width]].join("\n");
}

const LOADS = {
  f32: { vec4: loadVec4, scalar: loadScalar },
  halves: { vec4: loadHalvesVec4, scalar: loadHalvesScalar },
} as const;

const PAIR_LOADS = {
  f32: { vec4: pairVec4, scalar: pairScalar },
  halves: { vec4: pairHalvesVec4, scalar: pairHalvesScalar },
} as const;

const STORES = {
  f32: { vec4: storeVec4, scalar: storeScalar },
  halves: { vec4: storeHalvesVec4, scalar: storeHalvesEven },
  // In registers, rows that together are whole words.
  "odd halves": { vec4: storeHalvesVec4, scalar: storeHalvesOdd },
} as const;

/** The constants that these files know, where there are halves. */
export function halfConstants({ x, alike = {}, dtype = "f32", window, machine }: RowCall): Constants {
  const other = alike.other?.dtype ?? "f32";
  if (![x.dtype, other, dtype].some(isHalf)) return {};
  return {
    ...readConstants(x.dtype, machine),
    // Rows that are written within words are read from their second element on.
    X_EVEN: window.classes % 2 === 0 && window.begin % 2 === 0 && !(isHalf(dtype) && window.end % 2 === 1),
    OTHER_BRAIN: other === "bf16",
    Y_BRAIN: dtype === "bf16",
  };
}

function readConstants(x: Dtype, { software, numerics }: Machine): Constants {
  return {
    X_BRAIN: x === "bf16",
    // A program that is the GPU would compare numbers and choose among them as halves, which takes it twice as long.
    HALF_UNPACKS: !software && numerics?.halves === true,
    HALF_SCALES: numerics?.subnormals === "kept",
  };
}

/** What reads elements of `x` one by one, with `row_load_one`: shader files, and the constants that they know. */
export function readOneByOne(x: Dtype, machine: Machine): { readonly code: string; readonly constants: Constants } {
  if (!isHalf(x)) return { code: loadScalar, constants: {} };
  return { code: `${halves}\n${loadHalvesScalar}`, constants: { ...readConstants(x, machine), X_EVEN: false } };
}
