import { LEAST_NORMAL } from "../arithmetic/range.ts";
import { InputError } from "../core/errors.ts";
import { checkCallback, checkChoice, checkNamesOf, checkWhole, MOST_SAMPLES, shown } from "../core/options.ts";
import { checkLocation, checkScale, listOf } from "../distributions/checks.ts";
import { covers } from "../distributions/covers.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { checkDistribution, coordinatesOfPoint, sizeOf } from "../distributions/parts.ts";
import type { SamplingOptions } from "../expectation/expression-estimate.ts";
import { forwardObjective, type KlDirection, type Objective, reverseObjective, standardLike } from "./fit-objective.ts";
import type { FitGaussianOptions, Values } from "./fit-options.ts";

/** A Gaussian of independent coordinates. */
export interface FittedGaussian {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

interface CheckedFit {
  readonly objective: Objective;
  readonly start: FittedGaussian;
  readonly steps: number;
  readonly samples: number;
  readonly learningRate: number;
  readonly tolerance: number;
  readonly sampling: SamplingOptions;
}

const WHERE = "fitGaussian";
const NAMES = [
  "direction",
  "start",
  "steps",
  "samples",
  "learningRate",
  "tolerance",
  "onStep",
  "seed",
  "stream",
  "generator",
  "signal",
];

/** A fit's options, checked and with what is not given. */
export function checkedFit<V extends Values>(target: Distribution, options: FitGaussianOptions<V>): CheckedFit {
  checkNamesOf(options, NAMES, WHERE);
  const { direction, start, steps = 200, samples = 65_536, learningRate = 0.5, tolerance = 1e-4 } = options;
  checkCallback(options.onStep, "onStep", WHERE);
  const { seed, stream, generator, signal } = options;
  const given = Object.entries({ seed, stream, generator, signal }).filter(([, value]) => value !== undefined);
  return {
    objective: objectiveOf(target, direction),
    start: startOf(target, start),
    steps: checkWhole(steps, 0, 1_000_000, WHERE, "steps"),
    // As many again are drawn for the divergence of the result.
    samples: checkWhole(samples, 2, MOST_SAMPLES / 2, WHERE, "samples"),
    learningRate: checkShare(learningRate, "learningRate"),
    tolerance: checkShare(tolerance, "tolerance"),
    sampling: Object.fromEntries(given),
  };
}

/** The place, if its numbers are those of a Gaussian in f32. */
export function heldByF32(place: FittedGaussian): FittedGaussian | undefined {
  const means = place.mean.every((m) => Number.isFinite(Math.fround(m)));
  const stds = place.std.every((s) => s >= LEAST_NORMAL && Number.isFinite(Math.fround(s)));
  return means && stds ? place : undefined;
}

function objectiveOf(target: Distribution, direction: KlDirection): Objective {
  checkTarget(target, direction, WHERE);
  return direction === "forward" ? forwardObjective(target) : reverseObjective(target);
}

/** Refuses a target whose divergence is infinite for every Gaussian. */
export function checkTarget(target: Distribution, direction: KlDirection, where: string): void {
  checkDistribution(target, "target", where);
  checkChoice(direction, ["forward", "reverse"], where, "direction");
  if (target.support.some(({ kind }) => kind !== "interval")) {
    throw new InputError(`${where}: target must have a density, got ${target.name}, which is of whole numbers`);
  }
  if (direction === "reverse" && !covers(target, standardLike(target))) {
    throw new InputError(
      `${where}: direction "reverse" needs a target with a density everywhere, got ${target.name}: KL(q‖p) of every Gaussian is infinite; use "forward"`,
    );
  }
  if (direction === "forward" && !coordinatesOfPoint(target.variance).every(Number.isFinite)) {
    throw new InputError(
      `${where}: direction "forward" needs a target of finite variance, got ${target.name}: KL(p‖q) of every Gaussian is infinite; use "reverse"`,
    );
  }
}

function startOf<V extends Values>(target: Distribution, start: FitGaussianOptions<V>["start"]): FittedGaussian {
  if (typeof start !== "object" || start === null) {
    throw new InputError(`${WHERE}: start must be { mean, std }, got ${shown(start)}`);
  }
  checkNamesOf(start, ["mean", "std"], `${WHERE}: start`);
  const read = (name: "mean" | "std", check: typeof checkScale): readonly number[] => {
    const value: Values = start[name];
    const list =
      target.shape.length === 0 ? [value as number] : listOf(value as readonly number[], `start.${name}`, WHERE);
    if (list.length !== sizeOf(target)) {
      throw new InputError(
        `${WHERE}: start.${name} must have ${sizeOf(target)} numbers as the target has coordinates, got ${list.length}`,
      );
    }
    for (const one of list) check(one, `start.${name}`, WHERE);
    return list;
  };
  return { mean: read("mean", checkLocation), std: read("std", checkScale) };
}

function checkShare(value: number, name: string): number {
  if (typeof value === "number" && value > 0 && value <= 1) return value;
  throw new InputError(`${WHERE}: ${name} must be a number above 0, up to 1, got ${shown(value)}`);
}
