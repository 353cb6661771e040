import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { asGaussian, type Gaussian } from "../divergences/closed/gaussians.ts";

/** A distribution's mean and scale as a Gaussian's; refuses others, and with `size` those of another size. */
export function gaussianOf(distribution: Distribution, name: string, where: string, size?: number): Gaussian {
  const isObject = typeof distribution === "object" && distribution !== null;
  const gaussian = isObject ? asGaussian(distribution) : undefined;
  if (!gaussian) {
    const got = isObject ? distribution.name : shown(distribution);
    throw new InputError(`${where}: ${name} must be a normal or a multivariateNormal, got ${got}`);
  }
  if (size === undefined || gaussian.mean.length === size) return gaussian;
  throw new InputError(`${where}: ${name} must have ${size} coordinates as the prior has, got ${gaussian.mean.length}`);
}
