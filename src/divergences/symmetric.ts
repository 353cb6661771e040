import type { Matrix } from "../distributions/cholesky.ts";

/** More sweeps than any symmetric matrix needs: convergence is quadratic. */
const SWEEPS = 50;

/** Eigenvalues of a symmetric matrix, in no order, by Jacobi's rotations: small ones keep an error relative to the largest entry. */
export function eigenvaluesOf(matrix: Matrix): readonly number[] {
  const a = matrix.map((row) => [...row]);
  const at = (i: number, j: number) => a[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let i = 0; i < a.length; i++) {
      for (let j = i + 1; j < a.length; j++) {
        const off = at(i, j);
        if (Math.abs(off) <= Number.EPSILON * 0.5 * Math.sqrt(Math.abs(at(i, i) * at(j, j))) || off === 0) continue;
        rotated = true;
        rotate(a, i, j);
      }
    }
    if (!rotated) break;
  }
  return a.map((_, i) => at(i, i));
}

/** Makes a[i][j] zero by a rotation of the axes i and j. */
function rotate(a: readonly number[][], i: number, j: number): void {
  const at = (row: number, column: number) => a[row]?.[column] ?? 0;
  const off = at(i, j);
  const slope = (at(j, j) - at(i, i)) / (2 * off);
  const tangent = (slope >= 0 ? 1 : -1) / (Math.abs(slope) + Math.hypot(1, slope));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  const [first, second] = [a[i], a[j]];
  if (!first || !second) return;
  const [own, other] = [at(i, i) - tangent * off, at(j, j) + tangent * off];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [first[k] ?? 0, second[k] ?? 0];
    first[k] = cosine * x - sine * y;
    second[k] = sine * x + cosine * y;
  }
  a.forEach((row, k) => {
    row[i] = first[k] ?? 0;
    row[j] = second[k] ?? 0;
  });
  first[i] = own;
  second[j] = other;
  first[j] = 0;
  second[i] = 0;
}
