import { InputError } from "../../core/errors.ts";
import { checkCallback, checkChoice, checkFinite, checkNamesOf, checkWhole, shown } from "../../core/options.ts";
import type { Distribution } from "../../distributions/distribution.ts";
import type { VectorEstimate } from "../estimate.ts";
import type { ExpectationOptions, Formula } from "../options.ts";

/** What is taken from f before it multiplies the score. */
export type Baseline = "none" | "mean" | "optimal" | "leaveOneOut" | "group";

/** Where a gradient is taken: one number, or an array of numbers, a typed one too. */
export type At = number | ArrayLike<number>;

/** θ as `under` gets it: a number, or as many numbers as `at` has. */
export type Theta<T extends At> = T extends readonly number[]
  ? { readonly [K in keyof T]: number }
  : T extends number
    ? number
    : readonly number[];

export interface ExpectationGradientOptions<T extends At>
  extends Pick<
    ExpectationOptions,
    "samples" | "seed" | "stream" | "offset" | "parameters" | "until" | "generator" | "signal" | "resume"
  > {
  /** One function of a sample; θ is not in it. */
  readonly of: Formula;
  /** The distribution as a smooth function of θ. */
  readonly under: (theta: Theta<T>) => Distribution;
  /** Where the gradient is taken: a number, or an array of them, a typed one too. */
  readonly at: T;
  readonly estimator: "score" | "pathwise";
  /** With estimator "score"; "none" by default. */
  readonly baseline?: Baseline;
  /** Samples of a group, with baseline "leaveOneOut" or "group": 2 to 64, 4 by default. */
  readonly group?: number;
  /** Called with the estimate so far after every batch, and once more when the run is aborted. */
  readonly onProgress?: ((estimate: GradientEstimate) => void) | undefined;
}

/** A gradient with its uncertainty: entry j of each list is of ∂E[f] / ∂θ_j. */
export interface GradientEstimate extends VectorEstimate {
  readonly estimator: "score" | "pathwise";
  /** With estimator "score". */
  readonly baseline?: Baseline;
  /** What was taken from f for each component; absent where it differs from draw to draw. */
  readonly baselines?: readonly number[];
  /** Samples in a draw: `variance` is that of the mean of so many. */
  readonly group: number;
  /** `variance` times `group`: what a sample costs, comparable between all estimators. */
  readonly perSampleVariance: readonly number[];
}

const OWN = ["of", "under", "at", "estimator", "baseline", "group", "onProgress"];
const SAMPLING = ["samples", "seed", "stream", "offset", "parameters", "until", "generator", "signal", "resume"];
const NAMES = [...OWN, ...SAMPLING];
/** Options of draws without an estimate. */
export const DRAW_NAMES = NAMES.filter((name) => !["until", "resume", "onProgress"].includes(name));
const ESTIMATORS = ["score", "pathwise"] as const;
const BASELINES: readonly Baseline[] = ["none", "mean", "optimal", "leaveOneOut", "group"];

/** Samples of a group at most: each is a copy of the formulas. */
const MOST_GROUP = 64;

type Options = ExpectationGradientOptions<At>;

export interface CheckedGradient {
  readonly at: readonly number[];
  readonly under: (theta: readonly number[]) => Distribution;
  readonly estimator: "score" | "pathwise";
  readonly baseline: Baseline;
  readonly group: number;
}

/** The options that are the gradient's own, checked. */
export function read<T extends At>(options: ExpectationGradientOptions<T>, where: string): CheckedGradient {
  checkNamesOf(options, NAMES, where);
  const { at, under, onProgress } = options as unknown as Options;
  const isList = Array.isArray(at) || (ArrayBuffer.isView(at) && !(at instanceof DataView));
  if (typeof at !== "number" && !(isList && at.length > 0)) {
    throw new InputError(`${where}: at must be a number or a list of numbers, got ${shown(at)}`);
  }
  const list = typeof at === "number" ? [at] : Array.from(at);
  list.forEach((value, j) => {
    checkFinite(value, where, isList ? `at[${j}]` : "at");
  });
  if (typeof under !== "function") {
    throw new InputError(
      `${where}: under must be a function of θ such as (mean) => normal(mean, 1), got ${shown(under)}`,
    );
  }
  checkCallback(onProgress, "onProgress", where);
  const estimator = checkChoice(options.estimator, ESTIMATORS, where, "estimator");
  const baseline = checkChoice(options.baseline ?? "none", BASELINES, where, "baseline");
  if (estimator === "pathwise" && baseline !== "none") {
    throw new InputError(`${where}: estimator "pathwise" has no baseline; leave it out, or use estimator "score"`);
  }
  const grouped = baseline === "leaveOneOut" || baseline === "group";
  if (options.group !== undefined && !grouped) {
    throw new InputError(`${where}: group is for baseline "leaveOneOut" or "group"; leave it out`);
  }
  const group = checkWhole(options.group ?? 4, 2, MOST_GROUP, where, "group");
  const call = under as unknown as (theta: number | readonly number[]) => Distribution;
  return { at: list, under: (theta) => call(isList ? theta : (theta[0] as number)), estimator, baseline, group };
}

/** The options that go on to `expectation`. */
export function sampling<T extends At>(options: ExpectationGradientOptions<T>): Sampling {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OWN.includes(name)));
}

type Sampling = Omit<ExpectationOptions, "of" | "under">;
