import { double } from "../arithmetic/double.ts";
import { type Coordinate, Placer } from "../distributions/place.ts";
import type { Clamped } from "../distributions/refined.ts";
import { evaluator } from "../expression/evaluate.ts";
import { type Expr, number, variable } from "../expression/expr.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Clamping } from "./estimate.ts";

/**
 * What becomes of functions' means when samples that f32 cannot hold are replaced: the probability of such samples times the most by which a
 * function changes beyond the number that stands for them. Nothing where no function reads such a number; what a formula knows better
 * than by the number itself, such as its logarithm, does not count.
 *
 * @param parameters - values of those that the functions name
 */
export function clampingOf(
  functions: readonly Expr[],
  coordinates: readonly Coordinate[],
  parameters: Readonly<Record<string, number>>,
): Clamping | undefined {
  const ends = coordinates.flatMap(({ clamped = [] }, k) => clamped.map((one) => ({ ...one, k })));
  if (ends.length === 0) return undefined;
  const bias = functions.map((f) => ends.reduce((sum, end) => sum + biasAt(f, end, coordinates, parameters), 0));
  if (bias.every((most) => most === 0)) return undefined;
  const probability = 1 - ends.reduce((none, end) => none * (1 - end.probability), 1);
  return { probability, bias: bias.map((most) => (Number.isFinite(most) ? most : null)) };
}

function biasAt(
  f: Expr,
  { at, beyond, probability, k }: Clamped & { readonly k: number },
  coordinates: readonly Coordinate[],
  parameters: Readonly<Record<string, number>>,
): number {
  // What stays as it is beyond the number: other coordinates, somewhere in their range, and logarithms.
  const fixed = { origin: -100, scale: 0, unit: number(0) };
  const seen = coordinates.map(
    ({ shifted, log, logOther }, j): Coordinate => ({
      value: j === k ? variable(0) : number(0.5),
      ...(shifted?.logSize && j === k
        ? { shifted: { origin: 0, scale: 1, unit: variable(0), logSize: number(100) } }
        : {}),
      ...(log ? { log: fixed } : {}),
      ...(logOther ? { logOther: fixed } : {}),
    }),
  );
  const placer = new Placer(seen, parameters);
  const program = lowerUnchecked([placer.place(f)]);
  const values: Readonly<Record<string, number>> = { ...parameters, ...placer.parameters };
  const given = program.parameters.map((name) => values[name] ?? Number.NaN);
  const points = Float64Array.from([at, ...beyond]);
  const [output] = evaluator(program, double)([points], given, points.length);
  const found = [...(output ?? [])].slice(0, points.length);
  const [here = Number.NaN] = found;
  const most = Math.max(...found.map((value) => Math.abs(value - here)));
  return Number.isNaN(most) ? Number.POSITIVE_INFINITY : most * probability;
}
