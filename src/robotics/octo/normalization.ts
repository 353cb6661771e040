import { fromBounds, toBounds } from "../bounds.ts";
import { checkMask, checkNumbers, checkObject, checkRows, checkStatistics } from "../checks.ts";
import { clip } from "../numpy.ts";

const f32 = Math.fround;

interface Masked {
  /** Dimensions to normalize; the others are left as they are. Default: all. */
  readonly mask?: ArrayLike<boolean> | undefined;
}

/** Mean and standard deviation (of n, not n - 1) of each dimension. */
export interface MomentStatistics extends Masked {
  readonly mean: ArrayLike<number>;
  readonly std: ArrayLike<number>;
}

/** First and ninety-ninth percentile of each dimension. */
export interface BoundStatistics extends Masked {
  readonly p01: ArrayLike<number>;
  readonly p99: ArrayLike<number>;
}

/**
 * Octo's NORMAL (octo/data/utils/data_utils.py): (x - mean) / (std + 1e-8) in f32, where std + 1e-8 is rounded from f64.
 *
 * @param actions - rows of as many values as there are dimensions
 * @throws InputError for NaN, for lengths that do not fit, and for statistics that are not finite or have a negative std
 */
export function normalize(actions: ArrayLike<number>, statistics: MomentStatistics): Float32Array {
  return each("octo.normalize", actions, statistics, MOMENTS, (x, m, s) => f32(f32(x - f32(m)) / f32(s + 1e-8)));
}

/** The inverse of `normalize`, x std + mean, in f64. */
export function unnormalize(actions: ArrayLike<number>, statistics: MomentStatistics): Float64Array {
  const back = (x: number, m: number, s: number) => x * s + m;
  return each64("octo.unnormalize", actions, statistics, MOMENTS, back);
}

/** Octo's BOUNDS: clip(2 (x - p01) / (p99 - p01 + 1e-8) - 1, -1, 1) in f32. */
export function normalizeBounds(actions: ArrayLike<number>, statistics: BoundStatistics): Float32Array {
  return each("octo.normalizeBounds", actions, statistics, BOUNDS, (x, low, high) => {
    return clip(toBounds(x, low, high), -1, 1);
  });
}

/** The way back, 0.5 (x + 1) (p99 - p01) + p01, in f64. */
export function unnormalizeBounds(actions: ArrayLike<number>, statistics: BoundStatistics): Float64Array {
  return each64("octo.unnormalizeBounds", actions, statistics, BOUNDS, fromBounds);
}

const MOMENTS = ["mean", "std"] as const;
const BOUNDS = ["p01", "p99"] as const;

type OfValue = (x: number, a: number, b: number) => number;
type Statistics<A extends string, B extends string> = Readonly<Record<A | B, ArrayLike<number>>> & Masked;

function each<A extends string, B extends string>(
  where: string,
  actions: ArrayLike<number>,
  statistics: Statistics<A, B>,
  names: readonly [A, B],
  of: OfValue,
): Float32Array {
  return Float32Array.from(each64(where, actions, statistics, names, (x, a, b) => of(f32(x), a, b)));
}

function each64<A extends string, B extends string>(
  where: string,
  actions: ArrayLike<number>,
  statistics: Statistics<A, B>,
  names: readonly [A, B],
  of: OfValue,
): Float64Array {
  checkObject(statistics, "statistics", `{ ${names.join(", ")} … }`, where);
  const { mask } = statistics;
  const [a, b] = [statistics[names[0]], statistics[names[1]]];
  const width = checkStatistics(a, b, names, where);
  if (mask !== undefined) checkMask(mask, width, where);
  checkRows(actions, width, "actions", where);
  checkNumbers(actions, "actions", where);
  return Float64Array.from(actions, (x, k) => {
    const d = k % width;
    return mask && !mask[d] ? x : of(x, a[d] as number, b[d] as number);
  });
}
