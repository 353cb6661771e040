import { checkNamesOf } from "../../core/options.ts";
import type { Tensor } from "../../engine/tensor.ts";
import { lossOf } from "../../rows/cross-entropy.ts";
import type { Targets } from "../../rows/targets.ts";
import { argmaxOf, checkHead } from "../decoding.ts";
import { bins, tokensPerAction } from "./tokenizer.ts";

/** RT-1's network, as published. */
export const network = { history: 6, imageTokens: 8, layers: 8 } as const;

export interface ActionLossOptions {
  /** "mean" by default, over all tokens. */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
}

/**
 * RT-1's loss: a softmax cross-entropy over 256 for each of an action's 11 tokens, which are predicted side by side, not one from
 * another.
 *
 * @param logits - f32 `[..., 11, 256]`
 * @param tokens - `[..., 11]`, such as `encode` gives
 * @returns f32 `[]`, the mean over all tokens; with reduction "none" `[..., 11]`
 * @throws InputError for shapes and tokens that do not fit
 */
export function actionLoss(logits: Tensor, tokens: Targets, options: ActionLossOptions = {}): Tensor {
  const where = "rt1.actionLoss";
  checkHead(logits, [tokensPerAction, bins], where);
  checkNamesOf(options, ["reduction"], where);
  return lossOf(logits, tokens, { reduction: options.reduction }, { where, targets: "tokens" });
}

/**
 * The largest logit of each token.
 *
 * @param logits - f32 `[..., 11, 256]`
 * @returns i32 `[..., 11]`, rows for `decode`; -1 where a row has no distribution
 */
export function greedyTokens(logits: Tensor): Tensor {
  checkHead(logits, [tokensPerAction, bins], "rt1.greedyTokens");
  return argmaxOf(logits);
}
