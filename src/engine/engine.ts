import type { Adapter, Backend } from "./backend.ts";
import { acquireDevice, adoptDevice, type Diagnosis, softwareDiagnosis } from "./diagnosis.ts";
import { InputError, UnsupportedError } from "./errors.ts";
import { remember } from "./memo.ts";
import {
  checkShape,
  type Dtype,
  elements,
  type Limits,
  type Machine,
  type Plan,
  type PlanOf,
  showShape,
} from "./plan.ts";
import { disposeSymbol, type Storage, Tensor, type Values } from "./tensor.ts";
import { WebGpuBackend } from "./webgpu.ts";

export interface EngineOptions {
  /** "webgpu" throws UnsupportedError where "auto" (the default) falls back to "cpu". */
  readonly backend?: "auto" | "webgpu" | "cpu";
  /** A device of the caller's own: adopted, and never destroyed by the engine. */
  readonly device?: GPUDevice;
  /** Replaces `navigator.gpu`, for Dawn under Node and the like. */
  readonly gpu?: GPU;
  readonly powerPreference?: GPUPowerPreference;
}

/** A buffer of the caller's own, to be read or written in place. */
export interface ViewOptions {
  readonly shape: readonly number[];
  readonly dtype?: Dtype;
  /** A multiple of the device's minStorageBufferOffsetAlignment (256). */
  readonly byteOffset?: number;
}

/** A library function whose pipelines `prepare` can compile ahead. */
export interface Preparable {
  readonly preparations: (machine: Machine) => readonly Plan[];
}

/** A device with everything the library keeps on it: tensors, pipelines, pooled buffers. */
export class Engine {
  /** Why there is no GPU, or not a real one; absent when all is well. */
  readonly diagnosis: Diagnosis | undefined;
  readonly #backend: Backend;
  #disposed = false;
  #tensors = 0;

  private constructor(backend: Backend, diagnosis: Diagnosis | undefined) {
    this.#backend = backend;
    this.diagnosis = diagnosis;
  }

  /** An engine on the GPU, else (unless `backend` is "webgpu") on the CPU, with `diagnosis` saying why. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    const { backend = "auto", device, gpu, powerPreference } = options;
    if (backend !== "auto" && backend !== "webgpu" && backend !== "cpu") {
      throw new InputError(`Engine.create: backend must be "auto", "webgpu" or "cpu", got ${JSON.stringify(backend)}`);
    }
    if (backend === "cpu") {
      const message = 'The CPU engine runs because backend: "cpu" asked for it.';
      return cpuEngine({ code: "asked-for-cpu", message, fix: 'Use backend: "auto" to run on the GPU.' });
    }
    const acquired = device ? adoptDevice(device) : await acquireDevice({ gpu, powerPreference });
    if ("device" in acquired) {
      const { adapter } = acquired;
      const engine = new WebGpuBackend(acquired.device, adapter, device === undefined);
      return new Engine(engine, softwareDiagnosis(adapter));
    }
    const { diagnosis } = acquired;
    if (backend === "auto") return cpuEngine(diagnosis);
    const code = diagnosis.code as UnsupportedError["code"];
    throw new UnsupportedError(code, `Engine.create: ${diagnosis.message} ${diagnosis.fix}`);
  }

  /** @internal */
  static on(backend: Backend, diagnosis: Diagnosis | undefined): Engine {
    return new Engine(backend, diagnosis);
  }

  get backend(): "webgpu" | "cpu" {
    return this.#backend.kind;
  }

  /** The device, to share with code of the caller's own; undefined on the CPU engine. */
  get device(): GPUDevice | undefined {
    return this.#backend.device;
  }

  get limits(): Limits {
    return this.#backend.limits;
  }

  get adapter(): Adapter {
    return this.#backend.adapter;
  }

  /** @internal */
  get machine(): Machine {
    return { limits: this.limits, software: this.adapter.software };
  }

  /** @internal */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** @internal Why the device is gone, once it is. */
  get lost(): string | undefined {
    return this.#backend.lost;
  }

  /** A tensor with a copy of `data`: Float32Array → f32, Int32Array → i32, Uint32Array → u32, numbers → f32. */
  tensor(data: Values | readonly number[], shape: readonly number[]): Tensor {
    this.#checkAlive("tensor");
    checkShape(shape, "tensor");
    const values = Array.isArray(data) ? Float32Array.from(data as readonly number[]) : (data as Values);
    const dtype = dtypeOf(values);
    if (values.length !== elements(shape)) {
      throw new InputError(
        `tensor: shape [${shape.join(", ")}] needs ${elements(shape)} values, got an array of ${values.length}`,
      );
    }
    const spec = { shape, dtype, byteOffset: 0 };
    return this.#track(new Tensor(this, spec, this.#counted(this.#backend.upload(values, spec))));
  }

