import type { Cores } from "../../engine/cpu/cores.ts";
import type { Computed } from "../../engine/cpu/work.ts";
import { yieldToPage } from "../../engine/cpu/yield-to-page.ts";
import { BLOCK_SAMPLES } from "../integrand.ts";
import type { BatchReference } from "../plan.ts";
import { type ParcelledBatch, parcelsOf } from "./batch.ts";

/** Samples that are done at once on the thread of the caller: the way to a worker and back takes longer. */
const FEW_SAMPLES = 2 ** 17;

/** Parcels for each worker: one that is kept busy by others then does not hold up the rest. */
const PARCELS_EACH = 4;

/** The records of a batch, as `expectationReference` gives them, from WebAssembly on at most `threads` workers. */
export async function expectationRecords(
  { integrand, batch }: BatchReference,
  cores: Cores,
  threads: number,
): Promise<Computed> {
  const { replicates, blocks, tail, skip } = batch;
  const samples = replicates * ((blocks - 1) * BLOCK_SAMPLES + tail - skip);
  const few = samples <= FEW_SAMPLES;
  const batched = parcelsOf({ integrand, batch }, few ? 1 : threads * PARCELS_EACH);
  const alone = few || (await cores.start(threads)) !== undefined;
  const outputs = alone ? await here(cores, batched) : await apart(cores, batched, threads);
  return { outputs: { sums: joined(outputs) } };
}

function apart(cores: Cores, { module, parcels }: ParcelledBatch, threads: number): Promise<Uint8Array[]> {
  return Promise.all(parcels.map((parcel) => cores.runApart(module, "units", parcel, threads)));
}

/** On the thread of the page, which gets a turn now and then. */
async function here(cores: Cores, { module, parcels }: ParcelledBatch): Promise<Uint8Array[]> {
  const outputs: Uint8Array[] = [];
  for (const parcel of parcels) {
    await yieldToPage();
    outputs.push(cores.runApartHere(module, "units", parcel));
  }
  return outputs;
}

function joined(outputs: readonly Uint8Array[]): Uint32Array {
  const all = new Uint8Array(outputs.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const output of outputs) {
    all.set(output, at);
    at += output.length;
  }
  return new Uint32Array(all.buffer);
}
