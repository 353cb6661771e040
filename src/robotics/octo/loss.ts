import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
import { showShape } from "../../engine/plan.ts";
import { Tensor } from "../../engine/tensor.ts";
import { checkFlags } from "../../rows/mask.ts";
import { checkArray } from "../checks.ts";
import { meanSquaredError } from "../kernels/mean-squared-error.ts";
import { pretrained } from "./diffusion.ts";

export interface DiffusionLossOptions {
  /** One flag a value, true or 1 = counts: Octo's timestep_pad_mask and action_pad_mask together. Default: all. */
  readonly mask?: ArrayLike<number | boolean> | undefined;
  /** Dimensions of an action, over which Octo sums instead of averaging. Default 7. */
  readonly actionDim?: number | undefined;
}

/**
 * Octo's diffusion loss on the GPU: mean(m (ε̂ - ε)²) / max(mean(m), 1e-5) · actionDim.
 *
 * @param predicted - ε̂, f32 `[..., horizon · actionDim]`
 * @param noise - ε, f32 of the same shape
 * @returns f32 `[]`
 * @throws InputError for options, shapes or tensors that do not fit
 */
export function diffusionLoss(predicted: Tensor, noise: Tensor, options: DiffusionLossOptions = {}): Tensor {
  checkNamesOf(options, ["mask", "actionDim"], "octo.diffusionLoss");
  const { mask, actionDim = pretrained.actionDim } = options;
  const isTensor = predicted instanceof Tensor;
  const columns = isTensor ? (predicted.shape.at(-1) ?? 0) : 0;
  if (!isTensor || !Number.isInteger(actionDim) || actionDim < 1 || columns % actionDim !== 0) {
    const got = isTensor ? showShape(predicted) : typeof predicted;
    throw new InputError(
      `octo.diffusionLoss: predicted must be a tensor with rows of a multiple of actionDim ${shown(actionDim)} values, got ${got}`,
    );
  }
  const { leastShare } = pretrained;
  return meanSquaredError(predicted, noise, { reduction: "mean", mask, leastShare, scale: actionDim });
}

/**
 * Octo's masks put together: a value counts where its step of the window and its own flag do.
 *
 * @param timesteps - one flag a step
 * @param actions - as many flags for each step
 * @throws InputError for lengths that do not fit
 */
export function lossMask(timesteps: ArrayLike<number | boolean>, actions: ArrayLike<number | boolean>): Uint8Array {
  checkArray(timesteps, "timesteps", "octo.lossMask");
  checkArray(actions, "actions", "octo.lossMask");
  checkFlags(timesteps, "timesteps", "octo.lossMask");
  checkFlags(actions, "actions", "octo.lossMask");
  const per = actions.length / timesteps.length;
  if (!Number.isInteger(per)) {
    throw new InputError(
      `octo.lossMask: actions must have as many flags for each of the ${timesteps.length} timesteps, got ${actions.length}`,
    );
  }
  return Uint8Array.from(actions, (flag, k) => (flag && timesteps[Math.floor(k / per)] ? 1 : 0));
}
