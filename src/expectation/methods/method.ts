import { InputError } from "../../core/errors.ts";
import type { CheckedCall } from "../checked-call.ts";
import type { Scheme, Warning } from "../estimate.ts";
import type { FunctionEstimate } from "../function-estimate.ts";
import { formulasOf, type IntegrandFormulas } from "../integrand.ts";
import type { Tally } from "../tally.ts";
import { type Coefficient, controlled } from "./control.ts";

/** A way to draw and to average: how points are placed, what a draw computes, what it refuses, and how sums become an estimate. */
export interface SamplingMethod {
  /** How a scheme says that it is this one; a "plain" one is known by the scheme's `method`. */
  readonly role: Scheme["role"];
  /** Evaluations of f in one draw. */
  readonly samplesPerDraw: number;
  /** Whether the points depend on how many there are, so that a run is taken whole. */
  readonly fixed: boolean;
  /** Independent randomisations of the same points, each a replicate of the run; 1 where this is absent. */
  readonly randomisations?: (call: CheckedCall) => number;
  /** The words of its points, for each variate, from a table that loads on demand. */
  readonly directions?: (call: CheckedCall) => Promise<Uint32Array>;
  /** Outputs of each function, of which the first is averaged; 1 where this is absent. */
  readonly outputsPerFunction?: number;
  /** Whether functions that are 0 or 1 by their form get Wilson's interval. */
  readonly ofIndicators?: boolean;
  /**
   * What each of so many draws computes, and what is summed.
   *
   * @throws InputError for calls that the method cannot draw
   */
  formulas(call: CheckedCall, draws: number, found: Prepared): IntegrandFormulas;
  /** What the sums of each replicate say of each function. */
  estimates(scheme: Scheme, tallies: readonly Tally[]): MethodEstimates;
}

/** What must be found before formulas are made: by a pilot, or in a table. */
export interface Prepared {
  readonly coefficient?: Coefficient | undefined;
  readonly directions?: Uint32Array | undefined;
}

export interface MethodEstimates {
  readonly functions: readonly FunctionEstimate[];
  readonly warnings: readonly Warning[];
  /** Absent where each sample counts once. */
  readonly effectiveSampleSize?: number;
}

/** f of the event for points that are placed, which samplers by rejection would move. */
export function placeable(call: CheckedCall, coefficient: Coefficient | undefined): IntegrandFormulas {
  const plain = coefficient ? controlled(call, coefficient) : formulasOf(call, call);
  if (plain.rejections.length === 0) return plain;
  throw new InputError(
    `${call.where}: ${call.under.name} is sampled by rejection, which method "${call.method}" cannot place; use "independent"`,
  );
}

/** Indices of the functions that a scheme estimates, which are its first outputs unless a method says otherwise. */
export function functionsOf({ functions }: Scheme): readonly number[] {
  return Array.from({ length: functions }, (_, k) => k);
}
