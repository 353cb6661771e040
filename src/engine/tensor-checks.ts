import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { type Spec, showShape } from "./plan.ts";
import { Tensor } from "./tensor.ts";

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, k) => size === b[k]);
}

/** Checks a caller's `out`: live, of the same engine, of exactly this shape, and not one of the inputs. */
export function checkOut(out: Tensor, spec: Spec, inputs: readonly Tensor[], where: string): void {
  checkIsTensor(out, "out", where);
  if (!sameShape(out.shape, spec.shape) || out.dtype !== spec.dtype) {
    throw new InputError(`${where}: out must be ${showShape(spec)}, got ${showShape(out)}`);
  }
  checkTensor(out, inputs[0] ?? out, "out", where);
  if (inputs.some((input) => input.storage.buffer !== undefined && input.storage.buffer === out.storage.buffer)) {
    throw new InputError(
      `${where}: out must not share a buffer with an input; WebGPU cannot read and write one at once`,
    );
  }
}

/** Refuses what is no tensor. */
export function checkIsTensor(tensor: unknown, name: string, where: string): void {
  if (tensor instanceof Tensor) return;
  throw new InputError(`${where}: ${name} must be a tensor made by engine.tensor or engine.view, got ${shown(tensor)}`);
}

/** Checks that a tensor is live and of the same engine as another one. */
export function checkTensor(tensor: Tensor, other: Tensor, name: string, where: string): void {
  checkIsTensor(tensor, name, where);
  if (tensor.engine !== other.engine) {
    throw new InputError(`${where}: ${name} must belong to the same engine, got a tensor of another`, "other-engine");
  }
  if (tensor.disposed) throw new InputError(`${where}: ${name} must be a live tensor, got a disposed one`, "disposed");
}
