import { double } from "../../../src/arithmetic/double.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import type { Distribution } from "../../../src/index.ts";
import { meanName, type Objective, stdName } from "../../../src/inference/fit-objective.ts";

export interface Place {
  readonly mean: number;
  readonly std: number;
}

/** Mean and standard deviation of each of an objective's formulas at a place: of its divergence and its two slopes. */
export interface Expected {
  readonly means: readonly number[];
  readonly stds: readonly number[];
}

/** A distribution's log-density in f64, at a number or a vector. */
export function logProbOf(distribution: Distribution, x: number | readonly number[]): number {
  return (distribution as { logProb(x: number | readonly number[]): number }).logProb(x);
}

/** E of a fit's objective for a target of numbers, in f64 by the trapezoid rule over [low, high]. */
export function expectedAt(
  { under, of, parameters }: Objective,
  place: Place,
  [low, high]: readonly [number, number],
): Expected {
  const own = Object.entries(under.model.parameters).map(([name, value]) => [`under.${name}`, value]);
  const values = { ...parameters, ...Object.fromEntries(own), [meanName(0)]: place.mean, [stdName(0)]: place.std };
  const program = lowerUnchecked(of);
  const count = 40_000;
  const step = (high - low) / count;
  const x = Float64Array.from({ length: count }, (_, k) => low + k * step);
  const weights = x.map((at) => step * Math.exp(logProbOf(under, at)));
  const found = evaluator(program, double)(
    [x],
    program.parameters.map((name) => values[name] ?? Number.NaN),
    count,
  );
  const mean = (f: (k: number) => number) => weights.reduce((sum, weight, k) => sum + weight * f(k), 0);
  const means = found.map((values) => mean((k) => values[k] ?? 0));
  const stds = found.map((values, which) => Math.sqrt(mean((k) => ((values[k] ?? 0) - (means[which] ?? 0)) ** 2)));
  return { means, stds };
}
