import type { Half } from "../arithmetic/halves.ts";
import { InputError, UnsupportedError } from "../core/errors.ts";
import { remember } from "../core/memo.ts";
import { shown } from "../core/options.ts";
import type { Check } from "./checks.ts";
import type { CpuWork } from "./cpu/work.ts";
import type { Numerics } from "./numerics.ts";

export type Dtype = "f32" | "u32" | "i32" | Half;

/** The types of real numbers. */
export type FloatDtype = "f32" | Half;

export const FLOAT_DTYPES: readonly FloatDtype[] = ["f32", "f16", "bf16"];

export const DTYPES: readonly Dtype[] = ["f32", "u32", "i32", "f16", "bf16"];

/** What a tensor is, without saying where it is. */
export interface Spec {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** What a plan is told of an operand: a spec, and where in its buffer it starts. */
export interface Operand extends Spec {
  readonly byteOffset: number;
}

/** The limits of a device that plans depend on, all in the units of WebGPU's own names. */
export interface Limits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly minStorageBufferOffsetAlignment: number;
}

/** The quickest layout of one function at one shape, as `engine.tune` found it. */
export interface TunedLayout {
  readonly function: string;
  readonly shape: readonly number[];
  /** Null where none was quicker than the one that the rule gives. */
  readonly layout: TunedNumbers | null;
  /** How many times as long the rule's layout took. */
  readonly gain: number;
}

/** Numbers that a function's kernels are laid out by. */
export type TunedNumbers = Readonly<Record<string, number>>;

/** What a plan may know of the machine: its limits, whether its "GPU" is a CPU, and how it computes. */
export interface Machine {
  readonly limits: Limits;
  readonly software: boolean;
  /** Whether lanes can exchange values (WebGPU's feature "subgroups"). */
  readonly subgroups?: boolean;
  /** Whether it shifts integers lane by lane, as SwiftShader does, so that products are quicker. */
  readonly slowShifts?: boolean;
  /** Where absent, nothing is known, and plans assume the worst. */
  readonly numerics?: Numerics;
  /** Layouts that were found quickest on it. */
  readonly tuned?: readonly TunedLayout[] | undefined;
}

/** One WGSL entry point, and everything TypeScript must agree with it about. */
export interface Kernel<B extends string = string, P extends string = string> {
  /** Names GPU labels and error messages. */
  readonly name: string;
  /** What WGSL wants in front of everything else: features that it enables. */
  readonly directives?: string;
  readonly code: string;
  /** Listed in @binding order; the uniform `params` takes the next slot. */
  readonly bindings: Readonly<Record<B, "read" | "read_write">>;
  /** Listed in `struct Params` order. */
  readonly params: Readonly<Record<P, "u32" | "i32" | "f32">>;
}

export type Constants = Readonly<Record<string, number | boolean>>;

export type Grid = readonly [x: number, y: number];

/** A part of a named buffer: bytes [offset, offset + size) from the start of the buffer. */
export interface Range {
  readonly buffer: string;
  readonly offset: number;
  readonly size: number;
}

/** One dispatch: which kernel, on which parts of which buffers, with which numbers. */
export interface Pass {
  readonly kernel: Kernel;
  readonly bind: Readonly<Record<string, string | Range>>;
  readonly params: Readonly<Record<string, number>>;
  readonly grid: Grid;
}

/** A result: a buffer of its own, or a place in one of the plan's arenas. */
export interface Output extends Spec {
  readonly arena?: string;
  readonly byteOffset?: number;
}

/** Everything one call will do, as plain data: no device, no buffers. */
export interface Plan {
  readonly name: string;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Bytes of each buffer that several outputs share. */
  readonly arenas: Readonly<Record<string, number>>;
  /** Bytes of each buffer that lives for this call only. */
  readonly scratch: Readonly<Record<string, number>>;
  /** Words that the host writes before the first pass. */
  readonly uploads: Readonly<Record<string, Uint32Array | Float32Array | Int32Array>>;
  /** Buffers to fill with 0 before the first pass. */
  readonly clears: readonly string[];
  readonly checks: readonly Check[];
  /** Outputs that are known without any pass: their values. */
  readonly known?: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>;
  readonly passes: readonly Pass[];
  /** The same work without a GPU. */
  readonly cpu: CpuWork;
}

