import type { Adapter, Backend, Operands } from "../engine/backend.ts";
import { errorOf } from "../engine/checks.ts";
import { InputError, KernelError, SurprisalError } from "../engine/errors.ts";
import { elements, type Limits, type Plan } from "../engine/plan.ts";
import type { Storage, Values } from "../engine/tensor.ts";
import { Verdicts } from "../engine/verdicts.ts";
import type { BatchReference } from "../expectation/plan.ts";
import { breath } from "./breath.ts";
import { type Cores, cores } from "./cores.ts";
import { expectationRecords } from "./monte-carlo/records.ts";
import { references } from "./references.ts";
import type { Computed } from "./row.ts";

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
 * reference, everything else by its f64 reference, rounded to f32.
 */
export class CpuBackend implements Backend {
  readonly kind = "cpu";
  readonly device = undefined;
  readonly lost = undefined;
  readonly limits = LIMITS;
  readonly flight: number;
  readonly #cores: Cores | undefined;
  readonly #threads: number;
  readonly #description: string;
  #bytes = 0;
  #disposed = false;
  readonly #verdicts = new Verdicts();
  /** The fetches so far: each begins when the one before is done. */
  #turn: Promise<void> = Promise.resolve();

  /** @param threads - of workers; 0 for plain JavaScript */
  constructor(threads?: number) {
    const found = threads === 0 ? "as threads: 0 asked for" : coresOrReason();
    this.#cores = typeof found === "string" ? undefined : found;
    this.#threads = threads ?? this.#cores?.threads ?? 0;
    this.flight = this.#cores ? 2 : 1;
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

  upload(data: Values): Storage {
    return this.#hold(Promise.resolve(data.slice()), data.byteLength);
  }

  run(plan: Plan, operands: Operands): Record<string, Storage> {
    const computed = this.#compute(plan, operands.inputs);
    this.#judge(computed, plan);
    const storage: Record<string, Storage> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = operands.outs[name];
      const values = computed.then(({ outputs }) => outputOf(plan, outputs, name));
      // A fault is thrown by read(); a result that nobody reads must not end the page.
      values.catch(() => {});
      if (out?.storage.cell) out.storage.cell.values = values;
      storage[name] = out ? { ...out.storage, release: () => {} } : this.#hold(values, 4 * elements(output.shape));
    }
    return storage;
  }

  async fetch(plan: Plan, inputs: Operands["inputs"]): Promise<Record<string, Values>> {
    const computed = this.#inParallel(plan) ?? this.#inTurn(plan, inputs);
    this.#judge(computed, plan);
    await this.#unlessFault();
    const { outputs } = await computed;
    const names = Object.keys(plan.outputs);
    return Object.fromEntries(names.map((name) => [name, outputOf(plan, outputs, name)]));
  }

  /** What workers do beside the page needs no turn. */
  #inParallel(plan: Plan): Promise<Computed> | undefined {
    if (!this.#cores || plan.reference.name !== "expectation") return undefined;
    return expectationRecords(this.#cores, this.#threads, plan.reference.options as BatchReference);
  }

  #inTurn(plan: Plan, inputs: Operands["inputs"]): Promise<Computed> {
    const computed = this.#compute(plan, inputs, this.#turn.then(breath));
    this.#turn = computed.then(
      () => {},
      () => {},
    );
    return computed;
  }

  async #compute(plan: Plan, inputs: Operands["inputs"], turn?: Promise<void>): Promise<Computed> {
    const given: Record<string, Values> = {};
    // The caller may change an array, or have a tensor overwritten, as soon as the call has returned.
    for (const [name, words] of Object.entries(plan.uploads)) given[name] = words.slice();
    const tensors = Object.entries(inputs).map(([name, { storage }]) => ({ name, values: storage.cell?.values }));
    if (turn) await turn;
    if (this.#disposed) throw disposed();
    for (const { name, values } of tensors) {
      const array = await values;
      if (array) given[name] = array;
    }
    const reference = references[plan.reference.name];
    if (!reference) throw new KernelError("internal", `${plan.name}: no reference '${plan.reference.name}'`);
    return reference(plan.reference.options as never, given);
  }

  #judge(computed: Promise<Computed>, plan: Plan): void {
    const verdict = computed.then(
      ({ badRow, bad = badRow === undefined ? undefined : { row: badRow } }) => {
        const [check] = plan.checks;
        return bad && check ? errorOf(check, bad) : undefined;
      },
      (error) => (error instanceof SurprisalError ? error : new KernelError("internal", `${plan.name}: ${error}`)),
    );
    this.#verdicts.add(verdict);
  }

  async read(storage: Storage): Promise<Values> {
    const pending = storage.cell?.values;
    await this.#unlessFault();
    const values = await pending;
    if (!values) throw new KernelError("internal", "read: a tensor without values");
    return values.slice();
  }

  async #unlessFault(): Promise<void> {
    const fault = await this.#verdicts.first();
    if (this.#disposed) throw disposed();
    if (fault) throw fault;
  }

  async prepare(): Promise<void> {}

  memory(): { readonly bytes: number; readonly pooled: number } {
    return { bytes: this.#bytes, pooled: 0 };
  }

  dispose(): void {
    if (!this.#disposed) this.#cores?.release();
    this.#disposed = true;
    this.#bytes = 0;
  }

  #hold(values: Promise<Values>, bytes: number): Storage {
    this.#bytes += bytes;
    return {
      cell: { values },
      release: () => {
        this.#bytes -= bytes;
      },
    };
  }
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

function outputOf(plan: Plan, outputs: Computed["outputs"], name: string): Values {
  const values = outputs[name];
  if (!values) throw new KernelError("internal", `${plan.name}: its reference gave no '${name}'`);
  return values;
}
