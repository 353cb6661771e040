import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import type { Matrix, MatrixLike } from "../../linear-algebra/cholesky.ts";
import { lowerOf } from "../../linear-algebra/matrices.ts";
import { checkLocation, listOf } from "../checks.ts";
import type { Distribution } from "../distribution.ts";
import { type MultivariateNormal, multivariateNormal } from "./multivariate-normal.ts";
import { type Normal, normal } from "./normal.ts";

const WHERE = "affine";

/**
 * The distribution of A x + b for x of a normal distribution: a normal one again. Of `normal(mean, std)` A and b are numbers and
 * A is not 0; of `multivariateNormal` of d coordinates A is [m, d] of full row rank, m <= d, and b has m numbers.
 *
 * @param A - rows of numbers, or all numbers row by row
 * @throws InputError for others
 */
export function affine(gaussian: Normal, A: number, b: number): Normal;
export function affine(gaussian: MultivariateNormal, A: MatrixLike, b: ArrayLike<number>): MultivariateNormal;
export function affine(
  gaussian: Normal | MultivariateNormal,
  A: number | MatrixLike,
  b: number | ArrayLike<number>,
): Normal | MultivariateNormal {
  if (isNamed<Normal>(gaussian, "normal")) return scaled(gaussian, A, b);
  if (isNamed<MultivariateNormal>(gaussian, "multivariateNormal")) return mapped(gaussian, A, b);
  throw new InputError(`${WHERE}: gaussian must be a normal or multivariateNormal, got ${nameOf(gaussian)}`);
}

function isNamed<D extends Distribution>(value: Distribution, name: D["name"]): value is D {
  return typeof value === "object" && value !== null && value.name === name && "model" in value;
}

function nameOf(value: unknown): string {
  const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  return typeof name === "string" ? name : shown(value);
}

function scaled({ mean, std }: Normal, A: unknown, b: unknown): Normal {
  if (typeof A !== "number" || !Number.isFinite(A) || A === 0) {
    throw new InputError(`${WHERE}: A must be a number other than 0 for a normal, got ${shown(A)}`);
  }
  if (typeof b !== "number") throw new InputError(`${WHERE}: b must be a number for a normal, got ${shown(b)}`);
  checkLocation(b, "b", WHERE);
  return normal(A * mean + b, Math.abs(A) * std);
}

function mapped(gaussian: MultivariateNormal, A: unknown, b: unknown): MultivariateNormal {
  const { mean, scaleTril } = gaussian;
  const shift = listOf(b as ArrayLike<number>, "b", WHERE);
  shift.forEach((value, k) => {
    checkLocation(value, `b[${k}]`, WHERE);
  });
  const rows = readRows(A as MatrixLike, shift.length, mean.length);
  // A L, whose rows' products are the covariance; its triangular factor is found without squaring it.
  const image = rows.map((row) =>
    mean.map((_, j) => scaleTril.reduce((sum, own, k) => sum + (row[k] ?? 0) * (own[j] ?? 0), 0)),
  );
  return multivariateNormal({
    mean: rows.map((row, i) => row.reduce((sum, value, k) => sum + value * (mean[k] ?? 0), shift[i] ?? 0)),
    scaleTril: triangular(image),
  });
}

function readRows(A: MatrixLike, m: number, d: number): Matrix {
  const needed = (got: string) =>
    new InputError(`${WHERE}: A must be ${m} rows, as b has, of ${d} numbers, got ${got}`);
  if (m > d)
    throw new InputError(`${WHERE}: b must have at most ${d} numbers, as many as gaussian has coordinates, got ${m}`);
  if (typeof A !== "object" || A === null) throw needed(shown(A));
  const items = Array.from<ArrayLike<number> | number>(A);
  const flat = items.length === m * d && items.every((item) => typeof item === "number");
  if (!flat && items.length !== m) throw needed(`${items.length}`);
  return Array.from({ length: m }, (_, i) => {
    const own = flat ? items.slice(i * d, (i + 1) * d) : items[i];
    const row = typeof own === "object" && own !== null ? Array.from<unknown>(own) : [];
    if (row.length !== d) throw needed(`row ${i} of ${row.length}`);
    const bad = row.findIndex((value) => !(typeof value === "number" && Number.isFinite(value)));
    if (bad >= 0)
      throw new InputError(`${WHERE}: A must hold finite numbers, got ${shown(row[bad])} at [${i}, ${bad}]`);
    return row as number[];
  });
}

/** What is left of a row, relative to the row, that is a rounding error. */
const ROUNDING = 1e-13;

/** The lower triangular T with a positive diagonal and T Tᵀ = a aᵀ. */
function triangular(a: Matrix): Matrix {
  const lower = lowerOf(a);
  // What a row has beside the rows before it.
  const dependent = a.findIndex((row, i) => !((lower[i]?.[i] ?? 0) > ROUNDING * Math.hypot(...row)));
  if (dependent < 0) return lower;
  throw new InputError(`${WHERE}: A must have full row rank, got row ${dependent} that the rows before it make up`);
}
