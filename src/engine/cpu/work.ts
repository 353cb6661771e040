import type { BadRow } from "../checks.ts";
import type { StoredValues } from "../values.ts";
import type { Allocation } from "./allocation.ts";
import type { Cores } from "./cores.ts";
import type { Workspace } from "./workspace.ts";

/** Inputs and uploads of a plan as arrays, by their names. */
export type Given = Readonly<Record<string, StoredValues>>;

/** What an f64 reference gives: arrays by the plan's output names, and the first row whose data was bad. */
export interface Computed {
  readonly outputs: Readonly<Record<string, StoredValues>>;
  readonly badRow?: number | undefined;
  /** Where rows can be bad in several ways, or at several places. */
  readonly bad?: BadRow | undefined;
}

/** Inputs and uploads, or outputs, wherever they are in memory. */
export type Operands = Readonly<Record<string, Allocation>>;

/** The outputs of a WebAssembly kernel, by the plan's names, where they lie in the heap. */
export interface Done extends Omit<Computed, "outputs"> {
  readonly outputs: Operands;
}

/** What a module with CPU work exports, for options O. */
export interface CpuModule<O> {
  /** The work in f64, rounded to f32 at its end (or in f32 with the bits of the shader, where those are promised). */
  readonly reference: (options: O, given: Given) => Computed;
  /** The work in WebAssembly, or undefined where it declines and leaves it to the reference. */
  readonly wasm?: WasmKernel<O>;
  /** The work on workers beside the page, for plans without inputs: several of them may be under way at once. */
  readonly beside?: (options: O, cores: Cores, threads: number) => Promise<Computed>;
}

export type WasmKernel<O> = (options: O, given: Operands, space: Workspace) => Promise<Done> | undefined;

/** A module's functions with their options in place. */
export interface LoadedWork {
  readonly reference: (given: Given) => Computed;
  readonly wasm?: (given: Operands, space: Workspace) => Promise<Done> | undefined;
  readonly beside?: (cores: Cores, threads: number) => Promise<Computed>;
}

/** A plan's work without a GPU: loaded when it is first done, so that a page that never falls back loads none of it. */
export interface CpuWork<O = unknown> {
  /** What it was made with, as plain data. */
  readonly options: O;
  readonly load: () => Promise<LoadedWork>;
}

/**
 * Makes the CPU work of a kind of plan from its options: `const cpu = cpuWork(() => import("./cpu/x.ts"))`, then `cpu(options)` in
 * each plan.
 */
export function cpuWork<O>(load: () => Promise<CpuModule<O>>): (options: O) => CpuWork<O> {
  let loading: Promise<CpuModule<O>> | undefined;
  const once = () => {
    loading ??= load().catch((error) => {
      // The next call tries again: a network may come back.
      loading = undefined;
      throw new Error("the CPU engine could not load its code", { cause: error });
    });
    return loading;
  };
  return (options) => ({ options, load: async () => bound(await once(), options) });
}

function bound<O>({ reference, wasm, beside }: CpuModule<O>, options: O): LoadedWork {
  return {
    reference: (given) => reference(options, given),
    ...(wasm ? { wasm: (given, space) => wasm(options, given, space) } : {}),
    ...(beside ? { beside: (cores, threads) => beside(options, cores, threads) } : {}),
  };
}

/** The CPU work of plans that only a GPU runs, such as its self-test: it rejects. */
export const GPU_ALONE: CpuWork = {
  options: undefined,
  load: () => Promise.reject(new Error("this plan is for a GPU alone")),
};
