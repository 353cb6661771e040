import { LARGEST } from "../../arithmetic/range.ts";
import type { Gaussian, Gaussians } from "./gaussians.ts";

/** How much of the action and how much noise is in x = signal · action + noise · ε. */
export interface Level {
  readonly signal: number;
  readonly noise: number;
}

/**
 * A map x ← Σ_k r_k(x) (next_k + G_k (x - m_k)), r_k the responsibility of component k for x at some level, m_k its mean there: what a
 * step is, and what velocity and score are. Given the component everything is Gaussian, so that the map is affine; the
 * responsibilities, softmax over k of the log-densities, join the components. G_k is diagonal in the component's axes.
 */
export interface BlendMap {
  /** `HEAD` numbers, then of each component its log-weight's four and four of each axis: mean, 1 / std, next, gain · std. */
  readonly constants: Float64Array;
}

export interface MapParts {
  /** Of a component along its axis j. */
  readonly next: (component: Gaussian, j: number) => number;
  readonly gain: (component: Gaussian, j: number) => number;
  /** Standard deviation of the noise that is added after the map; 0 where absent. */
  readonly fresh?: number;
  /** Where the result is clipped; nowhere where absent. */
  readonly bound?: number;
}

/** Numbers in front of a map's components: fresh noise and bound. Everything comes in fours, which a shader reads at once. */
export const HEAD = 4;

/** How many constants of a map belong to one component of `size` coordinates. */
export function stride(size: number): number {
  return 4 + 4 * size;
}

/** How many constants a map has, all components' included. */
export function mapLength({ size, components }: Gaussians): number {
  return HEAD + components.length * stride(size);
}

/** A map's constants in f64, at one level. */
export function mapOf(gaussians: Gaussians, { signal, noise }: Level, parts: MapParts): BlendMap {
  const { size, components } = gaussians;
  const constants = new Float64Array(mapLength(gaussians));
  constants[0] = parts.fresh ?? 0;
  constants[1] = Math.min(parts.bound ?? LARGEST, LARGEST);
  const levels = components.map(({ weight, variances }) =>
    variances.reduce((sum, variance) => sum - 0.5 * Math.log(varianceAt(variance, signal, noise)), Math.log(weight)),
  );
  const peak = Math.max(...levels);
  components.forEach((component, k) => {
    const at = HEAD + k * stride(size);
    // Only differences count; near 0 they keep their digits.
    constants[at] = (levels[k] as number) - peak;
    for (let j = 0; j < size; j++) {
      const std = Math.sqrt(varianceAt(component.variances[j] as number, signal, noise));
      constants.set(
        [
          signal * (component.meanAlong[j] as number),
          1 / std,
          parts.next(component, j),
          parts.gain(component, j) * std,
        ],
        at + 4 + 4 * j,
      );
    }
  });
  return { constants };
}

/** Var x of x = signal · action + noise · ε along an axis on which the action has `variance`. */
export function varianceAt(variance: number, signal: number, noise: number): number {
  return signal * signal * variance + noise * noise;
}

/** The components' axes, row by row; nothing where they are the coordinates'. */
export function axesOf({ components, rotated }: Gaussians): Float64Array {
  return rotated ? Float64Array.from(components.flatMap(({ axes }) => axes.flat())) : new Float64Array(0);
}
