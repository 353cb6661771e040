import type { Matrix } from "./cholesky.ts";

/** Eigenvalues of a symmetric matrix, and their unit eigenvectors, a row each. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: Matrix;
}

/** Sweeps are quadratic: a dozen suffice for any matrix that f64 can hold. */
const MOST_SWEEPS = 60;

/** Jacobi's method in f64: rotations that make one off-diagonal entry after another 0, row by row, until all are (Golub and Van Loan, §8.5). */
export function eigenOf(symmetric: Matrix): Eigen {
  const n = symmetric.length;
  const vectors = symmetric.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  return { values: diagonalised(symmetric, vectors), vectors: vectors.map((row) => Array.from(row)) };
}

/** The eigenvalues alone: small ones keep an error relative to the largest entry. */
export function eigenvaluesOf(symmetric: Matrix): readonly number[] {
  return diagonalised(symmetric, []);
}

function diagonalised(symmetric: Matrix, vectors: readonly Float64Array[]): readonly number[] {
  const n = symmetric.length;
  const a = symmetric.map((row) => Float64Array.from(row));
  for (let sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(a); sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  return a.map((row, i) => row[i] as number);
}

/** Whether what is left beside the diagonal no longer changes an eigenvalue. */
export function isDiagonal(a: ArrayLike<ArrayLike<number>>): boolean {
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [row, other] = [a[i] as ArrayLike<number>, a[j] as ArrayLike<number>];
      const size = Math.sqrt(Math.abs((row[i] as number) * (other[j] as number)));
      if (Math.abs(row[j] as number) > 1e-17 * size) return false;
    }
  }
  return true;
}

/** Turns the axes p and q so that a[p][q] becomes 0: a ← J a Jᵀ, and vectors, where there are any, ← J vectors. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [rowP, rowQ] = [a[p] as Float64Array, a[q] as Float64Array];
  const entry = rowP[q] as number;
  if (entry === 0) return;
  const theta = ((rowQ[q] as number) - (rowP[p] as number)) / (2 * entry);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cos = 1 / Math.hypot(t, 1);
  const sin = t * cos;
  for (const row of a) turnEntries(row, p, q, cos, sin);
  turnRows(rowP, rowQ, cos, sin);
  rowP[q] = 0;
  rowQ[p] = 0;
  const [own, other] = [vectors[p], vectors[q]];
  if (own && other) turnRows(own, other, cos, sin);
}

function turnEntries(row: Float64Array, p: number, q: number, cos: number, sin: number): void {
  const [a, b] = [row[p] as number, row[q] as number];
  row[p] = cos * a - sin * b;
  row[q] = sin * a + cos * b;
}

function turnRows(x: Float64Array, y: Float64Array, cos: number, sin: number): void {
  for (let k = 0; k < x.length; k++) {
    const [a, b] = [x[k] as number, y[k] as number];
    x[k] = cos * a - sin * b;
    y[k] = sin * a + cos * b;
  }
}
