import { Engine } from "../../src/index.ts";

/** A device that the test owns. */
export async function ownDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no WebGPU adapter");
  return adapter.requestDevice();
}

/**
 * An engine on the GPU with a device of its own. Who counts tensors needs one that no other test uses: what that one dropped
 * may be collected in between.
 */
export function gpuEngine(): Promise<Engine> {
  return Engine.create({ backend: "webgpu" });
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("was not rejected");
}
