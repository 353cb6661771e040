import { DeviceLostError, InputError, KernelError, SurprisalError } from "../../core/errors.ts";
import type { Adapter, Backend, Operands } from "../backend.ts";
import type { PendingError } from "../pending-errors.ts";
import { bytesIn, elements, inWords, type Kernel, type Limits, type Operand, type Plan, type Spec } from "../plan.ts";
import type { Storage, Tensor } from "../tensor.ts";
import { type StoredValues, storedValues } from "../values.ts";
import type { BufferRange } from "./buffer-range.ts";
import { ErrorScopes, strayFault } from "./error-scopes.ts";
import { Pipelines } from "./pipelines.ts";
import { BufferPool } from "./pool.ts";
import { type RecordedCall, Recorder } from "./recorder.ts";
import { type CheckReport, RowChecks } from "./row-checks.ts";
import { type Readback, Staging } from "./staging.ts";

/** GPUBufferUsage.COPY_SRC: not every host has the name. */
const COPY_SRC = 0x4;

/**
 * A device's session: what is done on it, what is read back, and every fault on the way. With the parts that it is made
 * of (recorder, pipelines, pool, staging, faults) the only code that touches a GPUDevice.
 */
export class WebGpuBackend implements Backend {
  readonly kind = "webgpu";
  /** The next is queued while one is read. */
  readonly maxInFlight = 2;
  readonly device: GPUDevice;
  readonly adapter: Adapter;
  readonly limits: Limits;
  readonly #owned: boolean;
  readonly #pool: BufferPool;
  readonly #pipelines: Pipelines;
  readonly #recorder: Recorder;
  readonly #errorScopes: ErrorScopes;
  readonly #staging: Staging;
  readonly #rowChecks: RowChecks;
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
    this.#recorder = new Recorder(device, this.#pool, this.#pipelines);
    this.#errorScopes = new ErrorScopes(device);
    this.#staging = new Staging(device, this.#errorScopes);
    this.#rowChecks = new RowChecks(this.#pool, this.#staging, this.#errorScopes.pending);
    void device.lost.then((info) => {
      if (this.#disposed) return;
      this.#lost = `the GPU device was lost (${info.reason}) ${info.message}`.trim();
      this.#end(new DeviceLostError(this.#lost));
    });
    // An adopted device's stray errors are its owner's business; ours are all caught in scopes.
    if (owned) {
      device.addEventListener("uncapturederror", (event) => {
        event.preventDefault();
        this.#errorScopes.pending.add(Promise.resolve(strayFault(event.error)));
      });
    }
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  upload(data: StoredValues, spec: Spec): Storage {
    return this.#watched("tensor", [], () => {
      const { buffer } = this.#recorder.allocate(bytesIn(spec), "tensor");
      this.#recorder.write(buffer, data);
      return this.#hold(buffer, 1, false);
    });
  }

  run(plan: Plan, operands: Operands, encoder: GPUCommandEncoder | undefined): Record<string, Storage> {
    return this.#watched(plan.name, kernelsOf(plan), () => {
      const outs = parts(operands.outs);
      for (const { buffer } of Object.values(outs)) this.#staging.flushReads(buffer);
      return this.#recorder.with(plan, { ...parts(operands.inputs), ...outs }, (call) =>
        encoder ? this.#record(call, operands, encoder) : this.#submit(call, operands),
      );
    });
  }

  #submit(call: RecordedCall, operands: Operands): Record<string, Storage> {
    const encoder = this.device.createCommandEncoder({ label: call.plan.name });
    this.#recorder.encode(call, encoder);
    this.device.queue.submit([encoder.finish()]);
    this.#rowChecks.add(call.reports);
    this.#giveUnreported(call, call.temporary);
    return this.#keep(call, operands.outs, false);
  }

  /** What a recorded call needs must last until its results are disposed: the caller submits when they please. */
  #record(call: RecordedCall, operands: Operands, encoder: GPUCommandEncoder): Record<string, Storage> {
    // Until the caller submits, a read must not take an earlier call's report for this one's.
    for (const { buffer } of call.reports) this.#recorder.write(buffer, NO_REPORT);
    this.#recorder.encode(call, encoder);
    this.#rowChecks.add(call.reports.map((report) => ({ ...report, recorded: true })));
    const tensors = [...Object.values(operands.inputs), ...Object.values(operands.outs)];
    const releases = tensors.map((tensor) => tensor.storage.retain?.());
    return keepWith(this.#keep(call, operands.outs, true), () => {
      for (const release of releases) release?.();
      this.#rowChecks.forget(call.temporary);
      // Destroyed, not reused: a submit that comes too late must fail rather than write to another's tensor.
      for (const buffer of call.temporary) this.#pool.drop(buffer);
    });
  }

  /** The storage of each output: the caller's own, a share of an arena, or a buffer of its own. */
  #keep({ plan, parts }: RecordedCall, outs: Operands["outs"], recorded: boolean): Record<string, Storage> {
    const arenas = new Map<string, Storage>();
    for (const name of Object.keys(plan.arenas)) {
      const part = parts.get(name);
      const sharers = Object.values(plan.outputs).filter((output) => output.arena === name).length;
      if (part) arenas.set(name, this.#hold(part.buffer, sharers, recorded));
    }
    const storage: Record<string, Storage> = {};
    for (const [name, { arena }] of Object.entries(plan.outputs)) {
      const out = outs[name];
      const shared = arena === undefined ? undefined : arenas.get(arena);
      const part = parts.get(name);
      if (out) storage[name] = { ...out.storage, release: () => {} };
      else if (shared) storage[name] = shared;
      else if (part) storage[name] = this.#hold(part.buffer, 1, recorded);
    }
    return storage;
  }

  #giveUnreported({ reports }: RecordedCall, buffers: readonly GPUBuffer[]): void {
    const reporting = new Set(reports.map((report) => report.buffer));
    for (const buffer of buffers) if (!reporting.has(buffer)) this.#pool.give(buffer);
  }

  fetch(plan: Plan, inputs: Operands["inputs"]): Promise<Record<string, StoredValues>> {
    let pendingError: PendingError = Promise.resolve(undefined);
    const sent = this.#watched(
      plan.name,
      kernelsOf(plan),
      () => this.#recorder.with(plan, parts(inputs), (call) => this.#send(call)),
      (judged) => {
        pendingError = judged;
      },
    );
    const { readback, asked, copies } = sent;
    const landed = this.#staging.bytes(readback, pendingError);
    this.#rowChecks.settle(
      asked,
      landed.then((bytes) => new Uint32Array(bytes, 0, asked.length)),
    );
    const values = landed.then((bytes) => unpack(bytes, 4 * asked.length, copies));
    return this.#unlessEnded(unlessFault(values, this.#errorScopes.pending.first()));
  }

  /** Submits a call with the copies of what is asked for: the words of all reports so far, then the outputs. */
  #send(call: RecordedCall): {
    readonly readback: Readback;
    readonly asked: readonly CheckReport[];
    readonly copies: readonly OutputCopy[];
  } {
    const { plan } = call;
    const encoder = this.device.createCommandEncoder({ label: plan.name });
    this.#recorder.encode(call, encoder);
    const copies = Object.entries(plan.outputs).map(([name, spec]) => ({ name, spec, part: partOf(call, name, spec) }));
    const asked = [...this.#rowChecks.take(), ...call.reports];
    const words = asked.map(({ buffer }) => ({ buffer, offset: 0, size: 4 }));
    const readback = this.#staging.send(encoder, [...words, ...copies.map(({ part }) => part)]);
    // Whoever gets a buffer next comes after this work: the queue keeps the order.
    this.#giveUnreported(call, call.taken);
    return { readback, asked, copies };
  }

  async prepare(plans: readonly Plan[]): Promise<void> {
    const kernels = new Set(plans.flatMap(kernelsOf));
    if (this.#lost) throw new DeviceLostError(this.#lost);
    // The compiler's words reach the caller by the pipelines' own promises.
    const compiled = this.#errorScopes.watch(
      "prepare",
      () => Promise.all([...kernels].map((kernel) => this.#pipelines.prepare(kernel))),
      () => {},
    );
    await this.#unlessEnded(compiled);
  }

  read(storage: Storage, operand: Operand): Promise<StoredValues> {
    const { buffer } = storage;
    if (!buffer) throw new KernelError("internal", "read: a tensor without a buffer");
    if ((buffer.usage & COPY_SRC) === 0) {
      throw new InputError("read: the buffer must have been created with GPUBufferUsage.COPY_SRC");
    }
    this.#rowChecks.ask();
    const fault = this.#errorScopes.pending.first();
    const source = { buffer, offset: operand.byteOffset, size: inWords(bytesIn(operand)) };
    const values = this.#staging.read(source).then((bytes) => typedArray(operand, bytes));
    return this.#unlessEnded(unlessFault(values, fault));
  }

  memory(): { readonly bytes: number; readonly pooled: number } {
    const { live, kept } = this.#pool.bytes;
    return { bytes: live, pooled: kept + this.#staging.kept };
  }

  /** Frees what is kept for reuse. */
  trim(): void {
    this.#pool.trim([]);
    this.#staging.trim();
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
        const maybeLost = !known || (error instanceof KernelError && (await this.#errorScopes.refusesAll()));
        if (maybeLost) await sleep(LOSS_TAKES);
        throw known ? error : new KernelError("internal", `read: ${String(error)}`);
      });
      void explained.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Runs `work` inside error scopes whose error reads from now on wait for. */
  #watched<T>(
    where: string,
    kernels: readonly Kernel[],
    work: () => T,
    deliver?: (pendingError: PendingError) => void,
  ): T {
    if (this.#lost) throw new DeviceLostError(this.#lost);
    const explain = async () => {
      for (const kernel of kernels) {
        const explained = await this.#pipelines.explain(kernel);
        if (explained) return explained;
      }
      return undefined;
    };
    return this.#errorScopes.watch(
      where,
      work,
      (pendingError) => {
        const made = this.#pool.takeFresh();
        const judged = pendingError.then((fault) => {
          if (fault?.code === "out-of-memory") this.#pool.trim(made);
          return fault;
        });
        this.#errorScopes.pending.add(judged);
        deliver?.(judged);
      },
      explain,
    );
  }

  /** A storage that `sharers` tensors hold; the last to let go gives the buffer back. */
  #hold(buffer: GPUBuffer, sharers: number, recorded: boolean): Storage {
    let holders = sharers;
    const release = () => {
      holders -= 1;
      if (holders > 0 || this.#disposed) return;
      this.#staging.flushReads(buffer);
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

const NO_REPORT = new Uint32Array(4);

/** Milliseconds within which a lost device is told of, after its first sign. */
const LOSS_TAKES = 1_000;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function kernelsOf(plan: Plan): Kernel[] {
  return plan.passes.map((pass) => pass.kernel);
}

function parts(tensors: Readonly<Record<string, Tensor>>): Record<string, BufferRange> {
  const entries = Object.entries(tensors).map(([name, tensor]) => {
    const { buffer, byteOffset } = tensor;
    return [name, { buffer, offset: byteOffset, size: Math.max(4, inWords(bytesIn(tensor))) }];
  });
  return Object.fromEntries(entries) as Record<string, BufferRange>;
}

/** An output on its way to the host. */
interface OutputCopy {
  readonly name: string;
  readonly spec: Spec;
  readonly part: BufferRange;
}

/** Where an output's values are, to the word. */
function partOf({ plan, parts }: RecordedCall, name: string, spec: Spec): BufferRange {
  const part = parts.get(name);
  if (!part) throw new KernelError("internal", `${plan.name}: no buffer for its output '${name}'`);
  return { ...part, size: inWords(bytesIn(spec)) };
}

function unpack(bytes: ArrayBuffer, from: number, copies: readonly OutputCopy[]): Record<string, StoredValues> {
  const values: Record<string, StoredValues> = {};
  let at = from;
  for (const { name, spec, part } of copies) {
    values[name] = typedArray(spec, bytes.slice(at, at + part.size));
    at += part.size;
  }
  return values;
}

/** Settles as `values` does once the fault is known to be none; rejects with the fault where there is one. */
async function unlessFault<T>(values: Promise<T>, fault: PendingError): Promise<T> {
  const [made, first] = await Promise.allSettled([values, fault]);
  if (first.status === "fulfilled" && first.value) throw first.value;
  if (made.status === "rejected") throw made.reason;
  return made.value;
}

function keepWith(storage: Record<string, Storage>, release: () => void): Record<string, Storage> {
  let holders = Object.keys(storage).length;
  const letGo = (give: (() => void) | undefined) => {
    give?.();
    holders -= 1;
    if (holders === 0) release();
  };
  const kept = Object.entries(storage).map(([name, one]) => [
    name,
    {
      ...one,
      release: () => letGo(one.release),
      // Whoever goes on from a result needs the work that makes it, even if the result itself is let go.
      retain: () => {
        holders += 1;
        const give = one.retain?.();
        return () => letGo(give);
      },
    },
  ]);
  return Object.fromEntries(kept) as Record<string, Storage>;
}

function typedArray({ shape, dtype }: Spec, bytes: ArrayBuffer): StoredValues {
  return storedValues(dtype, bytes, elements(shape));
}
