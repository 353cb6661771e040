import { allocate } from "./allocation.ts";
import { heapOf } from "./heap.ts";

/** The next task of a list that threads share, and how many are done: two words of the common memory. */
export interface Counter {
  readonly address: number;
  /** To be called when no worker can look at it any more. */
  free(): void;
}

const PLACES = 64;
const BYTES = 8;

const known = new WeakMap<WebAssembly.Memory, number[]>();

/** A counter of 0 and 0; undefined where too many are in use. They have a place of their own, since workers may look at one late. */
export function counterIn(memory: WebAssembly.Memory): Counter | undefined {
  let free = known.get(memory);
  if (!free) {
    const room = allocate(heapOf(memory), Int32Array, (PLACES * BYTES) / 4);
    const first = room?.address;
    free = first === undefined ? [] : Array.from({ length: PLACES }, (_, k) => first + BYTES * k);
    known.set(memory, free);
  }
  const places = free;
  const address = places.pop();
  if (address === undefined) return undefined;
  new Int32Array(memory.buffer, address, 2).fill(0);
  return { address, free: () => void places.push(address) };
}
