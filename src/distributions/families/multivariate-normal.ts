import { InputError } from "../../core/errors.ts";
import { checkNamesOf } from "../../core/options.ts";
import { type Expr, number, parameter, variable } from "../../expression/expr.ts";
import { add, div, mul, sub } from "../../expression/simplify.ts";
import {
  cholesky,
  type Matrix,
  type MatrixLike,
  readMatrix,
  solveLower,
  timesTranspose,
} from "../../linear-algebra/cholesky.ts";
import { checkLocation, checkScale, listOf } from "../checks.ts";
import type { VectorDistribution } from "../distribution.ts";
import { EVERYWHERE, LOG_2PI, log, minusHalfSquare } from "../formulas.ts";
import { type Formulas, vector } from "../make.ts";
import { isCoarse, type Location, locationNamed, type Refined, type Term } from "../refined.ts";

export interface MultivariateNormal extends VectorDistribution {
  readonly name: "multivariateNormal";
  readonly covariance: Matrix;
  /** Lower triangular, scaleTril scaleTrilᵀ = covariance. */
  readonly scaleTril: Matrix;
}

/** The mean, and one of the others; matrices are rows of numbers, or all numbers row by row. */
export interface MultivariateNormalOptions {
  readonly mean: ArrayLike<number>;
  /** Standard deviations of coordinates that are independent. */
  readonly std?: ArrayLike<number>;
  /** Their variances. */
  readonly variance?: ArrayLike<number>;
  readonly covariance?: MatrixLike;
  readonly scaleTril?: MatrixLike;
}

const WHERE = "multivariateNormal";

/**
 * The normal distribution of vectors. Of a covariance the lower triangle counts.
 *
 * @throws InputError unless there is a mean and exactly one of std, variance, covariance and scaleTril, which fits it, and is
 * positive, or positive definite, or has a positive diagonal
 */
