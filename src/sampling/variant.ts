import { math, mathFused } from "../arithmetic/math-wgsl.ts";
import type { Machine } from "../engine/plan.ts";

/** What a machine's sampling kernels depend on. */
export interface Variant {
  /** Each value's bits are examined, rather than the sums at the end of a run. */
  readonly strict: boolean;
  /** The generator has no shifts. */
  readonly slowShifts: boolean;
  /** Products are fused multiply-adds. */
  readonly fused: boolean;
  /** Branches skip what they do not take. */
  readonly branches: boolean;
}

/** The kernels that suit a machine; of one whose numerics are unknown the worst is assumed. */
export function variantOf({ software, slowShifts = false, numerics }: Machine): Variant {
  // Where NaN and infinities are known to reach the sums, those are looked at; elsewhere every value's bits.
  const strict = numerics ? numerics.path === "bits" : !software;
  // Software GPUs may have no such instruction, and call a function for each.
  const fused = !software && !strict && numerics?.fma === true;
  return { strict, slowShifts, fused, branches: !software };
}

/** The part of the library's arithmetic that goes in front of a kernel. */
export function mathOf({ fused }: Variant): string {
  return fused ? mathFused : math;
}
