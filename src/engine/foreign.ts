import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";

// Checks of the platform's objects that callers hand over: by what they must have, since each may be of another implementation.

/** Refuses what is no GPU, such as `navigator.gpu`. */
export function checkGpu(gpu: unknown, where: string): void {
  check(gpu, ["requestAdapter"], "gpu must be a GPU, as navigator.gpu is", where);
}

/** Refuses what is no GPUDevice. */
export function checkDevice(device: unknown, where: string): void {
  check(device, ["createBuffer", "limits", "lost", "queue"], "device must be a GPUDevice", where);
}

/** Refuses what is no GPUBuffer. */
export function checkBuffer(buffer: unknown, where: string): void {
  check(buffer, ["size", "usage"], "buffer must be a GPUBuffer", where);
}

/** Refuses what is no GPUCommandEncoder, or one of another kind, such as of a pass. */
export function checkEncoder(encoder: unknown, where: string): void {
  check(encoder, ["beginComputePass", "finish"], "encoder must be a GPUCommandEncoder", where);
}

function check(value: unknown, members: readonly string[], needed: string, where: string): void {
  const fits = typeof value === "object" && value !== null && members.every((name) => name in value);
  if (!fits) throw new InputError(`${where}: ${needed}, got ${shown(value)}`);
}
