import type { Distribution, Point, ScalarDistribution, VectorDistribution } from "../../../src/index.ts";
import type { Random } from "./random.ts";

// What tests know of a family: a file of `families/` each, which exports one of these and is found by its folder. The tests of all families are then
// tests of it.

interface Family<D extends Distribution> {
  /** The factory's. */
  readonly name: string;
  /** A member of random parameters: within the decades that the tests ask for, or as many as the family takes. */
  readonly draw: (random: Random) => D;
  /** What parameters are refused, with the message in full. */
  readonly refusals: readonly Refusal[];
  /** Where the density is largest, also at the limits between formulas. */
  readonly modes: readonly (readonly [of: D, mode: Point])[];
}

export type Refusal = readonly [make: () => unknown, message: string];

/** A family of numbers. */
export interface NumberFamily extends Family<ScalarDistribution> {
  readonly of: "numbers";
  /** A member of each way of drawing samples, whose bits are pinned in a golden file. */
  readonly sampled: readonly [ScalarDistribution, ...ScalarDistribution[]];
  /** Others for tests of the functions: members of both sides of what the code decides by. */
  readonly examples: readonly ScalarDistribution[];
  /** Whether a sample is the quantile function of one variate, to f64's accuracy, where f32 holds it. */
  readonly inverts: boolean;
  /** Members whose samples f32 does not hold, and what their message says that it does, and what was got. */
  readonly undrawn?: readonly (readonly [of: ScalarDistribution, words: string])[];
  /** Values far out, and what they are, by another way than the library's: to 1e-12 of them. */
  readonly far: readonly (readonly [got: number, want: number])[];
}

/** A family of vectors. */
export interface VectorFamily extends Family<VectorDistribution> {
  readonly of: "vectors";
  /** Members whose samples are looked at, and what of them. */
  readonly sampled: readonly (readonly [VectorDistribution, readonly Projection[]])[];
}

/** A coordinate of a vector, or a sum of its coordinates, and what its distribution is. */
export interface Projection {
  readonly weights: readonly number[];
  readonly is: ScalarDistribution;
}

export function ofNumbers(family: Omit<NumberFamily, "of">): NumberFamily {
  return { of: "numbers", ...family };
}

export function ofVectors(family: Omit<VectorFamily, "of">): VectorFamily {
  return { of: "vectors", ...family };
}

/** Coordinates, each a projection. */
export function marginals(of: VectorDistribution, is: (k: number) => ScalarDistribution): readonly Projection[] {
  return of.mean.map((_, k) => ({ weights: of.mean.map((_, j) => (j === k ? 1 : 0)), is: is(k) }));
}

// Messages that many families have.

/** A value that the types do not allow. */
export function wrongly<T>(value: unknown): T {
  return value as T;
}

export function notPositive(where: string, name: string, got: string): string {
  return `${where}: ${name} must be a positive number that f32 can hold, 1.2e-38 to 3.4e38, got ${got}`;
}

export function notPositiveOr0(where: string, name: string, got: string): string {
  return `${where}: ${name} must be 0 or a positive number that f32 can hold, 1.2e-38 to 3.4e38, got ${got}`;
}

export function notLocation(where: string, name: string, got: string): string {
  return `${where}: ${name} must be a finite number that f32 can hold, got ${got}`;
}
