import type { SamplingOptions } from "../expectation/expression-estimate.ts";
import type { KlDirection } from "./fit-objective.ts";

/** A number, or one of each coordinate. */
export type Values = number | readonly number[];

export interface FitGaussianOptions<V extends Values = Values>
  extends Pick<SamplingOptions, "seed" | "stream" | "generator" | "signal"> {
  /** "forward" makes KL(p‖q) small, and q covers p; "reverse" makes KL(q‖p) small, and q seeks a mode of p. */
  readonly direction: KlDirection;
  readonly start: { readonly mean: V; readonly std: V };
  /** Most steps; 200 by default. */
  readonly steps?: number;
  /** Of each step; 65,536 by default. */
  readonly samples?: number;
  /** The largest share of a natural gradient's step that is taken, above 0 and up to 1; 0.5 by default. */
  readonly learningRate?: number;
  /** The fit has converged where no slope, in units of q, is steeper; 1e-4 by default. Kinks of log p allow no less than 1 / samples. */
  readonly tolerance?: number;
  /** Called at the start and after each step. */
  readonly onStep?: (step: FitStep<V>) => void;
}

/** The Gaussian after a step of a fit, and the divergence there. */
export interface FitStep<V extends Values = Values> {
  readonly step: number;
  readonly mean: V;
  readonly std: V;
  /** In nats, on the samples that the fit goes by. */
  readonly divergence: number;
  readonly standardError: number;
}
