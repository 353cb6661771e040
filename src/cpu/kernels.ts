import { gaussianKernel } from "../gaussian/cpu/kernel.ts";
import type { Kernel } from "../rows/cpu/call.ts";
import { rowKernels } from "../rows/cpu/rows.ts";
import { sampleAffineKernel, sampleKernel } from "../sampling/cpu/sample-kernel.ts";

/** What is done in WebAssembly, by the names of the references. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...rowKernels,
  gaussian: gaussianKernel,
  sample: sampleKernel,
  sampleAffine: sampleAffineKernel,
};
