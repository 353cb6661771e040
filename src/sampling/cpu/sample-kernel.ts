import { ownArray } from "../../engine/cpu/allocation.ts";
import type { WasmModule } from "../../engine/cpu/cores.ts";
import type { CpuModule, Done, Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import { KernelCache } from "../../engine/kernel-cache.ts";
import { signature } from "../../expression/program.ts";
import type { Address, GeneratorName } from "../../random/words.ts";
import { coordinates, type Integrand, outputsOf } from "../integrand.ts";
import type { AffineReference } from "../sample-affine.ts";
import type { SampleReference } from "../sample-plan.ts";
import { affineModule, columnsOf } from "./affine-samples.ts";
import { JOB, JOB_BYTES } from "./layout.ts";
import { sampleAffineReference, sampleReference } from "./sample.ts";
import { argumentsOf, DRAWN, sampleModule } from "./samples.ts";

/** Samples of the smallest call that is worth a module: those that the reference draws while one is made. */
const LEAST = 4_096;

/** Coordinates and outputs of the largest program that is written out. */
const MOST = 64;

/** What a coordinate of a sample is to values that are only read, when work is spread. */
const WORTH = 8;

/** Samples of quads whose indices have the same upper 32 bits. */
const SAME_HIGH = 2 ** 34;

/** Samples with the bits of the reference, or undefined where they stay with it. */
function sampleKernel(options: SampleReference, _given: Operands, space: Workspace): Promise<Done> | undefined {
  const { integrand, address, count } = options;
  const width = Math.max(outputsOf(integrand), coordinates(integrand).length);
  if (count < LEAST || integrand.draws.kind !== "random" || width > MOST) return undefined;
  const module = moduleOf(integrand, address.generator, space.shared);
  return drawRows(options, space, { module, width, parameters: integrand.parameters, more: [] });
}

/** The same of an affine map of standard normals. */
function sampleAffineKernel(options: AffineReference, _given: Operands, space: Workspace): Promise<Done> | undefined {
  const { integrand, address, count, affine } = options;
  if (count < LEAST) return undefined;
  const width = outputsOf(integrand);
  const module = affineModules.get(JSON.stringify([address.generator, space.shared]), () =>
    affineModule(integrand, address.generator, space.shared),
  );
  return drawRows(options, space, { module, width, parameters: columnsOf(affine, width), more: [width] });
}

export const sample: CpuModule<SampleReference> = { reference: sampleReference, wasm: sampleKernel };

export const sampleAffine: CpuModule<AffineReference> = { reference: sampleAffineReference, wasm: sampleAffineKernel };

const affineModules = new KernelCache<WasmModule>();

interface Drawing {
  readonly module: WasmModule;
  /** Coordinates or outputs of a sample, whichever are more. */
  readonly width: number;
  readonly parameters: ArrayLike<number>;
  /** Arguments beyond those of `SampleTask`. */
  readonly more: readonly number[];
}

async function drawRows(
  { integrand, address, first, count }: SampleReference,
  space: Workspace,
  { module, width, parameters: values, more }: Drawing,
): Promise<Done> {
  const size = outputsOf(integrand);
  const y = space.result(count * size);
  const skip = first % DRAWN;
  const [job, parameters] = placeJob(values, address, space);
  const ranges = rangesOf(first - skip, skip + count, space.share(count, WORTH * width, DRAWN));
  const scratch = space.scratch(Math.ceil((DRAWN * 4 * size * ranges.length) / 8)).address;
  const tasks = ranges.map(({ start, stop, low, high }, k) => {
    const begin = k === 0 ? skip : 0;
    const [to, own] = [y.address + 4 * size * (start + begin - skip), scratch + DRAWN * 4 * size * k];
    const place = { job, parameters, low, high, stream: address.stream };
    return [...argumentsOf({ ...place, begin, end: stop - start, y: to, scratch: own }), ...more];
  });
  await space.run(module, "samples", tasks, count * WORTH * width);
  return { outputs: { y } };
}

interface Range {
  /** Samples start … stop - 1 after the first of all. */
  readonly start: number;
  readonly stop: number;
  /** The first quad's index. */
  readonly low: number;
  readonly high: number;
}

/** Samples first … first + total - 1 in parts of `share`, cut where the upper word of a quad's index changes. */
export function rangesOf(first: number, total: number, share: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let start = 0; start < total; ) {
    const quad = (first + start) / 4;
    const low = quad % 2 ** 32;
    const stop = Math.min(total, start + share, start + SAME_HIGH - 4 * low);
    ranges.push({ start, stop, low, high: (quad - low) / 2 ** 32 });
    start = stop;
  }
  return ranges;
}

/** The generator's key, and the parameters behind it. */
function placeJob(parameters: ArrayLike<number>, { seed }: Address, space: Workspace): readonly [number, number] {
  const job = new Uint32Array(JOB_BYTES / 4 + parameters.length);
  job[JOB.seedLow / 4] = seed[0];
  job[JOB.seedHigh / 4] = seed[1];
  new Float32Array(job.buffer, JOB_BYTES).set(parameters);
  const at = space.addressOf(ownArray(job));
  return [at, at + JOB_BYTES];
}

const modules = new KernelCache<WasmModule>();

function moduleOf(integrand: Integrand, generator: GeneratorName, shared: boolean): WasmModule {
  const { variates, program, rejections = [] } = integrand;
  const key = `${JSON.stringify([variates, rejections, generator, shared])}\n${signature(program)}`;
  return modules.get(key, () => sampleModule(integrand, generator, shared));
}
