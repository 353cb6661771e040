import { InputError } from "../../core/errors.ts";
import { cpuWork } from "../../engine/cpu/work.ts";
import { definePlan, grid, type Machine, type Operand, type Pass, type PlanOf, pass } from "../../engine/plan.ts";
import { Tensor } from "../../engine/tensor.ts";
import { checkPoints } from "./field.ts";
import { type GaussianMixture, type Gaussians, gaussiansOf } from "./gaussians.ts";
import { modesKernel, WIDTH } from "./kernels.ts";
import { axesOf, type BlendMap, mapOf } from "./maps.ts";
import { typicalPoints, typicalTarget } from "./typical.ts";
import { windowOf } from "./window.ts";

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/transport.ts")).modesReference }));

/** Which component each point belongs to, and how many belong to each. */
export interface Modes {
  /** u32 [n]: the component with the greatest responsibility, the first of equal ones; 4294967295 for a point with a NaN. */
  readonly labels: Tensor;
  /** u32 [components] */
  readonly counts: Tensor;
}

/** A target, its components' axes row by row, and the map that weighs its components at a point. */
export interface ModesReference {
  readonly gaussians: Gaussians;
  readonly axes: Float64Array;
  readonly map: BlendMap;
  /** The index in the target of each component that has a weight. */
  readonly places: Uint32Array;
  /** Components of the target, those without weight included. */
  readonly modes: number;
}

/**
 * Assigns each point to the component of a mixture of Gaussians that most likely made it.
 *
 * @param target - of d dimensions
 * @param points - f32 [n, d], or [n] where d is 1
 * @throws InputError for targets and points that do not fit
 */
export const assignModes = Object.assign(
  (target: GaussianMixture, points: Tensor): Modes => {
    const where = "assignModes";
    const reference = referenceOf(target, where);
    if (!(points instanceof Tensor)) throw new InputError(`${where}: needed a tensor of points after the target`);
    return points.engine.run(planModes(reference, points, points.engine.machine), { x: points });
  },
  {
    preparations: (machine: Machine) => [
      planModes(referenceOf(typicalTarget(), "assignModes"), typicalPoints(), machine),
    ],
  },
);

export function referenceOf(target: GaussianMixture, where: string): ModesReference {
  const gaussians = gaussiansOf(target, where);
  const map = mapOf(gaussians, { signal: 1, noise: 0 }, { next: () => 0, gain: () => 0 });
  const weights = "weights" in target ? target.weights : [1];
  const places = Uint32Array.from(weights.flatMap((weight, k) => (weight > 0 ? [k] : [])));
  return { gaussians, axes: axesOf(gaussians), map, places, modes: weights.length };
}

/** Points of one dispatch. */
const MOST_POINTS = 2 ** 20;

export function planModes(reference: ModesReference, points: Operand, machine: Machine): PlanOf<"labels" | "counts"> {
  const where = "assignModes";
  const { gaussians, axes, map, places, modes } = reference;
  const { size, components, rotated } = gaussians;
  const count = checkPoints(points, size, where);
  const passes: Pass[] = [];
  for (let begin = 0; begin < count; begin += MOST_POINTS) {
    const some = Math.min(MOST_POINTS, count - begin);
    const x = windowOf("x", points.byteOffset / 4 + begin * size, some * size, machine.limits);
    passes.push(
      pass(modesKernel(gaussians), {
        bind: {
          maps: "maps",
          axes: rotated ? "axes" : "maps",
          places: "places",
          x: x.range,
          labels: "labels",
          counts: "counts",
        },
        params: { points: some, into: x.into, start: begin, components: components.length, zero: 0 },
        grid: grid(Math.ceil(some / 4 / WIDTH), machine.limits, where),
      }),
    );
  }
  return definePlan({
    name: where,
    outputs: { labels: { shape: [count], dtype: "u32" }, counts: { shape: [modes], dtype: "u32" } },
    uploads: {
      maps: Float32Array.from(map.constants),
      places,
      ...(rotated ? { axes: Float32Array.from(axes) } : {}),
    },
    clears: ["counts"],
    passes,
    cpu: cpu(reference),
  });
}
