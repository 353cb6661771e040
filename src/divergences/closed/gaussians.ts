import { logQuotient, ratioGap } from "../../distributions/bregman/generators.ts";
import { jointLog, renyiOfExcess } from "../../distributions/bregman/location-scale.ts";
import type { Distribution } from "../../distributions/distribution.ts";
import type { Independent } from "../../distributions/families/independent.ts";
import type { MultivariateNormal } from "../../distributions/families/multivariate-normal.ts";
import type { Normal } from "../../distributions/families/normal.ts";
import { coordinatesOfPoint } from "../../distributions/parts.ts";
import { type Matrix, solveLower } from "../../linear-algebra/cholesky.ts";
import { eigenvaluesOf } from "../../linear-algebra/eigen.ts";

/** A normal distribution of numbers or vectors, by its mean and the lower triangle of its scale. */
export interface Gaussian {
  readonly mean: readonly number[];
  readonly scaleTril: Matrix;
}

/** What a distribution is as a normal one, if it is one: products of normal distributions are. */
export function asGaussian(distribution: Distribution): Gaussian | undefined {
  const { name, mean } = distribution;
  if (name === "normal") return { mean: coordinatesOfPoint(mean), scaleTril: [[(distribution as Normal).std]] };
  if (name === "multivariateNormal") {
    return { mean: coordinatesOfPoint(mean), scaleTril: (distribution as MultivariateNormal).scaleTril };
  }
  if (name !== "independent") return undefined;
  const blocks = (distribution as Independent).distributions.map(asGaussian);
  if (!blocks.every((block) => block !== undefined)) return undefined;
  const size = blocks.reduce((sum, block) => sum + block.mean.length, 0);
  let start = 0;
  const scaleTril = blocks.flatMap((block) => {
    const before = new Array<number>(start).fill(0);
    start += block.mean.length;
    const after = new Array<number>(size - start).fill(0);
    return block.scaleTril.map((row) => [...before, ...row, ...after]);
  });
  return { mean: blocks.flatMap((block) => block.mean), scaleTril };
}

/**
 * ½ (|L⁻¹ d|² + tr M - n - log det M), L q's scale, d the difference of the means and M = A Aᵀ, A = L⁻¹ times p's scale: A is lower
 * triangular, so its diagonal gives the determinant, and what is off it adds squares.
 */
export function klOfGaussians(p: Gaussian, q: Gaussian): number {
  const a = excessScale(p, q);
  const logs = logScales(p, q);
  const diagonal = a.reduce(
    (sum, row, i) => sum + ratioGap((row[i] ?? 0) * (2 + (row[i] ?? 0)), 2 * (logs[i] ?? 0)),
    0,
  );
  const off = a.reduce((sum, row, i) => sum + squares(row.slice(0, i)), 0);
  return 0.5 * (diagonal + off + squares(apart(p, q)));
}

/** Squared Mahalanobis distance of the means in units of q. */
export function squaredDistance(p: Gaussian, q: Gaussian): number {
  return squares(apart(p, q));
}

/** Eigenvalues of Σq⁻¹ Σp less 1: how much wider p is than q along the axes that both have. */
export function excesses(p: Gaussian, q: Gaussian): readonly number[] {
  return eigenvaluesOf(excessOf(excessScale(p, q)));
}

/** Whether both have the same covariance, to the bit. */
export function sameScale(p: Gaussian, q: Gaussian): boolean {
  return p.scaleTril.every((row, i) => row.every((value, j) => value === q.scaleTril[i]?.[j]));
}

/** Infinite where α Σp⁻¹ + (1 - α) Σq⁻¹ is not positive definite. */
export function renyiOfGaussians(p: Gaussian, q: Gaussian, alpha: number): number {
  const excess = excessOf(excessScale(p, q));
  const spread = renyiOfSpreads(eigenvaluesOf(excess), 2 * total(logScales(p, q)), alpha);
  if (!(spread < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  // In q's coordinates the joint covariance is I + (1 - α) (M - I).
  const joint = excess.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) + (1 - alpha) * value));
  const d = apart(p, q);
  return spread + 0.5 * alpha * d.reduce((sum, value, i) => sum + value * (solve(joint, d)[i] ?? 0), 0);
}

/**
 * The logarithm of the largest p / q, ½ (dᵀ (I - M)⁻¹ d - log det M) in q's coordinates: infinite unless q's covariance is the larger along every
 * axis.
 */
export function largestRatio(p: Gaussian, q: Gaussian): number {
  const excess = excessOf(excessScale(p, q));
  if (!eigenvaluesOf(excess).every((t) => t < 0)) return Number.POSITIVE_INFINITY;
  const d = apart(p, q);
  const nearness = solve(
    excess.map((row) => row.map((value) => -value)),
    d,
  );
  return 0.5 * dot(d, nearness) - total(logScales(p, q));
}

/** Of centred ones: where an eigenvalue is far from 1, which may have lost it, by the determinant, which has not. */
function renyiOfSpreads(excesses: readonly number[], logDeterminant: number, alpha: number): number {
  if (excesses.every((t) => Math.abs(t) < 0.5)) {
    return total(excesses.map((t) => renyiOfExcess(t, Math.log1p(t), alpha)));
  }
  return 0.5 * (total(excesses.map((t) => jointLog(t, alpha))) - logDeterminant);
}

/** log of the ratio of p's scale's diagonal to q's. */
function logScales(p: Gaussian, q: Gaussian): readonly number[] {
  return p.scaleTril.map((row, i) => logQuotient(row[i] ?? Number.NaN, q.scaleTril[i]?.[i] ?? Number.NaN));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function apart(p: Gaussian, q: Gaussian): readonly number[] {
  return solveLower(
    q.scaleTril,
    p.mean.map((value, i) => value - (q.mean[i] ?? Number.NaN)),
  );
}

/** L⁻¹ (p's scale - L), of L q's scale: lower triangular, by columns that are solved one after another. */
function excessScale(p: Gaussian, q: Gaussian): Matrix {
  const columns = p.mean.map((_, j) =>
    solveLower(
      q.scaleTril,
      p.scaleTril.map((row, i) => (row[j] ?? 0) - (q.scaleTril[i]?.[j] ?? 0)),
    ),
  );
  return p.mean.map((_, i) => columns.map((column) => column[i] ?? 0));
}

/** (I + E)(I + E)ᵀ - I = E + Eᵀ + E Eᵀ */
function excessOf(e: Matrix): Matrix {
  return e.map((row, i) => e.map((other, j) => (row[j] ?? 0) + (other[i] ?? 0) + dot(row, other)));
}

/** Gaussian elimination without exchanges, of a positive definite matrix. */
function solve(a: Matrix, b: readonly number[]): readonly number[] {
  const rows = a.map((row, i) => [...row, b[i] ?? 0]);
  rows.forEach((pivot, k) => {
    rows.forEach((row, i) => {
      if (i === k) return;
      const factor = (row[k] ?? 0) / (pivot[k] ?? 0);
      for (let j = k; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0);
    });
  });
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? Number.NaN));
}

function squares(values: readonly number[]): number {
  return dot(values, values);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
}
