import { math } from "../../../src/arithmetic/math-wgsl.ts";

/**
 * Runs a WGSL function over words on this browser's GPU.
 *
 * @param code - defines `fn compute(a: u32, b: u32, zero: u32) -> vec2<u32>`; math.wgsl is put in front of it
 * @returns compute's first words, and its second ones
 */
export async function runOnWords(
  code: string,
  a: Uint32Array<ArrayBuffer>,
  b: Uint32Array<ArrayBuffer> = a,
): Promise<[Uint32Array, Uint32Array]> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no WebGPU adapter");
  const device = await adapter.requestDevice();
  const module = device.createShaderModule({ code: math + code + entry });
  const faults = (await module.getCompilationInfo()).messages.filter(({ type }) => type === "error");
  if (faults.length > 0) throw new Error(faults.map(({ lineNum, message }) => `${lineNum}: ${message}`).join("\n"));
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  const size = 8 * a.length;
  const buffers = [a, b].map((words) => {
    const buffer = device.createBuffer({
      size: words.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  });
  const y = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const params = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM });
  const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [...buffers, y, params].map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(a.length / 64 / 1024), 1024);
  pass.end();
  encoder.copyBufferToBuffer(y, 0, copy, 0, size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const got = new Uint32Array(copy.getMappedRange().slice(0));
  device.destroy();
  return [got.filter((_, i) => i % 2 === 0), got.filter((_, i) => i % 2 === 1)];
}

const entry = `
@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read> b: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec2<u32>>;
@group(0) @binding(3) var<uniform> zero: vec4<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = (id.x / 64u * 1024u + id.y) * 64u + id.x % 64u;
  if i < arrayLength(&y) { y[i] = compute(a[i], b[i], zero.x); }
}
`;
