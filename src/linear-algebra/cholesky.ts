import { InputError, NotPositiveDefiniteError } from "../core/errors.ts";

/** A square matrix, a row after another. */
export type Matrix = readonly (readonly number[])[];

/** What a caller may give as a square matrix: rows of numbers, or all numbers row by row. */
export type MatrixLike = ArrayLike<ArrayLike<number>> | ArrayLike<number>;

/** Differences from symmetry that roundings in f32 explain. */
export const SLACK = 1e-6;

/** The lower triangular L with L Lᵀ = a, in f64; throws InputError naming the entries, or NotPositiveDefiniteError the pivot. */
export function cholesky(a: Matrix, name: string, where: string): Matrix {
  checkSymmetric(a, name, where);
  const lower: number[][] = [];
  a.forEach((row, i) => {
    const made: number[] = [];
    for (let j = 0; j <= i; j++) {
      const above = j === i ? made : (lower[j] ?? []);
      const rest = (row[j] ?? 0) - dot(made, above, j);
      if (j < i) made.push(rest / (above[j] ?? Number.NaN));
      else if (rest > 0) made.push(Math.sqrt(rest));
      else {
        const message = `${where}: ${name} must be positive definite, got pivot ${i} of ${rest}`;
        throw new NotPositiveDefiniteError(message, { pivot: i });
      }
    }
    lower.push(made);
  });
  return lower.map((row, i) => [...row, ...new Array<number>(a.length - i - 1).fill(0)]);
}

function dot(a: readonly number[], b: readonly number[], count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}

function checkSymmetric(a: Matrix, name: string, where: string): void {
  const at = (i: number, j: number) => a[i]?.[j] ?? 0;
  const uneven = asymmetry(at, a.length);
  if (!uneven) return;
  const [i, j] = uneven;
  throw new InputError(
    `${where}: ${name} must be symmetric, got ${at(i, j)} at [${i}, ${j}] and ${at(j, i)} at [${j}, ${i}]`,
  );
}

/** The first place below the diagonal that differs from its mirror image by more than roundings in f32 explain. */
export function asymmetry(
  at: (row: number, column: number) => number,
  size: number,
): readonly [row: number, column: number] | undefined {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [at(i, j), at(j, i)];
      const scale = Math.sqrt(Math.abs(at(i, i) * at(j, j)));
      if (Math.abs(x - y) > SLACK * Math.max(scale, Math.abs(x))) return [i, j];
    }
  }
  return undefined;
}

/** The product L Lᵀ of a lower triangular matrix with its transpose. */
export function timesTranspose(lower: Matrix): Matrix {
  return lower.map((row, i) => lower.map((other, j) => dot(row, other, Math.min(i, j) + 1)));
}

/** y with L y = x, by forward substitution. */
export function solveLower(lower: Matrix, x: readonly number[]): readonly number[] {
  const y: number[] = [];
  lower.forEach((row, i) => {
    y.push(((x[i] ?? Number.NaN) - dot(row, y, i)) / (row[i] ?? Number.NaN));
  });
  return y;
}

/** Reads a size × size matrix of finite numbers. */
export function readMatrix(given: MatrixLike, size: number, name: string, where: string): Matrix {
  const problem = (got: string) =>
    new InputError(`${where}: ${name} must be ${size} rows of ${size} numbers, got ${got}`);
  if (typeof given !== "object" || given === null) throw problem(typeof given);
  if (given.length !== size && given.length !== size * size) throw problem(`${given.length}`);
  const items = Array.from<ArrayLike<number> | number>(given);
  const flat = items.length === size * size && items.every((item) => typeof item === "number");
  if (!flat && items.length !== size) throw problem(`${items.length}`);
  const rows = Array.from({ length: size }, (_, i) => {
    const row = flat ? items.slice(i * size, (i + 1) * size) : items[i];
    return typeof row === "object" && row !== null ? Array.from<unknown>(row) : [];
  });
  rows.forEach((row, i) => {
    if (row.length !== size) throw problem(`row ${i} of ${row.length}`);
    const bad = row.findIndex((value) => !(typeof value === "number" && Number.isFinite(value)));
    if (bad >= 0)
      throw new InputError(`${where}: ${name} must hold finite numbers, got ${String(row[bad])} at [${i}, ${bad}]`);
  });
  return rows as Matrix;
}
