import { LEAST_NORMAL, MOST_INVERTIBLE } from "../../arithmetic/range.ts";
import { IllConditionedError, InputError, NotPositiveDefiniteError } from "../../core/errors.ts";
import type { BadRow } from "../../engine/checks.ts";
import type { Computed, Given } from "../../engine/cpu/work.ts";
import { asymmetry } from "../../linear-algebra/cholesky.ts";
import type { GradientName } from "../bindings.ts";
import { type Factor, factorise } from "../factor.ts";
import type { GaussianReference } from "../gaussian.ts";

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** A row's quadratic form, its log-density at the mean, and Σ⁻¹ (x - mean); with a diagonal also z. */
interface Row {
  readonly q: number;
  readonly level: number;
  readonly slope: Float64Array;
  readonly z?: Float64Array;
  readonly rates?: Float64Array;
}

/** Gaussian log-densities, distances and gradients. */
export function gaussianReference(options: GaussianReference, given: Given): Computed {
  const { rows, dimension: d, gradients, summed } = options;
  const y = new Float32Array(rows);
  const slopes = gradients.map((name) => ({ name, values: new Float64Array(rows * d) }));
  const reference = gaussianRows(options, given);
  for (let row = 0; row < rows; row++) reference.write(row, y, slopes);
  const outputs: Record<string, Float32Array> = { y };
  for (const { name, values } of slopes) {
    if (summed.includes(name)) outputs[`of${name}`] = columnSums(values, d);
    else outputs[`by${name}`] = Float32Array.from(values);
  }
  return { outputs, bad: reference.bad() };
}

/** The gradient with respect to x, mean or std, a value a coordinate of each row. */
export interface Slopes {
  readonly name: GradientName;
  readonly values: Float64Array | Float32Array;
}

/** Rows, each when it is asked for. */
export interface GaussianRows {
  write(row: number, y: Float32Array, slopes: readonly Slopes[]): void;
  /** The first row, of those written, whose parameters were bad. */
  bad(): BadRow | undefined;
}

export function gaussianRows(options: GaussianReference, given: Given): GaussianRows {
  const { dimension: d, root, mean } = options;
  const x = given.x as Float32Array;
  const spread = spreadOf(options, given);
  // A mean that the kernels have as one f32 is that number.
  const held = options.betweenFloats ? (value: number) => value : Math.fround;
  const means = mean.values ?? given.mean ?? new Float32Array(d);
  const write: GaussianRows["write"] = (row, y, slopes) => {
    const values = x.subarray(row * d, (row + 1) * d);
    const at = mean.perRow ? row * d : 0;
    const offset = Float64Array.from(values, (value, i) => value - held(means[at + i] ?? 0));
    const made = spread.row(row, offset);
    y[row] = outcome(offset, made, root);
    for (const { name, values: of } of slopes) {
      for (let i = 0; i < d; i++) of[row * d + i] = slopeOf(name, made, i);
    }
  };
  return { write, bad: () => spread.bad() };
}

function outcome(offset: Float64Array, { q, level }: Row, root: boolean): number {
  if (offset.some(Number.isNaN)) return Number.NaN;
  if (offset.some((value) => !Number.isFinite(value))) return root ? Infinity : -Infinity;
  return root ? Math.sqrt(q) : level - 0.5 * q;
}

function slopeOf(name: GradientName, { slope, z, rates }: Row, i: number): number {
  if (name === "std") return ((z?.[i] ?? 0) ** 2 - 1) * (rates?.[i] ?? 0);
  return name === "x" ? -(slope[i] ?? 0) : (slope[i] ?? 0);
}

export function columnSums(values: Float64Array | Float32Array, d: number): Float32Array {
  const sums = new Float64Array(d);
  values.forEach((value, k) => {
    sums[k % d] = (sums[k % d] ?? 0) + value;
  });
  return Float32Array.from(sums);
}

interface Spread {
  row(row: number, offset: Float64Array): Row;
  /** The first row whose parameters were bad, so far. */
  bad(): BadRow | undefined;
}

