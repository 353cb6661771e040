import type { Adapter, Backend, Operands } from "../engine/backend.ts";
import { errorOf } from "../engine/checks.ts";
import { InputError, KernelError, SurprisalError } from "../engine/errors.ts";
import { elements, type Limits, type Plan } from "../engine/plan.ts";
import type { Storage, Values } from "../engine/tensor.ts";
import { Verdicts } from "../engine/verdicts.ts";
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

/** Runs each plan's f64 reference, rounded to f32, in the order of the calls. */
export class CpuBackend implements Backend {
  readonly kind = "cpu";
  readonly device = undefined;
  readonly lost = undefined;
  readonly limits = LIMITS;
  readonly adapter: Adapter = { vendor: "", architecture: "", description: "CPU (f64)", software: true };
  #bytes = 0;
  #disposed = false;
  readonly #verdicts = new Verdicts();
  /** The fetches so far: each begins when the one before is done. */
  #turn: Promise<void> = Promise.resolve();

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
    const computed = this.#compute(plan, inputs, this.#turn.then(breath));
    this.#turn = computed.then(
      () => {},
      () => {},
    );
    this.#judge(computed, plan);
    await this.#unlessFault();
    const { outputs } = await computed;
    const names = Object.keys(plan.outputs);
    return Object.fromEntries(names.map((name) => [name, outputOf(plan, outputs, name)]));
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

/** Milliseconds of work after which the page gets a turn. */
const BREATH = 16;

let breathed = 0;

/** Lets the page draw and hear its user: a loop of fetches would otherwise not leave the microtask queue. */
async function breath(): Promise<void> {
  if (performance.now() - breathed < BREATH) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  breathed = performance.now();
}

function disposed(): InputError {
  return new InputError("read: needed a live engine, got a disposed one", "disposed");
}

function outputOf(plan: Plan, outputs: Computed["outputs"], name: string): Values {
  const values = outputs[name];
  if (!values) throw new KernelError("internal", `${plan.name}: its reference gave no '${name}'`);
  return values;
}
