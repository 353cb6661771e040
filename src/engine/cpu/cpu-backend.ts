import { InputError, KernelError, SurprisalError } from "../../core/errors.ts";
import type { Adapter, Backend, Operands } from "../backend.ts";
import { type BadRow, errorOf } from "../checks.ts";
import { PendingErrors } from "../pending-errors.ts";
import { bytesIn, isHalf, type Limits, type Plan, type Spec } from "../plan.ts";
import type { Storage } from "../tensor.ts";
import type { StoredValues } from "../values.ts";
import { type Allocation, allocateCopy, copied, SharedValues } from "./allocation.ts";
import { compute, ofArrays, sharedValuesOf } from "./compute.ts";
import { type Cores, cores } from "./cores.ts";
import { narrowed, widened } from "./halves.ts";
import { spareIn } from "./heap.ts";
import type { Done, LoadedWork } from "./work.ts";
import { yieldToPage } from "./yield-to-page.ts";

/** What a plan may assume here: arrays have no bindings and no workgroups, only a greatest length. */
const LIMITS: Limits = {
  maxBufferSize: 2 ** 33,
  maxStorageBufferBindingSize: 2 ** 33,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  minStorageBufferOffsetAlignment: 256,
};

/**
 * Runs each plan in the order of the calls: expectations in WebAssembly on workers, beside the page, with the bits of the f32
 * reference; samples, rows of logits and Gaussians, 4,096 values and more in a call, in WebAssembly too (samples with the reference's
 * bits, the others in f32 and within the budgets of the GPU's kernels); everything else, smaller calls among it, by its f64 reference,
 * rounded to f32.
 */
export class CpuBackend implements Backend {
  readonly kind = "cpu";
  readonly device = undefined;
  readonly lost = undefined;
  readonly limits = LIMITS;
  readonly maxInFlight: number;
  readonly #cores: Cores | undefined;
  readonly #threads: number;
  readonly #description: string;
  /** Of live tensors. */
  readonly #cells = new Set<Cell>();
  #bytes = 0;
  #disposed = false;
  readonly #pending = new PendingErrors();
  /** The fetches so far: each begins when the one before is done. */
  #turn: Promise<void> = Promise.resolve();

  /** @param threads - of workers; 0 for plain JavaScript */
  constructor(threads?: number) {
    const found = threads === 0 ? "as threads: 0 asked for" : coresOrReason();
    this.#cores = typeof found === "string" ? undefined : found;
    this.#threads = threads ?? this.#cores?.threads ?? 0;
    this.maxInFlight = this.#cores ? 2 : 1;
    this.#cores?.hold();
    const [count, plural] = [this.#threads, this.#threads === 1 ? "" : "s"];
    this.#description =
      typeof found === "string"
        ? `CPU: JavaScript, ${found}`
        : `CPU: WebAssembly SIMD, ${count} thread${plural}${found.shared ? " on shared memory" : ""}`;
  }

  get adapter(): Adapter {
    const failed = this.#cores?.failed;
    const note = failed === undefined ? "" : `, on the page's own thread (no workers: ${failed})`;
    return { vendor: "", architecture: "", description: `${this.#description}${note}`, software: true };
  }

  upload(data: StoredValues): Storage {
    return this.#hold(new SharedValues(Promise.resolve(allocateCopy(this.#cores?.memory, data))), data.byteLength);
  }

  run(plan: Plan, operands: Operands): Record<string, Storage> {
    const computed = this.#compute(plan, operands.inputs);
    this.#judge(computed, plan);
    const storage: Record<string, Storage> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = operands.outs[name];
      const held = sharedValuesOf(computed, plan, name);
      if (out?.storage.cell) replace(out.storage.cell, held);
      storage[name] = out ? { ...out.storage, release: () => {} } : this.#hold(held, bytesIn(output));
    }
    return storage;
  }

  async fetch(plan: Plan, inputs: Operands["inputs"]): Promise<Record<string, StoredValues>> {
    const computed = this.#inTurn(plan, inputs);
    this.#judge(computed, plan);
    const results = Object.keys(plan.outputs).map((name): [string, SharedValues] => [
      name,
      sharedValuesOf(computed, plan, name),
    ]);
    try {
      await this.#unlessFault();
      const read: Record<string, StoredValues> = {};
      for (const [name, { allocation }] of results) read[name] = copied(await allocation);
      return read;
    } finally {
      for (const [, held] of results) held.release();
    }
  }

