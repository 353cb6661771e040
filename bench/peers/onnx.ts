import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import type { FunctionName, Library, Task } from "../library.ts";
import type { Problem } from "../problem.ts";
import { versions } from "../versions.ts";
import { rowModel } from "./onnx-model.ts";

const operators: Partial<Record<FunctionName, "Softmax" | "LogSoftmax">> = {
  softmax: "Softmax",
  logSoftmax: "LogSoftmax",
};

/** ONNX Runtime Web, on its WebGPU execution provider: a model of one operator, data and results on the GPU. */
export async function onnx(): Promise<Library> {
  ort.env.wasm.wasmPaths = { wasm };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  // The runtime makes its device with its first session, and drops it with its last: this one stays.
  await open("Softmax", 1, 4);
  const device = (await ort.env.webgpu.device) as GPUDevice;
  return {
    name: "ONNX Runtime Web",
    version: versions.onnx,
    device,
    workgroupPerRow: true,
    load: async (problem) => load(device, problem),
  };
}

function open(operator: "Softmax" | "LogSoftmax", rows: number, classes: number): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(rowModel(operator, rows, classes), {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
  });
}

function load(device: GPUDevice, { logits, rows, classes }: Problem) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: Math.ceil(logits.byteLength / 16) * 16, usage });
  device.queue.writeBuffer(buffer, 0, logits.buffer, logits.byteOffset, logits.byteLength);
  const x = ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: [rows, classes] });
  return {
    task: async (name: FunctionName) => {
      const operator = operators[name];
      return operator && taskOf(await open(operator, rows, classes), x);
    },
    dispose: () => {
      x.dispose();
      buffer.destroy();
    },
  };
}

function taskOf(session: ort.InferenceSession, x: ort.Tensor): Task<Promise<ort.Tensor>> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    // A session refuses a second run before the first has returned.
    call: () => {
      const result = last.then(() => run(session, x));
      last = result.catch(() => {});
      return result;
    },
    flush: async (results) => {
      await Promise.all(results);
    },
    read: async (result) => (await (await result).getData()) as Float32Array,
    free: (result) => void result.then((tensor) => tensor.dispose()),
    dispose: () => void session.release(),
  };
}

async function run(session: ort.InferenceSession, x: ort.Tensor): Promise<ort.Tensor> {
  const { y } = await session.run({ x });
  if (!y) throw new Error("the model gave no y");
  return y;
}
