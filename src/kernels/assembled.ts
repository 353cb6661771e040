import type { Preparable } from "../engine/engine.ts";
import type { Kernel, Machine } from "../engine/plan.ts";

/** A GPU with the limits that WebGPU promises. */
const ANY_GPU: Machine = {
  software: false,
  limits: {
    maxBufferSize: 2 ** 28,
    maxStorageBufferBindingSize: 2 ** 27,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16_384,
    minStorageBufferOffsetAlignment: 256,
  },
};

/** Every kernel that the library's functions use, once, as a module that compiles by itself. */
export function assembledKernels(library: Readonly<Record<string, unknown>>): readonly Kernel[] {
  const functions = Object.values(library).filter(isPreparable);
  const kernels = new Map<string, Kernel>();
  for (const { preparations } of functions) {
    for (const plan of preparations(ANY_GPU)) {
      for (const { kernel } of plan.passes) if (!kernels.has(kernel.name)) kernels.set(kernel.name, kernel);
    }
  }
  return [...kernels.values()];
}

function isPreparable(value: unknown): value is Preparable {
  return typeof value === "function" && "preparations" in value;
}
