import { checkNamesOf } from "../../core/options.ts";
import { elements } from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";
import { lossOf } from "../../rows/cross-entropy.ts";
import { checkLength, checkMask } from "../checks.ts";
import { argmaxOf, checkHead, drawOf, type TokenDrawOptions } from "../decoding.ts";
import { type BinTokenizer, checkTokenizer, encode } from "./bins.ts";

export interface DiscreteLossOptions {
  /** One flag a row, true or 1 = counts. Default: all. */
  readonly mask?: ArrayLike<number | boolean> | undefined;
}

/**
 * The loss of Octo's discrete head: the cross-entropy of each value's bin, averaged over the values that count. Unlike the continuous
 * heads' it is not multiplied by the action dimension.
 *
 * @param logits - f32 `[..., bins]`
 * @param values - one action value a row
 * @returns f32 `[]`; 0 where no value counts
 * @throws InputError for NaN and for shapes that do not fit
 */
export function discreteLoss(
  logits: Tensor,
  values: ArrayLike<number>,
  tokenizer: BinTokenizer,
  options: DiscreteLossOptions = {},
): Tensor {
  const where = "octo.discreteLoss";
  checkNamesOf(options, ["mask"], where);
  const { mask } = options;
  checkTokenizer(tokenizer, where);
  checkHead(logits, [tokenizer.bins], where);
  checkLength(values, elements(logits.shape.slice(0, -1)), "values", where);
  if (mask !== undefined) checkMask(mask, values.length, where);
  const labels = encode(values, tokenizer).tokens.map((token, k) => (mask && !mask[k] ? -100 : token));
  const some = labels.some((label) => label !== -100);
  return lossOf(logits, labels, { reduction: some ? "mean" : "sum" }, { where, targets: "values" });
}

/**
 * The largest logit of each row.
 *
 * @param logits - f32 `[..., bins]`
 * @returns i32 tokens `[...]`, for `decode`; -1 for a row without a distribution
 */
export function greedyTokens(logits: Tensor, tokenizer: BinTokenizer): Tensor {
  checkTokenizer(tokenizer, "octo.greedyTokens");
  checkHead(logits, [tokenizer.bins], "octo.greedyTokens");
  return argmaxOf(logits);
}

/**
 * A token drawn from softmax(logits / temperature) of each row; row r takes sample offset + r of the seed's stream.
 *
 * @param logits - f32 `[..., bins]`
 * @returns i32 tokens `[...]`, for `decode`; -1 for a row without a distribution
 */
export function sampleTokens(logits: Tensor, tokenizer: BinTokenizer, options: TokenDrawOptions): Tensor {
  const where = "octo.sampleTokens";
  checkTokenizer(tokenizer, where);
  checkHead(logits, [tokenizer.bins], where);
  return drawOf(logits, {}, options, where);
}
