/** GPUBufferUsage.MAP_READ | COPY_DST, and GPUMapMode.READ. */
const STAGING = 0x1 | 0x8;
const READ = 0x1;

/** Bytes copied back at a time: a large tensor must not need as much again in staging. */
const MOST = 64 * 2 ** 20;

interface Source {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** Copies buffers back to the host through a few mapped buffers that are kept for the next read. */
export class Staging {
  readonly #device: GPUDevice;
  readonly #free: GPUBuffer[] = [];
  #destroyed = false;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** The bytes of `source`, and the first word of each of `checks`, in one round trip if they fit. */
  async read(source: Source, checks: readonly GPUBuffer[]): Promise<{ values: ArrayBuffer; words: Uint32Array }> {
    const values = new ArrayBuffer(source.size);
    const target = new Uint8Array(values);
    const trips: Promise<void>[] = [];
    let words = new Uint32Array(0);
    for (let from = 0; from < source.size; from += MOST) {
      const size = Math.min(MOST, source.size - from);
      const piece = { buffer: source.buffer, offset: source.offset + from, size };
      const last = from + size === source.size;
      const trip = this.#trip(piece, last ? checks : [], (bytes) => {
        target.set(new Uint8Array(bytes, 0, size), from);
        if (last) words = new Uint32Array(bytes.slice(size));
      });
      trips.push(trip);
      if (trips.length === 2) await trips.shift();
    }
    if (source.size === 0 && checks.length > 0) {
      trips.push(this.#trip({ ...source, size: 0 }, checks, (bytes) => void (words = new Uint32Array(bytes.slice(0)))));
    }
    await Promise.all(trips);
    return { values, words };
  }

  destroy(): void {
    this.#destroyed = true;
    for (const buffer of this.#free.splice(0)) buffer.destroy();
  }

  async #trip(source: Source, checks: readonly GPUBuffer[], take: (bytes: ArrayBuffer) => void): Promise<void> {
    const size = source.size + 4 * checks.length;
    const staging = this.#take(size);
    const encoder = this.#device.createCommandEncoder({ label: "read" });
    if (source.size > 0) encoder.copyBufferToBuffer(source.buffer, source.offset, staging, 0, source.size);
    checks.forEach((check, k) => encoder.copyBufferToBuffer(check, 0, staging, source.size + 4 * k, 4));
    this.#device.queue.submit([encoder.finish()]);
    await this.#nudged(staging.mapAsync(READ, 0, size));
    take(staging.getMappedRange(0, size));
    staging.unmap();
    if (this.#destroyed || this.#free.length >= 4) staging.destroy();
    else this.#free.push(staging);
  }

  #take(size: number): GPUBuffer {
    const k = this.#free.findIndex((buffer) => buffer.size >= size && buffer.size <= 4 * Math.max(size, 2 ** 16));
    const [found] = k < 0 ? [] : this.#free.splice(k, 1);
    if (found) return found;
    const bytes = 2 ** Math.ceil(Math.log2(Math.max(size, 2 ** 12)));
    return this.#device.createBuffer({ label: "read", size: Math.min(bytes, Math.max(size, MOST)), usage: STAGING });
  }

  /**
   * Firefox looks for finished work every 100 ms unless work arrives, so empty submits keep it awake
   * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699).
   */
  async #nudged(mapped: Promise<undefined>): Promise<void> {
    if (!FIREFOX) {
      await mapped;
      return;
    }
    let done = false;
    const finished = mapped.finally(() => {
      done = true;
    });
    const nudge = () => {
      if (done || this.#destroyed) return;
      this.#device.queue.submit([]);
      setTimeout(nudge, 1);
    };
    nudge();
    await finished;
  }
}

const FIREFOX = /firefox/i.test((globalThis.navigator as Navigator | undefined)?.userAgent ?? "");
