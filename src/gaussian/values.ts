import { LARGEST, LEAST_NORMAL, MOST_INVERTIBLE } from "../arithmetic/range.ts";
import { InputError } from "../core/errors.ts";
import { factorise } from "./factor.ts";
import type { Parameter, ReadGaussian } from "./options.ts";

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** Where value `k` of a parameter stands, for messages. */
function indexOf(k: number, { perRow }: Parameter, dimension: number): string {
  return perRow ? `[${Math.floor(k / dimension)}, ${k % dimension}]` : `[${k}]`;
}

/** Checks the values that the host has of the mean. */
export function checkMean({ mean, where, dimension }: ReadGaussian): void {
  const bad = mean.values?.findIndex((value) => !(Math.abs(value) <= LARGEST)) ?? -1;
  if (bad < 0) return;
  throw new InputError(
    `${where}: mean${indexOf(bad, mean, dimension)} must be a finite number that f32 can hold, got ${mean.values?.[bad]}`,
  );
}

/** Checks the values that the host has of the standard deviations or variances. */
export function checkSpread({ spread, name, where, dimension }: ReadGaussian): void {
  const bad = spread.values?.findIndex((value) => !(value >= LEAST_NORMAL && value <= MOST_INVERTIBLE)) ?? -1;
  if (bad < 0) return;
  throw new InputError(
    `${where}: ${name}${indexOf(bad, spread, dimension)} must be a positive number, 2^-126 to 2^126, got ${spread.values?.[bad]}`,
  );
}

/** The rates 1 / std, and the log-density at the mean. */
export function ratesOf(values: Float64Array, variances: boolean): { rates: Float64Array; level: number } {
  const rates = values.map((value) => 1 / (variances ? Math.sqrt(value) : value));
  const logDeterminant = values.reduce((sum, value) => sum + Math.log(value), 0) * (variances ? 0.5 : 1);
  return { rates, level: -logDeterminant - values.length * HALF_LOG_2PI };
}

/** The inverse factor of a shared matrix, its lower triangle row by row, and the log-density at the mean. */
export function whiteningOf({ spread, name, where, dimension: size }: ReadGaussian): Float32Array {
  const values = spread.values ?? new Float64Array();
  const { lower, inverse } = factorise(values, size, { where, name: matrixName(name) });
  const packed: number[] = [];
  let level = -size * HALF_LOG_2PI;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) packed.push(inverse[i * size + j] as number);
    level -= Math.log(lower[i * size + i] as number);
  }
  return Float32Array.from([...packed, level]);
}

/** The factor of each row's matrix, factorised in f64. */
export function factorsOf({ spread, name, where, dimension: size, rows }: ReadGaussian): Float32Array {
  const values = spread.values ?? new Float64Array();
  const factors = new Float32Array(values.length);
  const each = size * size;
  for (let row = 0; row < rows; row++) {
    const matrix = values.subarray(row * each, (row + 1) * each);
    factors.set(factorise(matrix, size, { where, name: matrixName(name), row }).lower, row * each);
  }
  return factors;
}

function matrixName(name: ReadGaussian["name"]): "covariance" | "scaleTril" {
  return name === "scaleTril" ? name : "covariance";
}
