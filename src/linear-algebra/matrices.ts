import type { Matrix } from "./cholesky.ts";

/**
 * The upper triangular R with RᵀR = AᵀA, by Householder's reflections (G. H. Golub and C. F. Van Loan, Matrix Computations,
 * section 5.2), which unlike AᵀA itself keep all digits of an ill-conditioned A. As many rows as A has, up to its columns;
 * the signs of the rows are as they come.
 */
export function triangular(a: Matrix): Matrix {
  const rows = a.map((row) => [...row]);
  const columns = rows[0]?.length ?? 0;
  for (let k = 0; k < Math.min(rows.length - 1, columns); k++) {
    const below = rows.slice(k);
    const column = below.map((row) => row[k] ?? 0);
    const norm = Math.hypot(...column);
    if (norm === 0) continue;
    const [first = 0] = column;
    const end = first > 0 ? -norm : norm;
    // The reflection I - v vᵀ / (vᵀv / 2), v the difference of the column and (end, 0, 0 …), takes the one to the other.
    const v = [first - end, ...column.slice(1)];
    const half = norm * (norm + Math.abs(first));
    for (let j = k + 1; j < columns; j++) {
      const share = below.reduce((sum, row, i) => sum + (v[i] ?? 0) * (row[j] ?? 0), 0) / half;
      below.forEach((row, i) => {
        row[j] = (row[j] ?? 0) - share * (v[i] ?? 0);
      });
    }
    below.forEach((row, i) => {
      row[k] = i === 0 ? end : 0;
    });
  }
  return rows.slice(0, columns);
}

/** x with R x = y for an upper triangular R. */
export function solveUpper(upper: Matrix, y: readonly number[]): readonly number[] {
  const x = new Array<number>(y.length).fill(0);
  for (let i = y.length - 1; i >= 0; i--) {
    const row = upper[i] ?? [];
    const rest = x.reduce((sum, value, j) => (j > i ? sum - (row[j] ?? 0) * value : sum), y[i] ?? 0);
    x[i] = rest / (row[i] ?? Number.NaN);
  }
  return x;
}

/** The lower triangular L with a positive diagonal and L Lᵀ = F Fᵀ. */
export function lowerOf(f: Matrix): Matrix {
  const upper = triangular(transposed(f));
  return transposed(upper.map((row, i) => ((row[i] ?? 0) < 0 ? row.map((value) => -value) : row)));
}

export function times(a: Matrix, b: Matrix): Matrix {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
}

export function transposed(a: Matrix): Matrix {
  return (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? 0));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
}

export function sumOfSquares(values: readonly number[]): number {
  return dot(values, values);
}