export function multivariateNormal(options: MultivariateNormalOptions): MultivariateNormal {
  checkNamesOf(options, ["mean", "std", "variance", "covariance", "scaleTril"], WHERE);
  const mean = listOf(options.mean, "mean", WHERE);
  mean.forEach((value, k) => {
    checkLocation(value, `mean[${k}]`, WHERE);
  });
  const scaleTril = frozenMatrix(readScale(options, mean.length));
  scaleTril.forEach((row, i) => {
    checkScale(row[i] ?? 0, `the standard deviation of x[${i}] given those before it`, WHERE);
  });
  const covariance = frozenMatrix(timesTranspose(scaleTril));
  const size = mean.length;
  const logScale = scaleTril.reduce((sum, row, i) => sum + Math.log(row[i] ?? 0), 0) + (size * LOG_2PI) / 2;
  const diagonal = options.std !== undefined || options.variance !== undefined;
  return vector<MultivariateNormal>({
    own: {
      name: "multivariateNormal",
      mean,
      variance: covariance.map((row, i) => row[i] ?? 0),
      covariance,
      scaleTril,
      logProb(x) {
        if (x.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
        const y = solveLower(
          scaleTril,
          x.map((value, k) => value - (mean[k] ?? 0)),
        );
        // Distances beyond f64, of which some may be differences of infinite ones.
        if (!y.every(Number.isFinite) && !x.some(Number.isNaN)) return Number.NEGATIVE_INFINITY;
        return -0.5 * y.reduce((sum, value) => sum + value * value, 0) - logScale;
      },
      mode: () => mean,
      entropy: () => size / 2 + logScale,
    },
    support: mean.map(() => EVERYWHERE),
    model: () => modelOf(mean, scaleTril, diagonal),
  });
}

function readScale(options: MultivariateNormalOptions, size: number): Matrix {
  const { std, variance, covariance, scaleTril } = options;
  const given = Object.entries({ std, variance, covariance, scaleTril }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const names = given.map(([name]) => name).join(" and ");
    throw new InputError(`${WHERE}: needed one of std, variance, covariance and scaleTril, got ${names || "none"}`);
  }
  if (covariance !== undefined) {
    return cholesky(readMatrix(covariance, size, "covariance", WHERE), "covariance", WHERE);
  }
  if (scaleTril !== undefined) return checkLower(readMatrix(scaleTril, size, "scaleTril", WHERE));
  const name = std === undefined ? "variance" : "std";
  const values = listOf(std ?? variance ?? [], name, WHERE);
  if (values.length !== size) {
    throw new InputError(`${WHERE}: ${name} must have ${size} numbers as mean has, got ${values.length}`);
  }
  return values.map((value, i) => {
    checkScale(value, `${name}[${i}]`, WHERE);
    const row = new Array<number>(size).fill(0);
    row[i] = name === "std" ? value : Math.sqrt(value);
    return row;
  });
}

function checkLower(lower: Matrix): Matrix {
  lower.forEach((row, i) => {
    const above = row.findIndex((value, j) => j > i && value !== 0);
    if (above >= 0) {
      throw new InputError(`${WHERE}: scaleTril must be 0 above its diagonal, got ${row[above]} at [${i}, ${above}]`);
    }
    if (!((row[i] ?? 0) > 0)) {
      throw new InputError(`${WHERE}: scaleTril must have a positive diagonal, got ${row[i]} at [${i}, ${i}]`);
    }
  });
  return lower;
}

function frozenMatrix(matrix: Matrix): Matrix {
  return Object.freeze(matrix.map((row) => Object.freeze([...row])));
}

function modelOf(mean: readonly number[], scaleTril: Matrix, diagonal: boolean): Formulas {
  const parameters: Record<string, number> = {};
  const named = (name: string, value: number) => {
    parameters[name] = value;
    return parameter(name);
  };
  const centre = mean.map((value, i) => named(`mean_${i}`, value));
  const spreads = scaleTril.map((row) => Math.hypot(...row));
  // Means that f32 holds well enough are one parameter each: programs of many coordinates are long as they are.
  const locations = mean.map((value, i): Location | undefined => {
    if (!isCoarse(value, spreads[i] ?? 0)) return undefined;
    const location = locationNamed(`mean_${i}`);
    Object.assign(parameters, location.parameters(value));
    return location;
  });
  const scale = scaleTril.map((row, i) =>
    row.map((value, j) => (j === i || (j < i && !diagonal) ? named(`scale_${i}_${j}`, value) : number(0))),
  );
  // mean + L z, and its inverse z = L⁻¹ (x - mean) by forward substitution
  const offsets = scale.map((row) =>
    sumOfProducts(
      row,
      mean.map((_, j) => variable(j)),
    ),
  );
  const event = centre.map((m, i) => {
    const offset = offsets[i] ?? number(0);
    return locations[i]?.plus(offset) ?? add(m, offset);
  });
  // One coordinate that is nearly a sum of others is known from all of them.
  const isRefined = locations.some((one) => one) || scaleTril.some((row, i) => isCoarse(spreads[i] ?? 0, row[i] ?? 0));
  const refined = mean.map((origin, i): Refined => {
    const terms = (scaleTril[i] ?? []).flatMap((factor, j): Term[] =>
      factor === 0 ? [] : [{ scale: factor, unit: variable(j), spread: Math.abs(factor) }],
    );
    return { shifted: { origin, scale: 1, unit: offsets[i] ?? number(0), terms, spread: spreads[i] ?? 0 } };
  });
  const z: Expr[] = [];
  centre.forEach((m, i) => {
    const row = scale[i] ?? [];
    const distance = locations[i]?.distance(variable(i)) ?? sub(variable(i), m);
    z.push(div(sub(distance, sumOfProducts(row.slice(0, i), z)), row[i] ?? number(1)));
  });
  const logScale = scale.map((row, i) => log(row[i] ?? number(1))).reduce(add);
  const halfSquares = z.map(minusHalfSquare).reduce(add);
  return {
    variates: mean.map(() => "normal"),
    event,
    ...(isRefined ? { refined } : {}),
    ...(diagonal ? {} : { affine: { mean, matrix: scaleTril } }),
    logDensity: sub(sub(halfSquares, logScale), number((mean.length * LOG_2PI) / 2)),
    parameters,
  };
}

function sumOfProducts(a: readonly Expr[], b: readonly Expr[]): Expr {
  return a.reduce<Expr>((sum, factor, k) => add(sum, mul(factor, b[k] ?? number(0))), number(0));
}
