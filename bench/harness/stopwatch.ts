import { awake } from "./finished.ts";

const code = "@compute @workgroup_size(1) fn main() {}";

/** Milliseconds on a device's own clock, between two tiny passes on its queue; quantised to 65,536 ns in Chromium. */
export class Stopwatch {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #pipeline: GPUComputePipeline;
  readonly #resolved: GPUBuffer;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: "timestamp", count: 2 });
    const module = device.createShaderModule({ label: "stopwatch", code });
    this.#pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
    this.#resolved = device.createBuffer({ size: 16, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  }

  /** What is submitted from here on is timed. */
  begin(): void {
    this.#pass({ querySet: this.#queries, beginningOfPassWriteIndex: 0 });
  }

  /** What is submitted from here on is not. */
  end(): void {
    this.#pass({ querySet: this.#queries, endOfPassWriteIndex: 1 });
  }

  /** Milliseconds between the two. */
  async read(): Promise<number> {
    const device = this.#device;
    const staging = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await awake(device, staging.mapAsync(GPUMapMode.READ));
    const [begin = 0n, end = 0n] = new BigUint64Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return Number(end - begin) / 1e6;
  }

  #pass(timestampWrites: GPUComputePassTimestampWrites): void {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass({ timestampWrites });
    pass.setPipeline(this.#pipeline);
    pass.dispatchWorkgroups(1);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }
}

const watches = new WeakMap<GPUDevice, Stopwatch>();

/** The device's stopwatch; undefined where it has no timestamps. */
export function stopwatchOf(device: GPUDevice | undefined): Stopwatch | undefined {
  if (!device?.features.has("timestamp-query")) return undefined;
  const watch = watches.get(device) ?? new Stopwatch(device);
  watches.set(device, watch);
  return watch;
}
