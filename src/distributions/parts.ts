import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { type Expr, parameter, variable } from "../expression/expr.ts";
import { substitute } from "../expression/substitute.ts";
import type { Distribution, Model, Point, Rejection } from "./distribution.ts";
import type { Independent } from "./families/independent.ts";
import type { VectorMixture } from "./families/mixture.ts";
import type { Refined, Shifted } from "./refined.ts";

// What distributions made of distributions share.

/** Refuses what was not made by this library's factories. */
export function checkDistribution(value: Distribution, name: string, where: string): void {
  if (isDistribution(value)) return;
  throw new InputError(`${where}: ${name} must be a distribution such as normal(0, 1), got ${shown(value)}`);
}

/** Whether something was made by them. */
export function isDistribution(value: Distribution): boolean {
  return typeof value === "object" && value !== null && typeof value.logProb === "function" && "model" in value;
}

/** How many coordinates a distribution's points have. */
export function sizeOf(distribution: Distribution): number {
  return distribution.shape[0] ?? 1;
}

/** What an `independent` distribution has side by side. */
export function blocksOf(distribution: Distribution): readonly Distribution[] | undefined {
  return distribution.name === "independent" ? (distribution as Independent).distributions : undefined;
}

/** The least share of samples that a component of a mixture has, also where that is a part of other distributions; 1 where there is none. */
export function leastShareOf(distribution: Distribution): number {
  const mixed = distribution.name === "mixture" ? (distribution as VectorMixture) : undefined;
  const shares = mixed?.components.map((one, k) => leastShareOf(one) * (mixed.weights[k] ?? 0)) ?? [];
  return Math.min(1, ...shares.filter((share) => share > 0), ...(blocksOf(distribution) ?? []).map(leastShareOf));
}

export function coordinatesOfPoint(point: Point): readonly number[] {
  return typeof point === "number" ? [point] : point;
}

/** A part's parameters under names that no other part has: `prefix` and the name. */
export function prefixedParameters(model: Model, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(model.parameters).map(([name, value]) => [prefix + name, value]));
}

/** A part's rejections in the whole's names: variate k becomes variate `place(k)`. */
export function prefixedRejections(
  { rejections = [] }: Model,
  prefix: string,
  place: (index: number) => number,
): readonly Rejection[] {
  return rejections.map(({ variates, accept }) => ({
    variates: variates.map(place),
    accept: prefixedFormula(accept, prefix, (index) => variable(place(index))),
  }));
}

/** What a part's coordinate has beyond f32, in the whole's names: variable k becomes `variable(k)`. */
export function prefixedRefined(refined: Refined, prefix: string, variable: (index: number) => Expr): Refined {
  const formula = (expr: Expr) => prefixedFormula(expr, prefix, variable);
  const moved = ({ logSize, terms, ...rest }: Shifted): Shifted => ({
    ...rest,
    unit: formula(rest.unit),
    ...(terms ? { terms: terms.map((term) => ({ ...term, unit: formula(term.unit) })) } : {}),
    ...(logSize ? { logSize: formula(logSize) } : {}),
  });
  const { shifted, log, logOther, log1p, partial, clamped, coarseness } = refined;
  return {
    ...(shifted ? { shifted: moved(shifted) } : {}),
    ...(log ? { log: moved(log) } : {}),
    ...(logOther ? { logOther: moved(logOther) } : {}),
    ...(log1p ? { log1p: moved(log1p) } : {}),
    ...(partial ? { partial } : {}),
    ...(clamped ? { clamped } : {}),
    ...(coarseness ? { coarseness } : {}),
  };
}

/** A part's formula in the whole's names: variable k becomes `variable(k)`. */
export function prefixedFormula(expr: Expr, prefix: string, variable: (index: number) => Expr): Expr {
  return substitute(expr, (leaf) => (leaf.kind === "variable" ? variable(leaf.index) : parameter(prefix + leaf.name)));
}