  /** The caller's own GPU buffer as a tensor, without a copy; it must have usage STORAGE (and COPY_SRC to be read). */
  view(buffer: GPUBuffer, options: ViewOptions): Tensor {
    this.#checkAlive("view");
    const { shape, dtype = "f32", byteOffset = 0 } = options;
    checkShape(shape, "view");
    if (!this.device) throw new UnsupportedError("cpu-engine", "view: the CPU engine has no GPU buffers; use tensor");
    if (!["f32", "u32", "i32"].includes(dtype)) {
      throw new InputError(`view: dtype must be "f32", "u32" or "i32", got ${JSON.stringify(dtype)}`);
    }
    const step = this.limits.minStorageBufferOffsetAlignment;
    if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || byteOffset % step !== 0) {
      throw new InputError(`view: byteOffset must be a multiple of ${step}, got ${byteOffset}`);
    }
    const needed = byteOffset + elements(shape) * 4;
    if (needed > buffer.size) {
      throw new InputError(
        `view: ${showShape({ shape, dtype })} from byte ${byteOffset} needs ${needed} bytes, got a buffer of ${buffer.size}`,
      );
    }
    if ((buffer.usage & STORAGE_USAGE) === 0) {
      throw new InputError("view: the buffer must have been created with GPUBufferUsage.STORAGE");
    }
    return new Tensor(this, { shape, dtype, byteOffset }, this.#counted({ buffer, release: () => {} }));
  }

  /** Compiles the pipelines of these functions ahead of their first use, without blocking the page. */
  async prepare(functions: readonly Preparable[]): Promise<void> {
    this.#checkAlive("prepare");
    await this.#backend.prepare(functions.flatMap((one) => one.preparations(this.machine)));
  }

  /** Live tensors, the bytes of their buffers, and the bytes of freed buffers kept for reuse. */
  memory(): { readonly tensors: number; readonly bytes: number; readonly pooled: number } {
    return { tensors: this.#tensors, ...this.#backend.memory() };
  }

  /** Frees every buffer; the device too, unless it was adopted. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#tensors = 0;
    this.#backend.dispose();
  }

  [disposeSymbol](): void {
    this.dispose();
  }

  /** @internal Does a plan's work and gives its outputs as tensors. */
  run<O extends string>(
    plan: PlanOf<O>,
    inputs: Readonly<Record<string, Tensor>>,
    { outs = {}, encoder }: { outs?: Readonly<Record<string, Tensor>>; encoder?: GPUCommandEncoder | undefined } = {},
  ): Record<O, Tensor> {
    this.#checkAlive(plan.name);
    if (encoder && !this.device) {
      throw new UnsupportedError(
        "cpu-engine",
        `${plan.name}.encode: the CPU engine records nothing; call ${plan.name}`,
      );
    }
    const storage = this.#backend.run(plan, { inputs, outs }, encoder);
    const results: Record<string, Tensor> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = outs[name];
      const made = storage[name];
      if (out && !encoder) results[name] = out;
      else if (made) {
        const spec = {
          shape: output.shape,
          dtype: output.dtype,
          byteOffset: output.byteOffset ?? out?.byteOffset ?? 0,
        };
        results[name] = this.#track(new Tensor(this, spec, this.#counted(made)));
      }
    }
    if (encoder) remember(recorded, encoder, (): Tensor[] => []).push(...Object.values(results));
    return results as Record<O, Tensor>;
  }

  /** @internal */
  async read(tensor: Tensor): Promise<Values> {
    return this.#backend.read(tensor.storage, tensor);
  }

  #checkAlive(where: string): void {
    if (this.#disposed) throw new InputError(`${where}: needed a live engine, got a disposed one`, "disposed");
  }

  #counted(storage: Storage): Storage {
    this.#tensors += 1;
    let held = true;
    return {
      ...storage,
      release: () => {
        if (!held) return;
        held = false;
        if (this.#disposed) return;
        this.#tensors -= 1;
        storage.release();
      },
    };
  }

  /** A tensor that is dropped without `dispose` gives its memory back when it is collected: late, but not never. */
  #track(tensor: Tensor): Tensor {
    forgotten.register(tensor, tensor.storage);
    return tensor;
  }
}

const STORAGE_USAGE = 0x80;

/** Results of recorded calls live as long as the encoder: collected any sooner, they would break its submit. */
const recorded = new WeakMap<GPUCommandEncoder, Tensor[]>();

const forgotten = new FinalizationRegistry<{ release(): void }>((storage) => storage.release());

async function cpuEngine(diagnosis: Diagnosis): Promise<Engine> {
  const { CpuBackend } = await import("../cpu/cpu-backend.ts");
  return Engine.on(new CpuBackend(), diagnosis);
}

function dtypeOf(values: Values): Dtype {
  if (values instanceof Float32Array) return "f32";
  if (values instanceof Uint32Array) return "u32";
  if (values instanceof Int32Array) return "i32";
  throw new InputError(
    `tensor: data must be a Float32Array, Uint32Array, Int32Array or list of numbers, got ${Object.prototype.toString.call(values)}`,
  );
}
