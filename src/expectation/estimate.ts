import type { GeneratorName } from "../random/words.ts";
import type { Tallies } from "../sampling/integrand.ts";
import type { Rounding } from "./rounding.ts";
import type { SavedTally } from "./tally.ts";

export type Method = "independent" | "antithetic" | "stratified" | "sobol" | "exact";

/** What an estimate wants to be known before its number is believed. */
export interface Warning {
  readonly code:
    | "non-finite"
    | "heavy-tail"
    | "low-effective-sample-size"
    | "missed-mass"
    | "dominant-weight"
    | "overflow"
    | "underflow"
    | "partial"
    | "mismatch"
    | "zero-variance"
    | "unbalanced"
    | "infinite-variance"
    | "biased"
    | "discontinuous"
    /** Samples that f32 cannot hold were replaced by the nearest number that it can, and f tells them apart. */
    | "clamped"
    /** f32 numbers around the samples are too far apart for f. */
    | "coarse"
    /** Values of f are f32 numbers, whose roundings move the mean by more than its standard error. */
    | "rounding"
    /** A component of a mixture is drawn too few times for the standard error to know what f is there. */
    | "rare-component";
  /** One sentence for a person. */
  readonly message: string;
}

export type Interval = readonly [low: number, high: number];

/** What estimates of one function and of several have in common. */
export interface EstimateBase {
  /** Evaluations of f so far. */
  readonly samples: number;
  readonly warnings: readonly Warning[];
  /** Wall time of this call so far. */
  readonly seconds: number;
  readonly method: Method;
  readonly generator: GeneratorName;
  /** 16 hexadecimal digits. */
  readonly seed: string;
  readonly stream: number;
  readonly backend: "webgpu" | "cpu";
  /** Plain JSON of the whole blocks so far: continue with `resume`, join with `mergeEstimates`. */
  readonly snapshot: Snapshot;
}

/** A Monte Carlo estimate with its uncertainty. */
export interface Estimate extends EstimateBase {
  /** The estimate of E[f]; NaN where f was not finite for some sample (see `finiteMean`). */
  readonly mean: number;
  /** Mean over the samples whose value was finite. */
  readonly finiteMean: number;
  /**
   * Variance of what is averaged: of f, of a pair's mean (antithetic), of a pair's mean within its stratum (stratified), of a
   * randomisation's mean (Sobol), of the ratio's linear form (self-normalised); NaN for one of them.
   */
  readonly variance: number;
  /** Standard deviation of `mean`; Infinity for one draw. */
  readonly standardError: number;
  /** Draws (pairs of samples for antithetic and stratified sampling) whose value was NaN or infinite. */
  readonly nonFinite: number;
  /** (Σw)² / Σw² of the weights under a proposal, else `samples`. */
  readonly effectiveSampleSize: number;
  /** Interval that holds E[f] with the given probability: Student's t, Wilson's for an indicator; all numbers for one draw. */
  interval(level: number): Interval;
  /** With `conditional`: f itself on the same samples, for comparison. */
  readonly plain?: { readonly mean: number; readonly variance: number; readonly standardError: number };
  /** With `control`: the coefficient, estimated on samples of its own so that it adds no bias. */
  readonly control?: {
    readonly coefficient: number;
    readonly correlation: number;
    readonly pilotSamples: number;
    /** E of the control, as the caller gave it. */
    readonly mean: number;
  };
}

/** Estimates of several functions on the same samples: each field an array, one entry a function. */
export interface VectorEstimate extends EstimateBase {
  readonly mean: readonly number[];
  readonly finiteMean: readonly number[];
  readonly variance: readonly number[];
  readonly standardError: readonly number[];
  readonly nonFinite: readonly number[];
  readonly effectiveSampleSize: number;
  interval(level: number): readonly Interval[];
}

/** How far functions of samples may be led astray by those that f32 cannot hold. */
export interface Clamping {
  /** The probability of such a sample. */
  readonly probability: number;
  /** The most by which replacing them changes the mean of each function; null where there is no bound. */
  readonly bias: readonly (number | null)[];
}

/** How sums become estimates: plain data, so that a snapshot can be finished anywhere. */
export interface Scheme {
  readonly method: Method;
  /** Whether the caller gave one function rather than a list. */
  readonly scalar: boolean;
  /** Functions estimated; the outputs behind them serve the method. */
  readonly functions: number;
  readonly outputs: number;
  readonly tallies: Tallies;
  /** What each output of each replicate is summed about. */
  readonly shifts: readonly (readonly number[])[];
  /** Whether a function is 0 or 1 by its form. */
  readonly indicators: readonly boolean[];
  /** Whether a function is a constant by its form. */
  readonly constants: readonly boolean[];
  /** With method "stratified": how many strata there are; before all are drawn there is no estimate. */
  readonly strata?: number;
  /** Samples of a draw that holds several of them side by side. */
  readonly group?: number;
  readonly role: "plain" | "importance" | "self-normalised" | "conditional";
  /** What f32 makes of each output, where the run is long enough for it to show. */
  readonly rounding?: readonly Rounding[];
  /** What each output leaves out, which is in `shifts` as well; nothing where that is 0 for all. */
  readonly origins?: readonly number[];
  /** Where some samples are clamped that functions see. */
  readonly clamping?: Clamping;
  /** The least share of the samples that a component of a mixture has. */
  readonly leastWeight?: number;
  readonly generator: GeneratorName;
  readonly seed: string;
  readonly stream: number;
  readonly control?: Estimate["control"];
  /** The largest log-weight among a proposal's first samples, where its exponential is 0 in f32. */
  readonly logWeight?: number;
  /** What is known before the first sample. */
  readonly warnings: readonly Warning[];
}

/** Everything a run needs to go on, on this engine or another: plain JSON. */
export interface Snapshot {
  readonly version: 1;
  /** Of formula, distribution, parameters, method, seed, stream and generator: what must agree to resume or merge. */
  readonly fingerprint: string;
  readonly scheme: Scheme;
  /** Ranges of samples that the sums hold, in order. */
  readonly ranges: readonly (readonly [first: number, samples: number])[];
  /** Of each replicate. */
  readonly tallies: readonly SavedTally[];
  /** Of all the rest, against damage on the way. */
  readonly checksum: string;
}
