import { KernelError } from "../../core/errors.ts";
import { type Kernel, moduleOf } from "../plan.ts";

/** GPUShaderStage.COMPUTE as a number: not every host has the name. */
const COMPUTE = 0x4;

export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Makes each kernel's pipeline once; kernels are told apart by identity. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #compiled = new WeakMap<Kernel, Compiled>();
  readonly #modules = new WeakMap<Kernel, GPUShaderModule>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get(kernel: Kernel): Compiled {
    const known = this.#compiled.get(kernel);
    if (known) return known;
    const { layout, descriptor } = this.#describe(kernel);
    const compiled = { pipeline: this.#device.createComputePipeline(descriptor), layout };
    this.#compiled.set(kernel, compiled);
    return compiled;
  }

  /** Compiles without blocking the page; throws KernelError with the compiler's words. */
  async prepare(kernel: Kernel): Promise<void> {
    if (this.#compiled.has(kernel)) return;
    const { layout, descriptor } = this.#describe(kernel);
    try {
      const pipeline = await this.#device.createComputePipelineAsync(descriptor);
      this.#compiled.set(kernel, { pipeline, layout });
    } catch (error) {
      throw (await this.explain(kernel)) ?? new KernelError("shader", `${kernel.name}: ${String(error)}`);
    }
  }

  /** A KernelError that quotes the compiler and the source line, if the kernel's shader has errors. */
  async explain(kernel: Kernel): Promise<KernelError | undefined> {
    const info = await this.#modules.get(kernel)?.getCompilationInfo();
    const errors = info?.messages.filter((message) => message.type === "error") ?? [];
    if (errors.length === 0) return undefined;
    const lines = moduleOf(kernel).split("\n");
    const report = errors.map((e) => `${e.lineNum}:${e.linePos} ${e.message}\n    ${lines[e.lineNum - 1] ?? ""}`);
    return new KernelError("shader", `${kernel.name}: ${report.join("\n")}`);
  }

  #describe(kernel: Kernel): { layout: GPUBindGroupLayout; descriptor: GPUComputePipelineDescriptor } {
    const label = kernel.name;
    const module = this.#device.createShaderModule({ code: moduleOf(kernel), label });
    this.#modules.set(kernel, module);
    const kinds: GPUBufferBindingType[] = Object.values(kernel.bindings).map((access) =>
      access === "read" ? "read-only-storage" : "storage",
    );
    const layout = this.#device.createBindGroupLayout({
      label,
      entries: [...kinds, "uniform" as const].map((type, binding) => ({
        binding,
        visibility: COMPUTE,
        buffer: { type },
      })),
    });
    const descriptor = {
      label,
      layout: this.#device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    };
    return { layout, descriptor };
  }
}
