import type { Adapter, Backend, Operands } from "./backend.ts";
import { DeviceLostError, InputError, KernelError, SurprisalError, UnsupportedError } from "./errors.ts";
import { Faults, strayFault } from "./faults.ts";
import { PARAMS_STRIDE, packParams, paramsBytes } from "./params.ts";
import { Pipelines } from "./pipelines.ts";
import { elements, type Kernel, type Limits, type Operand, type Pass, type Plan, type Spec } from "./plan.ts";
import { BufferPool } from "./pool.ts";
import { type Report, Reports } from "./reports.ts";
import { Staging } from "./staging.ts";
import type { Storage, Values } from "./tensor.ts";
import type { Verdict } from "./verdicts.ts";

/** GPUBufferUsage's COPY_SRC, STORAGE | COPY_SRC | COPY_DST, and UNIFORM | COPY_DST: not every host has the names. */
const COPY_SRC = 0x4;
const STORAGE = 0x80 | COPY_SRC | 0x8;
const UNIFORM = 0x40 | 0x8;

interface Part {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** The buffers of a call: by the plan's names, and those that the call took from the pool. */
interface Job {
  readonly plan: Plan;
  readonly recorder: GPUCommandEncoder | undefined;
  readonly parts: Map<string, Part>;
  readonly taken: GPUBuffer[];
  /** Of those taken, what no result keeps. */
  readonly temporary: GPUBuffer[];
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
  readonly #faults: Faults;
  readonly #staging: Staging;
  readonly #reports: Reports;
  /** Rejects what is being waited for. */
  readonly #waiting = new Set<(reason: SurprisalError) => void>();
  #lost: string | undefined;
  #disposed = false;

  constructor(device: GPUDevice, adapter: Adapter, owned: boolean) {
    this.device = device;
    this.adapter = adapter;
    this.limits = device.limits;
    this.#owned = owned;
    this.#pool = new BufferPool(device);
    this.#pipelines = new Pipelines(device);
    this.#faults = new Faults(device);
    this.#staging = new Staging(device, this.#faults);
    this.#reports = new Reports(this.#pool, this.#staging, this.#faults.verdicts);
    void device.lost.then((info) => {
      if (this.#disposed) return;
      this.#lost = `the GPU device was lost (${info.reason}) ${info.message}`.trim();
      this.#end(new DeviceLostError(this.#lost));
    });
    // An adopted device's stray errors are its owner's business; ours are all caught in scopes.
    if (owned) {
      device.addEventListener("uncapturederror", (event) => {
        event.preventDefault();
        this.#faults.verdicts.add(Promise.resolve(strayFault(event.error)));
      });
    }
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  upload(data: Values, spec: Spec): Storage {
    return this.#watched("tensor", [], () => {
      const taken: GPUBuffer[] = [];
      const part = this.#allocate(elements(spec.shape) * 4, "tensor", taken);
      this.#write(part.buffer, data);
      return this.#hold(part.buffer, 1, false);
    });
  }

