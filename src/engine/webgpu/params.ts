import type { Pass } from "../plan.ts";

/** Bytes from one pass's params to the next: the largest alignment that a device may ask of a uniform binding. */
export const PARAMS_STRIDE = 256;

/** The params of all passes, little-endian, in the order of each kernel's `struct Params`. */
export function packParams(passes: readonly Pass[]): ArrayBuffer {
  const bytes = new ArrayBuffer(passes.length * PARAMS_STRIDE);
  const view = new DataView(bytes);
  passes.forEach(({ kernel, params }, index) => {
    Object.entries(kernel.params).forEach(([name, type], k) => {
      const at = index * PARAMS_STRIDE + 4 * k;
      const value = params[name] ?? 0;
      if (type === "f32") view.setFloat32(at, value, true);
      else if (type === "i32") view.setInt32(at, value, true);
      else view.setUint32(at, value, true);
    });
  });
  return bytes;
}

/** Bytes of one pass's params, as a binding. */
export function paramsBytes({ kernel }: Pass): number {
  return Math.ceil((Object.keys(kernel.params).length * 4) / 16) * 16;
}
