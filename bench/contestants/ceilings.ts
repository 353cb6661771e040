import type { Problem } from "../cases/problem.ts";
import { awake } from "../harness/finished.ts";
import { onDevice } from "../harness/runs.ts";
import copy from "../shaders/ceiling-copy.wgsl?raw";
import read from "../shaders/ceiling-read.wgsl?raw";
import type { Contestant, Loaded, Task } from "./contestant.ts";
import { ownDevice } from "./own-device.ts";
import { wordsTask } from "./words.ts";

/** How a ceiling's vec4s are shared out: a run of neighbours each, or every n-th. */
type Sharing = "runs" | "strides";

const writing = ["softmax", "logSoftmax", "crossEntropyWithGradient"];

/**
 * What our kernels are held against, on our device: a bare read of the same bytes (a copy, where as many are written), the
 * bare random words, a bare round trip.
 */
export async function ceiling(sharing: Sharing): Promise<Contestant> {
  const device = await ownDevice();
  return {
    name: `ceiling, ${sharing}`,
    kind: "webgpu",
    role: "ceiling",
    version: "",
    device,
    load: async (problem) => load(device, sharing, problem),
  };
}

function load(device: GPUDevice, sharing: Sharing, problem: Problem): Loaded | undefined {
  if (problem.group === "rows" || problem.group === "gaussian") return loadValues(device, sharing, problem);
  if (sharing === "strides") return undefined;
  return {
    tasks: async (name) => {
      if (problem.group === "monte-carlo") return [wordsTask(device, problem)];
      return name === "empty" ? [tripTask(device)] : [];
    },
    dispose: () => {},
  };
}

function loadValues(device: GPUDevice, sharing: Sharing, problem: Extract<Problem, { rows: number }>): Loaded {
  const { values, rows } = valuesOf(problem);
  const bytes = Math.floor(values.length / 4) * 16;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const x = device.createBuffer({ label: "ceiling x", size: Math.max(16, bytes), usage });
  device.queue.writeBuffer(x, 0, values.buffer as ArrayBuffer, values.byteOffset, bytes);
  return {
    tasks: async (name) => {
      const copies = writing.includes(name);
      return [valuesTask(device, x, { code: copies ? copy : read, sharing, rows, copies })];
    },
    dispose: () => x.destroy(),
  };
}

/** What a kernel has to read. */
function valuesOf(problem: Extract<Problem, { rows: number }>): { values: Float32Array; rows: number } {
  const { rows } = problem;
  if (problem.group === "rows") return { values: problem.logits, rows };
  return { values: problem.form === "diagonal" ? problem.x : problem.covariance, rows };
}

interface Ceiling {
  readonly code: string;
  readonly sharing: Sharing;
  readonly rows: number;
  readonly copies: boolean;
}

function valuesTask(device: GPUDevice, x: GPUBuffer, { code, sharing, rows, copies }: Ceiling): Task {
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
    note: copies ? "a bare copy" : "a bare read",
    resultBytes: 0,
    run: onDevice(device, {
      call: () => dispatch(device, pipeline, group, Math.ceil(threads / width)),
      free: () => {},
    }),
    answer: async () => [],
    dispose: () => {
      y.destroy();
      params.destroy();
    },
  };
}

function dispatch(device: GPUDevice, pipeline: GPUComputePipeline, group: GPUBindGroup, groups: number): void {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(groups);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

/** Four bytes up and back, as the API has it. */
function tripTask(device: GPUDevice): Task {
  const data = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
  const staging = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const one = new Float32Array([1]);
  const trip = async () => {
    device.queue.writeBuffer(data, 0, one);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(data, 0, staging, 0, 4);
    device.queue.submit([encoder.finish()]);
    await awake(device, staging.mapAsync(GPUMapMode.READ));
    const [value = Number.NaN] = new Float32Array(staging.getMappedRange());
    staging.unmap();
    return value;
  };
  return {
    note: "writeBuffer, copy, mapAsync",
    resultBytes: 0,
    run: async (calls, mark) => {
      for (let k = 0; k < calls; k++) await trip();
      mark();
    },
    answer: async () => [[await trip()]],
    dispose: () => {
      data.destroy();
      staging.destroy();
    },
  };
}
