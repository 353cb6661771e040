import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { oneByOne } from "../harness/runs.ts";
import type { Contestant } from "./contestant.ts";
import { sharedThreads } from "./cores.ts";
import { loadOnnx, type Provider } from "./onnx.ts";
import { versions } from "./versions.ts";

/** ONNX Runtime Web on WebAssembly with SIMD and threads; each call takes its data in, and its results out, by copies. */
export async function onnxWasm(): Promise<Contestant> {
  const threads = sharedThreads();
  ort.env.wasm.wasmPaths = { wasm };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  return {
    name: "ONNX Runtime Web WASM",
    kind: "cpu",
    role: "peer",
    version: versions.onnx,
    threads,
    load: async (problem) => loadOnnx(provider, problem),
  };
}

const provider: Provider = {
  open: (model) => ort.InferenceSession.create(model, { executionProviders: ["wasm"] }),
  tensor: (values, dims) =>
    values instanceof Float32Array
      ? new ort.Tensor("float32", values, [...dims])
      : new ort.Tensor("int32", values, [...dims]),
  hostTensor: (values, dims) => new ort.Tensor("float32", values, [...dims]),
  run: (call) =>
    oneByOne(call, (tensors) => {
      for (const tensor of tensors) tensor.dispose();
    }),
};
