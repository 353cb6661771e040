import { remember } from "../core/memo.ts";
import type { Engine } from "../engine/engine.ts";

/** Milliseconds of work in one batch: what a page can lose to it without missing frames. */
const TARGET = 40;
/** Where the page's own thread does it. */
const OWN_THREAD_TARGET = 10;

/** How fast an engine is at a program, as far as its batches have shown, and so how large the next may be. */
export class BatchSizes {
  readonly #known: Map<string, number>;
  readonly #key: string;
  readonly #target: number;
  /** Milliseconds of a block of samples; 0 before the first batch of an unknown program. */
  #block: number;
  /** Blocks of samples in the latest batch. */
  #latest: number;

  /** @param program - a text that tells programs apart */
  constructor(engine: Engine, program: string) {
    this.#known = speedsOf(engine);
    this.#key = `${engine.backend} ${program}`;
    this.#target = engine.maxInFlight === 1 ? OWN_THREAD_TARGET : TARGET;
    this.#block = this.#known.get(this.#key) ?? 0;
    // A program that the engine knows need not start small.
    this.#latest = this.#block > 0 ? Number.POSITIVE_INFINITY : 0.25;
  }

  /** Blocks of samples that the next batch may take: four times the latest at most. */
  get blocks(): number {
    return Math.min(this.#block > 0 ? this.#target / this.#block : 1, this.#latest * 4);
  }

  /** A batch of so many blocks of samples is on its way. */
  launched(blocks: number): void {
    this.#latest = blocks;
  }

  /** A batch of so many blocks of samples took so long. */
  took(blocks: number, milliseconds: number): void {
    const block = milliseconds / blocks;
    // The first batch waits for the compiler as well.
    this.#block = this.#block === 0 ? Math.min(block, this.#target / 4) : (this.#block + block) / 2;
    // A short batch says more about the way to the device than about the program.
    if (blocks >= 1) this.#known.set(this.#key, this.#block);
  }
}

/** Milliseconds that a block took on an engine, by backend and program. */
const speeds = new WeakMap<Engine, Map<string, number>>();

function speedsOf(engine: Engine): Map<string, number> {
  const known = remember(speeds, engine, () => new Map<string, number>());
  if (known.size > 256) known.clear();
  return known;
}

/** Forgets what an engine's lost device could do. */
export function forgetBatchSizes(engine: Engine): void {
  speeds.delete(engine);
}
