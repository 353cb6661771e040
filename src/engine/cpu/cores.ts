import { KernelError } from "../../core/errors.ts";
import { remember } from "../../core/memo.ts";
import { ModuleBuilder } from "../../wasm/module.ts";
import { f32x4 } from "../../wasm/simd.ts";
import { Pool } from "./cores/pool.ts";
import { coresOf } from "./cores/thread.ts";
import { counterIn } from "./counters.ts";

/** WebAssembly to be instantiated where it is needed, over a memory that it imports as "env" "memory". */
export interface WasmModule {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A call of an entry over a memory of the worker's own: bytes in, bytes out. */
export interface Parcel {
  readonly args: readonly number[];
  /** Bytes of memory that the call takes in all. */
  readonly room: number;
  readonly input: Uint8Array;
  /** Where the input goes. */
  readonly at: number;
  /** Where the output comes from, and its bytes. */
  readonly from: number;
  readonly bytes: number;
}

/** How long this thread takes part in what workers do: longer, and a page would miss a frame. */
const OWN_MILLISECONDS = 8;

type Entries = Readonly<Record<string, (...args: number[]) => void>>;

/** Pages of 64 KiB: of a worker's own memory at most, which modules for `runApart` may declare. */
export const OWN_PAGES = 2_048;

/** Of the engine's memory at most: 4 GiB less a page, so that the end of a range is a number of 32 bits. */
export const COMMON_PAGES = 65_535;

/** The processor's cores: this thread, workers, and the memory that they share where the page may share any. */
export class Cores {
  /** The memory of tensors, which `run` and `runHere` work on. */
  readonly memory: WebAssembly.Memory;
  /** Whether workers can reach it: not in pages that are not cross-origin isolated. */
  readonly shared: boolean;
  /** Threads that the machine runs at once. */
  readonly threads = coresOf();
  readonly #pool = new Pool();
  readonly #keys = new WeakMap<WasmModule, number>();
  readonly #compiled = new WeakMap<WasmModule, WebAssembly.Module>();
  readonly #common = new WeakMap<WasmModule, Entries>();
  readonly #own = new WeakMap<WasmModule, Entries>();
  #ownMemory: WebAssembly.Memory | undefined;
  #next = 0;
  #users = 0;

  constructor(shared = canShare()) {
    this.shared = shared;
    this.memory = largestMemory(shared);
  }

  /** Why there can be no workers, once that has shown. */
  failed: string | undefined;

  /** Sees to it that so many workers run; gives the reason if there can be none. */
  async start(threads: number): Promise<string | undefined> {
    this.failed = await this.#pool.start(threads);
    return this.failed;
  }

