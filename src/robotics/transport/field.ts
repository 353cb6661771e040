import { double } from "../../arithmetic/double.ts";
import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { cpuWork } from "../../engine/cpu/work.ts";
import { definePlan, grid, type Machine, type Operand, type PlanOf, pass, showShape } from "../../engine/plan.ts";
import { Tensor } from "../../engine/tensor.ts";
import { blendOf } from "./blend.ts";
import { type GaussianMixture, type Gaussians, gaussiansOf } from "./gaussians.ts";
import { fieldKernel, WIDTH } from "./kernels.ts";
import { axesOf, type BlendMap, type Level, mapOf, varianceAt } from "./maps.ts";
import { checkLevel, velocityAlong } from "./paths.ts";
import { typicalPoints, typicalTarget } from "./typical.ts";
import { windowOf } from "./window.ts";

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/transport.ts")).fieldReference }));

/** A vector at each point: of a tensor [n, d] on the engine's device, or [n] where d is 1; of one point in f64. */
export interface Field {
  (points: Tensor): Tensor;
  (point: readonly number[]): readonly number[];
}

/** A target, its components' axes row by row, and the map whose velocity or score is asked for. */
export interface FieldReference {
  readonly gaussians: Gaussians;
  readonly axes: Float64Array;
  readonly map: BlendMap;
}

/**
 * The exact velocity of π0's flow to a mixture of Gaussians, v(x) = E[ε - a | t ε + (1 - t) a = x].
 *
 * @param time - from 1, where x is noise, to 0, where it is an action
 * @returns a function of points: f32 [n, d] → [n, d] ([n] → [n] where d is 1), or an array of d numbers, in f64
 * @throws InputError for other targets and times
 */
export const velocityField = Object.assign(
  (target: GaussianMixture, time: number): Field => {
    const { gaussians, map } = velocityOf(target, time);
    return fieldOf("velocityField", gaussians, map);
  },
  {
    preparations: (machine: Machine) => {
      const { gaussians, map } = velocityOf(typicalTarget(), 0.5);
      return [planField("velocityField", { gaussians, axes: axesOf(gaussians), map }, typicalPoints(), machine)];
    },
  },
);

function velocityOf(target: GaussianMixture, time: number): { gaussians: Gaussians; map: BlendMap } {
  const where = "velocityField";
  if (!(typeof time === "number" && time >= 0 && time <= 1)) {
    throw new InputError(`${where}: time must be a number from 0 (data) to 1 (noise), got ${shown(time)}`);
  }
  const gaussians = gaussiansOf(target, where);
  const level = { signal: 1 - time, noise: time };
  const along = velocityAlong(level);
  const map = mapOf(gaussians, level, { next: ({ meanAlong }, j) => -(meanAlong[j] as number), gain: along });
  return { gaussians, map };
}

/**
 * The score ∇ log p(x) of x = signal · action + noise · ε, the action from a mixture of Gaussians. The noise that a diffusion predicts,
 * E[ε | x], is -noise times it.
 *
 * @param level - a time of π0's flow from 1 (noise) to 0 (data), or { signal, noise }, such as a point of a transport's path
 * @returns a function of points: f32 [n, d] → [n, d] ([n] → [n] where d is 1), or an array of d numbers, in f64
 * @throws InputError for other targets and levels
 */
export function scoreField(target: GaussianMixture, level: number | Level): Field {
  const where = "scoreField";
  const at = typeof level === "number" ? { signal: 1 - level, noise: level } : level;
  checkLevel(at, where);
  const gaussians = gaussiansOf(target, where);
  const map = mapOf(gaussians, at, {
    next: () => 0,
    gain: ({ variances }, j) => -1 / varianceAt(variances[j] as number, at.signal, at.noise),
  });
  return fieldOf(where, gaussians, map);
}

function fieldOf(where: string, gaussians: Gaussians, map: BlendMap): Field {
  const reference = { gaussians, axes: axesOf(gaussians), map };
  const { size, components } = gaussians;
  const blend = blendOf({ size, count: components.length, axes: reference.axes }, double);
  function field(points: Tensor): Tensor;
  function field(point: readonly number[]): readonly number[];
  function field(points: Tensor | readonly number[]): Tensor | readonly number[] {
    if (points instanceof Tensor) {
      return points.engine.run(planField(where, reference, points, points.engine.machine), { x: points }).y;
    }
    if (!Array.isArray(points) || points.length !== size || !points.every((value) => typeof value === "number")) {
      throw new InputError(`${where}: needed a tensor [n, ${size}] or an array of ${size} numbers`);
    }
    const x = Float64Array.from(points);
    blend.apply(x, map.constants, 0);
    return Array.from(x);
  }
  return field;
}

/** Refuses what are no points of a target's dimensions. */
export function checkPoints(points: Operand, size: number, where: string): number {
  const [count = 0, width = 1] = points.shape;
  const isList = points.shape.length === 2 || (points.shape.length === 1 && size === 1);
  if (points.dtype === "f32" && isList && width === size) return count;
  throw new InputError(
    `${where}: the points must be f32 [n, ${size}]${size === 1 ? " or [n]" : ""} as the target is, got ${showShape(points)}`,
  );
}

/** Points of one dispatch. */
const MOST_POINTS = 2 ** 20;

export function planField(where: string, reference: FieldReference, points: Operand, machine: Machine): PlanOf<"y"> {
  const { gaussians, axes, map } = reference;
  const { size, components, rotated } = gaussians;
  const count = checkPoints(points, size, where);
  const passes = [];
  for (let begin = 0; begin < count; begin += MOST_POINTS) {
    const some = Math.min(MOST_POINTS, count - begin);
    const y = windowOf("y", begin * size, some * size, machine.limits);
    const x = windowOf("x", points.byteOffset / 4 + begin * size, some * size, machine.limits);
    passes.push(
      pass(fieldKernel(gaussians), {
        bind: { maps: "maps", axes: rotated ? "axes" : "maps", x: x.range, y: y.range },
        params: { points: some, into: y.into, components: components.length, zero: 0 },
        grid: grid(Math.ceil(some / 4 / WIDTH), machine.limits, where),
      }),
    );
  }
  return definePlan({
    name: where,
    outputs: { y: { shape: points.shape, dtype: "f32" } },
    uploads: { maps: Float32Array.from(map.constants), ...(rotated ? { axes: Float32Array.from(axes) } : {}) },
    passes,
    cpu: cpu(reference),
  });
}
