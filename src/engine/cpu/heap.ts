import { remember } from "../../core/memo.ts";

/** Bytes [start, end) that nobody uses. */
interface Gap {
  start: number;
  end: number;
}

const ALIGNMENT = 16;
const PAGE = 65_536;

/** Bytes at either end of the memory that are never given: 0 is no address, and kernels read a little beyond a row. */
const MARGIN = 128;

/** Ranges of a WebAssembly memory: the smallest gap that is large enough, neighbours joined, more pages where none is. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** In the order of their addresses. */
  readonly #gaps: Gap[] = [];
  #end: number;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.#end = MARGIN;
    this.#grown();
  }

  /** Address of so many bytes, with whatever was there before; undefined where the memory cannot grow so far. */
  allocate(bytes: number): number | undefined {
    const size = rounded(bytes);
    const gap = this.#smallest(size) ?? this.#grow(size);
    if (!gap) return undefined;
    const { start } = gap;
    gap.start += size;
    if (gap.start === gap.end) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    return start;
  }

  /** Takes back what `allocate` gave for so many bytes. */
  free(address: number, bytes: number): void {
    this.#add(address, address + rounded(bytes));
  }

  /** Bytes that are kept for reuse. */
  get spare(): number {
    return this.#gaps.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  #smallest(size: number): Gap | undefined {
    let best: Gap | undefined;
    for (const gap of this.#gaps) {
      const room = gap.end - gap.start;
      if (room >= size && (!best || room < best.end - best.start)) best = gap;
    }
    return best;
  }

  /** Grows the memory by as much as is lacking, an eighth at least; gives the last gap. */
  #grow(size: number): Gap | undefined {
    const last = this.#gaps.at(-1);
    const there = last?.end === this.#end ? last.end - last.start : 0;
    const lacking = Math.ceil((size - there) / PAGE);
    const held = this.memory.buffer.byteLength / PAGE;
    for (const pages of [Math.max(lacking, Math.ceil(held / 8)), lacking]) {
      try {
        this.memory.grow(pages);
        this.#grown();
        return this.#gaps.at(-1);
      } catch {
        // Beyond its maximum, or what the machine has.
      }
    }
    return undefined;
  }

  #grown(): void {
    const end = this.memory.buffer.byteLength - MARGIN;
    this.#add(this.#end, end);
    this.#end = end;
  }

  /** Adds a gap, joined with those beside it. */
  #add(start: number, end: number): void {
    const gaps = this.#gaps;
    const next = gaps.findIndex((gap) => gap.start >= end);
    const at = next < 0 ? gaps.length : next;
    const [before, after] = [gaps[at - 1], gaps[at]];
    if (before?.end === start) {
      before.end = end;
      if (after?.start === end) before.end = gaps.splice(at, 1)[0]?.end ?? end;
    } else if (after?.start === end) after.start = start;
    else gaps.splice(at, 0, { start, end });
  }
}

function rounded(bytes: number): number {
  return Math.ceil(Math.max(bytes, 1) / ALIGNMENT) * ALIGNMENT;
}

const heaps = new WeakMap<WebAssembly.Memory, Heap>();

/** The heap of a memory, which all engines that share it share too. */
export function heapOf(memory: WebAssembly.Memory): Heap {
  return remember(heaps, memory, () => new Heap(memory));
}

/** Bytes of a memory that its heap, if it has one yet, keeps for reuse. */
export function spareIn(memory: WebAssembly.Memory): number {
  return heaps.get(memory)?.spare ?? 0;
}
