import type { Adapter, Backend, Operands } from "./backend.ts";
import { DeviceLostError, InputError, KernelError, type SurprisalError, UnsupportedError } from "./errors.ts";
import { Pipelines } from "./pipelines.ts";
import { elements, type Limits, type Operand, type Pass, type Plan, type Spec } from "./plan.ts";
import { BufferPool } from "./pool.ts";
import { Staging } from "./staging.ts";
import type { Storage, Values } from "./tensor.ts";

/** GPUBufferUsage.STORAGE | COPY_SRC | COPY_DST, and UNIFORM | COPY_DST, as numbers: not every host has the names. */
const STORAGE = 0x80 | 0x4 | 0x8;
const UNIFORM = 0x40 | 0x8;

interface Part {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** A report that a kernel has been asked for, to be looked at by the next read. */
interface PendingCheck {
  readonly buffer: GPUBuffer;
  readonly message: string;
  /** Of a call that only recorded: the caller's submit may come at any time, so each read looks again. */
  readonly recorded: boolean;
}

/** The only code that touches a GPUDevice: buffers, pipelines, dispatches, readback, and every fault of theirs. */
export class WebGpuBackend implements Backend {
  readonly kind = "webgpu";
  readonly device: GPUDevice;
  readonly adapter: Adapter;
  readonly limits: Limits;
  readonly #owned: boolean;
  readonly #pool: BufferPool;
  readonly #pipelines: Pipelines;
  readonly #staging: Staging;
  #lost: string | undefined;
  #disposed = false;
  #scopes: Promise<void>[] = [];
  #faults: SurprisalError[] = [];
  #checks: PendingCheck[] = [];

  constructor(device: GPUDevice, adapter: Adapter, owned: boolean) {
    this.device = device;
    this.adapter = adapter;
    this.limits = device.limits;
    this.#owned = owned;
    this.#pool = new BufferPool(device);
    this.#pipelines = new Pipelines(device);
    this.#staging = new Staging(device);
    void device.lost.then((info) => {
      if (!this.#disposed) this.#lost = `the GPU device was lost (${info.reason}) ${info.message}`.trim();
    });
    // An adopted device's stray errors are its owner's business; ours are all caught in scopes but for these.
    if (owned) {
      device.addEventListener("uncapturederror", (event) => {
        event.preventDefault();
        this.#faults.push(typed(event.error, "device"));
      });
    }
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  upload(data: Values, spec: Spec): Storage {
    return this.#watched("tensor", [], () => {
      const part = this.#allocate(elements(spec.shape) * 4, "tensor");
      this.#write(part.buffer, data);
      return this.#hold(part.buffer, 1);
    });
  }

  run(plan: Plan, operands: Operands, encoder: GPUCommandEncoder | undefined): Record<string, Storage> {
    return this.#watched(plan.name, plan.passes, () => this.#run(plan, operands, encoder));
  }

  #run(plan: Plan, operands: Operands, recorder: GPUCommandEncoder | undefined): Record<string, Storage> {
    const parts = new Map<string, Part>();
    const temporary: GPUBuffer[] = [];
    for (const [name, tensor] of Object.entries(operands.inputs)) parts.set(name, whole(tensor));
    const storage = this.#makeOutputs(plan, operands, parts);
    for (const [name, bytes] of Object.entries(plan.scratch)) {
      const part = this.#allocate(bytes, `${plan.name} ${name}`);
      parts.set(name, part);
      temporary.push(part.buffer);
    }
    for (const [name, words] of Object.entries(plan.uploads)) {
      const part = this.#allocate(words.byteLength, `${plan.name} ${name}`);
      this.#write(part.buffer, words);
      parts.set(name, part);
      temporary.push(part.buffer);
    }
    const uniforms = this.#writeParams(plan);
    if (uniforms) temporary.push(uniforms);

    const encoder = recorder ?? this.device.createCommandEncoder({ label: plan.name });
    const checked = this.#watchChecks(plan, parts, encoder, recorder !== undefined);
    this.#encode(plan, parts, uniforms, encoder);
    if (!recorder) this.device.queue.submit([encoder.finish()]);

    const idle = temporary.filter((buffer) => !checked.has(buffer));
    if (!recorder) {
      for (const buffer of idle) this.#pool.give(buffer);
      return storage;
    }
    // What a recorded call needs must last until its results are disposed: the caller submits when they please.
    return keepWith(storage, () => {
      this.#checks = this.#checks.filter((check) => !checked.has(check.buffer));
      for (const buffer of temporary) this.#pool.give(buffer);
    });
  }

