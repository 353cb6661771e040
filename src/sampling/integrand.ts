import type { Program } from "../expression/program.ts";

/** What a coordinate's random word becomes before the program sees it. */
export type Variate = "uniform" | "normal";

/** Where the words come from: the generator, strata on some coordinates, or scrambled Sobol points. */
export type Draws =
  | { readonly kind: "random" }
  | { readonly kind: "stratified"; readonly strata: number; readonly coordinates: readonly number[] }
  | { readonly kind: "sobol"; readonly directions: Uint32Array };

/** A function of base variates, and what is summed of each of its outputs. */
export interface Integrand {
  /** Variable k of the program is coordinate k's variate. */
  readonly variates: readonly Variate[];
  /**
   * Groups of coordinates that are drawn again until their condition holds, which is output `outputsOf(integrand) + k` of the
   * program for group k: 1 or 0.
   */
  readonly rejections?: readonly (readonly number[])[];
  readonly program: Program;
  /** Values of the program's parameters, in its order. */
  readonly parameters: readonly number[];
  readonly draws: Draws;
  readonly tallies: Tallies;
  /** What each output leaves out, which the host adds to its mean; nothing where that is 0 for all. */
  readonly origins?: readonly number[];
  /** Outputs whose squares are wanted about 0. */
  readonly unshifted?: readonly number[];
}

/** The sums kept besides each output's Σd and Σd², d its distance from its shift. */
export interface Tallies {
  /** Σd³ and Σd⁴ of each output. */
  readonly higher: boolean;
  /** Pairs of outputs whose Σ d_j d_k is kept. */
  readonly products: readonly (readonly [j: number, k: number])[];
  /** Outputs whose largest value is kept; they are >= 0. */
  readonly peaks: readonly number[];
}

/** How many outputs are summed; behind them the program has a condition for each rejection. */
export function outputsOf({ program, rejections = [] }: Pick<Integrand, "program" | "rejections">): number {
  return program.outputs.length - rejections.length;
}

/** The coordinates that the program looks at; no words are drawn for others. */
export function coordinates({ program }: Integrand): readonly number[] {
  const seen = program.instructions.flatMap((made) => (made.kind === "variable" ? [made.index] : []));
  return [...new Set(seen)].sort((a, b) => a - b);
}

/** Names of the words of a record, in order: float sums, largest values, counts. */
export interface RecordLayout {
  readonly floats: number;
  readonly peaks: number;
  readonly words: number;
  readonly first: (output: number) => number;
  readonly second: (output: number) => number;
  readonly third: (output: number) => number;
  readonly fourth: (output: number) => number;
  readonly product: (pair: number) => number;
  readonly peak: (index: number) => number;
  readonly nonFinite: (output: number) => number;
  readonly count: number;
}

/** Where in a run's or block's record each sum stands. */
export function recordLayout(outputs: number, tallies: Tallies): RecordLayout {
  const each = tallies.higher ? 4 : 2;
  const floats = outputs * each + tallies.products.length;
  const peaks = tallies.peaks.length;
  return {
    floats,
    peaks,
    words: floats + peaks + outputs + 1,
    first: (output) => output * each,
    second: (output) => output * each + 1,
    third: (output) => output * each + 2,
    fourth: (output) => output * each + 3,
    product: (pair) => outputs * each + pair,
    peak: (index) => floats + index,
    nonFinite: (output) => floats + peaks + output,
    count: floats + peaks + outputs,
  };
}

/** The set of words that seed the scrambles of Sobol coordinates, besides those of PURPOSE. */
export const SCRAMBLE_PURPOSE = 0xffff;

export const RUN_SAMPLES = 1_024;
export const BLOCK_SAMPLES = 65_536;
export const BLOCK_RUNS = BLOCK_SAMPLES / RUN_SAMPLES;

/** Most times that a rejected variate is drawn; a sampler that accepts 6 in 10 gets there once in 10^25 samples. */
export const MOST_ATTEMPTS = 64;

/** Samples whose first word is below this take a second word (see `unitRefined`). */
export const RARE_BELOW = 2 ** 22;
