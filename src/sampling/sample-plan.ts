import source from "../../shaders/sampling/sample.wgsl?raw";
import { variatesWith } from "../arithmetic/variates-wgsl.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { KernelCache } from "../engine/kernel-cache.ts";
import {
  defineKernel,
  definePlan,
  grid,
  type Kernel,
  type Machine,
  type PlanOf,
  pass,
  specialise,
} from "../engine/plan.ts";
import { signature } from "../expression/program.ts";
import { emitProgram } from "../expression/wgsl.ts";
import type { Address, GeneratorName } from "../random/words.ts";
import { emitSamples } from "./emit.ts";
import { generatorWgsl } from "./generator-wgsl.ts";
import { type Integrand, outputsOf } from "./integrand.ts";
import { mathOf, type Variant, variantOf } from "./variant.ts";

const cpu = cpuWork(() => import("./cpu/sample-kernel.ts").then(({ sample }) => sample));

/** Samples first … first + count - 1 of an address. */
export interface SampleRequest {
  readonly address: Address;
  readonly first: number;
  readonly count: number;
}

/** The samples of an integrand, whose outputs are the coordinates of a row. */
export interface SampleReference extends SampleRequest {
  readonly integrand: Integrand;
}

const WIDTH = 64;
/** Quads that a workgroup takes. */
const GROUP_QUADS = 16 * WIDTH;
/** Rows of a pass start where a binding may start, whatever a row's size. */
const ROW_STEP = 64;

/** Samples of an integrand's outputs as rows: f32 `[count, ...shape]`. */
export function planSamples(
  integrand: Integrand,
  shape: readonly number[],
  wanted: SampleRequest,
  machine: Machine,
  where: string,
): PlanOf<"y"> {
  const { address, first, count } = wanted;
  const rowBytes = 4 * outputsOf(integrand);
  const kernel = kernelOf(integrand, address.generator, variantOf(machine));
  const most = Math.floor(machine.limits.maxStorageBufferBindingSize / rowBytes / ROW_STEP) * ROW_STEP;
  const starts = Array.from({ length: Math.ceil(count / most) }, (_, k) => k * most);
  const parameters = Float32Array.from(integrand.parameters.length > 0 ? integrand.parameters : [0]);
  return definePlan({
    name: where,
    outputs: { y: { shape: [count, ...shape], dtype: "f32" } },
    uploads: { parameters },
    passes: starts.map((start) => {
      const rows = Math.min(most, count - start);
      const skip = (first + start) % 4;
      const firstQuad = (first + start - skip) / 4;
      const low = firstQuad % 2 ** 32;
      const quads = Math.ceil((skip + rows) / 4);
      return pass(kernel, {
        bind: { parameters: "parameters", y: { buffer: "y", offset: start * rowBytes, size: rows * rowBytes } },
        params: {
          quads,
          skip,
          count: rows,
          quad_lo: low,
          quad_hi: (firstQuad - low) / 2 ** 32,
          stream: address.stream,
          seed_lo: address.seed[0],
          seed_hi: address.seed[1],
          zero: 0,
        },
        grid: grid(Math.ceil(quads / GROUP_QUADS), machine.limits, where),
      });
    }),
    cpu: cpu({ integrand, ...wanted }),
  });
}

/** `struct Params` of shaders/sampling/sample.wgsl. */
const PARAMS = {
  quads: "u32",
  skip: "u32",
  count: "u32",
  quad_lo: "u32",
  quad_hi: "u32",
  stream: "u32",
  seed_lo: "u32",
  seed_hi: "u32",
  zero: "u32",
} as const;

type SampleKernel = Kernel<"parameters" | "y", keyof typeof PARAMS>;

const kernels = new KernelCache<SampleKernel>();

function kernelOf(integrand: Integrand, generator: GeneratorName, variant: Variant): SampleKernel {
  const { program, rejections, variates: kinds } = integrand;
  const key = `${JSON.stringify([kinds, rejections, generator, variant])}\n${signature(program)}`;
  return kernels.get(key, () => {
    const { code, functions } = emitProgram(program, "integrand");
    const parts = [mathOf(variant), generatorWgsl(generator, variant.slowShifts), variatesWith(functions), code];
    const kernel = defineKernel({
      name: "sample",
      code: [...parts, emitSamples(integrand, variant), emitStores(outputsOf(integrand)), source].join("\n"),
      bindings: { parameters: "read", y: "read_write" },
      params: PARAMS,
    });
    return specialise(kernel, { WG: WIDTH });
  });
}

function emitStores(size: number): string {
  const coordinates = Array.from({ length: size }, (_, c) => c);
  const lanes = [0, 1, 2, 3].flatMap((j) => coordinates.map((c) => `y[at + ${j * size + c}u] = quad.y${c}[${j}];`));
  return `
fn store_quad(row: u32, quad: Quad) {
  let at = row * ${size}u;
  ${lanes.join("\n  ")}
}
fn store_lane(row: u32, lane: Lane) {
  let at = row * ${size}u;
  ${coordinates.map((c) => `y[at + ${c}u] = lane.y${c};`).join("\n  ")}
}`;
}
