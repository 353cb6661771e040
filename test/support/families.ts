import { beta } from "../../src/distributions/beta.ts";
import { binomial } from "../../src/distributions/binomial.ts";
import { chiSquared } from "../../src/distributions/chi-squared.ts";
import { gamma } from "../../src/distributions/gamma.ts";
import { geometric } from "../../src/distributions/geometric.ts";
import { halfNormal } from "../../src/distributions/half-normal.ts";
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
} from "../../src/distributions/index.ts";
import { poisson } from "../../src/distributions/poisson.ts";
import { studentT } from "../../src/distributions/student-t.ts";
import { truncatedNormal } from "../../src/distributions/truncated-normal.ts";
import { vonMises } from "../../src/distributions/von-mises.ts";

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
