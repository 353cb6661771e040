import type { Engine } from "../engine/engine.ts";
import { DeviceLostError, InputError } from "../engine/errors.ts";
import { remember } from "../engine/memo.ts";
import { signature } from "../expression/program.ts";
import type { Address } from "../random/words.ts";
import { drawer } from "./draws.ts";
import type { Scheme } from "./estimate.ts";
import { BLOCK_RUNS, BLOCK_SAMPLES, type Integrand, recordLayout } from "./integrand.ts";
import { type Batch, planBatch } from "./plan.ts";
import { type SavedTally, Tally } from "./tally.ts";
import { freshTask, now } from "./time.ts";

/** What is to be summed: the same range of draws for each of some replicates, replicate r on stream address.stream + r. */
export interface Job {
  readonly where: string;
  readonly integrand: Integrand;
  readonly address: Address;
  readonly replicates: number;
  /** Index of the first draw. */
  readonly offset: number;
  readonly draws: number;
}

/** Milliseconds of work in one submit: what a page can lose to a batch without missing frames. */
const GPU_TARGET = 40;
const CPU_TARGET = 10;
/** Batches under way: the next is queued while one is read. */
const GPU_FLIGHT = 2;
/** Bytes of the records of a batch's runs. */
const MOST_SCRATCH = 2 ** 26;

/** A run under way: tallies of whole blocks, and how far they reach. */
export class Run {
  readonly job: Job;
  /** Of each replicate, over the blocks folded so far. */
  readonly tallies: readonly Tally[];
  readonly shifts: Float32Array;
  /** Blocks of each replicate that are folded. */
  blocks = 0;
  /** Replicates whose records of the next block are there already. */
  #ahead = 0;
  readonly #waiting: Uint32Array[] = [];
  /** What the engine's earlier runs of the same program took, under this key. */
  readonly #key: string;
  /** The tallies as they were before a last block that is not whole. */
  #whole: readonly Tally[] | undefined;
  /** Milliseconds of the samples of one whole block, as measured. */
  #pace = 0;
  /** Blocks of samples in the latest batch. */
  #latest = 0.25;

  constructor(job: Job) {
    this.job = job;
    this.#key = `${job.integrand.draws.kind} ${signature(job.integrand.program)}`;
    this.shifts = shiftsOf(job);
    const outputs = job.integrand.program.outputs.length;
    this.tallies = Array.from({ length: job.replicates }, (_, r) => {
      return new Tally(outputs, job.integrand.tallies, this.shiftsOf(r));
    });
  }

  /** What each output of a replicate is summed about. */
  shiftsOf(replicate: number): readonly number[] {
    const outputs = this.job.integrand.program.outputs.length;
    return [...this.shifts.subarray(replicate * outputs, (replicate + 1) * outputs)];
  }

  /** Tallies of the blocks that were asked for to their end: what another run can go on from. */
  get whole(): readonly Tally[] {
    return this.#whole ?? this.tallies;
  }

  /** Goes on from the saved tallies of the first `blocks` blocks. */
  resume(blocks: number, saved: readonly SavedTally[]): void {
    const { where, replicates } = this.job;
    if (saved.length !== replicates) throw new InputError(`${where}: the snapshot's sums are damaged`);
    this.blocks = blocks;
    this.tallies.forEach((tally, r) => {
      tally.restore(saved[r] as SavedTally, where);
    });
  }

  /** A scheme with this run's shifts. */
  schemeOf(scheme: Omit<Scheme, "shifts">): Scheme {
    return { ...scheme, shifts: this.tallies.map((_, r) => this.shiftsOf(r)) };
  }

  /** Blocks that hold the job's draws. */
  get blocksInAll(): number {
    const { offset, draws } = this.job;
    return Math.ceil((offset + draws) / BLOCK_SAMPLES) - Math.floor(offset / BLOCK_SAMPLES);
  }

