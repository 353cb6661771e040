import { beta } from "../../../src/distributions/families/beta.ts";
import { binomial } from "../../../src/distributions/families/binomial.ts";
import { chiSquared } from "../../../src/distributions/families/chi-squared.ts";
import { gamma } from "../../../src/distributions/families/gamma.ts";
import { geometric } from "../../../src/distributions/families/geometric.ts";
import { halfNormal } from "../../../src/distributions/families/half-normal.ts";
import { poisson } from "../../../src/distributions/families/poisson.ts";
import { studentT } from "../../../src/distributions/families/student-t.ts";
import { truncatedNormal } from "../../../src/distributions/families/truncated-normal.ts";
import { vonMises } from "../../../src/distributions/families/von-mises.ts";
import {
  bernoulli,
  cauchy,
  exponential,
  gumbel,
  laplace,
  logistic,
  logNormal,
  normal,
  pareto,
  type ScalarDistribution,
  uniform,
  weibull,
} from "../../../src/distributions/index.ts";

/** A factory's name and what it is called with. */
export type Family = readonly [name: string, ...parameters: number[]];

const FACTORIES = {
  bernoulli,
  beta,
  binomial,
  cauchy,
  chiSquared,
  exponential,
  gamma,
  geometric,
  gumbel,
  halfNormal,
  laplace,
  logNormal,
  logistic,
  normal,
  pareto,
  poisson,
  studentT,
  truncatedNormal,
  uniform,
  vonMises,
  weibull,
} as const;

/** A distribution of numbers by its factory's name. */
export function made([name, ...parameters]: Family): ScalarDistribution {
  const factory = FACTORIES[name as keyof typeof FACTORIES] as (...parameters: readonly number[]) => ScalarDistribution;
  if (!factory) throw new RangeError(`no family ${name}`);
  return factory(...parameters);
}

export function shown([name, ...parameters]: Family): string {
  return `${name}(${parameters.join(", ")})`;
}