  #makeOutputs(plan: Plan, operands: Operands, parts: Map<string, Part>): Record<string, Storage> {
    const arenas = new Map<string, Storage & { readonly buffer: GPUBuffer }>();
    for (const [name, bytes] of Object.entries(plan.arenas)) {
      const part = this.#allocate(bytes, `${plan.name} ${name}`);
      parts.set(name, part);
      const sharers = Object.values(plan.outputs).filter((output) => output.arena === name).length;
      arenas.set(name, this.#hold(part.buffer, sharers));
    }
    const storage: Record<string, Storage> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = operands.outs[name];
      const arena = output.arena === undefined ? undefined : arenas.get(output.arena);
      if (out) {
        parts.set(name, whole(out));
        storage[name] = { ...out.storage, release: () => {} };
      } else if (arena) {
        storage[name] = arena;
      } else {
        const part = this.#allocate(elements(output.shape) * 4, `${plan.name} ${name}`);
        parts.set(name, part);
        storage[name] = this.#hold(part.buffer, 1);
      }
    }
    return storage;
  }

  #writeParams(plan: Plan): GPUBuffer | undefined {
    if (plan.passes.length === 0) return undefined;
    const bytes = new ArrayBuffer(plan.passes.length * UNIFORM_STRIDE);
    const view = new DataView(bytes);
    plan.passes.forEach((pass, index) => {
      Object.entries(pass.kernel.params).forEach(([name, type], k) => {
        const at = index * UNIFORM_STRIDE + 4 * k;
        const value = pass.params[name] ?? 0;
        if (type === "f32") view.setFloat32(at, value, true);
        else if (type === "i32") view.setInt32(at, value, true);
        else view.setUint32(at, value, true);
      });
    });
    const buffer = this.#pool.take(bytes.byteLength, UNIFORM, `${plan.name} params`);
    this.device.queue.writeBuffer(buffer, 0, bytes);
    return buffer;
  }

  #watchChecks(
    plan: Plan,
    parts: Map<string, Part>,
    encoder: GPUCommandEncoder,
    recorded: boolean,
  ): ReadonlySet<GPUBuffer> {
    const buffers = new Set<GPUBuffer>();
    for (const name of plan.clears) {
      const part = parts.get(name);
      if (part) encoder.clearBuffer(part.buffer, part.offset, part.size);
    }
    for (const { buffer: name, message } of plan.checks) {
      const part = parts.get(name);
      if (!part) throw new KernelError("internal", `${plan.name}: no buffer '${name}' to check`);
      this.#checks.push({ buffer: part.buffer, message, recorded });
      buffers.add(part.buffer);
    }
    return buffers;
  }

  #encode(plan: Plan, parts: Map<string, Part>, uniforms: GPUBuffer | undefined, encoder: GPUCommandEncoder): void {
    if (!uniforms) return;
    const compute = encoder.beginComputePass({ label: plan.name });
    plan.passes.forEach((pass, index) => {
      const { pipeline, layout } = this.#pipelines.get(pass.kernel);
      const params = { buffer: uniforms, offset: index * UNIFORM_STRIDE, size: paramsBytes(pass) };
      const bindings = [...Object.keys(pass.kernel.bindings).map((name) => locate(plan, pass, name, parts)), params];
      const entries = bindings.map((resource, binding) => ({ binding, resource }));
      compute.setPipeline(pipeline);
      compute.setBindGroup(0, this.device.createBindGroup({ label: pass.kernel.name, layout, entries }));
      compute.dispatchWorkgroups(pass.grid[0], pass.grid[1]);
    });
    compute.end();
  }

  async prepare(plans: readonly Plan[]): Promise<void> {
    const kernels = new Set(plans.flatMap((plan) => plan.passes.map((pass) => pass.kernel)));
    await Promise.all([...kernels].map((kernel) => this.#pipelines.prepare(kernel)));
    await this.#settle();
  }

  async read(storage: Storage, operand: Operand): Promise<Values> {
    const { buffer } = storage;
    if (!buffer) throw new KernelError("internal", "read: a tensor without a buffer");
    const checks = this.#checks;
    this.#checks = checks.filter((check) => check.recorded);
    const bytes = elements(operand.shape) * 4;
    let got: { values: ArrayBuffer; words: Uint32Array };
    try {
      got = await this.#watched("read", [], () =>
        this.#staging.read(
          { buffer, offset: operand.byteOffset, size: bytes },
          checks.map((check) => check.buffer),
        ),
      );
    } catch (error) {
      await this.#settle();
      throw error;
    }
    for (const check of checks) if (!check.recorded) this.#pool.give(check.buffer);
    await this.#settle();
    checks.forEach((check, k) => {
      const word = got.words[k] ?? 0;
      if (word !== 0) throw new InputError(check.message.replace("{row}", String(~word >>> 0)), "bad-data");
    });
    return typedArray(operand, got.values);
  }

  memory(): { readonly bytes: number; readonly pooled: number } {
    const { live, kept } = this.#pool.bytes;
    return { bytes: live, pooled: kept };
  }

  dispose(): void {
    this.#disposed = true;
    this.#lost = "the engine was disposed";
    this.#staging.destroy();
    this.#pool.destroy();
    if (this.#owned) this.device.destroy();
  }

  /** Waits for the verdict on everything submitted so far, and throws the first fault, once. */
  async #settle(): Promise<void> {
    const scopes = this.#scopes;
    this.#scopes = [];
    await Promise.all(scopes);
    if (this.#lost) throw new DeviceLostError(this.#lost);
    const [fault] = this.#faults.splice(0);
    if (fault) throw fault;
  }

  /** Runs `work` inside error scopes whose verdict the next settling waits for. */
  #watched<T>(where: string, passes: readonly Pass[], work: () => T): T {
    if (this.#lost) throw new DeviceLostError(this.#lost);
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    try {
      return work();
    } finally {
      const invalid = this.device.popErrorScope();
      const memory = this.device.popErrorScope();
      this.#scopes.push(this.#judge(where, passes, invalid), this.#judge(where, passes, memory));
    }
  }

  async #judge(where: string, passes: readonly Pass[], verdict: Promise<GPUError | null>): Promise<void> {
    // A lost device rejects its scopes; the loss itself is what gets reported.
    const error = await verdict.catch(() => null);
    if (!error) return;
    for (const { kernel } of passes) {
      const explained = await this.#pipelines.explain(kernel);
      if (explained) {
        this.#faults.push(explained);
        return;
      }
    }
    this.#faults.push(typed(error, where));
  }

  #allocate(bytes: number, label: string): Part {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    if (size > this.limits.maxBufferSize) {
      throw new UnsupportedError(
        "limits",
        `${label}: ${bytes} bytes exceed this device's largest buffer of ${this.limits.maxBufferSize}; use smaller batches`,
      );
    }
    return { buffer: this.#pool.take(size, STORAGE, label), offset: 0, size };
  }

  #write(buffer: GPUBuffer, data: Values): void {
    if (data.byteLength > 0) this.device.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
  }

  /** A storage that `sharers` tensors hold; the last to let go gives the buffer back. */
  #hold(buffer: GPUBuffer, sharers: number): Storage & { readonly buffer: GPUBuffer } {
    let holders = sharers;
    return {
      buffer,
      release: () => {
        holders -= 1;
        if (holders === 0 && !this.#disposed) this.#pool.give(buffer);
      },
    };
  }
}