/** A plan whose outputs have the names O, so that the compiler knows the results of a run. */
export type PlanOf<O extends string> = Plan & { readonly outputs: Readonly<Record<O, Output>> };

/** A plan, where what most plans have none of may be left out. */
export function definePlan<O extends string>(
  plan: Pick<PlanOf<O>, "name" | "outputs" | "passes" | "cpu"> & Partial<Plan>,
): PlanOf<O> {
  return { arenas: {}, scratch: {}, uploads: {}, clears: [], checks: [], ...plan };
}

/** Builds a pass; the compiler checks that every binding and param is named, and no others. */
export function pass<B extends string, P extends string>(
  kernel: Kernel<B, P>,
  rest: {
    bind: Readonly<Record<NoInfer<B>, string | Range>>;
    params: Readonly<Record<NoInfer<P>, number>>;
    grid: Grid;
  },
): Pass {
  return { kernel, ...rest };
}

/** Folds `count` workgroups into two dimensions; throws UnsupportedError when even those are too few. */
export function grid(count: number, limits: Limits, where: string): Grid {
  const most = limits.maxComputeWorkgroupsPerDimension;
  const y = Math.max(1, Math.ceil(count / most));
  if (y > most) {
    throw new UnsupportedError("limits", `${where}: ${count} workgroups exceed this device's ${most} x ${most}`);
  }
  return [Math.ceil(count / y), y];
}

const specialised = new WeakMap<Kernel, Map<string, Kernel>>();

/**
 * The kernel with `const` lines in front of its code: the same object for the same constants, so that the
 * engine's pipeline cache, which goes by object, finds it again.
 */
export function specialise<K extends Kernel>(kernel: K, constants: Constants): K {
  const variants = remember(specialised, kernel, () => new Map<string, Kernel>());
  const lines = Object.entries(constants).map(([name, value]) =>
    typeof value === "boolean" ? `const ${name} = ${value};` : `const ${name} = ${value}u;`,
  );
  const head = lines.join("\n");
  return remember(variants, head, () => ({ ...kernel, code: `${head}\n${kernel.code}` })) as K;
}

/** All of a kernel's WGSL. */
export function moduleOf({ directives = "", code }: Kernel): string {
  return directives ? `${directives}\n${code}` : code;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function isHalf(dtype: Dtype): dtype is Half {
  return dtype === "f16" || dtype === "bf16";
}

/** Bytes of one value. */
export function bytesOf(dtype: Dtype): number {
  return isHalf(dtype) ? 2 : 4;
}

/** Bytes of all values. */
export function bytesIn({ shape, dtype }: Spec): number {
  return elements(shape) * bytesOf(dtype);
}

/** So many bytes in whole words, as WebGPU copies and binds them. */
export function inWords(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

export function showShape(spec: Spec): string {
  return `${spec.dtype} [${spec.shape.join(", ")}]`;
}

/** Checks that a shape is a list of whole, non-negative sizes whose product a tensor can hold. */
export function checkShape(shape: readonly number[], where: string): void {
  const whole = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!whole) throw new InputError(`${where}: shape must be a list of whole numbers >= 0, got ${showList(shape)}`);
  if (!Number.isSafeInteger(elements(shape) * 4)) {
    throw new InputError(`${where}: shape [${shape.join(", ")}] has more elements than a tensor can hold`);
  }
}

/** What a message shows of a list, its items one by one, or of something else. */
export function showList(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(shown).join()}]` : shown(value);
}

/** States a kernel's contract; the types of its names are kept. */
export function defineKernel<const B extends string, const P extends string>(kernel: Kernel<B, P>): Kernel<B, P> {
  return kernel;
}
