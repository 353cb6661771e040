import { DeviceLostError, InputError } from "../core/errors.ts";
import type { Engine } from "../engine/engine.ts";
import { signature } from "../expression/program.ts";
import type { Address } from "../random/words.ts";
import { drawer } from "../sampling/draws.ts";
import {
  BLOCK_RUNS,
  BLOCK_SAMPLES,
  type Integrand,
  outputsOf,
  RUN_SAMPLES,
  recordLayout,
} from "../sampling/integrand.ts";
import { type Batch, planBatch } from "../sampling/plan.ts";
import { abortError, unlessAborted } from "./abort.ts";
import { BatchSizes, forgetBatchSizes } from "./batch-size.ts";
import type { Scheme } from "./estimate.ts";
import { type SavedTally, Tally } from "./tally.ts";
import { freshTask, now } from "./time.ts";

/** What is drawn and summed: the same range of draws for each of some replicates, replicate r on stream address.stream + r. */
export interface DrawRange {
  readonly where: string;
  readonly integrand: Integrand;
  readonly address: Address;
  readonly replicates: number;
  /** Index of the first draw. */
  readonly offset: number;
  readonly draws: number;
}

/** Bytes of the records of a batch's runs. */
const MOST_SCRATCH = 2 ** 26;

/** The sums of a run as far as it has got: tallies of whole blocks, and how far they reach. */
export class Sums {
  readonly range: DrawRange;
  /** Of each replicate, over the blocks folded so far. */
  readonly tallies: readonly Tally[];
  readonly shifts: Float32Array;
  /** Blocks of each replicate that are folded. */
  blocks = 0;
  /** Replicates whose records of the next block are there already. */
  #ahead = 0;
  readonly #waiting: Uint32Array[] = [];
  /** The tallies as they were before a last block that is not whole. */
  #whole: readonly Tally[] | undefined;

  constructor(range: DrawRange) {
    this.range = range;
    this.shifts = shiftsOf(range);
    const outputs = outputsOf(range.integrand);
    this.tallies = Array.from({ length: range.replicates }, (_, r) => {
      return new Tally(outputs, range.integrand.tallies, this.shiftsOf(r));
    });
  }

  /** What each output of a replicate is summed about, with what the program leaves out of it. */
  shiftsOf(replicate: number): readonly number[] {
    const { integrand } = this.range;
    const outputs = outputsOf(integrand);
    const shifts = this.shifts.subarray(replicate * outputs, (replicate + 1) * outputs);
    return [...shifts].map((shift, k) => shift + (integrand.origins?.[k] ?? 0));
  }

  /** Tallies of the blocks that were asked for to their end: what another run can go on from. */
  get whole(): readonly Tally[] {
    return this.#whole ?? this.tallies;
  }

  /** Goes on from the saved tallies of the first `blocks` blocks. */
  resume(blocks: number, saved: readonly SavedTally[]): void {
    const { where, replicates } = this.range;
    if (saved.length !== replicates) throw new InputError(`${where}: the snapshot's sums are damaged`);
    this.blocks = blocks;
    this.tallies.forEach((tally, r) => {
      tally.restore(saved[r] as SavedTally, where);
    });
  }

  /** A scheme with the shifts of these sums. */
  schemeOf(scheme: Omit<Scheme, "shifts">): Scheme {
    return { ...scheme, shifts: this.tallies.map((_, r) => this.shiftsOf(r)) };
  }

  /** Blocks that hold the range's draws. */
  get blocksInAll(): number {
    const { offset, draws } = this.range;
    return Math.ceil((offset + draws) / BLOCK_SAMPLES) - Math.floor(offset / BLOCK_SAMPLES);
  }

