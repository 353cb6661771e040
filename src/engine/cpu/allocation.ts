import type { StoredValues } from "../values.ts";
import { type Heap, heapOf } from "./heap.ts";

/** An array of f32, u32, i32 or the bits of halves: a range of the memory that WebAssembly kernels read, or a JavaScript array of its own. */
export interface Allocation {
  /** A view that holds until the memory grows. */
  values(): StoredValues;
  /** Where they lie in the memory that kernels read; undefined for an array of its own. */
  readonly address?: number;
  /** Gives their room back. */
  free(): void;
}

/** Values of a tensor that is smaller, in a call that goes by the f64 references, are arrays of their own. */
const LEAST_ALLOCATED = 4_096;

export function ownArray(array: StoredValues): Allocation {
  return { values: () => array, free: () => {} };
}

/** A constructor of values. */
export interface Kind {
  new (buffer: ArrayBufferLike, address: number, length: number): StoredValues;
  readonly BYTES_PER_ELEMENT: number;
}

/** Room for values in the heap, if there is any. */
export function allocate(
  heap: Heap,
  kind: Kind,
  length: number,
): (Allocation & { readonly address: number }) | undefined {
  const bytes = kind.BYTES_PER_ELEMENT * length;
  const address = heap.allocate(bytes);
  if (address === undefined) return undefined;
  return {
    address,
    values: () => new kind(heap.memory.buffer, address, length),
    free: () => heap.free(address, bytes),
  };
}

/** A copy of values: in the memory's heap where they are many and it has room, else in an array. */
export function allocateCopy(memory: WebAssembly.Memory | undefined, data: StoredValues): Allocation {
  const large = memory && data.length >= LEAST_ALLOCATED;
  const room = large ? allocate(heapOf(memory), data.constructor as Kind, data.length) : undefined;
  if (!room) return ownArray(data.slice());
  room.values().set(data);
  return room;
}

/** A copy that is the reader's own; `slice` would give a view of shared memory another shared memory. */
export function copied({ values }: Allocation): StoredValues {
  const view = values();
  const copy = new (view.constructor as new (length: number) => StoredValues)(view.length);
  copy.set(view);
  return copy;
}

/** A result as it is kept: a small one is no longer part of the heap. */
export function kept(result: Allocation): Allocation {
  const values = result.values();
  if (values.length >= LEAST_ALLOCATED) return result;
  const array = copied(result);
  result.free();
  return ownArray(array);
}

/** Values to come, shared by a tensor and the calls that read it; the last to let go frees them. */
export class SharedValues {
  readonly allocation: Promise<Allocation>;
  #holders = 1;

  constructor(allocation: Promise<Allocation>) {
    this.allocation = allocation;
    // A fault is thrown by read(); a result that nobody reads must not end the page.
    allocation.catch(() => {});
  }

  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.allocation.then(
      (allocation) => allocation.free(),
      () => {},
    );
  }
}
