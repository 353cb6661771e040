import { DEFAULT_GENERATOR } from "../../src/index.ts";
import { generatorWgsl } from "../../src/sampling/generator-wgsl.ts";
import type { SampleProblem } from "../cases/problem.ts";
import { finished } from "../harness/finished.ts";
import code from "../shaders/ceiling-words.wgsl?raw";
import type { Task } from "./contestant.ts";
import { surprisalWebgpu } from "./surprisal-webgpu.ts";

const WIDTH = 64;
const RUN = 1_024;

/** Runs in one dispatch: as much as a batch of an expectation, so that no submit is long. */
const MOST_RUNS = 2 ** 13;

/** The bare random words of as many samples, without samples, integrand and sums. */
export function wordsTask(device: GPUDevice, { dimensions, samples }: SampleProblem): Task {
  const runs = Math.ceil(samples / RUN);
  let pipeline: GPUComputePipeline | undefined;
  const y = device.createBuffer({ size: MOST_RUNS * 16, usage: GPUBufferUsage.STORAGE });
  const params = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const submit = async (count: number, seed: number) => {
    pipeline ??= await compile(device);
    device.queue.writeBuffer(params, 0, new Uint32Array([count, dimensions, seed, 0]));
    const entries = [y, params].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.ceil(count / WIDTH));
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  return {
    note: "the bare random words",
    resultBytes: 0,
    run: async (calls, mark) => {
      for (let k = 0; k < calls; k++) {
        for (let done = 0; done < runs; done += MOST_RUNS) await submit(Math.min(MOST_RUNS, runs - done), done + k);
      }
      mark();
      await finished(device);
    },
    answer: async () => [],
    dispose: () => {
      y.destroy();
      params.destroy();
    },
  };
}

/** In the form that our expectations choose on this adapter. */
async function compile(device: GPUDevice): Promise<GPUComputePipeline> {
  const { engine } = await surprisalWebgpu();
  const generator = generatorWgsl(DEFAULT_GENERATOR, engine.machine.slowShifts === true);
  const module = device.createShaderModule({ label: "words", code: `const WG = ${WIDTH}u;\n${generator}\n${code}` });
  return device.createComputePipeline({ layout: "auto", compute: { module } });
}
