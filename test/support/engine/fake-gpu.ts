/** A GPU of plain objects that does what the engine asks of one, in order, and fails where a test tells it to. */
export interface FakeGpu {
  readonly gpu: GPU;
  readonly buffers: FakeBuffer[];
  /** How often work was submitted, and a buffer mapped. */
  readonly trips: { submits: number; maps: number };
  /** How many of the next buffers are refused for lack of memory. */
  starve(count: number): void;
  /** Makes the next mapping fail. */
  failMapping(): void;
  /** Makes the mappings from now on take for ever. */
  stallMapping(): void;
  /** Makes the next requests for an adapter give none. */
  hide(count: number): void;
  /** How often an adapter was asked for. */
  readonly asked: () => number;
  /** Takes the device away that was given last. */
  lose(message: string): void;
}

export class FakeBuffer {
  readonly size: number;
  readonly usage: number;
  readonly label: string;
  readonly valid: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
  destroyed = false;
  mapping: () => Promise<undefined> = () => Promise.resolve(undefined);

  constructor({ size, usage, label = "" }: GPUBufferDescriptor, valid: boolean) {
    this.size = size;
    this.usage = usage;
    this.label = label;
    this.valid = valid;
    this.bytes = new Uint8Array(size);
  }

  mapAsync(): Promise<undefined> {
    return this.mapping();
  }

  getMappedRange(from = 0, size = this.size): ArrayBuffer {
    return this.bytes.slice(from, from + size).buffer;
  }

  unmap(): void {}

  destroy(): void {
    this.destroyed = true;
  }
}

const LIMITS = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  maxStorageBuffersPerShaderStage: 8,
  minStorageBufferOffsetAlignment: 256,
};

interface Scope {
  readonly filter: string;
  error: { message: string } | null;
}

export function fakeGpu(limits: Partial<typeof LIMITS> = {}, info: Partial<GPUAdapterInfo> = {}): FakeGpu {
  const buffers: FakeBuffer[] = [];
  const scopes: Scope[] = [];
  const trips = { submits: 0, maps: 0 };
  let [starved, failing, stalled, hidden, asked] = [0, false, false, 0, 0];
  let tell: (info: unknown) => void = () => {};
  const fail = (filter: string, message: string) => {
    const scope = scopes.findLast((one) => one.filter === filter);
    if (scope) scope.error ??= { message };
  };
  const use = (buffer: FakeBuffer) => {
    if (!buffer.valid || buffer.destroyed) fail("validation", `Buffer '${buffer.label}' is invalid or destroyed`);
    return buffer.valid && !buffer.destroyed;
  };
  const encoder = () => {
    const commands: (() => void)[] = [];
    const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
    return {
      beginComputePass: () => pass,
      clearBuffer: (buffer: FakeBuffer) => commands.push(() => void (use(buffer) && buffer.bytes.fill(0))),
      copyBufferToBuffer(from: FakeBuffer, at: number, to: FakeBuffer, start: number, size: number) {
        commands.push(() => {
          if (use(from) && use(to)) to.bytes.set(from.bytes.subarray(at, at + size), start);
        });
      },
      finish: () => commands,
    };
  };
  const makeDevice = () => ({
    limits: { ...LIMITS, ...limits },
    lost: new Promise((resolve) => {
      tell = resolve;
    }),
    addEventListener() {},
    destroy() {},
    pushErrorScope: (filter: string) => void scopes.push({ filter, error: null }),
    popErrorScope: () => Promise.resolve(scopes.pop()?.error ?? null),
    createBuffer(descriptor: GPUBufferDescriptor) {
      const valid = starved === 0;
      if (!valid) {
        starved -= 1;
        fail("out-of-memory", "no room");
      }
      const buffer = new FakeBuffer(descriptor, valid);
      if (failing && (descriptor.usage & 1) !== 0) {
        failing = false;
        buffer.mapping = () => Promise.reject(new DOMException("gone", "AbortError"));
      }
      const { mapping } = buffer;
      buffer.mapping = () => {
        trips.maps += 1;
        return stalled ? new Promise(() => {}) : mapping();
      };
      buffers.push(buffer);
      return buffer;
    },
    createCommandEncoder: encoder,
    createShaderModule: () => ({ getCompilationInfo: () => Promise.resolve({ messages: [] }) }),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createComputePipeline: () => ({}),
    createBindGroup({ entries }: { entries: { resource: { buffer: FakeBuffer } }[] }) {
      for (const { resource } of entries) use(resource.buffer);
      return {};
    },
    queue: {
      writeBuffer(buffer: FakeBuffer, at: number, data: ArrayBuffer, from = 0, size = data.byteLength) {
        if (use(buffer)) buffer.bytes.set(new Uint8Array(data, from, size), at);
      },
      submit(lists: (() => void)[][]) {
        trips.submits += 1;
        for (const command of lists.flat()) command();
      },
    },
  });
  const adapter = {
    limits: { ...LIMITS, ...limits },
    info,
    requestDevice: () => Promise.resolve(makeDevice()),
  };
  const requestAdapter = async () => {
    asked += 1;
    if (hidden === 0) return adapter;
    hidden -= 1;
    return null;
  };
  return {
    gpu: { requestAdapter } as unknown as GPU,
    buffers,
    trips,
    starve: (count) => {
      starved = count;
    },
    failMapping: () => {
      failing = true;
    },
    stallMapping: () => {
      stalled = true;
    },
    hide: (count) => {
      hidden = count;
    },
    asked: () => asked,
    lose: (message) => tell({ reason: "unknown", message }),
  };
}
