import type { Distribution } from "../distributions/distribution.ts";

// A divergence does not change when both distributions go through one invertible map, and integrals keep more digits where distances
// from 0 are distances from a distribution, and where all values are numbers of f64.

/** What both are where the narrower one lies at 0 with scale 1, if they have locations and scales, or their logarithms or area tangents have. */
export function reduced<D extends Distribution>(p: D, q: D): readonly [D, D] {
  for (const kind of ["placed", "logPlaced", "atanhPlaced"] as const) {
    const [own, other] = [p.known?.[kind]?.(), q.known?.[kind]?.()];
    if (!own || !other) continue;
    const { location, scale } = own.scale <= other.scale ? own : other;
    const moved = [own, other].map((one) => [(one.location - location) / scale, one.scale / scale] as const);
    if (moved.some(([m, s]) => !(Math.abs(m) < MOST && s < MOST))) continue;
    return [own, other].map((one, k) => one.at(...(moved[k] ?? [0, 1]))) as unknown as readonly [D, D];
  }
  return [p, q];
}

/** Within f32's range, as distributions are. */
const MOST = 1e38;
