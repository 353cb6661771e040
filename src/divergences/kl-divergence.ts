import type { Distribution } from "../distributions/distribution.ts";
import { Tensor } from "../engine/tensor.ts";
import { klDivergence as ofLogits } from "../rows/kl-divergence.ts";
import type { RowOutOptions } from "../rows/row-options.ts";
import { checkPair } from "./checks.ts";
import { closedKl } from "./closed/kl.ts";
import { noClosedKl } from "./refusals.ts";

/** `klDivergence` of distributions gives a number, of tensors of logits a tensor. */
export interface KlDivergence {
  /**
   * Kullback-Leibler divergence D(p || q) = E_p[log p - log q] in nats, in closed form and f64, of two distributions of one shape.
   *
   * It is +Infinity where q's support does not cover p's, or where the mean diverges. Near-equal members of one family keep their
   * relative accuracy; of two families the absolute error is a few roundings of their entropies, which concentrations near 0 make
   * large. Products of distributions are summed over their parts, distributions of finitely many values over those. Categoricals of
   * different numbers of classes are of one shape: a class that one lacks has probability 0 there, so that it is +Infinity where p
   * gives one that q lacks, and finite where q alone has more.
   *
   * @throws InputError unless both are distributions of one shape; UnsupportedError where there is no closed form, of which `klEstimate` has
   * an estimate, or where its terms leave f64's range
   */
  (p: Distribution, q: Distribution): number;
  /**
   * Kullback-Leibler divergence of each pair of rows: y[r] = Σ p log(p / q), p = softmax(pLogits[r, :] / T) and q the
   * same of `qLogits`.
   *
   * @param pLogits - f32, f16 or bf16 `[..., classes]`
   * @param qLogits - f32, f16 or bf16, of the same shape
   * @returns f32 `[...]` in nats, never below 0
   * @throws InputError for options, shapes or tensors that do not fit
   *
   * 0 · log 0 is 0; p > 0 where q = 0 gives +Inf; a row with a NaN or +Inf, or with no finite logit, gives NaN; a row
   * that a mask hides whole gives 0. The options (one temperature, window and mask) apply to both.
   */
  (pLogits: Tensor, qLogits: Tensor, options?: RowOutOptions): Tensor;
  /** Records the work of tensors into the caller's encoder without submitting it. */
  readonly encode: typeof ofLogits.encode;
  /** @internal */
  readonly preparations: typeof ofLogits.preparations;
  /** @internal */
  readonly tuning: typeof ofLogits.tuning;
}

export const klDivergence: KlDivergence = Object.assign(divergence, {
  encode: ofLogits.encode,
  preparations: ofLogits.preparations,
  tuning: ofLogits.tuning,
});

function divergence(p: Distribution, q: Distribution): number;
function divergence(pLogits: Tensor, qLogits: Tensor, options?: RowOutOptions): Tensor;
function divergence(p: Distribution | Tensor, q: Distribution | Tensor, options?: RowOutOptions): number | Tensor {
  if (p instanceof Tensor || q instanceof Tensor) return ofLogits(p as Tensor, q as Tensor, options);
  checkPair(p, q, "klDivergence");
  const value = closedKl(p, q);
  if (value !== undefined) return value;
  throw noClosedKl(p, q, "klDivergence");
}
