import type { Means } from "./fan.ts";
import type { Rung } from "./run.ts";
import type { MethodLadder } from "./source.ts";
import type { Truth } from "./truth.ts";

/** Everything that the two charts draw. */
export interface Picture {
  /** Right end of the axis of samples. */
  readonly most: number;
  readonly rungs: readonly Rung[];
  readonly truth: Truth | undefined;
  /** What the envelope lies around: the truth, or the best estimate. */
  readonly centre: number;
  /** Standard deviation of one sample: the truth's, or the best estimate's; undefined where nothing is known. */
  readonly deviation: number | undefined;
  /** Running means of the replicates. */
  readonly fan: readonly Means[];
  readonly checkpoints: readonly number[];
  /** Values of single samples. */
  readonly cloud: Float64Array;
  readonly ladders: readonly MethodLadder[];
  readonly backend: "webgpu" | "cpu";
  readonly view: "funnel" | "magnified";
}

/**
 * Half of the 95 % interval, the larger half where it is not symmetric. Infinity where nothing was seen to vary, unless
 * the formula is a constant.
 */
export function halfWidth({ estimate }: Rung): number {
  const [low, high] = estimate.interval(0.95);
  const half = Math.max(high - estimate.mean, estimate.mean - low);
  if (half > 0) return half;
  const constant = half === 0 && !estimate.warnings.some(({ code }) => code === "zero-variance");
  return constant ? 0 : Number.POSITIVE_INFINITY;
}
