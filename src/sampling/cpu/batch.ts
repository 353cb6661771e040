import type { Parcel, WasmModule } from "../../engine/cpu/cores.ts";
import { KernelCache } from "../../engine/kernel-cache.ts";
import { signature } from "../../expression/program.ts";
import { strataParams } from "../../random/strata.ts";
import type { GeneratorName } from "../../random/words.ts";
import { BLOCK_SAMPLES, type Integrand, outputsOf, recordLayout } from "../integrand.ts";
import { type BatchReference, runsOf } from "../plan.ts";
import { JOB, JOB_BYTES } from "./layout.ts";
import { expectationModule, scratchBytes } from "./module.ts";

/** A batch in parcels, each for the entry "units" of the module on any worker; their outputs follow one another. */
export interface ParcelledBatch {
  readonly module: WasmModule;
  readonly parcels: readonly Parcel[];
}

/** Cuts a batch into so many parcels, or fewer. */
export function parcelsOf({ integrand, batch }: BatchReference, most: number): ParcelledBatch {
  const units = batch.replicates * batch.blocks;
  const pieces = Math.min(units, most);
  const input = inputOf({ integrand, batch });
  const layout = recordLayout(outputsOf(integrand), integrand.tallies);
  const out = align(AT + input.length);
  const parcels = Array.from({ length: pieces }, (_, k) => {
    const first = Math.floor((units * k) / pieces);
    const count = Math.floor((units * (k + 1)) / pieces) - first;
    const bytes = count * layout.words * 4;
    const scratch = align(out + bytes);
    const room = scratch + scratchBytes(layout);
    return { args: [AT, first, count, out, scratch], room, input, at: AT, from: out, bytes };
  });
  return { module: moduleOf(integrand, batch.address.generator), parcels };
}

/** Where a job starts: 0 is no address. */
const AT = 64;

const align = (address: number): number => Math.ceil(address / 16) * 16;

const modules = new KernelCache<WasmModule>();

function moduleOf(integrand: Integrand, generator: GeneratorName): WasmModule {
  const { variates, draws, tallies, program, rejections = [] } = integrand;
  const stratified = draws.kind === "stratified" ? draws.coordinates : [];
  const key = `${JSON.stringify([variates, draws.kind, stratified, tallies, rejections, generator])}\n${signature(program)}`;
  return modules.get(key, () => expectationModule(integrand, generator));
}

/** The job, and behind it what it has addresses of. */
function inputOf({ integrand, batch }: BatchReference): Uint8Array {
  const { address, shifts } = batch;
  const { draws } = integrand;
  const parameters = Float32Array.from(integrand.parameters);
  const directions = draws.kind === "sobol" ? draws.directions : new Uint32Array();
  const [shiftsAt, parametersAt] = [JOB_BYTES, JOB_BYTES + shifts.byteLength];
  const directionsAt = parametersAt + parameters.byteLength;
  const bytes = new Uint8Array(directionsAt + directions.byteLength);
  const words = new Uint32Array(bytes.buffer, 0, JOB_BYTES / 4);
  const firstQuad = batch.firstBlock * (BLOCK_SAMPLES / 4);
  const low = firstQuad % 2 ** 32;
  const [count, width, fraction] = draws.kind === "stratified" ? strataParams(draws.strata) : ([0, 0, 0] as const);
  const job: Record<keyof typeof JOB, number> = {
    skip: batch.skip,
    tail: batch.tail,
    blocks: batch.blocks,
    runs: runsOf(batch),
    quadLow: low,
    quadHigh: (firstQuad - low) / 2 ** 32,
    stream: address.stream,
    seedLow: address.seed[0],
    seedHigh: address.seed[1],
    strataCount: count,
    strataWidth: width,
    strataFraction: fraction,
    shifts: AT + shiftsAt,
    parameters: AT + parametersAt,
    directions: AT + directionsAt,
  };
  for (const [name, value] of Object.entries(job)) words[JOB[name as keyof typeof JOB] / 4] = value;
  bytes.set(bytesOf(shifts), shiftsAt);
  bytes.set(bytesOf(parameters), parametersAt);
  bytes.set(bytesOf(directions), directionsAt);
  return bytes;
}

function bytesOf(array: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
