import { double } from "../../arithmetic/double.ts";
import { InputError } from "../../core/errors.ts";
import type { Distribution, Model } from "../../distributions/distribution.ts";
import { checkDistribution, coordinatesOfPoint } from "../../distributions/parts.ts";
import { sampleAt } from "../../distributions/sample-at.ts";
import { evaluator } from "../../expression/evaluate.ts";
import type { Expr } from "../../expression/expr.ts";
import { lowerUnchecked, signature } from "../../expression/program.ts";
import { type Line, type Named, nameOf, reachOf, slopesOf } from "./slopes.ts";

/** A distribution as a function of θ, near one θ. */
export interface Family {
  readonly where: string;
  /** The distribution at θ. */
  readonly centre: Distribution;
  /**
   * Formulas that hold around θ: those of a θ with every component moved, since a distribution may have simpler formulas at a
   * special point (a standard normal has neither mean nor std in it). Parameters have the values they have at θ.
   */
  readonly around: Model;
  /** Distributions a little to each side of θ, a pair a component. */
  readonly neighbours: readonly Distribution[];
  readonly lines: readonly Line[];
}

/** Calls `under` around θ; throws InputError where it does not give distributions of one kind there. */
export function familyOf(
  under: (theta: readonly number[]) => Distribution,
  at: readonly number[],
  where: string,
): Family {
  const made = (theta: readonly number[]) => {
    const distribution = under(theta);
    checkDistribution(distribution, `under(${theta.join(", ")})`, where);
    return distribution;
  };
  const centre = made(at);
  const lines = at.map((value, j): Line => {
    const label = at.length === 1 ? "at" : `at[${j}]`;
    const along = (theta: number) => made(at.with(j, theta));
    const reach = reachOf(value, label, where, along);
    return { label, at: value, reach, valuesAt: (theta) => joined(along(theta).model.parameters) };
  });
  const neighbours = lines.flatMap(({ reach }, j) =>
    [1, -1].map((side) => made(at.with(j, (at[j] ?? 0) + side * reach))),
  );
  const other = neighbours.find((one) => one.name !== centre.name || one.shape.join() !== centre.shape.join());
  if (other) {
    const kind = ({ name, shape }: Distribution) => `${name} of shape [${shape.join(", ")}]`;
    throw new InputError(`${where}: under must give one kind of distribution, got ${kind(centre)} and ${kind(other)}`);
  }
  const { model } = movedEverywhere(made, at, lines, where);
  const { parameters, refined } = centre.model;
  return { where, centre, around: { ...model, parameters, refined }, neighbours, lines };
}

/** The distribution with every component of θ moved; smaller moves where the first are outside the domain together. */
function movedEverywhere(
  made: (theta: readonly number[]) => Distribution,
  at: readonly number[],
  lines: readonly Line[],
  where: string,
): Distribution {
  let problem: unknown;
  for (const share of [1, -1, 0.25, -0.25, 2 ** -6, -(2 ** -6), 2 ** -12, -(2 ** -12)]) {
    try {
      return made(at.map((value, j) => value + share * (lines[j]?.reach ?? 0)));
    } catch (error) {
      problem = error;
    }
  }
  const got = problem instanceof Error ? problem.message : String(problem);
  throw new InputError(`${where}: under must give distributions all around at = [${at.join(", ")}], got: ${got}`);
}

/**
 * ∂ parameter / ∂θ_j of the named parameters that change with θ_j, for each j. As f32, which shaders take, so that runs on
 * machines whose Math differs in a last digit can be joined.
 *
 * @throws InputError where formulas are not smooth in θ; parameters may have corners that cancel in them
 */
export function jacobianOf(
  family: Family,
  names: readonly string[],
  formulas: readonly Expr[],
  points: () => readonly (readonly number[])[],
): readonly ReadonlyMap<string, number>[] {
  const { centre, lines, where } = family;
  const values = joined(centre.model.parameters);
  return lines.map((line) => {
    const slopes = [...slopesOf(line, values, names, where)];
    const corner = slopes.find(([, { corner }]) => corner)?.[0];
    if (corner !== undefined && hasCorner(line, values, formulas, points())) {
      throw new InputError(
        `${where}: under must give a smooth function of ${line.label} at ${line.at}, got one with a corner there, by '${nameOf(corner)}'`,
      );
    }
    return new Map(slopes.flatMap(([name, { slope, moves }]) => (moves ? [[name, Math.fround(slope)] as const] : [])));
  });
}