  /** Runs entry(...args) for each task over the common memory, on this thread, at once. */
  runHere(module: WasmModule, entry: string, tasks: readonly (readonly number[])[]): void {
    const { memory } = this;
    const f = entryOf(
      remember(this.#common, module, () => entriesOf(this.#compile(module), memory)),
      entry,
      module,
    );
    for (const args of tasks) f(...args);
  }

  /**
   * The same, spread over so many workers and this thread, which takes tasks too, for a while, instead of waiting for workers to wake:
   * whoever is free takes the next. Resolves when all are done.
   */
  async run(module: WasmModule, entry: string, tasks: readonly (readonly number[])[], workers: number): Promise<void> {
    const counter = counterIn(this.memory);
    if (!counter) return this.runHere(module, entry, tasks);
    const { address } = counter;
    const message = { key: this.#key(module) * 2, entry, tasks, counter: address };
    const job = { ...this.#known(module, "common"), message, limit: workers };
    const helped = Promise.all(Array.from({ length: workers }, () => this.#pool.run(job)));
    // Whoever comes late finds no task left, but does look.
    helped.catch(() => {}).finally(counter.free);
    const words = new Int32Array(this.memory.buffer);
    const [next, done] = [address / 4, address / 4 + 1];
    const until = performance.now() + OWN_MILLISECONDS;
    do {
      const task = tasks[Atomics.add(words, next, 1)];
      if (!task) break;
      this.runHere(module, entry, [task]);
      Atomics.add(words, done, 1);
    } while (performance.now() < until);
    if (Atomics.load(words, done) < tasks.length) await helped;
  }

  /** Calls an entry once, over a memory of a worker's own, on one of at most `threads` workers. */
  async runApart(module: WasmModule, entry: string, parcel: Parcel, threads: number): Promise<Uint8Array> {
    const message = { key: this.#key(module) * 2 + 1, entry, ...parcel };
    const output = await this.#pool.run({ ...this.#known(module, "own"), message, limit: threads });
    if (!output) throw new KernelError("internal", `${module.name}: a worker gave nothing`);
    return output;
  }

  /** The same on this thread, at once. */
  runApartHere(module: WasmModule, entry: string, { args, room, input, at, from, bytes }: Parcel): Uint8Array {
    this.#ownMemory ??= new WebAssembly.Memory({ initial: 1, maximum: OWN_PAGES });
    const memory = this.#ownMemory;
    const lacking = Math.ceil((room - memory.buffer.byteLength) / PAGE);
    if (lacking > 0) memory.grow(lacking);
    const f = entryOf(
      remember(this.#own, module, () => entriesOf(this.#compile(module), memory)),
      entry,
      module,
    );
    new Uint8Array(memory.buffer).set(input, at);
    f(...args);
    return new Uint8Array(memory.buffer).slice(from, from + bytes);
  }

  /** An engine more uses the workers. */
  hold(): void {
    this.#users += 1;
  }

  /** An engine less does; with the last they end, and the next work starts others. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#pool.end();
  }

  #known(module: WasmModule, memory: "common" | "own") {
    const key = this.#key(module) * 2 + (memory === "own" ? 1 : 0);
    const compiled = this.#compile(module);
    const over = memory === "own" ? { pages: OWN_PAGES } : { memory: this.memory };
    return { key, introduction: { key, module: compiled, ...over } };
  }

  #key(module: WasmModule): number {
    return remember(this.#keys, module, () => this.#next++);
  }

  #compile(module: WasmModule): WebAssembly.Module {
    return remember(this.#compiled, module, () => new WebAssembly.Module(module.bytes));
  }
}

const PAGE = 65_536;

let ours: Cores | undefined;

/** The cores that all engines of this page or process share; throws where it may not compile WebAssembly. */
export function cores(): Cores {
  if (!ours) {
    // The smallest module: a page may forbid WebAssembly as a whole, and a browser may lack SIMD.
    new WebAssembly.Module(simdProbe());
    ours = new Cores();
  }
  return ours;
}

/** A function of one SIMD instruction. */
function simdProbe(): Uint8Array<ArrayBuffer> {
  const probe = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  probe.function(["v128"], ["v128"], (f) => f.return(f32x4.sqrt(f.parameter("v128", 0))));
  return probe.encoded();
}

function canShare(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  // Node has no such notion and shares.
  return typeof SharedArrayBuffer !== "undefined" && crossOriginIsolated !== false;
}

/** A memory that may grow as far as this machine lets it. */
function largestMemory(shared: boolean): WebAssembly.Memory {
  for (const maximum of [COMMON_PAGES, COMMON_PAGES / 3, 4_096]) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared });
    } catch {
      // Less, then.
    }
  }
  return new WebAssembly.Memory({ initial: 1, maximum: 256, shared });
}

function entriesOf(module: WebAssembly.Module, memory: WebAssembly.Memory): Entries {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Entries;
}

function entryOf(entries: Entries, name: string, module: WasmModule): (...args: number[]) => void {
  const entry = entries[name];
  if (!entry) throw new KernelError("internal", `${module.name}: no entry '${name}'`);
  return entry;
}
