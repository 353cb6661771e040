import type { PendingError } from "../pending-errors.ts";
import type { BufferRange } from "./buffer-range.ts";
import type { ErrorScopes } from "./error-scopes.ts";

/** GPUBufferUsage.MAP_READ | COPY_DST, and GPUMapMode.READ. */
const STAGING = 0x1 | 0x8;
const READ = 0x1;

/** Bytes copied back at a time: a large tensor must not need as much again in staging. */
const MOST = 64 * 2 ** 20;

/** Staging buffers kept for the next read: how many, and of how many bytes at most. */
const KEPT = 4;
const MOST_KEPT = 16 * 2 ** 20;

/** A copy under way to the host. */
export interface Readback {
  readonly staging: GPUBuffer;
  readonly size: number;
  readonly mapped: Promise<undefined>;
}

/** What a read of a large buffer has yet to copy. */
interface Unsent {
  readonly buffer: GPUBuffer;
  send(): void;
}

/** Copies buffers back to the host through a few mapped buffers that are kept for the next read. */
export class Staging {
  readonly #device: GPUDevice;
  readonly #errorScopes: ErrorScopes;
  readonly #free: GPUBuffer[] = [];
  readonly #unsent = new Set<Unsent>();
  #destroyed = false;

  constructor(device: GPUDevice, faults: ErrorScopes) {
    this.#device = device;
    this.#errorScopes = faults;
  }

  /** Bytes of the buffers that wait for the next read. */
  get kept(): number {
    return this.#free.reduce((sum, buffer) => sum + buffer.size, 0);
  }

  /** The bytes of `source` as the work submitted so far leaves them. */
  async read(source: BufferRange): Promise<ArrayBuffer> {
    const values = new Uint8Array(source.size);
    const pieces = cut(source);
    const readbacks: Promise<void>[] = [];
    const send = () => {
      const piece = pieces.shift();
      if (!piece) return;
      const readback = this.#readBack([piece], (bytes) =>
        values.set(new Uint8Array(bytes), piece.offset - source.offset),
      );
      // All but the one being waited for may fail unobserved.
      readback.catch(() => {});
      readbacks.push(readback);
    };
    const unsent = { buffer: source.buffer, send: () => pieces.slice().forEach(send) };
    this.#unsent.add(unsent);
    try {
      for (let k = 0; pieces.length > 0 || k < readbacks.length; k++) {
        while (pieces.length > 0 && readbacks.length < k + 2) send();
        await readbacks[k];
      }
    } finally {
      this.#unsent.delete(unsent);
    }
    return values.buffer;
  }

  /** The first word of each buffer, in one round trip. */
  async words(buffers: readonly GPUBuffer[]): Promise<Uint32Array> {
    let words = new Uint32Array(0);
    const sources = buffers.map((buffer) => ({ buffer, offset: 0, size: 4 }));
    await this.#readBack(sources, (bytes) => {
      words = new Uint32Array(bytes.slice(0));
    });
    return words;
  }

  /** All that a readback brings, once the work before it is judged free of faults. */
  async bytes(readback: Readback, pendingError: PendingError): Promise<ArrayBuffer> {
    let bytes = new ArrayBuffer(0);
    await this.#receive(readback, pendingError, (mapped) => {
      bytes = mapped.slice(0);
    });
    return bytes;
  }

  /** Copies now what reads under way still want of this buffer: it is about to change. */
  flushReads(buffer: GPUBuffer): void {
    for (const unsent of this.#unsent) if (unsent.buffer === buffer) unsent.send();
  }

  /** Frees the buffers that wait for the next read. */
  trim(): void {
    for (const buffer of this.#free.splice(0)) buffer.destroy();
  }

  destroy(): void {
    this.#destroyed = true;
    this.trim();
  }

  async #readBack(sources: readonly BufferRange[], take: (bytes: ArrayBuffer) => void): Promise<void> {
    let pendingError: PendingError = Promise.resolve(undefined);
    const readback = this.#errorScopes.watch(
      "read",
      () => this.send(this.#device.createCommandEncoder({ label: "read" }), sources),
      (found) => {
        pendingError = found;
      },
    );
    await this.#receive(readback, pendingError, take);
  }

  /** Records the copies of all sources, side by side, behind what is in the encoder, and submits it. */
  send(encoder: GPUCommandEncoder, sources: readonly BufferRange[]): Readback {
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    const staging = this.#take(size);
    let to = 0;
    for (const source of sources) {
      encoder.copyBufferToBuffer(source.buffer, source.offset, staging, to, source.size);
      to += source.size;
    }
    this.#device.queue.submit([encoder.finish()]);
    return { staging, size, mapped: staging.mapAsync(READ, 0, size) };
  }

  /** Waits for a readback's bytes, which last as long as `take`; throws its fault, or what refused the mapping. */
  async #receive(
    { staging, size, mapped }: Readback,
    pendingError: PendingError,
    take: (bytes: ArrayBuffer) => void,
  ): Promise<void> {
    const [refusal, fault] = await Promise.all([this.#nudged(mapped), pendingError]);
    // A copy that failed leaves zeros behind, which must not pass for values.
    if (fault || refusal) {
      staging.destroy();
      throw fault ?? refusal;
    }
    take(staging.getMappedRange(0, size));
    staging.unmap();
    this.#keep(staging);
  }

  #take(size: number): GPUBuffer {
    const k = this.#free.findIndex((buffer) => buffer.size >= size && buffer.size <= 4 * Math.max(size, 2 ** 16));
    const [found] = k < 0 ? [] : this.#free.splice(k, 1);
    if (found) return found;
    const bytes = 2 ** Math.ceil(Math.log2(Math.max(size, 2 ** 12)));
    return this.#device.createBuffer({ label: "read", size: Math.min(bytes, Math.max(size, MOST)), usage: STAGING });
  }

  #keep(staging: GPUBuffer): void {
    if (this.#destroyed || this.#free.length >= KEPT || staging.size > MOST_KEPT) staging.destroy();
    else this.#free.push(staging);
  }

  /**
   * Waits for a mapping, and gives the error where there is one. Firefox looks for finished work every 100 ms
   * unless work arrives, so empty submits keep it awake (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699).
   */
  async #nudged(mapped: Promise<undefined>): Promise<unknown> {
    let done = false;
    const nudge = () => {
      if (done || this.#destroyed) return;
      this.#device.queue.submit([]);
      setTimeout(nudge, 1);
    };
    if (FIREFOX) nudge();
    try {
      await mapped;
      return undefined;
    } catch (error) {
      return error ?? new Error("mapAsync failed");
    } finally {
      done = true;
    }
  }
}

function cut({ buffer, offset, size }: BufferRange): BufferRange[] {
  const count = Math.ceil(size / MOST);
  return Array.from({ length: count }, (_, k) => {
    return { buffer, offset: offset + k * MOST, size: Math.min(MOST, size - k * MOST) };
  });
}

const FIREFOX = /firefox/i.test((globalThis.navigator as Navigator | undefined)?.userAgent ?? "");