  #edges(block: number, blocks: number): { skip: number; tail: number } {
    const { offset, draws } = this.job;
    const skip = block === 0 ? offset % BLOCK_SAMPLES : 0;
    const last = block + blocks === this.blocksInAll;
    return { skip, tail: last ? ((offset + draws - 1) % BLOCK_SAMPLES) + 1 : BLOCK_SAMPLES };
  }

  /**
   * Folds block after block in order, and calls `folded` after each; stops when that returns true. Yields once a batch.
   */
  async *go(engine: Engine, signal: AbortSignal | undefined, folded: () => boolean): AsyncGenerator<void> {
    while (this.blocks < this.blocksInAll) {
      try {
        if (yield* this.#pass(engine, signal, folded)) return;
      } catch (error) {
        if (!(error instanceof DeviceLostError)) throw error;
        // What is folded stays folded; the words of the rest are the same on any device.
        await engine.revive();
      }
    }
  }

  async *#pass(engine: Engine, signal: AbortSignal | undefined, folded: () => boolean): AsyncGenerator<void, boolean> {
    const most = engine.backend === "cpu" ? 1 : GPU_FLIGHT;
    const flight: Flight[] = [];
    const known = pacesOf(engine).get(this.#key);
    if (known !== undefined && this.#pace === 0) {
      this.#pace = known;
      this.#latest = Number.POSITIVE_INFINITY;
    }
    const aborted = abortion(signal);
    let next = this.blocks;
    let replicate = this.#ahead;
    let done = now();
    try {
      while (flight.length > 0 || next < this.blocksInAll) {
        while (flight.length < most && next < this.blocksInAll) {
          if (engine.backend === "cpu") await freshTask();
          const size = this.#size(engine, this.blocksInAll - next, this.job.replicates - replicate);
          flight.push(this.#launch(engine, next, replicate, size));
          replicate += size.replicates;
          if (replicate === this.job.replicates) {
            replicate = 0;
            next += size.blocks;
          }
        }
        const { batch, first, sums, launched } = flight.shift() as Flight;
        const records = await Promise.race([sums, aborted.promise]);
        const finished = now();
        this.#measure(engine, batch, finished - Math.max(done, launched));
        done = finished;
        const before = this.blocks;
        const enough = this.#fold(batch, first, records, folded);
        if (this.blocks > before) yield;
        if (enough) return true;
      }
      return false;
    } finally {
      aborted.end();
    }
  }

  #launch(engine: Engine, block: number, replicate: number, size: Size): Flight {
    const { integrand, address, offset } = this.job;
    const outputs = integrand.program.outputs.length;
    const batch: Batch = {
      address: { ...address, stream: (address.stream + replicate) >>> 0 },
      replicates: size.replicates,
      firstBlock: Math.floor(offset / BLOCK_SAMPLES) + block,
      blocks: size.blocks,
      ...this.#edges(block, size.blocks),
      shifts: this.shifts.subarray(replicate * outputs, (replicate + size.replicates) * outputs),
    };
    const sums = engine.fetch(planBatch(integrand, batch, engine.machine)).then((got) => got.sums as Uint32Array);
    // A batch that is not waited for any more may fail unobserved.
    sums.catch(() => {});
    return { batch, first: replicate, sums, launched: now() };
  }

  /** Adds the records of a batch, once all replicates have theirs; true when the caller has seen enough. */
  #fold(batch: Batch, first: number, records: Uint32Array, folded: () => boolean): boolean {
    const { where, integrand, replicates } = this.job;
    const { words } = recordLayout(integrand.program.outputs.length, integrand.tallies);
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

  /** How much the next batch takes: what the measured pace makes of the target, four times the latest at most. */
  #size(engine: Engine, blocksLeft: number, replicatesLeft: number): Size {
    const { integrand, draws } = this.job;
    const { words } = recordLayout(integrand.program.outputs.length, integrand.tallies);
    // A unit is a block of one replicate, or what there is of it.
    const unit = Math.min(1, draws / BLOCK_SAMPLES);
    const target = engine.backend === "cpu" ? CPU_TARGET : GPU_TARGET;
    const byPace = this.#pace > 0 ? target / this.#pace : 1;
    const wanted = Math.min(byPace, this.#latest * 4) / unit;
    const byMemory = MOST_SCRATCH / (Math.ceil(unit * BLOCK_RUNS) * words * 4);
    const units = Math.max(1, Math.floor(Math.min(wanted, byMemory, MOST_UNITS)));
    const size = this.#cut(units, blocksLeft, replicatesLeft);
    this.#latest = size.blocks * size.replicates * unit;
    return size;
  }

  /** Many replicates are taken some at a time, few all at a time and several blocks of each. */
  #cut(units: number, blocksLeft: number, replicatesLeft: number): Size {
    const { replicates } = this.job;
    if (units < replicates || replicatesLeft < replicates) {
      return { blocks: 1, replicates: Math.min(units, replicatesLeft) };
    }
    return { blocks: Math.min(blocksLeft, Math.floor(units / replicates)), replicates };
  }

  #measure(engine: Engine, batch: Batch, milliseconds: number): void {
    const samples = batch.replicates * (batch.blocks * BLOCK_SAMPLES - batch.skip - (BLOCK_SAMPLES - batch.tail));
    const pace = (milliseconds * BLOCK_SAMPLES) / samples;
    // The first batch waits for the compiler as well.
    this.#pace = this.#pace === 0 ? Math.min(pace, GPU_TARGET / 4) : (this.#pace + pace) / 2;
    // A short batch says more about the way to the device than about the program.
    if (samples >= BLOCK_SAMPLES) pacesOf(engine).set(this.#key, this.#pace);
  }
}

/** Milliseconds that a block took on an engine, by program: a run of a known one need not start small. */
const paces = new WeakMap<Engine, Map<string, number>>();

function pacesOf(engine: Engine): Map<string, number> {
  const known = remember(paces, engine, () => new Map<string, number>());
  if (known.size > 256) known.clear();
  return known;
}

/** Blocks in a batch: their quads are counted in 32 bits. */
const MOST_UNITS = 2 ** 17;

interface Size {
  readonly blocks: number;
  readonly replicates: number;
}

interface Flight {
  readonly batch: Batch;
  /** The first replicate of the batch. */
  readonly first: number;
  readonly sums: Promise<Uint32Array>;
  readonly launched: number;
}

/** f at sample 0 of each replicate's stream, in f32: near the values, so that their squares keep their digits. */
function shiftsOf({ integrand, address, replicates }: Job): Float32Array {
  const outputs = integrand.program.outputs.length;
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

/** A promise that rejects when the signal aborts. */
function abortion(signal: AbortSignal | undefined): { promise: Promise<never>; end(): void } {
  let end = () => {};
  const promise = new Promise<never>((_, reject) => {
    if (!signal) return;
    const abort = () => reject(abortError(signal));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    end = () => signal.removeEventListener("abort", abort);
  });
  promise.catch(() => {});
  return { promise, end };
}

/** What an aborted call throws: the platform's own AbortError, or the reason that the caller gave. */
export function abortError(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The run was aborted", "AbortError");
}
