import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";

/** The noise of a diffusion over steps 0 to steps - 1, and what its formulas take from it; entry t belongs to step t. */
export interface DiffusionSchedule {
  readonly steps: number;
  /** Variance that step t adds. */
  readonly betas: readonly number[];
  /** α = 1 - β. */
  readonly alphas: readonly number[];
  /** ᾱ_t = α_0 ⋯ α_t. */
  readonly alphaBars: readonly number[];
  /** √ᾱ: what is left of the action at step t. */
  readonly signalScales: readonly number[];
  /** √(1 - ᾱ): how much noise step t has. */
  readonly noiseScales: readonly number[];
  /** 1 / √α: the first factor of a step back. */
  readonly rootReciprocals: readonly number[];
  /** (1 - α) / √(1 - ᾱ): how much of the predicted noise a step back takes away. */
  readonly noiseWeights: readonly number[];
  /** √β, and 0 at step 0: how much fresh noise a step back adds. */
  readonly freshNoise: readonly number[];
}

/** Steps of Octo's diffusion head. */
export const diffusionSteps = 20;

/** No step takes away more than this share of the variance. */
const LARGEST_BETA = 0.999;

/**
 * Octo's cosine schedule (octo/model/components/diffusion.py; Nichol and Dhariwal 2021): ᾱ falls like cos²((t + s) / (1 + s) · π/2) of
 * t = 0 … 1, and the betas, 1 - ᾱ_t / ᾱ_{t-1}, are clipped to [0, 0.999].
 *
 * The original computes it in f32, this in f64.
 *
 * @throws InputError unless steps is a whole number from 1 to 100,000 and offset a number from 0 to 1
 */
export function cosineSchedule(steps: number = diffusionSteps, offset = 0.008): DiffusionSchedule {
  if (!Number.isInteger(steps) || steps < 1 || steps > 100_000) {
    throw new InputError(`octo.cosineSchedule: steps must be a whole number from 1 to 100000, got ${shown(steps)}`);
  }
  if (!(typeof offset === "number" && offset >= 0 && offset <= 1)) {
    throw new InputError(`octo.cosineSchedule: offset must be a number from 0 to 1, got ${shown(offset)}`);
  }
  const left = Array.from({ length: steps + 1 }, (_, t) => {
    return Math.cos((((t / steps + offset) / (1 + offset)) * Math.PI) / 2) ** 2;
  });
  const betas = Array.from({ length: steps }, (_, t) => {
    const beta = 1 - (left[t + 1] ?? 0) / (left[t] ?? 1);
    return Math.min(LARGEST_BETA, Math.max(0, beta));
  });
  return scheduleOf(betas);
}

/** Everything else that follows from the betas. */
function scheduleOf(betas: readonly number[]): DiffusionSchedule {
  const alphas = betas.map((beta) => 1 - beta);
  let product = 1;
  const alphaBars = alphas.map((alpha) => {
    product *= alpha;
    return product;
  });
  const noiseScales = alphaBars.map((bar) => Math.sqrt(1 - bar));
  return {
    steps: betas.length,
    betas,
    alphas,
    alphaBars,
    signalScales: alphaBars.map(Math.sqrt),
    noiseScales,
    rootReciprocals: alphas.map((alpha) => 1 / Math.sqrt(alpha)),
    noiseWeights: alphas.map((alpha, t) => (1 - alpha) / (noiseScales[t] ?? 1)),
    freshNoise: betas.map((beta, t) => (t > 0 ? Math.sqrt(beta) : 0)),
  };
}
