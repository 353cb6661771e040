/** A module that was dispatched while something was called. */
export interface Dispatched {
  /** What its maker calls it. */
  readonly label: string;
  readonly code: string;
  readonly invocations: number;
}

/**
 * A WebGPU that computes on the one given, says that it is a graphics card, and keeps the WGSL of whatever is dispatched, so
 * that libraries show what they give to such a card where there is none.
 */
export class PosingGpu {
  readonly #gpu: GPU;
  #dispatched: Dispatched[] = [];

  constructor(gpu: GPU) {
    this.#gpu = gpu;
  }

  get wgslLanguageFeatures(): WGSLLanguageFeatures {
    return this.#gpu.wgslLanguageFeatures;
  }

  getPreferredCanvasFormat(): GPUTextureFormat {
    return "bgra8unorm";
  }

  async requestAdapter(options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> {
    const adapter = await this.#gpu.requestAdapter(options);
    if (!adapter) return null;
    const requestDevice = async (descriptor?: GPUDeviceDescriptor) =>
      this.#watch(await adapter.requestDevice(descriptor));
    return posed(adapter, { info: CARD, requestDevice });
  }

  /** What is dispatched during `work`, in order. */
  async during(work: () => Promise<unknown>): Promise<readonly Dispatched[]> {
    this.#dispatched = [];
    await work();
    return this.#dispatched;
  }

  #watch(device: GPUDevice): GPUDevice {
    const modules = new Map<GPUShaderModule, GPUShaderModuleDescriptor>();
    const pipelines = new Map<GPUComputePipeline, GPUShaderModuleDescriptor>();
    const createModule = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      const made = createModule(descriptor);
      modules.set(made, descriptor);
      return made;
    };
    const know = (pipeline: GPUComputePipeline, { compute }: GPUComputePipelineDescriptor) => {
      const module = modules.get(compute.module);
      if (module) pipelines.set(pipeline, module);
      return pipeline;
    };
    const createPipeline = device.createComputePipeline.bind(device);
    device.createComputePipeline = (descriptor) => know(createPipeline(descriptor), descriptor);
    const createLater = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = async (descriptor) => know(await createLater(descriptor), descriptor);
    const createEncoder = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = createEncoder(descriptor);
      const begin = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (options) => this.#watchPass(begin(options), pipelines);
      return encoder;
    };
    return device;
  }

  #watchPass(pass: GPUComputePassEncoder, pipelines: ReadonlyMap<GPUComputePipeline, GPUShaderModuleDescriptor>) {
    let current: GPUShaderModuleDescriptor | undefined;
    const setPipeline = pass.setPipeline.bind(pass);
    pass.setPipeline = (pipeline) => {
      current = pipelines.get(pipeline);
      setPipeline(pipeline);
    };
    const dispatch = pass.dispatchWorkgroups.bind(pass);
    pass.dispatchWorkgroups = (x, y = 1, z = 1) => {
      if (current) {
        const { label = "", code } = current;
        this.#dispatched.push({ label, code, invocations: x * y * z * workgroupSize(code) });
      }
      dispatch(x, y, z);
    };
    return pass;
  }
}

/** Invocations of a workgroup, as numbers or names of constants say. */
function workgroupSize(code: string): number {
  const [, sizes = ""] = code.match(/@workgroup_size\(([^)]*)\)/) ?? [];
  return sizes
    .split(",")
    .map((size) => size.trim())
    .filter(Boolean)
    .reduce((product, size) => product * (Number.parseInt(size, 10) || constant(code, size)), 1);
}

function constant(code: string, name: string): number {
  return Number(code.match(new RegExp(`(?:const|override) ${name}[^=]*= *(\\d+)`))?.[1] ?? 1);
}

const CARD = {
  vendor: "amd",
  architecture: "rdna-2",
  device: "",
  description: "",
  isFallbackAdapter: false,
  subgroupMinSize: 32,
  subgroupMaxSize: 64,
};

/** An object of the platform's, some of its members replaced. */
function posed<T extends object>(real: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(real, {
    get(target, name) {
      if (typeof name === "string" && name in members) return members[name];
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
