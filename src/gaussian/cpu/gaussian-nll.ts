import type { Computed, Given } from "../../engine/cpu/work.ts";
import type { GaussianNllReference } from "../gaussian-nll.ts";

/** Gaussian negative log-likelihoods. */
export function gaussianNllReference(options: GaussianNllReference, given: Given): Computed {
  const { count, columns, share, eps, constant, reduction } = options;
  const { input, goal, variance } = given;
  let badRow: number | undefined;
  const losses = Float64Array.from({ length: count }, (_, i) => {
    const place = { value: i, row: Math.floor(i / columns), all: 0 }[share];
    const width = variance?.[place] ?? 0;
    if (width < 0) badRow ??= place;
    // A NaN stays one.
    const v = width <= Math.fround(eps) ? Math.fround(eps) : width;
    return 0.5 * (Math.log(v) + ((input?.[i] ?? 0) - (goal?.[i] ?? 0)) ** 2 / v) + constant;
  });
  if (reduction === "none") return { outputs: { y: Float32Array.from(losses) }, badRow };
  const sum = losses.reduce((total, loss) => total + loss, 0);
  return { outputs: { y: Float32Array.of(reduction === "mean" ? sum / count : sum) }, badRow };
}
