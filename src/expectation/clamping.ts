import { double } from "../arithmetic/double.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { coordinatesOfPoint } from "../distributions/parts.ts";
import type { Clamped, Shifted } from "../distributions/refined.ts";
import { Rewriter } from "../distributions/rewriting/rewriter.ts";
import type { Coordinate } from "../distributions/rewriting/rewriting.ts";
import { evaluator } from "../expression/evaluate.ts";
import { type Expr, number, variable } from "../expression/expr.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Clamping } from "./estimate.ts";

/**
 * What becomes of functions' means when samples that f32 cannot hold are replaced: the probability of such samples times the most by which a
 * function changes beyond the number that stands for them. Nothing where no function changes there; what a formula knows better than by
 * the number itself, such as its logarithm, does not count.
 *
 * @param parameters - values of those that the functions name
 * @param drawn - the distribution of the samples
 */
export function clampingOf(
  functions: readonly Expr[],
  coordinates: readonly Coordinate[],
  parameters: Readonly<Record<string, number>>,
  drawn: Distribution,
): Clamping | undefined {
  const ends = coordinates.flatMap(({ clamped = [] }, k) => clamped.map((one) => ({ ...one, k })));
  if (ends.length === 0) return undefined;
  const middles = coordinatesOfPoint(drawn.mean).map((mean) => (Number.isFinite(mean) ? mean : 0.5));
  const biasOf = (f: Expr) => {
    const apart = ends.reduce((sum, end) => sum + biasAt(f, end, coordinates, parameters, middles), 0);
    return apart + togetherBias(f, ends, coordinates, parameters);
  };
  const bias = functions.map(biasOf);
  if (bias.every((most) => most === 0)) return undefined;
  const probability = 1 - ends.reduce((none, end) => none * (1 - end.probability), 1);
  return { probability, bias: bias.map((most) => (Number.isFinite(most) ? most : null)) };
}

/** The same where all coordinates that may be lost near 0 are at once: a sum of them is then as small. */
function togetherBias(
  f: Expr,
  ends: readonly (Clamped & { readonly k: number })[],
  coordinates: readonly Coordinate[],
  parameters: Readonly<Record<string, number>>,
): number {
  const low = ends.filter(({ at }) => at >= 0 && at < 0.5);
  const [first] = low;
  if (!first || low.length < 2) return 0;
  const places = new Set(low.map(({ k }) => k));
  const seen = coordinates.map((own, j): Coordinate => {
    if (!places.has(j)) return { value: number(0.5) };
    return {
      value: variable(0),
      ...(own.log ? { log: fixed(-FAR_OUT) } : {}),
      ...(own.logOther ? { logOther: fixed(0) } : {}),
      ...(own.log1p ? { log1p: fixed(0) } : {}),
    };
  });
  return spreadOf(f, seen, parameters, first) * Math.min(...low.map(({ probability }) => probability));
}

/** @param middles - where the other coordinates are */
function biasAt(
  f: Expr,
  { at, beyond, probability, k }: Clamped & { readonly k: number },
  coordinates: readonly Coordinate[],
  parameters: Readonly<Record<string, number>>,
  middles: readonly number[],
): number {
  const seen = coordinates.map(({ shifted, log, logOther, log1p }, j): Coordinate => {
    if (j !== k) return { value: number(middles[j] ?? 0.5) };
    // What is known beyond the number stays as it is: one logarithm is far out, the others are what they are next to there.
    const near1 = at > 0.5 && at < 1;
    const nearMinus1 = at < -0.5 && at > -1;
    return {
      value: variable(0),
      ...(shifted?.logSize ? { shifted: { origin: 0, scale: 1, unit: variable(0), logSize: number(FAR_OUT) } } : {}),
      ...(log ? { log: fixed(near1 ? 0 : -FAR_OUT) } : {}),
      ...(logOther ? { logOther: fixed(near1 ? -FAR_OUT : nearMinus1 ? Math.LN2 : 0) } : {}),
      ...(log1p ? { log1p: fixed(nearMinus1 ? -FAR_OUT : near1 ? Math.LN2 : 0) } : {}),
    };
  });
  return spreadOf(f, seen, parameters, { at, beyond }) * probability;
}

/** The most by which a function of variable 0 changes beyond a number. */
function spreadOf(
  f: Expr,
  coordinates: readonly Coordinate[],
  parameters: Readonly<Record<string, number>>,
  { at, beyond }: Pick<Clamped, "at" | "beyond">,
): number {
  const rewriter = new Rewriter(coordinates, parameters);
  const program = lowerUnchecked([rewriter.rewrite(f)]);
  const values: Readonly<Record<string, number>> = { ...parameters, ...rewriter.parameters };
  const given = program.parameters.map((name) => values[name] ?? Number.NaN);
  const points = Float64Array.from([at, ...beyond]);
  const [output] = evaluator(program, double)([points], given, points.length);
  const found = [...(output ?? [])].slice(0, points.length);
  const [here = Number.NaN] = found;
  const most = Math.max(...found.map((value) => (value === here ? 0 : Math.abs(value - here))));
  return Number.isNaN(most) ? Number.POSITIVE_INFINITY : most;
}

const FAR_OUT = 100;

function fixed(origin: number): Shifted {
  return { origin, scale: 0, unit: number(0) };
}
