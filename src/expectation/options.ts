import type { Distribution } from "../distributions/distribution.ts";
import type { TracedFunction } from "../expression/trace.ts";
import type { Seed } from "../random/seed.ts";
import type { GeneratorName } from "../random/words.ts";
import type { Method, Snapshot } from "./estimate.ts";

/** A function of a sample: a formula such as "x^2" or "x[0] * max(x[1], 0)", or a traced function `(x) => x.mul(x)`. */
export type Formula = string | TracedFunction;

/** When to stop before `samples`: at the first of these that holds. */
export interface Until {
  /** Standard error at most this. */
  readonly standardError?: number;
  /** Standard error at most this share of |mean|. */
  readonly relativeError?: number;
  /** Wall time. */
  readonly milliseconds?: number;
}

export interface ExpectationOptions<F extends Formula | readonly Formula[] = Formula | readonly Formula[]> {
  /** What to take the expectation of; a list, or a traced function that returns one, gives a VectorEstimate. */
  readonly of: F;
  readonly under: Distribution;
  /** Evaluations of `of` in all, `resume` included: 1 to 2^53. Not needed for method "exact". */
  readonly samples?: number;
  /** A whole number from 0 to 2^64 - 1; 0 by default. */
  readonly seed?: Seed;
  /** Which of the seed's independent streams, from 0 to 2^31 - 1; 0 by default. */
  readonly stream?: number;
  /** Index of the first sample, so that a run can be shared out; a multiple of 65,536 (131,072 for antithetic pairs) if it is to be merged. */
  readonly offset?: number;
  readonly method?: Method;
  /** Values of the names that the formulas use besides x; other values need no new shader. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** A control variate: a function like `of` whose mean is known. */
  readonly control?: { readonly of: Formula; readonly mean: number };
  /** Importance sampling: draws from this and weighs by the ratio of densities. */
  readonly proposal?: Distribution;
  /** With `proposal`: divides by the sum of the weights, for densities known up to a factor; biased by O(1/N). */
  readonly selfNormalised?: boolean;
  /** E[f | part of x] as a formula of that part: its mean is f's, with less variance (law of total expectation). */
  readonly conditional?: Formula;
  /** Randomisations of a Sobol sequence, whose spread is its error bar; 16 by default. */
  readonly randomisations?: number;
  readonly until?: Until | undefined;
  readonly generator?: GeneratorName;
  /** Stops the run within a batch, with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Goes on from an estimate's snapshot. */
  readonly resume?: Snapshot | undefined;
}
