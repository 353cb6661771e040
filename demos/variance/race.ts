import type { Estimate } from "../../src/index.ts";

export interface Lane {
  /** Samples a second. */
  readonly rate: number;
  readonly mean: number;
  /** What computed, in words. */
  readonly machine: string;
  /** Every bit that was summed, as text. */
  readonly bits: string;
}

/** Two engines over the same samples. */
export interface Race {
  /** Whether the GPU is itself a program on the CPU. */
  readonly software?: boolean;
  /** How many samples both took. */
  readonly samples?: number;
  readonly gpu?: Lane;
  readonly cpu?: Lane;
}

/** What an engine made of the samples that both took. */
export function laneOf(estimate: Estimate, rate: number, machine: string): Lane {
  const bits = JSON.stringify([hexOf(estimate.mean), hexOf(estimate.variance), estimate.snapshot.tallies]);
  return { rate, mean: estimate.mean, machine, bits };
}

/** The 64 bits of a number, as 16 hexadecimal digits. */
export function hexOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}
