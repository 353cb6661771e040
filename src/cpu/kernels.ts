import { gaussianKernel } from "./gaussian/kernel.ts";
import { sampleAffineKernel, sampleKernel } from "./monte-carlo/sample-kernel.ts";
import type { Kernel } from "./rows/call.ts";
import { rowKernels } from "./rows/rows.ts";

/** What is done in WebAssembly, by the names of the references. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...rowKernels,
  gaussian: gaussianKernel,
  sample: sampleKernel,
  sampleAffine: sampleAffineKernel,
};
