import { fromBounds, toBounds } from "../bounds.ts";
import {
  checkFiniteNumbers,
  checkLength,
  checkMask,
  checkNumbers,
  checkObject,
  checkRows,
  checkStatistics,
} from "../checks.ts";
import { clip } from "../numpy.ts";

const f32 = Math.fround;

/** Statistics of a dataset's actions, one value a dimension, as OpenVLA keeps them in f64. */
export interface BoundsStatistics {
  /** First percentile. */
  readonly q01: ArrayLike<number>;
  /** Ninety-ninth percentile. */
  readonly q99: ArrayLike<number>;
  /** Dimensions to normalize; the others are left as they are. Default: all. */
  readonly mask?: ArrayLike<boolean> | undefined;
}

/** Statistics that also tell the dimensions that never move. */
export interface RangeStatistics extends BoundsStatistics {
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

/**
 * Which dimensions of an end-effector action are normalised: not the gripper, the last one, whose absolute opening in
 * [0, 1] is tokenized as it is, and so uses the upper half of the bins only (`action_normalization_mask` of oxe/materialize.py).
 */
export const normalizationMasks = {
  /** x, y, z, roll, pitch, yaw, gripper. */
  endEffector: [true, true, true, true, true, true, false],
  /** x, y, z, a rotation of 6 numbers, gripper. */
  endEffectorR6: [true, true, true, true, true, true, true, true, true, false],
} as const satisfies Record<string, readonly boolean[]>;

/** Normalised actions, and how many values lay outside the percentiles. */
export interface NormalizedActions {
  readonly actions: Float32Array;
  /** Values that were clipped to -1 or 1. */
  readonly clipped: number;
}

/**
 * OpenVLA's BOUNDS_Q99 (vla/datasets/rlds/utils/data_utils.py): clip(2 (x - q01) / (q99 - q01 + 1e-8) - 1, -1, 1) where
 * the mask is set, then 0 in every dimension with min = max. In f32 as TensorFlow does it, but that q99 - q01 + 1e-8 is rounded from f64.
 *
 * @param actions - rows of as many values as there are dimensions
 * @throws InputError for NaN, for lengths that do not fit, and for statistics that are not finite or have q99 below q01
 */
export function normalize(actions: ArrayLike<number>, statistics: RangeStatistics): NormalizedActions {
  const where = "openvla.normalize";
  const width = readWidth(statistics, where);
  for (const name of ["min", "max"] as const) {
    checkFiniteNumbers(statistics[name], name, where);
    checkLength(statistics[name], width, name, where);
  }
  checkRows(actions, width, "actions", where);
  checkNumbers(actions, "actions", where);
  const normalised = new Float32Array(actions.length);
  let clipped = 0;
  for (let k = 0; k < actions.length; k++) {
    const [d, x] = [k % width, f32(actions[k] as number)];
    if (statistics.min[d] === statistics.max[d]) continue;
    if (statistics.mask && !statistics.mask[d]) {
      normalised[k] = x;
      continue;
    }
    const [low, high] = [statistics.q01[d] as number, statistics.q99[d] as number];
    const y = toBounds(x, low, high);
    normalised[k] = clip(y, -1, 1);
    if (Math.abs(y) > 1) clipped += 1;
  }
  return { actions: normalised, clipped };
}

/**
 * The way back (extern/hf/modeling_prismatic.py), in f64 as NumPy does it: 0.5 (a + 1) (q99 - q01) + q01 where the mask is set,
 * else a. It is not quite the inverse: the 1e-8 is missing, and what was clipped stays lost.
 *
 * @param actions - rows of as many values as there are dimensions, such as `decodeAll` gives
 * @throws InputError for NaN, for lengths that do not fit, and for statistics that are not finite or have q99 below q01
 */
export function unnormalize(actions: ArrayLike<number>, statistics: BoundsStatistics): Float64Array {
  const where = "openvla.unnormalize";
  const width = readWidth(statistics, where);
  checkRows(actions, width, "actions", where);
  checkNumbers(actions, "actions", where);
  return Float64Array.from(actions, (a, k) => {
    const d = k % width;
    if (statistics.mask && !statistics.mask[d]) return a;
    const [low, high] = [statistics.q01[d] as number, statistics.q99[d] as number];
    return fromBounds(a, low, high);
  });
}

/** Checks that percentiles and mask are of one length, and gives it. */
function readWidth(statistics: BoundsStatistics, where: string): number {
  checkObject(statistics, "statistics", "{ q01, q99 … }", where);
  const { q01, q99, mask } = statistics;
  const width = checkStatistics(q01, q99, ["q01", "q99"], where);
  if (mask !== undefined) checkMask(mask, width, where);
  return width;
}
