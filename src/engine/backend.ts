import type { Limits, Operand, Plan, Spec } from "./plan.ts";
import type { Storage, Tensor } from "./tensor.ts";
import type { StoredValues } from "./values.ts";

export interface Adapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** The "GPU" is a program on the CPU: right, but its times mean nothing. */
  readonly software: boolean;
  /** How many lanes may make up a subgroup, where lanes can exchange values (WebGPU's feature "subgroups"). */
  readonly subgroups?: { readonly min: number; readonly max: number };
}

/** Tensors of a call: its inputs by the plan's names, and those it was told to write into. */
export interface Operands {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outs: Readonly<Record<string, Tensor>>;
}

/** What an engine needs of the machine underneath; there are two, WebGPU and CPU. */
export interface Backend {
  readonly kind: "webgpu" | "cpu";
  readonly limits: Limits;
  readonly adapter: Adapter;
  readonly device: GPUDevice | undefined;
  /** How many fetches may be under way: 1 where they are done on the caller's own thread, one after another. */
  readonly maxInFlight: number;
  /** Why tensors are gone, once they are. */
  readonly lost: string | undefined;
  upload(data: StoredValues, spec: Spec): Storage;
  /** Does the plan's work, or records it into the caller's encoder; gives the storage of each output. */
  run(plan: Plan, operands: Operands, encoder: GPUCommandEncoder | undefined): Readonly<Record<string, Storage>>;
  /** Does the plan's work and reads its outputs back in one round trip; rejects with the first fault so far. */
  fetch(plan: Plan, inputs: Operands["inputs"]): Promise<Readonly<Record<string, StoredValues>>>;
  read(storage: Storage, operand: Operand): Promise<StoredValues>;
  prepare(plans: readonly Plan[]): Promise<void>;
  memory(): { readonly bytes: number; readonly pooled: number };
  dispose(): void;
}
