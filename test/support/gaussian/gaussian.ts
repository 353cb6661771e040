import { randomSource } from "../data.ts";

/** f32's unit roundoff. */
export const U = 2 ** -24;

/** Normal numbers by Box and Muller, the same ones for the same seed. */
export function normalSource(seed: number): () => number {
  const random = randomSource(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A matrix, row by row, in numbers that f32 has. */
export type Flat = readonly number[];

/** A covariance of given condition number, eigenvalues evenly spaced in their logarithms, turned by random reflections. */
export function randomCovariance(normal: () => number, d: number, condition: number, scale = 1): Flat {
  const a: number[][] = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) => (i === j ? scale * condition ** (d > 1 ? -i / (d - 1) : 0) : 0)),
  );
  for (let turn = 0; turn < 3; turn++) {
    const v = Array.from({ length: d }, normal);
    const size = v.reduce((sum, value) => sum + value * value, 0);
    // H A H with H = I - 2 v vᵀ / size
    const reflect = (rows: number[][]) =>
      rows.map((row) => {
        const dot = row.reduce((sum, value, j) => sum + value * (v[j] ?? 0), 0);
        return row.map((value, j) => value - ((2 * dot) / size) * (v[j] ?? 0));
      });
    const once = reflect(a);
    const turned = once[0]?.map((_, j) => once.map((row) => row[j] ?? 0)) ?? [];
    reflect(turned).forEach((row, i) => {
      a[i] = row;
    });
  }
  return a.flatMap((row, i) => row.map((_, j) => Math.fround(i >= j ? (a[i]?.[j] ?? 0) : (a[j]?.[i] ?? 0))));
}

/** What an independent f64 computation finds of one row. */
export interface Oracle {
  readonly logDensity: number;
  readonly distance: number;
  /** Σ⁻¹ (x - mean) */
  readonly slope: readonly number[];
  /** ½ q + Σ |log of a pivot's root| + d/2 log 2π: what errors are relative to. */
  readonly size: number;
  /** ‖Σ⁻¹‖ ‖x - mean‖, of which each coordinate of `slope` is a part. */
  readonly steepness: number;
}

/** By Gaussian elimination of the covariance itself, without a factor: Σ = L D Lᵀ, pivots D. */
export function oracleOf(x: ArrayLike<number>, mean: ArrayLike<number>, covariance: Flat): Oracle {
  const d = x.length;
  const a = Array.from({ length: d }, (_, i) => covariance.slice(i * d, (i + 1) * d));
  const inverse = a.map((_, i) => a.map((_, j): number => (i === j ? 1 : 0)));
  const pivots: number[] = [];
  for (let k = 0; k < d; k++) {
    const row = a[k] as number[];
    const own = inverse[k] as number[];
    const pivot = row[k] as number;
    pivots.push(pivot);
    for (let i = 0; i < d; i++) {
      if (i === k) continue;
      const factor = ((a[i] as number[])[k] as number) / pivot;
      for (let j = 0; j < d; j++) {
        (a[i] as number[])[j] = ((a[i] as number[])[j] as number) - factor * (row[j] as number);
        (inverse[i] as number[])[j] = ((inverse[i] as number[])[j] as number) - factor * (own[j] as number);
      }
    }
  }
  inverse.forEach((row, i) => {
    row.forEach((value, j) => {
      row[j] = value / (pivots[i] as number);
    });
  });
  const offset = Array.from({ length: d }, (_, i) => (x[i] as number) - (mean[i] as number));
  const slope = inverse.map((row) => row.reduce((sum, value, j) => sum + value * (offset[j] ?? 0), 0));
  const q = slope.reduce((sum, value, i) => sum + value * (offset[i] ?? 0), 0);
  const logs = pivots.map((pivot) => 0.5 * Math.log(pivot));
  const constant = 0.5 * d * Math.log(2 * Math.PI);
  const length = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return {
    logDensity: -0.5 * q - logs.reduce((sum, value) => sum + value, 0) - constant,
    distance: Math.sqrt(q),
    slope,
    size: 0.5 * q + logs.reduce((sum, value) => sum + Math.abs(value), 0) + constant,
    steepness: length(inverse.flat()) * length(offset),
  };
}

/** A diagonal covariance, row by row. */
export function diagonalOf(variances: ArrayLike<number>): Flat {
  const d = variances.length;
  return Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? (variances[k / (d + 1)] as number) : 0));
}

/** Roundings of a result whose terms do not cancel: the difference, the rate (a reciprocal or its root: 2 ULP), their product, the square, the halving sum of up to 64 squares, the logarithms (2 ULP), and the last addition. */
function floorOf(d: number): number {
  return 20 + Math.min(d, 64);
}

/**
 * Independent coordinates. Every term is positive or is measured by its size, so the roundings above bound the error; the
 * promise is 1e-5 of the terms' sizes.
 */
export function diagonalTolerance({ size }: Oracle, d: number): number {
  const budget = U * floorOf(d);
  if (budget > 1e-5) throw new Error(`tolerance ${budget} is looser than the promise`);
  return budget * size;
}

/**
 * A covariance of given condition number: a factorisation in f32 is that of a matrix a few roundings of its largest
 * eigenvalue away (Higham, Accuracy and Stability of Numerical Algorithms, theorem 10.3), which the smallest eigenvalue sees
 * magnified by the condition number. The promise is condition · 2^-22, four roundings, beyond those of the result.
 */
export function matrixTolerance({ size }: Oracle, d: number, condition: number): number {
  return U * (floorOf(d) + 4 * condition) * size;
}

/** A distance has half of its square's relative error, and a root's rounding. */
export function distanceTolerance({ distance }: Oracle, d: number, condition: number): number {
  return U * (floorOf(d) + 4 * condition) * distance;
}

/** A coordinate of Σ⁻¹ (x - mean): the same errors, relative to the product's size. */
export function slopeTolerance({ steepness }: Oracle, d: number, condition: number): number {
  return U * (floorOf(d) + 4 * condition) * steepness;
}

/** The lower factor of a covariance in numbers that f32 has, row by row, and the product L Lᵀ of just those numbers. */
export function choleskyOf(covariance: Flat, d: number): { factor: number[]; product: number[] } {
  const l = Array.from({ length: d }, () => new Array<number>(d).fill(0));
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = covariance[i * d + j] as number;
      for (let k = 0; k < j; k++) rest -= (l[i]?.[k] ?? 0) * (l[j]?.[k] ?? 0);
      (l[i] as number[])[j] = Math.fround(i === j ? Math.sqrt(rest) : rest / (l[j]?.[j] ?? 0));
    }
  }
  const product = l.flatMap((a) => l.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)));
  return { factor: l.flat(), product };
}
