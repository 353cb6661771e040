import type { Contestant, Entry } from "./contestant.ts";
import { type CpuVariant, cpuVariants } from "./cpu-variants.ts";

/** Everyone who may take part; what they need is loaded when they are made. */
export function entries(software: boolean): readonly Entry[] {
  const webgpu = (name: string, create: () => Promise<Contestant>): Entry => ({ name, kind: "webgpu", create });
  const cpu = (name: string, create: () => Promise<Contestant>): Entry => ({ name, kind: "cpu", create });
  return [
    webgpu("surprisal WebGPU", async () => (await import("./surprisal-webgpu.ts")).surprisalWebgpu()),
    webgpu("jax-js WebGPU", async () => (await import("./jax.ts")).jax("webgpu")),
    webgpu("TensorFlow.js WebGPU", async () => (await import("./tensorflow-webgpu.ts")).tensorflowWebgpu(software)),
    webgpu("ONNX Runtime Web WebGPU", async () => (await import("./onnx-webgpu.ts")).onnxWebgpu()),
    webgpu("ceiling, runs", async () => (await import("./ceilings.ts")).ceiling("runs")),
    webgpu("ceiling, strides", async () => (await import("./ceilings.ts")).ceiling("strides")),
    ...(Object.keys(cpuVariants) as CpuVariant[]).map((name) =>
      cpu(name, async () => (await import("./surprisal-cpu.ts")).surprisalCpu(name)),
    ),
    cpu("TensorFlow.js WASM", async () => (await import("./tensorflow-wasm.ts")).tensorflowWasm()),
    cpu("jax-js WASM", async () => (await import("./jax.ts")).jax("wasm")),
    cpu("ONNX Runtime Web WASM", async () => (await import("./onnx-wasm.ts")).onnxWasm()),
    cpu("@stdlib", async () => (await import("./stdlib.ts")).stdlib()),
    cpu("JavaScript, Math.random", async () => (await import("./plain.ts")).plainJavaScript()),
  ];
}
