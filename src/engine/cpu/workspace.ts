import { type Allocation, allocate, type Kind } from "./allocation.ts";
import type { Cores, WasmModule } from "./cores.ts";
import { heapOf } from "./heap.ts";

/** Values from which work is spread over workers; less is done sooner than they wake. */
const LEAST_SPREAD = 1 << 18;

/** Values that take so long that this thread's help does not matter. */
const LONG = 1 << 24;

/** Tasks a worker, so that none waits long for another. */
const TASKS = 4;

/** Values of the smallest and, on one thread, of each task: a browser betters its code from one call to the next. */
const [LEAST_TASK, TASK] = [1 << 15, 1 << 17];

/** Milliseconds in which a worker that was ended stops. */
const LAST_WRITES = 1_000;

/** There is no room for the operands of a call, which then goes by its reference. */
export class NoRoom extends Error {}

/** Where one call does its work: operands and results in the heap, threads to run kernels. */
export class Workspace {
  readonly shared: boolean;
  readonly #cores: Cores;
  readonly #threads: number;
  readonly #borrowed: Allocation[] = [];
  readonly #results: (Allocation & { readonly address: number })[] = [];

  constructor(cores: Cores, threads: number) {
    this.#cores = cores;
    this.#threads = cores.shared ? threads : 1;
    this.shared = cores.shared;
  }

  /** Where an operand lies, after a copy if it is no part of the heap. */
  addressOf(operand: Allocation): number {
    if (operand.address !== undefined) return operand.address;
    const values = operand.values();
    const copy = this.#room(values.constructor as Float32ArrayConstructor, values.length);
    copy.values().set(values);
    this.#borrowed.push(copy);
    return copy.address;
  }

  /** Room for f64 that is needed during the call. */
  scratch(count: number): { readonly address: number; read(): Float64Array } {
    const room = this.#room(Float32Array, 2 * count);
    this.#borrowed.push(room);
    return { address: room.address, read: () => new Float64Array(this.#cores.memory.buffer, room.address, count) };
  }

  /** Room for values that the call gives, f32 by default, and for so many more that they are steps of `step`. */
  result(count: number, kind: Kind = Float32Array, step = 1): Allocation & { readonly address: number } {
    const room = this.#room(kind, Math.ceil(count / step) * step);
    this.#results.push(room);
    return { ...room, values: () => room.values().subarray(0, count) };
  }

  /** How many threads a call of so many values is worth. */
  threadsFor(values: number): number {
    return values < LEAST_SPREAD ? 1 : this.#threads;
  }

  /** Rows of so many values to a task, a multiple of `step`, four by default. */
  share(rows: number, width: number, step = 4): number {
    const values = rows * width;
    const threads = this.threadsFor(values);
    const ideal = threads === 1 ? TASK : Math.max(LEAST_TASK, values / (threads * TASKS));
    return step * Math.max(1, Math.round(ideal / Math.max(1, width) / step));
  }

  /** Runs an entry for tasks that have so many values in all. */
  async run(module: WasmModule, entry: string, tasks: readonly (readonly number[])[], values: number): Promise<void> {
    const threads = tasks.length === 1 ? 1 : this.threadsFor(values);
    if (threads === 1 || (await this.#cores.start(threads)) !== undefined) {
      this.#cores.runHere(module, entry, tasks);
      return;
    }
    // This thread takes part too, but leaves long work to them.
    const workers = values < LONG ? threads - 1 : threads;
    await this.#cores.run(module, entry, tasks, Math.max(1, workers));
  }

  /** Ends a call; its results stay. */
  end(): void {
    for (const one of this.#borrowed.splice(0)) one.free();
  }

  /** Ends a call that failed. Workers that were `busy` with it may write for a while yet: until then nobody gets its room. */
  abandon(busy: boolean): void {
    const rooms = [...this.#borrowed.splice(0), ...this.#results.splice(0)];
    const free = () => {
      for (const one of rooms) one.free();
    };
    if (!busy) {
      free();
      return;
    }
    const timer: unknown = setTimeout(free, LAST_WRITES);
    // A process of Node's need not wait for it.
    (timer as { unref?(): void }).unref?.();
  }

  #room(kind: Kind, length: number): Allocation & { readonly address: number } {
    const room = allocate(heapOf(this.#cores.memory), kind, length);
    if (!room) throw new NoRoom("the heap is full");
    return room;
  }
}