const UNIFORM_STRIDE = 256;

function paramsBytes(pass: Pass): number {
  return Math.ceil((Object.keys(pass.kernel.params).length * 4) / 16) * 16;
}

function whole(tensor: { buffer: GPUBuffer; byteOffset: number; size: number }): Part {
  return { buffer: tensor.buffer, offset: tensor.byteOffset, size: Math.max(4, tensor.size * 4) };
}

function locate(plan: Plan, pass: Pass, name: string, parts: Map<string, Part>): GPUBufferBinding {
  const place = pass.bind[name];
  const part = parts.get(typeof place === "string" ? place : (place?.buffer ?? name));
  if (!part || !place) throw new KernelError("internal", `${plan.name}: nothing bound to '${name}'`);
  if (typeof place === "string") return part;
  return { buffer: part.buffer, offset: place.offset, size: place.size };
}

function keepWith(storage: Record<string, Storage>, release: () => void): Record<string, Storage> {
  let holders = Object.keys(storage).length;
  const kept = Object.entries(storage).map(([name, one]) => [
    name,
    {
      ...one,
      release: () => {
        one.release();
        holders -= 1;
        if (holders === 0) release();
      },
    },
  ]);
  return Object.fromEntries(kept) as Record<string, Storage>;
}

function typed(error: GPUError, where: string): SurprisalError {
  const memory = typeof GPUOutOfMemoryError !== "undefined" && error instanceof GPUOutOfMemoryError;
  if (memory) {
    return new UnsupportedError(
      "out-of-memory",
      `${where}: the GPU is out of memory; dispose tensors or use smaller batches`,
    );
  }
  return new KernelError("validation", `${where}: ${error.message}`);
}

function typedArray(spec: Spec, bytes: ArrayBuffer): Values {
  if (spec.dtype === "u32") return new Uint32Array(bytes);
  if (spec.dtype === "i32") return new Int32Array(bytes);
  return new Float32Array(bytes);
}