function spreadOf(options: GaussianReference, given: Given): Spread {
  const { name } = options;
  const values = options.spread.values ?? given.spread ?? [];
  return name === "std" || name === "variance" ? diagonal(options, values, name) : matrices(options, values);
}

function diagonal(
  { dimension: d, spread }: GaussianReference,
  values: ArrayLike<number>,
  name: "std" | "variance",
): Spread {
  let bad: BadRow | undefined;
  const row = (row: number, offset: Float64Array): Row => {
    const own = partOf(values, spread.perRow ? row : 0, d);
    const wrong = own.findIndex((value) => !(value >= LEAST_NORMAL && value <= MOST_INVERTIBLE));
    if (wrong >= 0) bad ??= { row: spread.perRow ? row : 0, pivot: wrong };
    const rates = own.map((value) => 1 / (name === "std" ? value : Math.sqrt(value)));
    const z = offset.map((value, i) => value * (rates[i] ?? 0));
    return {
      q: z.reduce((sum, value) => sum + value * value, 0),
      level: rates.reduce((sum, rate) => sum + Math.log(rate), 0) - d * HALF_LOG_2PI,
      slope: z.map((value, i) => value * (rates[i] ?? 0)),
      z,
      rates,
    };
  };
  return { row, bad: () => bad };
}

/** Values of a row. */
function partOf(values: ArrayLike<number>, row: number, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, k) => values[row * width + k] ?? 0);
}

/** The factor of a row's matrix, or what is wrong with it. */
export function factorAt(
  { dimension: d, name }: GaussianReference,
  values: ArrayLike<number>,
  row: number,
): Factor | BadRow {
  const matrix = partOf(values, row, d * d);
  const kind = name === "scaleTril" ? name : "covariance";
  // The kernels do not read what is above the diagonal of a factor.
  if (kind === "scaleTril") for (let i = 0; i < d; i++) matrix.fill(0, i * d + i + 1, (i + 1) * d);
  try {
    return factorise(matrix, d, { where: "", name: kind });
  } catch (error) {
    return findingOf(error, row, matrix, d);
  }
}

/** The log-density at the mean. */
export function levelOf({ lower }: Factor, d: number): number {
  let level = -d * HALF_LOG_2PI;
  for (let i = 0; i < d; i++) level -= Math.log(lower[i * d + i] ?? 0);
  return level;
}

function matrices(options: GaussianReference, values: ArrayLike<number>): Spread {
  const { dimension: d, spread } = options;
  let bad: BadRow | undefined;
  let found: Factor | BadRow | undefined;
  const row = (row: number, offset: Float64Array): Row => {
    if (spread.perRow || !found) found = factorAt(options, values, spread.perRow ? row : 0);
    const factor = "lower" in found ? found : undefined;
    if (!("lower" in found)) bad ??= found;
    const finite = offset.every(Number.isFinite);
    if (!factor || !finite) return { q: Number.NaN, level: Number.NaN, slope: new Float64Array(d).fill(Number.NaN) };
    const { inverse } = factor;
    const z = offset.map((_, i) => {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += (inverse[i * d + j] ?? 0) * (offset[j] ?? 0);
      return sum;
    });
    const slope = offset.map((_, j) => {
      let sum = 0;
      for (let i = j; i < d; i++) sum += (inverse[i * d + j] ?? 0) * (z[i] ?? 0);
      return sum;
    });
    return { q: z.reduce((sum, value) => sum + value * value, 0), level: levelOf(factor, d), slope };
  };
  return { row, bad: () => bad };
}

/** Which of the kernels' complaints an error is; they count a wrong entry by its row. */
function findingOf(error: unknown, row: number, matrix: Float64Array, d: number): BadRow {
  if (error instanceof NotPositiveDefiniteError) return { row, way: 1, pivot: error.pivot };
  if (error instanceof IllConditionedError) return { row, way: 2, pivot: error.pivot };
  if (!(error instanceof InputError)) throw error;
  if (matrix.some((value) => !Number.isFinite(value))) return { row, way: 0, pivot: 0 };
  return { row, way: 0, pivot: asymmetry((i, j) => matrix[i * d + j] ?? 0, d)?.[0] ?? 0 };
}
