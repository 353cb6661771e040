/** Keeps freed GPU buffers for the next call, since creating one costs more than a small kernel. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #free = new Map<string, GPUBuffer[]>();
  readonly #every = new Set<GPUBuffer>();
  #fresh: GPUBuffer[] = [];
  #kept = 0;
  #bytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Bytes of all buffers alive, and of those among them that wait for reuse. */
  get bytes(): { readonly live: number; readonly kept: number } {
    return { live: this.#bytes - this.#kept, kept: this.#kept };
  }

  take(bytes: number, usage: number, label: string): GPUBuffer {
    const size = bucket(bytes, this.#device.limits.maxBufferSize);
    const waiting = this.#free.get(`${usage}/${size}`)?.pop();
    if (waiting) {
      this.#kept -= size;
      waiting.label = label;
      return waiting;
    }
    const buffer = this.#device.createBuffer({ size, usage, label });
    this.#every.add(buffer);
    this.#fresh.push(buffer);
    this.#bytes += size;
    return buffer;
  }

  /** The buffers created since the last call of this. */
  takeFresh(): readonly GPUBuffer[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** Work already submitted may still use the buffer: the queue keeps the order. */
  give(buffer: GPUBuffer): void {
    if (!this.#every.has(buffer)) return;
    if (this.#kept + buffer.size > MOST_KEPT) {
      this.drop(buffer);
      return;
    }
    const key = `${buffer.usage}/${buffer.size}`;
    const waiting = this.#free.get(key);
    if (waiting) waiting.push(buffer);
    else this.#free.set(key, [buffer]);
    this.#kept += buffer.size;
  }

  /** Destroys the buffer: nothing may use it again, not even work that was recorded and not yet submitted. */
  drop(buffer: GPUBuffer): void {
    if (!this.#every.delete(buffer)) return;
    this.#bytes -= buffer.size;
    buffer.destroy();
  }

  /** An allocation failed: what it made is of no use to anyone, and what waits for reuse is better freed. */
  trim(failed: readonly GPUBuffer[]): void {
    for (const waiting of this.#free.values()) for (const buffer of waiting) this.drop(buffer);
    this.#free.clear();
    this.#kept = 0;
    for (const buffer of failed) this.drop(buffer);
  }

  destroy(): void {
    for (const buffer of this.#every) buffer.destroy();
    this.#every.clear();
    this.#free.clear();
    this.#fresh = [];
    this.#bytes = 0;
    this.#kept = 0;
  }
}

const MOST_KEPT = 256 * 2 ** 20;

/** Rounds up to a power of two, or to a quarter of one when large, so that sizes meet again. */
function bucket(bytes: number, most: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, 256)));
  if (power <= 2 ** 16) return power;
  const step = power / 8;
  return Math.min(Math.ceil(bytes / step) * step, Math.max(most, bytes));
}
