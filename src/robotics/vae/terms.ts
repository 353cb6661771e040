import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { checkFiniteNumbers, checkLength, checkNumbers } from "../checks.ts";

/**
 * KL(N(μ, σ²) ‖ N(0, I)) in f64: -½ Σ (1 + log σ² - μ² - σ²), in nats.
 *
 * @throws InputError for NaN and for lengths that differ
 */
export function unitGaussianKlOf(mean: ArrayLike<number>, logVariance: ArrayLike<number>): number {
  checkMoments(mean, logVariance, "vae.unitGaussianKlOf");
  let sum = 0;
  for (let k = 0; k < mean.length; k++) {
    const v = logVariance[k] as number;
    // exp(v) - 1 - v by expm1, because it is all but 0 near a standard normal.
    sum += (mean[k] as number) ** 2 + (v === Number.POSITIVE_INFINITY ? v : Math.expm1(v) - v);
  }
  return 0.5 * sum;
}

/**
 * The reparameterised sample z = μ + exp(½ log σ²) ε, in f64.
 *
 * @param noise - ε, standard normal numbers
 * @throws InputError for NaN and for lengths that differ
 */
export function reparameterizeOf(
  mean: ArrayLike<number>,
  logVariance: ArrayLike<number>,
  noise: ArrayLike<number>,
): Float64Array {
  const where = "vae.reparameterizeOf";
  checkMoments(mean, logVariance, where);
  checkFiniteNumbers(noise, "noise", where);
  checkLength(noise, mean.length, "noise", where);
  return Float64Array.from(mean, (mu, k) => mu + Math.exp(0.5 * (logVariance[k] as number)) * (noise[k] as number));
}

/**
 * The loss of a β-VAE, reconstruction + β KL; β = 1 is a VAE, whose loss is the negative evidence bound.
 *
 * @throws InputError for NaN, and unless β is a finite number >= 0
 */
export function betaLoss(reconstruction: number, kl: number, beta = 1): number {
  checkNumbers([reconstruction], "reconstruction", "vae.betaLoss");
  checkNumbers([kl], "kl", "vae.betaLoss");
  if (!(typeof beta === "number" && beta >= 0 && Number.isFinite(beta))) {
    throw new InputError(`vae.betaLoss: beta must be a finite number >= 0, got ${shown(beta)}`);
  }
  return reconstruction + beta * kl;
}

function checkMoments(mean: ArrayLike<number>, logVariance: ArrayLike<number>, where: string): void {
  checkNumbers(mean, "mean", where);
  checkNumbers(logVariance, "logVariance", where);
  checkLength(logVariance, mean.length, "logVariance", where);
}
