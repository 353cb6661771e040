import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { cosineSchedule } from "../octo/schedule.ts";
import type { Gaussian, Gaussians } from "./gaussians.ts";
import { type BlendMap, type Level, mapOf, varianceAt } from "./maps.ts";

/** A point of a path from noise to data: x = signal · action + noise · ε, ε from N(0, I). */
export interface PathPoint extends Level {
  /** π0's flow: from 1 (noise) to 0 (data). Octo's diffusion: the step t that comes next, from steps - 1 to -1 (data). */
  readonly time: number;
}

/** A walk along a path: the state before each step and after the last, and the map that each step is. */
export interface Walk {
  readonly path: readonly PathPoint[];
  readonly maps: readonly BlendMap[];
}

export const MOST_STEPS = 1_000;

/** π0 (openpi) takes 10 steps, with t = 1 at the noise: the opposite of the paper's. */
export const FLOW_STEPS = 10;

/** Octo's `max_action`. */
export const MAX_ACTION = 5;

/**
 * Euler's steps along the exact velocity v = E[ε - a | x_t = x] of x_t = t ε + (1 - t) a, from t = 1 to 0: x ← x - v / steps
 * (openpi, pi0.py). Given the component, x is Gaussian, v is affine in x, and the step takes the component's mean at t to its
 * mean at t - 1 / steps.
 *
 * The times are exactly 1 - s / steps; the original's f32 sum of -1 / steps drifts by 7e-8.
 */
export function flowWalk(gaussians: Gaussians, steps: number): Walk {
  const path = Array.from({ length: steps + 1 }, (_, s): PathPoint => {
    const time = (steps - s) / steps;
    return { time, signal: s / steps, noise: time };
  });
  const maps = path.slice(0, -1).map((from, s) => {
    const to = path[s + 1] as PathPoint;
    const along = velocityAlong(from);
    return mapOf(gaussians, from, {
      next: (component, j) => to.signal * (component.meanAlong[j] as number),
      gain: (component, j) => 1 - along(component, j) / steps,
    });
  });
  return { path, maps };
}

/** Slope of E[ε - a | x, component] in x along the component's axis j. */
export function velocityAlong({ signal, noise }: Level): (component: Gaussian, j: number) => number {
  return ({ variances }, j) => {
    const variance = variances[j] as number;
    return (noise - signal * variance) / (signal * signal * variance + noise * noise);
  };
}

/**
 * Octo's DDPM (octo/model/components/action_heads.py): x ← (x - (1 - α_t) / √(1 - ᾱ_t) ε̂) / √α_t + √β_t z for t = steps - 1 … 0, z = 0 at
 * t = 0, clipped to ± maxAction after each step, with the exact ε̂ = E[ε | x_t = x] in place of the network's.
 */
export function diffusionWalk(gaussians: Gaussians, steps: number, maxAction: number): Walk {
  const { alphas, signalScales, noiseScales, freshNoise } = cosineSchedule(steps);
  const at = (list: readonly number[], t: number) => list[t] as number;
  const path = Array.from({ length: steps + 1 }, (_, s): PathPoint => {
    const time = steps - 1 - s;
    if (time < 0) return { time, signal: 1, noise: 0 };
    return { time, signal: at(signalScales, time), noise: at(noiseScales, time) };
  });
  const maps = path.slice(0, -1).map((from, s) => {
    const to = path[s + 1] as PathPoint;
    const variance = ({ variances }: Gaussian, j: number, { signal, noise }: Level) =>
      varianceAt(variances[j] as number, signal, noise);
    return mapOf(gaussians, from, {
      next: (component, j) => to.signal * (component.meanAlong[j] as number),
      // (1 - β_t / v_t) / √α_t, v the component's variance at t: its numerator v_t - β_t is α_t v_{t-1}.
      gain: (component, j) =>
        (Math.sqrt(at(alphas, from.time)) * variance(component, j, to)) / variance(component, j, from),
      fresh: at(freshNoise, from.time),
      bound: maxAction,
    });
  });
  return { path, maps };
}

/** Refuses what is no point of a path. */
export function checkLevel(level: Level, where: string): void {
  if (typeof level !== "object" || level === null) {
    throw new InputError(`${where}: needed a level { signal, noise } such as a point of a path, got ${shown(level)}`);
  }
  const { signal, noise } = level;
  const inside = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;
  if (inside(signal) && inside(noise) && signal + noise > 0) return;
  throw new InputError(
    `${where}: signal and noise must be numbers from 0 to 1, not both 0, got ${shown(signal)} and ${shown(noise)}`,
  );
}
