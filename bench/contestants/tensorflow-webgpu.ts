import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { onDevice } from "../harness/runs.ts";
import type { Contestant } from "./contestant.ts";
import { type Backend, loadTensorflow } from "./tensorflow.ts";
import { versions } from "./versions.ts";

/** TensorFlow.js on its WebGPU backend. */
export async function tensorflowWebgpu(software: boolean): Promise<Contestant> {
  // Outside of a browser it does not look for WebGPU by itself.
  if (!tf.findBackendFactory("webgpu")) tf.registerBackend("webgpu", makeBackend);
  if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js: no webgpu backend");
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error("TensorFlow.js: its backend is not the WebGPU one");
  const way = backendOf(backend, software);
  return {
    name: "TensorFlow.js WebGPU",
    kind: "webgpu",
    role: "peer",
    version: versions.tensorflow,
    device: backend.device,
    workgroupPerRow: ({ group }) => group === "rows",
    load: async (problem) => {
      await tf.setBackend("webgpu");
      return loadTensorflow(way, problem);
    },
  };
}

/** As its own registration does it, on the limits that it asks for. */
async function makeBackend(): Promise<WebGPUBackend> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("there is no WebGPU here");
  const names = [
    "maxComputeWorkgroupStorageSize",
    "maxComputeWorkgroupsPerDimension",
    "maxStorageBufferBindingSize",
    "maxBufferSize",
    "maxComputeWorkgroupSizeX",
    "maxComputeInvocationsPerWorkgroup",
  ] as const;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has("timestamp-query") ? ["timestamp-query"] : [],
    requiredLimits: Object.fromEntries(names.map((name) => [name, adapter.limits[name]])),
  });
  return new WebGPUBackend(device, adapter.info);
}

function backendOf(backend: WebGPUBackend, software: boolean): Backend {
  return {
    slowSums: software,
    upload: (tensor) => {
      // Nothing is there yet for what was made lazily on the host, as `tf.ones` is.
      backend.uploadToGPU(tensor.dataId);
      submit(backend);
      return tensor;
    },
    run: ({ call }) =>
      onDevice(backend.device, {
        call: () => tf.tidy(call),
        // Up to fifteen dispatches wait for company otherwise.
        flush: () => {
          submit(backend);
          return undefined;
        },
        free: (tensors) => tf.dispose(tensors),
      }),
  };
}

function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}
