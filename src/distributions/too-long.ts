import { MAX_INSTRUCTIONS } from "../expression/limits.ts";
import type { Distribution } from "./distribution.ts";

/** What to tell where formulas of a distribution are more than a shader takes, and what to do instead. */
export function tooLong({ name, shape }: Distribution, most = MAX_INSTRUCTIONS): string {
  const size = shape.length === 0 ? "" : ` in ${shape[0]} dimensions`;
  const instead =
    name === "multivariateNormal"
      ? "gaussianLogDensity(x, { mean, std }) takes up to 32768 coordinates, with a covariance 64; logProb of numbers and klDivergence take any"
      : "logProb of numbers, without an engine, takes any; or take it apart into distributions of fewer";
  return `formulas of ${name}${size} come to more than ${most} instructions, the most that a shader takes; ${instead}`;
}
