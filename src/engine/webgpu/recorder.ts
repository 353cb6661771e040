import { KernelError, UnsupportedError } from "../../core/errors.ts";
import { bytesIn, inWords, type Limits, type Pass, type Plan } from "../plan.ts";
import type { StoredValues } from "../values.ts";
import type { BufferRange } from "./buffer-range.ts";
import { PARAMS_STRIDE, packParams, paramsBytes } from "./params.ts";
import type { Pipelines } from "./pipelines.ts";
import type { BufferPool } from "./pool.ts";
import type { CheckReport } from "./row-checks.ts";

/** GPUBufferUsage's STORAGE | COPY_SRC | COPY_DST, and UNIFORM | COPY_DST: not every host has the names. */
const STORAGE = 0x80 | 0x4 | 0x8;
const UNIFORM = 0x40 | 0x8;

/** A plan with its buffers: all that is left is to record its commands. */
export interface RecordedCall {
  readonly plan: Plan;
  /** By the plan's names. */
  readonly parts: ReadonlyMap<string, BufferRange>;
  /** What came from the pool. */
  readonly taken: readonly GPUBuffer[];
  /** Of that, what holds no output. */
  readonly temporary: readonly GPUBuffer[];
  /** Where the plan's checks report. */
  readonly reports: readonly CheckReport[];
  readonly dispatches: readonly Dispatch[];
}

interface UnfinishedCall {
  readonly plan: Plan;
  readonly parts: Map<string, BufferRange>;
  readonly taken: GPUBuffer[];
  readonly temporary: GPUBuffer[];
}

interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly pass: Pass;
}

/** Turns plans into commands: takes their buffers, fills in what the host knows, binds and dispatches. */
export class Recorder {
  readonly #device: GPUDevice;
  readonly #limits: Limits;
  readonly #pool: BufferPool;
  readonly #pipelines: Pipelines;

  constructor(device: GPUDevice, pool: BufferPool, pipelines: Pipelines) {
    this.#device = device;
    this.#limits = device.limits;
    this.#pool = pool;
    this.#pipelines = pipelines;
  }

  /**
   * Makes a call of a plan and lets `work` record it; `given` are the inputs, and the outputs that are to be written in
   * place. Everything that can go wrong does so before the first command, and what was taken is then back in the pool.
   */
  with<T>(plan: Plan, given: Readonly<Record<string, BufferRange>>, work: (call: RecordedCall) => T): T {
    const unfinished: UnfinishedCall = { plan, parts: new Map(Object.entries(given)), taken: [], temporary: [] };
    try {
      this.#allocateOutputs(unfinished);
      this.#fill(unfinished);
      return work({ ...unfinished, dispatches: this.#bind(unfinished), reports: reportsOf(unfinished) });
    } catch (error) {
      for (const buffer of unfinished.taken) this.#pool.give(buffer);
      throw error;
    }
  }

  encode({ plan, parts, dispatches }: RecordedCall, encoder: GPUCommandEncoder): void {
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

  /** A storage buffer from the pool. */
  allocate(bytes: number, label: string): BufferRange {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const most = this.#limits.maxBufferSize;
    if (size > most) {
      const message = `${label}: ${bytes} bytes exceed this device's largest buffer of ${most}; use smaller batches`;
      throw new UnsupportedError("limits", message);
    }
    return { buffer: this.#pool.take(size, STORAGE, label), offset: 0, size };
  }

  write(buffer: GPUBuffer, data: StoredValues, offset = 0): void {
    if (data.byteLength === 0) return;
    const whole = inWords(data.byteLength);
    if (whole === data.byteLength) {
      this.#device.queue.writeBuffer(buffer, offset, data.buffer, data.byteOffset, whole);
      return;
    }
    const padded = new Uint16Array(whole / 2);
    padded.set(data);
    this.#device.queue.writeBuffer(buffer, offset, padded);
  }

  #allocateOutputs(unfinished: UnfinishedCall): void {
    const { plan, parts } = unfinished;
    for (const [name, bytes] of Object.entries(plan.arenas)) this.#allocateFor(unfinished, name, bytes);
    for (const [name, output] of Object.entries(plan.outputs)) {
      const { arena, byteOffset = 0 } = output;
      if (parts.has(name)) continue;
      const size = inWords(bytesIn(output));
      const shared = arena === undefined ? undefined : parts.get(arena);
      if (shared) parts.set(name, { buffer: shared.buffer, offset: byteOffset, size: Math.max(4, size) });
      else this.#allocateFor(unfinished, name, size);
    }
  }

  #fill(unfinished: UnfinishedCall): void {
    const { plan, parts, temporary } = unfinished;
    for (const [name, values] of Object.entries(plan.known ?? {})) {
      const part = parts.get(name);
      if (part) this.write(part.buffer, values, part.offset);
    }
    for (const [name, bytes] of Object.entries(plan.scratch)) {
      temporary.push(this.#allocateFor(unfinished, name, bytes).buffer);
    }
    for (const [name, words] of Object.entries(plan.uploads)) {
      const { buffer } = this.#allocateFor(unfinished, name, words.byteLength);
      this.write(buffer, words);
      temporary.push(buffer);
    }
  }

  #bind(unfinished: UnfinishedCall): readonly Dispatch[] {
    const { plan, temporary, taken } = unfinished;
    if (plan.passes.length === 0) return [];
    const bytes = packParams(plan.passes);
    const buffer = this.#pool.take(bytes.byteLength, UNIFORM, `${plan.name} params`);
    taken.push(buffer);
    temporary.push(buffer);
    this.#device.queue.writeBuffer(buffer, 0, bytes);
    return plan.passes.map((pass, index) => {
      const { pipeline, layout } = this.#pipelines.get(pass.kernel);
      const params = { buffer, offset: index * PARAMS_STRIDE, size: paramsBytes(pass) };
      const bindings = [
        ...Object.keys(pass.kernel.bindings).map((name) => locate(unfinished, pass, name, this.#limits)),
        params,
      ];
      const entries = bindings.map((resource, binding) => ({ binding, resource }));
      const group = this.#device.createBindGroup({ label: pass.kernel.name, layout, entries });
      return { pipeline, group, pass };
    });
  }

  #allocateFor({ plan, parts, taken }: UnfinishedCall, name: string, bytes: number): BufferRange {
    const part = this.allocate(bytes, `${plan.name} ${name}`);
    taken.push(part.buffer);
    parts.set(name, part);
    return part;
  }
}

function reportsOf({ plan, parts }: UnfinishedCall): CheckReport[] {
  return plan.checks.map(({ buffer: name, ...check }) => {
    const part = parts.get(name);
    if (!part) throw new KernelError("internal", `${plan.name}: no buffer '${name}' to check`);
    return { buffer: part.buffer, check, recorded: false };
  });
}

function locate({ plan, parts }: UnfinishedCall, pass: Pass, name: string, limits: Limits): GPUBufferBinding {
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
