import { InputError } from "../core/errors.ts";
import type { Machine, Plan } from "./plan.ts";
import type { Tunable } from "./tuning.ts";

/** A library function: call it, or `encode` it into a command encoder of your own. */
export interface Callable<A extends readonly unknown[], R> {
  /** Submits its work; the result is on the GPU until it is read. */
  (...args: A): R;
  /**
   * Records the work into the caller's encoder without submitting it. The results own what the work needs
   * until they are disposed; read them after the caller's own submit.
   */
  encode(encoder: GPUCommandEncoder, ...args: A): R;
  /** @internal Plans whose pipelines `engine.prepare` compiles. */
  readonly preparations: (machine: Machine) => readonly Plan[];
}

/** Makes both forms of a function from one that takes an encoder or none. */
export function callable<A extends readonly unknown[], R>(
  work: (encoder: GPUCommandEncoder | undefined, ...args: A) => R,
  preparations: (machine: Machine) => readonly Plan[],
): Callable<A, R> {
  const encode = (encoder: GPUCommandEncoder, ...args: A): R => {
    // Without one the work would be submitted.
    if (encoder === undefined) throw new InputError("encode: encoder must be a GPUCommandEncoder, got undefined");
    return work(encoder, ...args);
  };
  return Object.assign((...args: A) => work(undefined, ...args), { encode, preparations });
}

/** The function with what `engine.tune` needs of it. */
export function tunable<F extends object>(work: F, tuning: Tunable["tuning"]): F & Tunable {
  return Object.assign(work, { tuning });
}

/** Shapes that between them use every layout of a machine: `prepare` plans for each. */
export const TYPICAL_SHAPES: readonly (readonly [rows: number, classes: number])[] = [
  [64, 1_024],
  [1, 1_000_000],
  [64, 7],
  [64, 256],
  [448, 32_064],
  [4_096, 1_024],
];