  #edges(block: number, blocks: number): { skip: number; tail: number } {
    const { offset, draws } = this.range;
    const skip = block === 0 ? offset % BLOCK_SAMPLES : 0;
    const last = block + blocks === this.blocksInAll;
    return { skip, tail: last ? ((offset + draws - 1) % BLOCK_SAMPLES) + 1 : BLOCK_SAMPLES };
  }

  /**
   * Folds block after block in order, and calls `folded` after each; stops when that returns true. Yields once a batch.
   */
  async *go(engine: Engine, signal: AbortSignal | undefined, folded: () => boolean): AsyncGenerator<void> {
    let losses = 0;
    let reached = this.blocks;
    while (this.blocks < this.blocksInAll) {
      try {
        if (yield* this.#pass(engine, signal, folded)) return;
      } catch (error) {
        if (!(error instanceof DeviceLostError)) throw error;
        // What is folded stays folded; the words of the rest are the same on any device. A batch that loses one device
        // after another must not go on for ever.
        losses = this.blocks > reached ? 1 : losses + 1;
        reached = this.blocks;
        if (losses > MOST_LOSSES) throw error;
        await unlessAborted(signal, revived(engine, error));
      }
    }
  }

  /** Draws and folds the whole range. */
  async all(engine: Engine, signal: AbortSignal | undefined): Promise<void> {
    for await (const _ of this.go(engine, signal, () => false)) {
      // Nothing to tell until all is there.
    }
  }

  async *#pass(engine: Engine, signal: AbortSignal | undefined, folded: () => boolean): AsyncGenerator<void, boolean> {
    const most = engine.maxInFlight;
    const { integrand } = this.range;
    const sizes = new BatchSizes(engine, `${integrand.draws.kind} ${signature(integrand.program)}`);
    const launched: BatchUnderWay[] = [];
    let next = this.blocks;
    let replicate = this.#ahead;
    let done = now();
    while (launched.length > 0 || next < this.blocksInAll) {
      if (signal?.aborted) throw abortError(signal);
      while (launched.length < most && next < this.blocksInAll) {
        if (most === 1) await freshTask();
        const size = this.#size(engine, sizes, this.blocksInAll - next, this.range.replicates - replicate);
        launched.push(this.#launch(engine, next, replicate, size));
        replicate += size.replicates;
        if (replicate === this.range.replicates) {
          replicate = 0;
          next += size.blocks;
        }
      }
      const { batch, first, landing, since } = launched.shift() as BatchUnderWay;
      const { records, landed } = await unlessAborted(signal, landing);
      sizes.took(samplesIn(batch) / BLOCK_SAMPLES, landed - Math.max(done, since));
      done = landed;
      const before = this.blocks;
      const enough = this.#fold(batch, first, records, folded);
      if (this.blocks > before) yield;
      if (enough) return true;
    }
    return false;
  }

  #launch(engine: Engine, block: number, replicate: number, size: Size): BatchUnderWay {
    const { integrand, address, offset } = this.range;
    const outputs = outputsOf(integrand);
    const batch: Batch = {
      address: { ...address, stream: (address.stream + replicate) >>> 0 },
      replicates: size.replicates,
      firstBlock: Math.floor(offset / BLOCK_SAMPLES) + block,
      blocks: size.blocks,
      ...this.#edges(block, size.blocks),
      shifts: this.shifts.subarray(replicate * outputs, (replicate + size.replicates) * outputs),
    };
    const since = now();
    const fetched = engine.fetch(planBatch(integrand, batch, engine.machine));
    // The caller may be busy with an estimate when the batch lands.
    const landing = fetched.then(({ sums }) => ({ records: sums as Uint32Array, landed: now() }));
    // A batch that is not waited for any more may fail unobserved.
    landing.catch(() => {});
    return { batch, first: replicate, landing, since };
  }

  /** Adds the records of a batch, once all replicates have theirs; true when the caller has seen enough. */
  #fold(batch: Batch, first: number, records: Uint32Array, folded: () => boolean): boolean {
    const { where, integrand, replicates } = this.range;
    const { words } = recordLayout(outputsOf(integrand), integrand.tallies);
    const recordOf = (r: number, block: number) => {
      const at = (r * batch.blocks + block) * words;
      return records.subarray(at, at + words);
    };
    this.#ahead = (first + batch.replicates) % replicates;
    if (batch.replicates < replicates) {
      // Tallies must hold the same blocks of all replicates whenever anyone looks.
      for (let r = 0; r < batch.replicates; r++) this.#waiting.push(recordOf(r, 0));
      if (this.#ahead > 0) return false;
    }
    for (let block = 0; block < batch.blocks; block++) {
      if (block + 1 === batch.blocks && batch.tail < BLOCK_SAMPLES)
        this.#whole = this.tallies.map((tally) => tally.copy());
      const draws = (block + 1 === batch.blocks ? batch.tail : BLOCK_SAMPLES) - (block === 0 ? batch.skip : 0);
      const waiting = this.#waiting.splice(0);
      this.tallies.forEach((tally, r) => {
        tally.fold(waiting[r] ?? recordOf(r, block), draws, where);
      });
      this.blocks += 1;
      if (folded()) return true;
    }
    return false;
  }

  /** How much the next batch takes, as its speed and the memory for its runs allow. */
  #size(engine: Engine, sizes: BatchSizes, blocksLeft: number, replicatesLeft: number): Size {
    const { integrand, draws } = this.range;
    const { words } = recordLayout(outputsOf(integrand), integrand.tallies);
    // A unit is a block of one replicate, or what there is of it.
    const unit = Math.min(1, draws / BLOCK_SAMPLES);
    const runs = this.blocksInAll > 1 ? BLOCK_RUNS : Math.ceil(this.#edges(0, 1).tail / RUN_SAMPLES);
    const most = Math.min(MOST_SCRATCH, engine.limits.maxStorageBufferBindingSize);
    const units = Math.max(1, Math.floor(Math.min(sizes.blocks / unit, most / (runs * words * 4), MOST_UNITS)));
    const size = this.#cut(units, blocksLeft, replicatesLeft);
    sizes.launched(size.blocks * size.replicates * unit);
    return size;
  }

  /** Many replicates are taken some at a time, few all at a time and several blocks of each. */
  #cut(units: number, blocksLeft: number, replicatesLeft: number): Size {
    const { replicates } = this.range;
    if (units < replicates || replicatesLeft < replicates) {
      return { blocks: 1, replicates: Math.min(units, replicatesLeft) };
    }
    return { blocks: Math.min(blocksLeft, Math.floor(units / replicates)), replicates };
  }
}

