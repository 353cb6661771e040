import code from "../shaders/fill.wgsl?raw";

const WIDTH = 64;

/** A buffer of f32 logits [rows, classes] made on the GPU, since uploads of this size would take longest. */
export function generateLogits(device: GPUDevice, rows: number, classes: number): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const buffer = device.createBuffer({ label: "generated logits", size: rows * classes * 4, usage });
  const module = device.createShaderModule({ label: "fill", code: `const WG = ${WIDTH}u;\n${code}` });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  // Chunks of 64 rows and more start where a binding may start, whatever the number of classes.
  const fit = Math.floor(device.limits.maxStorageBufferBindingSize / (classes * 4 * 64)) * 64;
  for (let first = 0; first < rows; first += fit) {
    const count = Math.min(fit, rows - first);
    const range = { buffer, offset: first * classes * 4, size: count * classes * 4 };
    fill(device, pipeline, range, new Uint32Array([count, classes, first, 0]));
  }
  return buffer;
}

function fill(device: GPUDevice, pipeline: GPUComputePipeline, x: GPUBufferBinding, params: Uint32Array<ArrayBuffer>) {
  const uniform = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(uniform, 0, params);
  const entries = [x, { buffer: uniform }].map((resource, binding) => ({ binding, resource }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(params[0] ?? 0);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

/** The same values of one row, on the host. */
export function generatedRow(row: number, classes: number): Float32Array {
  return Float32Array.from(
    { length: classes },
    (_, column) => ((hash(row * classes + column) >>> 8) - 2 ** 23) / 2 ** 20,
  );
}

/** Seeded class ids of a range. */
export function generatedTargets(rows: number, begin: number, end: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => begin + (hash(~row) % (end - begin)));
}

function hash(index: number): number {
  const state = (Math.imul(index, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}
