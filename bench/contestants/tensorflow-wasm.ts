import * as tf from "@tensorflow/tfjs";
import { getThreadsCount, setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { oneByOne } from "../harness/runs.ts";
import type { Contestant } from "./contestant.ts";
import { cores } from "./cores.ts";
import { type Backend, loadTensorflow } from "./tensorflow.ts";
import { versions } from "./versions.ts";

/** TensorFlow.js on its WebAssembly backend, with SIMD, and with threads where the page is isolated. */
export async function tensorflowWasm(): Promise<Contestant> {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  });
  setThreadsCount(cores());
  if (!(await tf.setBackend("wasm"))) throw new Error("TensorFlow.js: no wasm backend");
  await tf.ready();
  return {
    name: "TensorFlow.js WASM",
    kind: "cpu",
    role: "peer",
    version: versions.tensorflowWasm,
    threads: getThreadsCount(),
    load: async (problem) => {
      await tf.setBackend("wasm");
      return loadTensorflow(backend, problem);
    },
  };
}

/** Calls are done when they return. */
const backend: Backend = {
  slowSums: false,
  upload: (tensor) => tensor,
  run: ({ call }) =>
    oneByOne(
      () => tf.tidy(call),
      (tensors) => tf.dispose(tensors),
    ),
};