  /** Once the fetch before is done; what workers do beside the page needs no turn, and takes none. */
  #inTurn(plan: Plan, inputs: Operands["inputs"]): Promise<Done> {
    const before = this.#turn;
    const loaded = plan.cpu.load();
    const computed = this.#compute(plan, inputs, async (work) => {
      if (work.beside && this.#cores) return;
      await before;
      await yieldToPage();
    });
    const isBeside = loaded.then(({ beside }) => beside !== undefined && this.#cores !== undefined);
    this.#turn = isBeside.then<unknown>((beside) => (beside ? before : computed)).then(nothing, nothing);
    return computed;
  }

  async #compute(
    plan: Plan,
    inputs: Operands["inputs"],
    turn: (work: LoadedWork) => Promise<void> = nothing,
  ): Promise<Judged> {
    // The caller may change an array, or have a tensor overwritten or freed, as soon as the call has returned.
    const uploads = Object.entries(plan.uploads).map(([name, words]): [string, SharedValues] => [
      name,
      new SharedValues(Promise.resolve(allocateCopy(this.#cores?.memory, words))),
    ]);
    const tensors = Object.entries(inputs).map(([name, { storage }]): [string, SharedValues] => [
      name,
      holdOf(storage),
    ]);
    const held = [...uploads, ...tensors];
    try {
      const work = await plan.cpu.load();
      await turn(work);
      const given: Record<string, Allocation> = {};
      for (const [name, { allocation }] of held) given[name] = await allocation;
      if (this.#disposed) throw disposed();
      if (work.beside && this.#cores) return ofArrays(await work.beside(this.#cores, this.#threads));
      const badFlag = badFlagOf(plan, given);
      return { ...(await this.#inFloats(work, given, { inputs, outputs: plan.outputs })), badFlag };
    } finally {
      for (const [, one] of held) one.release();
    }
  }

  /** Does work on f32, where inputs or outputs may be halves. */
  async #inFloats(
    work: LoadedWork,
    given: Readonly<Record<string, Allocation>>,
    { inputs, outputs }: Readonly<Record<"inputs" | "outputs", Readonly<Record<string, Spec>>>>,
  ): Promise<Done> {
    const place = { cores: this.#cores, threads: this.#threads };
    const floats: Record<string, Allocation> = {};
    try {
      for (const [name, { dtype }] of Object.entries(inputs)) {
        const halves = given[name];
        if (isHalf(dtype) && halves) floats[name] = await widened(halves, dtype, place);
      }
      const done = await compute(work, { ...given, ...floats }, this.#cores, this.#threads);
      const results: Record<string, Allocation> = { ...done.outputs };
      for (const [name, { dtype }] of Object.entries(outputs)) {
        const result = results[name];
        if (!isHalf(dtype) || !result) continue;
        results[name] = await narrowed(result, dtype, place);
        result.free();
      }
      return { ...done, outputs: results };
    } finally {
      for (const one of Object.values(floats)) one.free();
    }
  }

  #judge(computed: Promise<Judged>, plan: Plan): void {
    const pendingError = computed.then(
      ({ badRow, bad = badRow === undefined ? undefined : { row: badRow }, badFlag }) => {
        const ofFlags = plan.checks.find(({ flags }) => flags !== undefined);
        if (badFlag && ofFlags) return errorOf(ofFlags, badFlag);
        const check = plan.checks.find((one) => one !== ofFlags);
        return bad && check ? errorOf(check, bad) : undefined;
      },
      (error) => (error instanceof SurprisalError ? error : internal(plan, error)),
    );
    this.#pending.add(pendingError);
  }

  async read(storage: Storage): Promise<StoredValues> {
    const held = holdOf(storage);
    try {
      await this.#unlessFault();
      return copied(await held.allocation);
    } finally {
      held.release();
    }
  }

  async #unlessFault(): Promise<void> {
    const fault = await this.#pending.first();
    if (this.#disposed) throw disposed();
    if (fault) throw fault;
  }

  async prepare(): Promise<void> {}

  /** The heap is all engines' of the page: what one frees, each can use again. */
  memory(): { readonly bytes: number; readonly pooled: number } {
    return { bytes: this.#bytes, pooled: this.#disposed || !this.#cores ? 0 : spareIn(this.#cores.memory) };
  }

  dispose(): void {
    if (!this.#disposed) this.#cores?.release();
    for (const { held } of this.#cells) held.release();
    this.#cells.clear();
    this.#disposed = true;
    this.#bytes = 0;
  }

  #hold(held: SharedValues, bytes: number): Storage {
    const cell = { held };
    this.#cells.add(cell);
    this.#bytes += bytes;
    return {
      cell,
      release: () => {
        this.#cells.delete(cell);
        this.#bytes -= bytes;
        cell.held.release();
      },
    };
  }
}

/** Results, and where an input that must hold flags has a value that is neither 0 nor 1. */
interface Judged extends Done {
  readonly badFlag?: BadRow | undefined;
}

function badFlagOf({ checks }: Plan, given: Readonly<Record<string, Allocation>>): BadRow | undefined {
  const check = checks.find(({ flags }) => flags !== undefined);
  const values = check?.flags === undefined ? undefined : given[check.flags]?.values();
  const bad = values?.findIndex((flag) => flag !== 0 && flag !== 1) ?? -1;
  const { pivots = 1 } = check ?? {};
  return bad < 0 ? undefined : { row: Math.floor(bad / pivots), pivot: bad % pivots };
}

function internal(plan: Plan, error: unknown): KernelError {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return new KernelError("internal", `${plan.name}: ${message}${cause === undefined ? "" : ` (${cause})`}`);
}

async function nothing(): Promise<void> {}

type Cell = NonNullable<Storage["cell"]>;

/** Gives a tensor new values; calls that wait for the old ones still hold those. */
function replace(cell: Cell, held: SharedValues): void {
  cell.held.release();
  cell.held = held;
}

/** A tensor's values as they are now, held once more. */
function holdOf({ cell }: Storage): SharedValues {
  if (!cell) throw new KernelError("internal", "a tensor without values");
  cell.held.hold();
  return cell.held;
}

/** The cores, or why WebAssembly cannot be had: a content security policy without 'wasm-unsafe-eval', or no SIMD. */
function coresOrReason(): Cores | string {
  try {
    return cores();
  } catch (error) {
    return `since WebAssembly is not to be had (${error instanceof Error ? error.message : String(error)})`;
  }
}

function disposed(): InputError {
  return new InputError("read: needed a live engine, got a disposed one", "disposed");
}