/** Blocks in a batch: their quads are counted in 32 bits. */
const MOST_UNITS = 2 ** 17;

/** Devices that a run may lose without getting any further. */
const MOST_LOSSES = 3;

/** Waits for another device; where there is none, the loss is what the caller is told. */
async function revived(engine: Engine, loss: DeviceLostError): Promise<void> {
  forgetBatchSizes(engine);
  try {
    await engine.revive();
  } catch (error) {
    if (error instanceof DeviceLostError) throw error;
    throw new DeviceLostError(`${loss.message}; ${error instanceof Error ? error.message : String(error)}`);
  }
}

function samplesIn({ replicates, blocks, skip, tail }: Batch): number {
  return replicates * ((blocks - 1) * BLOCK_SAMPLES + tail - skip);
}

interface Size {
  readonly blocks: number;
  readonly replicates: number;
}

interface BatchUnderWay {
  readonly batch: Batch;
  /** The first replicate of the batch. */
  readonly first: number;
  readonly landing: Promise<{ readonly records: Uint32Array; readonly landed: number }>;
  readonly since: number;
}

/** f at sample 0 of each replicate's stream, in f32: near the values, so that their squares keep their digits. */
function shiftsOf({ integrand, address, replicates }: DrawRange): Float32Array {
  const outputs = outputsOf(integrand);
  const shifts = new Float32Array(replicates * outputs);
  const draw = drawer(integrand, "f32", 4);
  for (let r = 0; r < replicates; r++) {
    const drawn = draw({ ...address, stream: (address.stream + r) >>> 0 }, 0, 4);
    drawn.outputs.forEach((values, k) => {
      const value = values[0] as number;
      const shifted = integrand.unshifted?.includes(k) !== true && Number.isFinite(value);
      shifts[r * outputs + k] = shifted ? value : 0;
    });
  }
  return shifts;
}
