import type { Tensor } from "../../engine/tensor.ts";
import { meanSquaredError } from "../kernels/mean-squared-error.ts";

/**
 * π0's loss on the GPU: (v - u)² averaged over the action dimension alone.
 *
 * @param predicted - v, f32 `[*b, horizon, dimensions]`
 * @param velocity - u of `flowPoint`, f32 of the same shape
 * @returns f32 `[*b, horizon]`
 * @throws InputError for shapes or tensors that do not fit
 */
export function flowLoss(predicted: Tensor, velocity: Tensor): Tensor {
  return meanSquaredError(predicted, velocity);
}
