import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { type Grid, grid, type Limits, type Operand, showShape } from "./plan.ts";
import type { Tensor } from "./tensor.ts";
import { checkTensor, sameShape } from "./tensor-checks.ts";

// What kernels with one invocation an item share.

/** Invocations a workgroup, as in the shaders. */
const WIDTH = 64;

/** Enough workgroups for `count` invocations. */
export function gridOfEach(count: number, limits: Limits, where: string): Grid {
  return grid(Math.ceil(count / WIDTH), limits, where);
}

/** Most loop trips that every driver does: one stops without a word after 65,535. */
export const MOST_TRIPS = 65_535;

/** Checks that an operand is f32 with at least one axis, and gives its rows and columns. */
export function rowsOf(x: Operand, name: string, where: string): { rows: number; columns: number; shape: number[] } {
  const columns = x.shape.at(-1);
  if (x.dtype !== "f32" || columns === undefined) {
    throw new InputError(`${where}: ${name} must be f32 with at least one axis, got ${showShape(x)}`);
  }
  const shape = x.shape.slice(0, -1);
  return { rows: shape.reduce((product, size) => product * size, 1), columns, shape };
}

/** Checks that an operand is like another one. */
export function checkAlike(other: Operand, x: Operand, name: string, of: string, where: string): void {
  if (other.dtype === x.dtype && sameShape(other.shape, x.shape)) return;
  throw new InputError(`${where}: ${name} must be ${showShape(x)} like ${of}, got ${showShape(other)}`);
}

/** Checks that each tensor of a call is live and of the first one's engine. */
export function checkLive(tensors: Readonly<Record<string, Tensor>>, where: string): void {
  const [first] = Object.values(tensors);
  for (const [name, tensor] of Object.entries(tensors)) checkTensor(tensor, first ?? tensor, name, where);
}

/** Numbers of the host, rounded to f32; refuses what is no number, which would silently become one, or NaN. */
export function floatsOf(values: ArrayLike<number>, name: string, where: string): Float32Array {
  for (let k = 0; k < values.length; k++) {
    if (typeof values[k] === "number") continue;
    throw new InputError(`${where}: ${name}[${k}] must be a number, got ${shown(values[k])}`);
  }
  return Float32Array.from(values);
}