  run(plan: Plan, operands: Operands, recorder: GPUCommandEncoder | undefined): Record<string, Storage> {
    const job: Job = { plan, recorder, parts: new Map(), taken: [], temporary: [] };
    const kernels = plan.passes.map((pass) => pass.kernel);
    return this.#watched(plan.name, kernels, () => {
      try {
        return this.#run(job, operands);
      } catch (error) {
        for (const buffer of job.taken) this.#pool.give(buffer);
        throw error;
      }
    });
  }

  #run(job: Job, operands: Operands): Record<string, Storage> {
    const { plan, recorder, parts, temporary } = job;
    for (const [name, tensor] of Object.entries(operands.inputs)) parts.set(name, whole(tensor));
    const storage = this.#makeOutputs(job, operands);
    for (const [name, values] of Object.entries(plan.known ?? {})) {
      const buffer = storage[name]?.buffer;
      const offset = operands.outs[name]?.byteOffset ?? plan.outputs[name]?.byteOffset ?? 0;
      if (buffer) this.#write(buffer, values, offset);
    }
    for (const [name, bytes] of Object.entries(plan.scratch)) {
      temporary.push(this.#allocateFor(job, name, bytes).buffer);
    }
    for (const [name, words] of Object.entries(plan.uploads)) {
      const { buffer } = this.#allocateFor(job, name, words.byteLength);
      this.#write(buffer, words);
      temporary.push(buffer);
    }
    const dispatches = this.#prepareDispatches(job);
    const reports = this.#reportsOf(job);
    const encoder = recorder ?? this.device.createCommandEncoder({ label: plan.name });
    this.#encode(job, dispatches, encoder);
    if (!recorder) this.device.queue.submit([encoder.finish()]);
    this.#reports.add(reports);
    if (recorder) return this.#keepRecorded(job, operands, storage);
    const reporting = new Set(reports.map((report) => report.buffer));
    for (const buffer of temporary) if (!reporting.has(buffer)) this.#pool.give(buffer);
    return storage;
  }

  /** What a recorded call needs must last until its results are disposed: the caller submits when they please. */
  #keepRecorded(job: Job, operands: Operands, storage: Record<string, Storage>): Record<string, Storage> {
    const tensors = [...Object.values(operands.inputs), ...Object.values(operands.outs)];
    const releases = tensors.map((tensor) => tensor.storage.retain?.());
    return keepWith(storage, () => {
      for (const release of releases) release?.();
      this.#reports.forget(job.temporary);
      // Destroyed, not reused: a submit that comes too late must fail rather than write to another's tensor.
      for (const buffer of job.temporary) this.#pool.drop(buffer);
    });
  }

  #makeOutputs(job: Job, operands: Operands): Record<string, Storage> {
    const { plan, parts } = job;
    const recorded = job.recorder !== undefined;
    const arenas = new Map<string, Storage>();
    for (const [name, bytes] of Object.entries(plan.arenas)) {
      const part = this.#allocateFor(job, name, bytes);
      const sharers = Object.values(plan.outputs).filter((output) => output.arena === name).length;
      arenas.set(name, this.#hold(part.buffer, sharers, recorded));
    }
    const storage: Record<string, Storage> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = operands.outs[name];
      const arena = output.arena === undefined ? undefined : arenas.get(output.arena);
      if (out) {
        const part = whole(out);
        this.#staging.hurry(part.buffer);
        parts.set(name, part);
        storage[name] = { ...out.storage, release: () => {} };
      } else if (arena) {
        storage[name] = arena;
      } else {
        const part = this.#allocateFor(job, name, elements(output.shape) * 4);
        storage[name] = this.#hold(part.buffer, 1, recorded);
      }
    }
    return storage;
  }

  #reportsOf({ plan, recorder, parts }: Job): Report[] {
    return plan.checks.map(({ buffer: name, message }) => {
      const part = parts.get(name);
      if (!part) throw new KernelError("internal", `${plan.name}: no buffer '${name}' to check`);
      // Until the caller submits, a read must not take an earlier call's report for this one's.
      if (recorder) this.#write(part.buffer, NO_REPORT);
      return { buffer: part.buffer, message, recorded: recorder !== undefined };
    });
  }

  /** Everything that can go wrong before the first command is recorded. */
  #prepareDispatches(job: Job): readonly Dispatch[] {
    const { plan, temporary, taken } = job;
    if (plan.passes.length === 0) return [];
    const bytes = packParams(plan.passes);
    const buffer = this.#pool.take(bytes.byteLength, UNIFORM, `${plan.name} params`);
    taken.push(buffer);
    temporary.push(buffer);
    this.device.queue.writeBuffer(buffer, 0, bytes);
    return plan.passes.map((pass, index) => {
      const { pipeline, layout } = this.#pipelines.get(pass.kernel);
      const params = { buffer, offset: index * PARAMS_STRIDE, size: paramsBytes(pass) };
      const bindings = [
        ...Object.keys(pass.kernel.bindings).map((name) => locate(job, pass, name, this.limits)),
        params,
      ];
      const entries = bindings.map((resource, binding) => ({ binding, resource }));
      const group = this.device.createBindGroup({ label: pass.kernel.name, layout, entries });
      return { pipeline, group, pass };
    });
  }

  #encode({ plan, parts }: Job, dispatches: readonly Dispatch[], encoder: GPUCommandEncoder): void {
    for (const name of plan.clears) {
      const part = parts.get(name);
      if (part) encoder.clearBuffer(part.buffer, part.offset, part.size);
    }
    if (dispatches.length === 0) return;
    const compute = encoder.beginComputePass({ label: plan.name });
    for (const { pipeline, group, pass } of dispatches) {
      compute.setPipeline(pipeline);
      compute.setBindGroup(0, group);
      compute.dispatchWorkgroups(pass.grid[0], pass.grid[1]);
    }
    compute.end();
  }

  async prepare(plans: readonly Plan[]): Promise<void> {
    const kernels = new Set(plans.flatMap((plan) => plan.passes.map((pass) => pass.kernel)));
    if (this.#lost) throw new DeviceLostError(this.#lost);
    // The compiler's words reach the caller by the pipelines' own promises.
    const compiled = this.#faults.watch(
      "prepare",
      () => Promise.all([...kernels].map((kernel) => this.#pipelines.prepare(kernel))),
      () => {},
    );
    await this.#unlessEnded(compiled);
  }

  read(storage: Storage, operand: Operand): Promise<Values> {
    const { buffer } = storage;
    if (!buffer) throw new KernelError("internal", "read: a tensor without a buffer");
    if ((buffer.usage & COPY_SRC) === 0) {
      throw new InputError("read: the buffer must have been created with GPUBufferUsage.COPY_SRC");
    }
    this.#reports.ask();
    const fault = this.#faults.verdicts.first();
    const source = { buffer, offset: operand.byteOffset, size: elements(operand.shape) * 4 };
    return this.#unlessEnded(this.#fetch(this.#staging.read(source), fault, operand));
  }

  async #fetch(bytes: Promise<ArrayBuffer>, fault: Verdict, operand: Operand): Promise<Values> {
    const [values, first] = await Promise.allSettled([bytes, fault]);
    if (first.status === "fulfilled" && first.value) throw first.value;
    if (values.status === "rejected") throw values.reason;
    return typedArray(operand, values.value);
  }

  memory(): { readonly bytes: number; readonly pooled: number } {
    const { live, kept } = this.#pool.bytes;
    return { bytes: live, pooled: kept + this.#staging.bytes };
  }

  dispose(): void {
    this.#disposed = true;
    this.#end(new InputError("read: needed a live engine, got a disposed one", "disposed"));
    if (this.#owned) this.device.destroy();
  }

  #end(reason: SurprisalError): void {
    for (const reject of this.#waiting) reject(reason);
    this.#staging.destroy();
    this.#pool.destroy();
  }

  /** Settles as `promise` does, but rejects at once when the device goes or the engine is disposed. */
  #unlessEnded<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const explained = promise.catch(async (error: unknown) => {
        const known = error instanceof SurprisalError;
        // A device that is being lost fails in many ways before it says so.
        const ailing = !known || (error instanceof KernelError && (await this.#faults.refusesAll()));
        if (ailing) await sleep(LOSS_TAKES);
        throw known ? error : new KernelError("internal", `read: ${String(error)}`);
      });
      void explained.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Runs `work` inside error scopes whose verdict reads from now on wait for. */
  #watched<T>(where: string, kernels: readonly Kernel[], work: () => T): T {
    if (this.#lost) throw new DeviceLostError(this.#lost);
    const explain = async () => {
      for (const kernel of kernels) {
        const explained = await this.#pipelines.explain(kernel);
        if (explained) return explained;
      }
      return undefined;
    };
    return this.#faults.watch(
      where,
      work,
      (verdict) => {
        const made = this.#pool.takeFresh();
        const judged = verdict.then((fault) => {
          if (fault?.code === "out-of-memory") this.#pool.relieve(made);
          return fault;
        });
        this.#faults.verdicts.add(judged);
      },
      explain,
    );
  }

  #allocateFor({ plan, parts, taken }: Job, name: string, bytes: number): Part {
    const part = this.#allocate(bytes, `${plan.name} ${name}`, taken);
    parts.set(name, part);
    return part;
  }

  #allocate(bytes: number, label: string, taken: GPUBuffer[]): Part {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    if (size > this.limits.maxBufferSize) {
      throw new UnsupportedError(
        "limits",
        `${label}: ${bytes} bytes exceed this device's largest buffer of ${this.limits.maxBufferSize}; use smaller batches`,
      );
    }
    const buffer = this.#pool.take(size, STORAGE, label);
    taken.push(buffer);
    return { buffer, offset: 0, size };
  }

  #write(buffer: GPUBuffer, data: Values, offset = 0): void {
    if (data.byteLength > 0)
      this.device.queue.writeBuffer(buffer, offset, data.buffer, data.byteOffset, data.byteLength);
  }

  /** A storage that `sharers` tensors hold; the last to let go gives the buffer back. */
  #hold(buffer: GPUBuffer, sharers: number, recorded: boolean): Storage {
    let holders = sharers;
    const release = () => {
      holders -= 1;
      if (holders > 0 || this.#disposed) return;
      this.#staging.hurry(buffer);
      // The caller may yet submit what writes to it.
      if (recorded) this.#pool.drop(buffer);
      else this.#pool.give(buffer);
    };
    const retain = () => {
      holders += 1;
      return release;
    };
    return { buffer, release, retain };
  }
}

interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly pass: Pass;
}

const NO_REPORT = new Uint32Array(4);

/** Milliseconds within which a lost device is told of, after its first sign. */
const LOSS_TAKES = 1_000;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function whole(tensor: { buffer: GPUBuffer; byteOffset: number; size: number }): Part {
  return { buffer: tensor.buffer, offset: tensor.byteOffset, size: Math.max(4, tensor.size * 4) };
}

function locate({ plan, parts }: Job, pass: Pass, name: string, limits: Limits): GPUBufferBinding {
  const place = pass.bind[name];
  const part = parts.get(typeof place === "string" ? place : (place?.buffer ?? name));
  if (!part || !place) throw new KernelError("internal", `${plan.name}: nothing bound to '${name}'`);
  const { offset, size } = typeof place === "string" ? part : place;
  const most = limits.maxStorageBufferBindingSize;
  if (size > most) {
    const message = `${plan.name}: ${size} bytes of '${name}' exceed this device's largest binding of ${most}; use smaller batches`;
    throw new UnsupportedError("limits", message);
  }
  return { buffer: part.buffer, offset, size };
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

function typedArray(spec: Spec, bytes: ArrayBuffer): Values {
  if (spec.dtype === "u32") return new Uint32Array(bytes);
  if (spec.dtype === "i32") return new Int32Array(bytes);
  return new Float32Array(bytes);
}
