import { InputError } from "../../core/errors.ts";
import type { Distribution, Model } from "../../distributions/distribution.ts";
import { prefixedRefined, sizeOf } from "../../distributions/parts.ts";
import { differentiate } from "../../expression/differentiate.ts";
import { type Expr, isCondition, number, parameter, variable } from "../../expression/expr.ts";
import { lowerUnchecked } from "../../expression/program.ts";
import { add, isNumber, mul, sub } from "../../expression/simplify.ts";
import { substitute } from "../../expression/substitute.ts";
import type { Warning } from "../estimate.ts";
import { checkFormulas, type Family, jacobianOf, movedSupport, samplePoints, variatePoints } from "./family.ts";

/** Functions of a distribution's event whose means are the components of a gradient. */
export interface GradientFormulas {
  readonly under: Distribution;
  readonly functions: readonly Expr[];
  readonly parameters: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
  /** Samples that a draw of `under` holds side by side. */
  readonly group: number;
}

/** What a formula and its derivatives by θ are made of. */
interface Slopes {
  /** For each component of θ, the named parameters that change with it. */
  readonly moving: readonly (readonly string[])[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** ∂ parameter / ∂θ_j of each parameter that the formulas depend on. */
function slopesFor(family: Family, formulas: readonly Expr[], points: () => readonly (readonly number[])[]): Slopes {
  const names = lowerUnchecked(formulas, family.where).parameters.filter((name) =>
    formulas.some((formula) => !isNumber(differentiate(formula, parameter(name)), 0)),
  );
  const jacobian = jacobianOf(family, names, formulas, points);
  const entries = jacobian.flatMap((column, j) => [...column].map(([name, slope]) => [slopeName(name, j), slope]));
  return { moving: jacobian.map((column) => [...column.keys()]), parameters: Object.fromEntries(entries) };
}

function slopeName(name: string, j: number): string {
  return `slope.${name}.${j}`;
}

/** Σ_k ∂formula/∂parameter_k ∂parameter_k/∂θ_j, by names without prefixes. */
function alongTheta(formula: Expr, moving: readonly string[], j: number): Expr {
  return moving
    .map((name) => mul(parameter(slopeName(name, j)), differentiate(formula, parameter(name))))
    .reduce(add, number(0));
}

/** The scores ∂ log p / ∂θ_j as formulas of the event. */
interface Scores {
  readonly scores: readonly Expr[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** @throws InputError for a family of which the score does not give the gradient */
export function scoresOf(family: Family): Scores {
  const { where, centre, around } = family;
  const moved = movedSupport(family);
  if (moved) {
    throw new InputError(
      `${where}: estimator "score" needed a support that stays as it is, got one of ${centre.name} that moves with at: the score ` +
        `leaves out what enters at its ends${around.jumps ? "" : '; use estimator "pathwise"'}`,
    );
  }
  const { logDensity } = around;
  const points = () => samplePoints(family);
  checkFormulas(family, (model) => [model.logDensity], points);
  const { moving, parameters } = slopesFor(family, [logDensity], points);
  refuseConstant(moving, where);
  const scores = moving.map((names, j) => underNames(alongTheta(logDensity, names, j)));
  return { scores, parameters };
}

/** A formula of a model's names as `formulasOf` will have them: the slopes are the call's own parameters. */
function underNames(expr: Expr): Expr {
  return substitute(expr, (leaf) =>
    leaf.kind === "parameter" && !leaf.name.startsWith("slope.") ? parameter(`under.${leaf.name}`) : leaf,
  );
}

function refuseConstant(moving: readonly (readonly string[])[], where: string): void {
  if (moving.some((names) => names.length > 0)) return;
  throw new InputError(`${where}: under must change with its argument, got the same distribution around at`);
}

/** (f - b_j) s_j, where the baselines b_j are parameters. */
export function scoreFormulas(
  family: Family,
  f: Expr,
  { scores, parameters }: Scores,
  baselines: readonly number[] | undefined,
): GradientFormulas {
  const names = scores.map((_, j) => `baseline.${j}`);
  const values = Object.fromEntries(names.map((name, j) => [name, baselines?.[j] ?? 0]));
  return {
    under: family.centre,
    functions: scores.map((score, j) => mul(baselines ? sub(f, parameter(names[j] as string)) : f, score)),
    parameters: { ...parameters, ...(baselines ? values : {}) },
    warnings: [],
    group: 1,
  };
}

/**
 * Groups of K samples: Σ (f_i - mean of f) s_ij / (K - 1), which is the mean of (f_i - mean of the others' f) s_ij; with
 * `includingItself`, / K.
 */
export function groupFormulas(
  family: Family,
  f: Expr,
  { scores, parameters }: Scores,
  group: number,
  includingItself: boolean,
): GradientFormulas {
  const size = sizeOf(family.centre);
  const members = Array.from({ length: group }, (_, i) => i);
  const values = members.map((i) => shifted(f, i * size));
  const mean = mul(number(1 / group), values.reduce(add));
  const centred = values.map((value) => sub(value, mean));
  const share = number(1 / (includingItself ? group : group - 1));
  const functions = scores.map((score) => {
    const terms = members.map((i) => mul(centred[i] as Expr, shifted(score, i * size)));
    return isNumber(score, 0) ? number(0) : mul(share, terms.reduce(add));
  });
  const lost = (100 / group).toPrecision(3);
  const message = `A baseline that includes the sample itself takes ${lost} % from the gradient: its mean is (K - 1) / K of the true one, K = ${group}; use "leaveOneOut".`;
  const warnings: Warning[] = includingItself ? [{ code: "biased", message }] : [];
  return { under: sideBySide(family.centre, group), functions, parameters, warnings, group };
}

function shifted(expr: Expr, by: number): Expr {
  return substitute(expr, (leaf) => (leaf.kind === "variable" ? variable(leaf.index + by) : leaf));
}

/** Independent copies of a distribution as one of vectors, with one set of parameters. */
function sideBySide(distribution: Distribution, copies: number): Distribution {
  const { model, support } = distribution;
  const size = model.variates.length;
  const each = <T>(made: (by: number) => readonly T[]) =>
    Array.from({ length: copies }, (_, i) => made(i * size)).flat();
  return withModel(distribution, copies * sizeOf(distribution), {
    ...model,
    variates: each(() => model.variates),
    event: each((by) => model.event.map((expr) => shifted(expr, by))),
    refined: each((by) =>
      model.event.map((_, k) => {
        const refined = model.refined?.[k];
        return refined && prefixedRefined(refined, "", (index) => variable(index + by));
      }),
    ),
    rejections: each((by) =>
      (model.rejections ?? []).map(({ variates, accept }) => ({
        variates: variates.map((k) => k + by),
        accept: shifted(accept, by),
      })),
    ),
    support: each(() => support),
  });
}

/** A distribution that is drawn by other formulas; nothing is asked of it but to be drawn, and where its first coordinates are. */
function withModel(distribution: Distribution, size: number, model: Model): Distribution {
  return {
    ...distribution,
    // Of some vectors it is computed when it is first asked for.
    get mean() {
      return distribution.mean;
    },
    shape: [size],
    support: model.support,
    model,
  };
}

function moves({ centre, neighbours }: Family, name: string): boolean {
  return neighbours.some(({ model }) => model.parameters[name] !== centre.model.parameters[name]);
}

/**
 * Σ_c ∂f/∂x_c ∂x_c/∂θ_j: the event moves with θ while its variates stay.
 *
 * @throws InputError for a family, or an f, that jumps
 */
export function pathwiseFormulas(family: Family, f: Expr): GradientFormulas {
  const { where, centre, around } = family;
  const refuse = (got: string): never => {
    throw new InputError(`${where}: estimator "pathwise" needed ${got}; use estimator "score"`);
  };
  if (around.jumps) refuse(`samples that move smoothly with at, got ${centre.name}, whose samples jump`);
  const accepts = ({ rejections = [] }: Model) => rejections.map(({ accept }) => accept);
  const gate = lowerUnchecked(accepts(around), where).parameters.find((name) => moves(family, name));
  if (gate !== undefined) {
    refuse(`samples that move smoothly with at, got ${centre.name}, which accepts others as '${gate}' changes`);
  }
  const points = () => variatePoints(family);
  checkFormulas(family, (model) => [...model.event, ...accepts(model)], points);
  const step = stepIn(f);
  if (step) refuse(`a continuous function, got one with ${step} in its value`);
  const { moving, parameters } = slopesFor(family, around.event, points);
  refuseConstant(moving, where);
  const size = around.event.length;
  const tangents = moving.map((names, j) => around.event.map((coordinate) => alongTheta(coordinate, names, j)));
  const derivatives = around.event.map((_, c) => differentiate(f, variable(c)));
  const functions = tangents.map((tangent, j) =>
    tangent
      .map((motion, c) => {
        const factor = derivatives[c] as Expr;
        return isNumber(motion, 0) ? number(0) : mul(factor, variable(size * (j + 1) + c));
      })
      .reduce(add),
  );
  const under = withModel(centre, size * (moving.length + 1), {
    ...around,
    event: [...around.event, ...tangents.flat()],
    support: [around, ...moving.map(() => around)].flatMap(({ support }) => support),
    parameters: { ...around.parameters, ...parameters },
  });
  const message =
    "f has branches (select): where their values differ at the border, the pathwise gradient leaves that jump out.";
  const warnings: Warning[] = hasBranches(f) ? [{ code: "discontinuous", message }] : [];
  return { under, functions, parameters: {}, warnings, group: 1 };
}

const STEPS = new Set(["floor", "ceil", "sign"]);

/** A step whose value, not only a choice by it, is part of f. */
function stepIn(f: Expr): string | undefined {
  const known = new Map<Expr, boolean>();
  const readsEvent = (expr: Expr): boolean => {
    const before = known.get(expr);
    if (before !== undefined) return before;
    const reads = expr.kind === "variable" || (expr.kind === "call" && expr.args.some(readsEvent));
    known.set(expr, reads);
    return reads;
  };
  const seen = new Set<Expr>();
  const visit = (expr: Expr): string | undefined => {
    if (expr.kind !== "call" || seen.has(expr) || !readsEvent(expr)) return undefined;
    seen.add(expr);
    const { operation, args } = expr;
    if (STEPS.has(operation)) return `a step (${operation})`;
    if (isCondition(operation)) return `a condition (${operation})`;
    const values = operation === "select" ? args.slice(1) : args;
    return values.map(visit).find((step) => step !== undefined);
  };
  return visit(f);
}

function hasBranches(f: Expr): boolean {
  const { instructions } = lowerUnchecked([f]);
  return instructions.some((made) => made.kind === "call" && made.action === "select");
}
