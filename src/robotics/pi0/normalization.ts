import { checkNumbers, checkObject, checkRows, checkStatistics } from "../checks.ts";

/** Mean and standard deviation of each dimension. */
export interface MomentStatistics {
  readonly mean: ArrayLike<number>;
  readonly std: ArrayLike<number>;
}

/** First and ninety-ninth percentile of each dimension. */
export interface QuantileStatistics {
  readonly q01: ArrayLike<number>;
  readonly q99: ArrayLike<number>;
}

/**
 * openpi's z-score (src/openpi/transforms.py): (x - mean) / (std + 1e-6), in f64.
 *
 * @param values - rows of as many values as there are dimensions
 * @throws InputError for NaN, for lengths that do not fit, and for statistics that are not finite or have a negative std
 */
export function normalize(values: ArrayLike<number>, statistics: MomentStatistics): Float64Array {
  return each("pi0.normalize", values, statistics, ["mean", "std"], (x, m, s) => (x - m) / (s + 1e-6));
}

/** The inverse of `normalize`: x (std + 1e-6) + mean. */
export function unnormalize(values: ArrayLike<number>, statistics: MomentStatistics): Float64Array {
  return each("pi0.unnormalize", values, statistics, ["mean", "std"], (x, m, s) => x * (s + 1e-6) + m);
}

/** openpi's quantile normalisation: (x - q01) / (q99 - q01 + 1e-6) · 2 - 1. Unlike OpenVLA's and Octo's it does not clip. */
export function normalizeQuantiles(values: ArrayLike<number>, statistics: QuantileStatistics): Float64Array {
  return each(
    "pi0.normalizeQuantiles",
    values,
    statistics,
    ["q01", "q99"],
    (x, a, b) => ((x - a) / (b - a + 1e-6)) * 2 - 1,
  );
}

/** The way back: (x + 1) / 2 · (q99 - q01 + 1e-6) + q01. */
export function unnormalizeQuantiles(values: ArrayLike<number>, statistics: QuantileStatistics): Float64Array {
  return each(
    "pi0.unnormalizeQuantiles",
    values,
    statistics,
    ["q01", "q99"],
    (x, a, b) => ((x + 1) / 2) * (b - a + 1e-6) + a,
  );
}

function each<A extends string, B extends string>(
  where: string,
  values: ArrayLike<number>,
  statistics: Readonly<Record<A | B, ArrayLike<number>>>,
  names: readonly [A, B],
  of: (x: number, a: number, b: number) => number,
): Float64Array {
  checkObject(statistics, "statistics", `{ ${names.join(", ")} }`, where);
  const [a, b] = [statistics[names[0]], statistics[names[1]]];
  const width = checkStatistics(a, b, names, where);
  checkRows(values, width, "values", where);
  checkNumbers(values, "values", where);
  return Float64Array.from(values, (x, k) => of(x, a[k % width] as number, b[k % width] as number));
}