/** Whether formulas have other slopes on one side of θ than on the other, at some of the points. */
function hasCorner(
  { at, reach, valuesAt: parametersAt }: Line,
  centre: Named,
  formulas: readonly Expr[],
  points: readonly (readonly number[])[],
): boolean {
  const values = (parameters: Named) => valuesAt(formulas, parameters, points) ?? [];
  const here = values(centre);
  const look = (distance: number) => {
    const [above, below] = [values(parametersAt(at + distance)), values(parametersAt(at - distance))];
    const most = (of: (k: number) => number) =>
      here.reduce((peak, _, k) => Math.max(peak, Math.abs(of(k))), 0) / distance;
    return {
      bend: most((k) => (above[k] as number) + (below[k] as number) - 2 * (here[k] as number)),
      slope: most((k) => (above[k] as number) - (below[k] as number)),
    };
  };
  const [wide, near] = [look(reach), look(reach / 8)];
  // A smooth function's bend would be an eighth.
  return near.bend > 0.5 * wide.bend && near.bend > 1e-6 * near.slope;
}

/**
 * Parameters that are smooth in θ. Densities may have a centre in two of them, so that f32 holds it to more digits: `centre` (or
 * `centreWhole`), which moves in steps, and `centreRest`. Their sum is smooth, and it is the first that is taken to move.
 */
function joined(parameters: Named): Named {
  const values: Record<string, number> = { ...parameters };
  for (const [name, rest] of Object.entries(parameters)) {
    if (!name.endsWith("Rest")) continue;
    const centre = name.slice(0, -"Rest".length);
    const first = [`${centre}Whole`, centre].find((one) => values[one] !== undefined);
    if (first === undefined) continue;
    values[first] = (values[first] as number) + rest;
    values[name] = 0;
  }
  return values;
}

/** The supports of a distribution and of all it is made of, as a text. */
function supportsOf(distribution: Distribution): string {
  const { components, distributions } = distribution as { components?: Distribution[]; distributions?: Distribution[] };
  const parts = (components ?? distributions ?? distribution.parts ?? []).map(supportsOf);
  return [...distribution.support.map(({ kind, low, high }) => `${kind} ${low} ${high}`), ...parts].join("; ");
}

/** The first neighbour whose support, or a part's, is not the one at θ. */
export function movedSupport({ centre, neighbours }: Family): Distribution | undefined {
  const own = supportsOf(centre);
  return neighbours.find((one) => supportsOf(one) !== own);
}

/**
 * Refuses a family whose formulas change with θ in more than their parameters' values: those of `around` must give what each
 * neighbour's own, and those at θ, give, with that one's values.
 */
export function checkFormulas(
  { where, centre, around, neighbours }: Family,
  formulasOf: (model: Model) => readonly Expr[],
  points: () => readonly (readonly number[])[],
): void {
  const formulas = formulasOf(around);
  const text = textOf(formulas);
  for (const { model, name } of [centre, ...neighbours]) {
    const own = formulasOf(model);
    if (own.every((expr, k) => expr === formulas[k]) && own.length === formulas.length) continue;
    if (textOf(own) === text || agree(formulas, own, model.parameters, points())) continue;
    throw new InputError(`${where}: under must give one formula with other parameters, got another formula of ${name}`);
  }
}

function textOf(exprs: readonly Expr[]): string {
  return signature(lowerUnchecked(exprs, "expectationGradient"));
}

function agree(
  a: readonly Expr[],
  b: readonly Expr[],
  parameters: Readonly<Record<string, number>>,
  points: readonly (readonly number[])[],
): boolean {
  const [one, other] = [a, b].map((exprs) => valuesAt(exprs, parameters, points));
  if (!one || !other || one.length !== other.length) return false;
  return one.every((value, k) => {
    const theirs = other[k] as number;
    return Object.is(value, theirs) || Math.abs(value - theirs) <= 1e-9 * (1 + Math.abs(theirs));
  });
}

/** Values of expressions at points in f64; undefined where a parameter has no value. */
function valuesAt(
  exprs: readonly Expr[],
  parameters: Readonly<Record<string, number>>,
  points: readonly (readonly number[])[],
): readonly number[] | undefined {
  const program = lowerUnchecked(exprs, "expectationGradient");
  const values = program.parameters.map((name) => parameters[name]);
  if (values.includes(undefined)) return undefined;
  const coordinates = Array.from({ length: program.variables }, (_, c) =>
    Float64Array.from(points, (point) => point[c] ?? Number.NaN),
  );
  const outputs = evaluator(program, double)(coordinates, values as number[], points.length);
  return outputs.flatMap((values) => [...values.subarray(0, points.length)]);
}

/** Points at which formulas are compared. */
const POINTS = 16;

/** Samples of the distribution at θ. */
export function samplePoints({ centre }: Family): readonly (readonly number[])[] {
  return Array.from({ length: POINTS }, (_, index) => coordinatesOfPoint(sampleAt(centre, { seed: 0, index })));
}

/** Variates spread over their range. */
export function variatePoints({ centre }: Family): readonly (readonly number[])[] {
  return Array.from({ length: POINTS }, (_, index) =>
    centre.model.variates.map((kind, c) => {
      // The fractional parts of multiples of an irrational number are spread evenly.
      const u = ((index + 0.5) * (c + 1) * Math.SQRT2) % 1;
      return kind === "uniform" ? u : double.normalQuantile(u);
    }),
  );
}
