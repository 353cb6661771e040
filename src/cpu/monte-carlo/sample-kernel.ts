import { KernelCache } from "../../engine/kernel-cache.ts";
import { coordinates, type Integrand, outputsOf } from "../../expectation/integrand.ts";
import type { SampleReference } from "../../expectation/sample-plan.ts";
import { signature } from "../../expression/program.ts";
import type { Address, GeneratorName } from "../../random/words.ts";
import type { WasmModule } from "../cores.ts";
import { lodgedArray } from "../lodging.ts";
import type { Done, Operands } from "../rows/call.ts";
import type { Workspace } from "../workspace.ts";
import { JOB, JOB_BYTES } from "./layout.ts";
import { argumentsOf, DRAWN, sampleModule } from "./samples.ts";

/** Values of the smallest call that is worth a module. */
const LEAST = 4_096;

/** Coordinates and outputs of the largest program that is written out. */
const MOST = 64;

/** What a coordinate of a sample is to values that are only read, when work is spread. */
const WORTH = 8;

/** Samples of quads whose indices have the same upper 32 bits. */
const SAME_HIGH = 2 ** 34;

/** Samples with the bits of the reference, or undefined where they stay with it. */
export function sampleKernel(options: SampleReference, _given: Operands, space: Workspace): Promise<Done> | undefined {
  const { integrand, count } = options;
  const size = outputsOf(integrand);
  const width = Math.max(size, coordinates(integrand).length);
  if (integrand.draws.kind !== "random" || count * size < LEAST || width > MOST) return undefined;
  const y = space.result(count * size);
  return drawRows(options, space, y.address, WORTH * width).then(() => ({ outputs: { y } }));
}

async function drawRows(
  { integrand, address, first, count }: SampleReference,
  space: Workspace,
  y: number,
  width: number,
): Promise<void> {
  const row = 4 * outputsOf(integrand);
  const skip = first % DRAWN;
  const [job, parameters] = placeJob(integrand, address, space);
  const ranges = rangesOf(first - skip, skip + count, space.share(count, width, DRAWN));
  const scratch = space.scratch(Math.ceil((DRAWN * row * ranges.length) / 8)).address;
  const tasks = ranges.map(({ start, stop, low, high }, k) => {
    const begin = k === 0 ? skip : 0;
    return argumentsOf({
      ...{ job, parameters, low, high, stream: address.stream },
      ...{ begin, end: stop - start, y: y + (start + begin - skip) * row, scratch: scratch + DRAWN * row * k },
    });
  });
  await space.run(moduleOf(integrand, address.generator, space.shared), "samples", tasks, count * width);
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
function placeJob(integrand: Integrand, { seed }: Address, space: Workspace): readonly [number, number] {
  const job = new Uint32Array(JOB_BYTES / 4 + integrand.parameters.length);
  job[JOB.seedLow / 4] = seed[0];
  job[JOB.seedHigh / 4] = seed[1];
  new Float32Array(job.buffer, JOB_BYTES).set(integrand.parameters);
  const at = space.addressOf(lodgedArray(job));
  return [at, at + JOB_BYTES];
}

const modules = new KernelCache<WasmModule>();

function moduleOf(integrand: Integrand, generator: GeneratorName, shared: boolean): WasmModule {
  const { variates, program, rejections = [] } = integrand;
  const key = `${JSON.stringify([variates, rejections, generator, shared])}\n${signature(program)}`;
  return modules.get(key, () => sampleModule(integrand, generator, shared));
}
