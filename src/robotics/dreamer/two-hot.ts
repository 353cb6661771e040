import { checkNamesOf } from "../../core/options.ts";
import { elements } from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";
import { lossOf } from "../../rows/cross-entropy.ts";
import { softmax } from "../../rows/softmax.ts";
import { checkLength, checkNumbers } from "../checks.ts";
import { checkHead } from "../decoding.ts";
import { expectedValue } from "../kernels/expected-value.ts";
import { clip, digitize } from "../numpy.ts";

/** sign(x) log(1 + |x|). */
export function symlog(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}

/** The inverse of symlog: sign(x) (exp(|x|) - 1). */
export function symexp(x: number): number {
  return Math.sign(x) * Math.expm1(Math.abs(x));
}

/**
 * DreamerV3's 255 values for rewards and returns, symexp of -20 … 20 in even steps: f32, symmetric about 0 to the bit, because the upper
 * half is the lower half's mirror image.
 */
export const bins: Float32Array = binsOf(255);

function binsOf(count: number): Float32Array {
  const middle = (count - 1) / 2;
  return Float32Array.from({ length: count }, (_, k) => {
    const from = Math.min(k, count - 1 - k);
    const half = symexp(Math.fround(-20 + (20 * from) / middle));
    return k <= middle ? half : -half;
  });
}

/**
 * Two-hot targets (embodied/jax/outs.py): weights on the two bins around a value, such that their mean is the value. What lies
 * outside the bins has all its weight on the last one.
 *
 * @param values - any numbers; rounded to f32
 * @returns f32 rows of 255 weights
 * @throws InputError for NaN, with its place
 */
export function twoHot(values: ArrayLike<number>): Float32Array {
  checkNumbers(values, "values", "dreamer.twoHot");
  const weights = new Float32Array(values.length * bins.length);
  const last = bins.length - 1;
  for (let row = 0; row < values.length; row++) {
    const value = Math.fround(values[row] as number);
    const count = digitize(value, bins);
    const below = clip(count - 1, 0, last);
    const above = clip(count, 0, last);
    const start = row * bins.length;
    if (below === above) {
      weights[start + below] = 1;
      continue;
    }
    const toBelow = Math.fround(Math.abs((bins[below] as number) - value));
    const toAbove = Math.fround(Math.abs((bins[above] as number) - value));
    const total = Math.fround(toBelow + toAbove);
    weights[start + below] = toAbove / total;
    weights[start + above] = toBelow / total;
  }
  return weights;
}

export interface TwoHotLossOptions {
  /** "none" by default, as in the original. */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
}

/**
 * DreamerV3's loss of a reward or value head: the cross-entropy against two-hot targets.
 *
 * @param logits - f32 `[..., 255]`
 * @param values - one number a row
 * @returns f32 `[]` for "mean" and "sum"; `[...]` for "none" (default)
 * @throws InputError for NaN and for shapes that do not fit
 */
export function twoHotLoss(logits: Tensor, values: ArrayLike<number>, options: TwoHotLossOptions = {}): Tensor {
  const where = "dreamer.twoHotLoss";
  checkHead(logits, [bins.length], where);
  checkNamesOf(options, ["reduction"], where);
  const { reduction = "none" } = options;
  checkLength(values, elements(logits.shape.slice(0, -1)), "values", where);
  return lossOf(logits, twoHot(values), { reduction }, { where, targets: "values" });
}

/**
 * What a reward or value head predicts: the mean of the bins under the softmax. Added up in pairs from both ends, so that a head of
 * zeros, as it is before training, predicts exactly 0.
 *
 * @param logits - f32 `[..., 255]`
 * @returns f32 `[...]`
 */
export function twoHotMean(logits: Tensor): Tensor {
  checkHead(logits, [bins.length], "dreamer.twoHotMean");
  const q = softmax(logits);
  const mean = expectedValue(q, bins);
  q.dispose();
  return mean;
}
