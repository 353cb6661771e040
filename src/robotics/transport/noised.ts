import type { ScalarMixture, VectorMixture } from "../../distributions/families/mixture.ts";
import { mixture, multivariateNormal, normal } from "../../distributions/index.ts";
import { isDiagonal } from "../../linear-algebra/eigen.ts";
import { type GaussianMixture, gaussiansOf } from "./gaussians.ts";
import type { Level } from "./maps.ts";
import { checkLevel } from "./paths.ts";

/**
 * The distribution of signal · action + noise · ε, the action from a mixture of Gaussians and ε from N(0, I): where the exact
 * transport has its particles at that point of its path. Components without weight are left out.
 *
 * @param level - such as a point of a transport's `path`
 * @throws InputError for other targets and levels
 */
export function noisedMixture(target: GaussianMixture, level: Level): ScalarMixture | VectorMixture {
  const where = "noisedMixture";
  checkLevel(level, where);
  const { signal, noise } = level;
  const { components } = gaussiansOf(target, where);
  const weights = components.map(({ weight }) => weight);
  if (target.shape.length === 0) {
    const parts = components.map(({ mean: [mean = 0], variances: [variance = 0] }) =>
      normal(signal * mean, Math.hypot(signal * Math.sqrt(variance), noise)),
    );
    return mixture(weights, parts);
  }
  const parts = components.map(({ mean, covariance }) => {
    const centre = mean.map((value) => signal * value);
    const total = covariance.map((row, i) =>
      row.map((value, j) => signal * signal * value + (i === j ? noise * noise : 0)),
    );
    if (!isDiagonal(covariance)) return multivariateNormal({ mean: centre, covariance: total });
    return multivariateNormal({ mean: centre, variance: total.map((row, i) => row[i] as number) });
  });
  return mixture(weights, parts);
}
