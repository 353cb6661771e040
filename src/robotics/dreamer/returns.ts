import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
import { checkFiniteNumbers, checkLength, checkNumbers, checkObject } from "../checks.ts";
import { percentile } from "../numpy.ts";
import { defaults } from "./latent.ts";

/** The range by which returns are normalised: (return - offset) / scale. */
export interface ReturnRange {
  /** Running 5th percentile. */
  readonly offset: number;
  /** Distance to the running 95th percentile, but at least 1. */
  readonly scale: number;
}

/**
 * DreamerV3's return normaliser (embodied/jax/utils.py, "perc"; no debiasing): percentiles 5 and 95 of each batch move running values by 1 %,
 * which begin at 0. Advantages are divided by their distance, never by less than 1, so that small returns are not blown up.
 */
export class ReturnNormalizer {
  readonly #rate: number;
  readonly #limit: number;
  #low = 0;
  #high = 0;

  constructor(options: { readonly rate?: number; readonly limit?: number } = {}) {
    checkNamesOf(options, ["rate", "limit"], "dreamer.ReturnNormalizer");
    const { rate = 0.01, limit = 1 } = options;
    if (!(rate > 0 && rate <= 1))
      throw new InputError(`dreamer.ReturnNormalizer: rate must be above 0, up to 1, got ${shown(rate)}`);
    if (!(limit > 0 && Number.isFinite(limit))) {
      throw new InputError(`dreamer.ReturnNormalizer: limit must be a finite number above 0, got ${shown(limit)}`);
    }
    this.#rate = rate;
    this.#limit = limit;
  }

  /**
   * Takes a batch of returns, in f64 (the original works in f32), and gives the range after it.
   *
   * @throws InputError for numbers that are not finite, which would stay for good, and for no returns
   */
  update(returns: ArrayLike<number>): ReturnRange {
    const where = "dreamer.ReturnNormalizer.update";
    checkFiniteNumbers(returns, "returns", where);
    if (returns.length === 0) throw new InputError(`${where}: returns must be at least one number, got none`);
    this.#low += this.#rate * (percentile(returns, 5) - this.#low);
    this.#high += this.#rate * (percentile(returns, 95) - this.#high);
    return this.range;
  }

  get range(): ReturnRange {
    return { offset: this.#low, scale: Math.max(this.#limit, this.#high - this.#low) };
  }
}

/** The terms of the actor's loss, a number a step. */
export interface ActorSteps {
  /** log π(a) of the action that was taken, gradients flowing to the policy alone. */
  readonly logProbabilities: ArrayLike<number>;
  /** (return - value) / scale; no gradient flows through it. */
  readonly advantages: ArrayLike<number>;
  /** Of the policy, in nats. */
  readonly entropies: ArrayLike<number>;
  /** How likely the imagined episode still lives. Default 1. */
  readonly weights?: ArrayLike<number> | undefined;
}

/**
 * DreamerV3's REINFORCE loss of each step in f64: -weight (log π(a) · advantage + 3e-4 entropy).
 *
 * @throws InputError for NaN and for lengths that differ
 */
export function actorLoss(steps: ActorSteps, entropyScale: number = defaults.entropyScale): Float64Array {
  const where = "dreamer.actorLoss";
  checkObject(steps, "steps", "{ logProbabilities, advantages, entropies … }", where);
  checkNumbers([entropyScale], "entropyScale", where);
  const { logProbabilities, advantages, entropies, weights } = steps;
  const lists = { logProbabilities, advantages, entropies, ...(weights ? { weights } : {}) };
  for (const [name, values] of Object.entries(lists)) {
    checkNumbers(values, name, where);
    checkLength(values, logProbabilities.length, name, where);
  }
  return Float64Array.from(logProbabilities, (logProbability, k) => {
    const gain = logProbability * (advantages[k] as number) + entropyScale * (entropies[k] as number);
    return -(weights ? (weights[k] as number) : 1) * gain;
  });
}
