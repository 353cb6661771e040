import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import { onDevice } from "../harness/runs.ts";
import type { Contestant } from "./contestant.ts";
import { loadOnnx, type Provider } from "./onnx.ts";
import { encodeModel } from "./onnx-model.ts";
import { versions } from "./versions.ts";

/** ONNX Runtime Web on its WebGPU execution provider: models made here, data and results on the GPU. */
export async function onnxWebgpu(): Promise<Contestant> {
  ort.env.wasm.wasmPaths = { wasm };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  // The runtime makes its device with its first session, and drops it with its last: this one stays.
  const x = { type: "f32", shape: [1, 4] } as const;
  const first = { operator: "Softmax", inputs: ["x"], output: "y" };
  await open(encodeModel({ inputs: { x }, outputs: { y: x }, nodes: [first] }));
  const device = (await ort.env.webgpu.device) as GPUDevice;
  const provider = providerOn(device);
  return {
    name: "ONNX Runtime Web WebGPU",
    kind: "webgpu",
    role: "peer",
    version: versions.onnx,
    device,
    workgroupPerRow: (_, task) => task !== "logSoftmax",
    load: async (problem) => {
      if (problem.group === "monte-carlo") throw new Error("makes its normals on the CPU");
      return loadOnnx(provider, problem);
    },
  };
}

function open(model: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
  });
}

function providerOn(device: GPUDevice): Provider {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  return {
    open,
    tensor: (values, dims) => {
      const buffer = device.createBuffer({ size: Math.ceil(values.byteLength / 16) * 16, usage });
      device.queue.writeBuffer(buffer, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
      const dataType = values instanceof Float32Array ? "float32" : "int32";
      return ort.Tensor.fromGpuBuffer(buffer, { dataType, dims: [...dims], dispose: () => buffer.destroy() });
    },
    hostTensor: (values, dims) => new ort.Tensor("float32", values, [...dims]),
    run: (call) =>
      onDevice(device, {
        call,
        flush: (results) => Promise.all(results),
        free: (result) =>
          void result.then((tensors) => {
            for (const tensor of tensors) tensor.dispose();
          }),
      }),
  };
}
