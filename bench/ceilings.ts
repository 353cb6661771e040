import type { FunctionName, Library, Task } from "./library.ts";
import type { Problem } from "./problem.ts";
import copy from "./shaders/ceiling-copy.wgsl?raw";
import read from "./shaders/ceiling-read.wgsl?raw";

/** How a ceiling's vec4s are shared out: a run of neighbours each, or every n-th. */
type Sharing = "runs" | "strides";

/** Names of the ceilings, which a table folds into the faster of each kind. */
export const isCeiling = (name: string): boolean => name.startsWith("ceiling");

/** A bare read (or, where rows are written, copy) kernel on our device: what no kernel can beat. */
export function ceiling(device: GPUDevice, sharing: Sharing): Library {
  return { name: `ceiling, ${sharing}`, version: "", device, load: async (problem) => load(device, sharing, problem) };
}

function load(device: GPUDevice, sharing: Sharing, problem: Problem) {
  const bytes = Math.floor(problem.logits.length / 4) * 16;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const x = device.createBuffer({ label: "ceiling x", size: bytes, usage });
  device.queue.writeBuffer(x, 0, problem.logits.buffer, 0, bytes);
  return {
    task: async (name: FunctionName) => {
      const copies = name === "softmax" || name === "logSoftmax";
      return taskOf(device, x, copies ? copy : read, sharing, problem.rows, copies);
    },
    dispose: () => x.destroy(),
  };
}

function taskOf(device: GPUDevice, x: GPUBuffer, code: string, sharing: Sharing, rows: number, copies: boolean): Task {
  const quads = x.size / 16;
  const width = sharing === "runs" ? 16 : 256;
  const most = sharing === "runs" ? rows : 65_536;
  const threads = Math.min(Math.max(32, most), Math.ceil(quads / 64), 65_535 * width);
  const head = `const STRIDED = ${sharing === "strides"};\nconst WG = ${width}u;\n`;
  const module = device.createShaderModule({ label: "ceiling", code: head + code });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  const y = device.createBuffer({ size: copies ? x.size : threads * 16, usage: GPUBufferUsage.STORAGE });
  const params = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(params, 0, new Uint32Array([quads, Math.ceil(quads / threads), threads, 0]));
  const entries = [x, y, params].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return {
    note: copies ? "copy" : "read",
    call: () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(Math.ceil(threads / width));
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    flush: async () => {},
    read: async () => new Float32Array(),
    free: () => {},
    dispose: () => {
      y.destroy();
      params.destroy();
    },
  };
}
