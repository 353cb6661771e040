let device: Promise<GPUDevice> | undefined;

/** The device of our library and of the ceilings: with timestamps where there are any, and all the room of its adapter. */
export function ownDevice(): Promise<GPUDevice> {
  device ??= request();
  return device;
}

async function request(): Promise<GPUDevice> {
  const gpu = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("there is no WebGPU here");
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    label: "benchmark",
    requiredFeatures: adapter.features.has("timestamp-query") ? ["timestamp-query"] : [],
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
}
