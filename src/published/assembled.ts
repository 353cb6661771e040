import type { Preparable } from "../engine/engine.ts";
import type { Kernel, Machine } from "../engine/plan.ts";
import { exampleTensors } from "../expectation/example.ts";

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
  const plans = Object.values(library)
    .filter(isPreparable)
    .flatMap(({ preparations }) => preparations(ANY_GPU))
    .concat(exampleTensors(ANY_GPU));
  const kernels = new Map<string, Kernel>();
  const owned = new Set<string>();
  for (const plan of plans) {
    for (const { kernel } of plan.passes) {
      // Of a shader that serves several functions, the variant of the function that bears its name.
      const own = plan.name.toLowerCase() === kernel.name.replaceAll("-", "");
      const known = kernels.get(kernel.name);
      if (!known || (own && !owned.has(kernel.name))) kernels.set(kernel.name, kernel);
      if (own) owned.add(kernel.name);
    }
  }
  return [...kernels.values()];
}

function isPreparable(value: unknown): value is Preparable {
  return typeof value === "function" && "preparations" in value;
}
