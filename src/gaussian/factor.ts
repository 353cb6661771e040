import { LEAST_NORMAL, MOST_INVERTIBLE } from "../arithmetic/range.ts";
import { IllConditionedError, InputError, NotPositiveDefiniteError } from "../core/errors.ts";
import { asymmetry, timesTranspose } from "../linear-algebra/cholesky.ts";
import { eigenvaluesOf } from "../linear-algebra/eigen.ts";

/** Above it, results in f32 would keep fewer than two digits: condition · 2⁻²⁴ > 1e-2. */
export const CONDITION_LIMIT = 2 ** 24 / 100;

/** Whose matrix it is, for messages. */
export interface MatrixName {
  readonly where: string;
  readonly name: "covariance" | "scaleTril";
  /** Of a matrix a row. */
  readonly row?: number | undefined;
}

/** A matrix, and its inverse: both lower triangular, all size · size numbers row by row. */
export interface Factor {
  readonly lower: Float64Array;
  readonly inverse: Float64Array;
}

/**
 * The lower triangular factor of a covariance, or of what is one already, in f64.
 *
 * @throws InputError for numbers that are not finite, or a matrix that is not symmetric (or lower triangular),
 * NotPositiveDefiniteError, IllConditionedError
 */
export function factorise(matrix: Float64Array, size: number, of: MatrixName): Factor {
  const bad = matrix.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw wrong(of, `hold finite numbers, got ${matrix[bad]} at ${place(bad, size)}`);
  const lower = of.name === "covariance" ? cholesky(matrix, size, of) : checkedLower(matrix, size, of);
  const inverse = invert(lower, size);
  checkCondition(lower, inverse, size, of);
  for (let i = 0; i < size; i++) {
    const std = Math.abs(lower[i * size + i] ?? 0);
    if (std < LEAST_NORMAL || std > MOST_INVERTIBLE) {
      throw wrong(of, `leave standard deviations from 2^-126 to 2^126, got ${std} at ${i}`);
    }
  }
  return { lower, inverse };
}

function wrong({ where, name, row }: MatrixName, what: string): InputError {
  return new InputError(`${where}: ${name}${ofRow(row)} must ${what}`);
}

function ofRow(row: number | undefined): string {
  return row === undefined ? "" : ` of row ${row}`;
}

function place(at: number, size: number): string {
  return `[${Math.floor(at / size)}, ${at % size}]`;
}

function cholesky(a: Float64Array, size: number, of: MatrixName): Float64Array {
  const lower = new Float64Array(size * size);
  const at = (m: Float64Array, i: number, j: number) => m[i * size + j] as number;
  const uneven = asymmetry((i, j) => at(a, i, j), size);
  if (uneven) {
    const [i, j] = uneven;
    throw wrong(of, `be symmetric, got ${at(a, i, j)} at [${i}, ${j}] and ${at(a, j, i)} at [${j}, ${i}]`);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = at(a, i, j);
      for (let k = 0; k < j; k++) rest -= at(lower, i, k) * at(lower, j, k);
      if (j < i) lower[i * size + j] = rest / at(lower, j, j);
      else if (rest > 0) lower[i * size + i] = Math.sqrt(rest);
      else throw notPositive(of, `be positive definite, got pivot ${i} of ${rest}`, i);
    }
  }
  return lower;
}

function notPositive({ where, name, row }: MatrixName, what: string, pivot: number): NotPositiveDefiniteError {
  return new NotPositiveDefiniteError(`${where}: ${name}${ofRow(row)} must ${what}`, { row, pivot });
}

function checkedLower(given: Float64Array, size: number, of: MatrixName): Float64Array {
  for (let i = 0; i < size; i++) {
    const value = given[i * size + i] as number;
    if (!(value > 0)) throw notPositive(of, `have a positive diagonal, got ${value} at [${i}, ${i}]`, i);
    for (let j = i + 1; j < size; j++) {
      const above = given[i * size + j] as number;
      if (above !== 0) throw wrong(of, `be 0 above its diagonal, got ${above} at [${i}, ${j}]`);
    }
  }
  return given;
}

/** The inverse of a lower triangular matrix, column by column. */
function invert(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let i = c; i < size; i++) {
      let rest = i === c ? 1 : 0;
      for (let j = c; j < i; j++) rest -= (lower[i * size + j] as number) * (inverse[j * size + c] as number);
      inverse[i * size + c] = rest / (lower[i * size + i] as number);
    }
  }
  return inverse;
}

function checkCondition(lower: Float64Array, inverse: Float64Array, size: number, of: MatrixName): void {
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  // trace(Σ) trace(Σ⁻¹) is never below the condition number.
  if (squares(lower) * squares(inverse) <= CONDITION_LIMIT) return;
  // Nor is this, which is closer, and much sooner found than the eigenvalues.
  const bound = eigenvalueBound(lower, size) * eigenvalueBound(transposed(inverse, size), size);
  if (bound <= CONDITION_LIMIT * (1 - 1e-9)) return;
  const condition = conditionOf(lower, size);
  if (condition <= CONDITION_LIMIT) return;
  const { where, name, row } = of;
  const what = name === "covariance" ? "a condition number" : "a covariance of condition number";
  throw new IllConditionedError(
    `${where}: ${name}${ofRow(row)} must have ${what} below 1.7e5 (2^24 / 100), got ${condition.toPrecision(3)}; rescale the coordinates, or leave out those that others determine`,
    { row, pivot: weakest(inverse, size), condition },
  );
}

/** What the largest eigenvalue of A = a aᵀ does not exceed, and comes to size^(-1/8) of: the eighth root of trace(A⁸). */
function eigenvalueBound(a: Float64Array, size: number): number {
  const once = timesOwnTranspose(a, size);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += once[i * size + i] as number;
  const squared = timesOwnTranspose(
    once.map((value) => value / trace),
    size,
  );
  const fourth = timesOwnTranspose(squared, size);
  return trace * fourth.reduce((sum, value) => sum + value * value, 0) ** (1 / 8);
}

/** a aᵀ, for a symmetric matrix its square. */
function timesOwnTranspose(a: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (a[i * size + k] as number) * (a[j * size + k] as number);
      product[i * size + j] = sum;
      product[j * size + i] = sum;
    }
  }
  return product;
}

function transposed(a: Float64Array, size: number): Float64Array {
  return a.map((_, k) => a[(k % size) * size + Math.floor(k / size)] as number);
}

/** The coordinate that the others determine most: where the diagonal of the inverse, WᵀW, is largest. */
export function weakest(inverse: Float64Array, size: number): number {
  const precisions = Array.from({ length: size }, (_, c) => {
    let sum = 0;
    for (let i = c; i < size; i++) sum += (inverse[i * size + c] as number) ** 2;
    return sum;
  });
  return precisions.indexOf(Math.max(...precisions));
}

/** The largest eigenvalue of L Lᵀ over the smallest. */
export function conditionOf(lower: Float64Array, size: number): number {
  const rows = Array.from({ length: size }, (_, i) => Array.from(lower.subarray(i * size, (i + 1) * size)));
  const eigenvalues = eigenvaluesOf(timesTranspose(rows));
  const least = Math.min(...eigenvalues);
  return least > 0 ? Math.max(...eigenvalues) / least : Number.POSITIVE_INFINITY;
}
