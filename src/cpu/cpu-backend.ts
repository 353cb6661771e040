import type { Adapter, Backend, Operands } from "../engine/backend.ts";
import { InputError, KernelError } from "../engine/errors.ts";
import type { Limits, Operand, Plan } from "../engine/plan.ts";
import type { Storage, Values } from "../engine/tensor.ts";
import { references } from "./references.ts";

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
  #complaint: InputError | undefined;

  upload(data: Values): Storage {
    return this.#hold(Promise.resolve(data.slice()), data.byteLength);
  }

  run(plan: Plan, operands: Operands): Record<string, Storage> {
    const made = this.#compute(plan, operands);
    const storage: Record<string, Storage> = {};
    for (const [name, output] of Object.entries(plan.outputs)) {
      const out = operands.outs[name];
      const values = made.then((results) => {
        const got = results[name];
        if (!got) throw new KernelError("internal", `${plan.name}: its reference gave no '${name}'`);
        return got;
      });
      // A fault is thrown by read(); a result that nobody reads must not end the page.
      values.catch(() => {});
      if (out?.storage.cell) out.storage.cell.values = values;
      storage[name] = out ? { ...out.storage, release: () => {} } : this.#hold(values, 4 * sizeOf(output.shape));
    }
    return storage;
  }

  async #compute(plan: Plan, { inputs }: Operands): Promise<Record<string, Values>> {
    const names = Object.keys(inputs);
    const arrays = await Promise.all(names.map((name) => inputs[name]?.storage.cell?.values));
    const reference = references[plan.reference.name];
    if (!reference) throw new KernelError("internal", `${plan.name}: no reference '${plan.reference.name}'`);
    const given: Record<string, Values> = { ...plan.uploads };
    names.forEach((name, k) => {
      const array = arrays[k];
      if (array) given[name] = array;
    });
    const { outputs, badRow } = reference(plan.reference.options as never, given);
    const message = plan.checks[0]?.message;
    if (badRow !== undefined && message && !this.#complaint) {
      this.#complaint = new InputError(message.replace("{row}", String(badRow)), "bad-data");
    }
    return outputs;
  }

  async read(storage: Storage, operand: Operand): Promise<Values> {
    const values = await storage.cell?.values;
    const complaint = this.#complaint;
    this.#complaint = undefined;
    if (complaint) throw complaint;
    if (!values) throw new KernelError("internal", `read: a tensor [${operand.shape.join(", ")}] without values`);
    return values.slice();
  }

  async prepare(): Promise<void> {}

  memory(): { readonly bytes: number; readonly pooled: number } {
    return { bytes: this.#bytes, pooled: 0 };
  }

  dispose(): void {}

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

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
