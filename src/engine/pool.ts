/** Keeps freed GPU buffers for the next call, since creating one costs more than a small kernel. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #free = new Map<string, GPUBuffer[]>();
  readonly #every = new Set<GPUBuffer>();
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
    this.#bytes += size;
    return buffer;
  }

  /** Work already submitted may still use the buffer: the queue keeps the order. */
  give(buffer: GPUBuffer): void {
    if (!this.#every.has(buffer)) return;
    if (this.#kept + buffer.size > MOST_KEPT) {
      this.#every.delete(buffer);
      this.#bytes -= buffer.size;
      buffer.destroy();
      return;
    }
    const key = `${buffer.usage}/${buffer.size}`;
    const waiting = this.#free.get(key);
    if (waiting) waiting.push(buffer);
    else this.#free.set(key, [buffer]);
    this.#kept += buffer.size;
  }

  destroy(): void {
    for (const buffer of this.#every) buffer.destroy();
    this.#every.clear();
    this.#free.clear();
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
