import {
  affine,
  bernoulli,
  beta,
  binomial,
  categorical,
  cauchy,
  chiSquared,
  type Distribution,
  dirichlet,
  exponential,
  gamma,
  geometric,
  gumbel,
  halfNormal,
  independent,
  laplace,
  logistic,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  poisson,
  type ScalarDistribution,
  studentT,
  truncatedNormal,
  uniform,
  type VectorDistribution,
  vonMises,
  weibull,
} from "../../../src/index.ts";

/** Of the samples that the tests look at. */
export const SEED = 20_261_123;
export const SAMPLES = 1_000_000;
/** And in `npm test`. */
export const FEW_SAMPLES = 2 ** 16;

const HALF_LINE = [0, Number.POSITIVE_INFINITY] as const;

/** Every family of numbers, and every way that a family has of drawing. */
export const scalars: readonly ScalarDistribution[] = [
  normal(1.5, 0.75),
  uniform(-2, 3),
  exponential(2.5),
  laplace(-1, 0.5),
  logNormal(0.25, 0.5),
  cauchy(2, 0.5),
  pareto(2, 3.5),
  weibull(2, 1.5),
  logistic(1, 0.4),
  gumbel(-0.5, 2),
  gamma(2.5, 0.8),
  gamma(0.05, 3),
  gamma(1e6, 10),
  beta(2, 3.5),
  beta(0.05, 0.5),
  beta(4000, 1500),
  studentT(3, 1, 2),
  studentT(0.5),
  vonMises(0, 2),
  vonMises(1, 0.1),
  vonMises(-2.5, 50),
  truncatedNormal(1, 2, -1, 4),
  truncatedNormal(-8, 1, ...HALF_LINE),
  truncatedNormal(3, 0.1, Number.NEGATIVE_INFINITY, 1),
  truncatedNormal(0, 1, 0.5, 0.5001),
  mixture([0.25, 0.75], [gamma(3, 2), normal(-1, 0.5)]),
  chiSquared(3),
  halfNormal(2),
  geometric(0.2),
  geometric(0.001),
  bernoulli(0.3),
  categorical([0.1, 0, 0.25, 0.65]),
  poisson(0.3),
  poisson(9.5),
  poisson(300.7),
  poisson(2 ** 20),
  binomial(10, 0.3),
  binomial(12, 0.95),
  binomial(5000, 0.7),
  binomial(2 ** 20, 0.25),
];

/** A coordinate of a vector, or a sum of its coordinates, and what its distribution is. */
export interface Projection {
  readonly weights: readonly number[];
  readonly is: ScalarDistribution;
}

const correlated = multivariateNormal({
  mean: [1, -2, 0.5],
  covariance: [
    [2, 0.6, -0.4],
    [0.6, 1.5, 0.3],
    [-0.4, 0.3, 1],
  ],
});
const image = affine(
  correlated,
  [
    [1, 2, -1],
    [0.5, 0, 3],
  ],
  [0.25, -1],
);

/** Vectors, and what is looked at of each. */
export const vectors: readonly (readonly [VectorDistribution, readonly Projection[]])[] = [
  [correlated, [...marginals(correlated), projected(correlated, [1, -2, 0.5])]],
  [image, [...marginals(image), projected(image, [1, -1])]],
  [
    dirichlet([0.5, 2, 3.5]),
    [
      { weights: [1, 0, 0], is: beta(0.5, 5.5) },
      { weights: [0, 1, 0], is: beta(2, 4) },
      { weights: [0, 0, 1], is: beta(3.5, 2.5) },
      { weights: [1, 1, 0], is: beta(2.5, 3.5) },
    ],
  ],
  [
    // Its last share is too near to 1 for f32 to have its distribution.
    dirichlet([0.05, 0.3, 4]),
    [
      { weights: [1, 0, 0], is: beta(0.05, 4.3) },
      { weights: [0, 1, 0], is: beta(0.3, 4.05) },
      { weights: [1, 1, 0], is: beta(0.35, 4) },
    ],
  ],
  [
    independent([gamma(2, 1), uniform(0, 1), vonMises(1, 4)]),
    [
      { weights: [1, 0, 0], is: gamma(2, 1) },
      { weights: [0, 1, 0], is: uniform(0, 1) },
      { weights: [0, 0, 1], is: vonMises(1, 4) },
    ],
  ],
];

function marginals({ mean, variance }: VectorDistribution): readonly Projection[] {
  return mean.map((m, k) => ({
    weights: mean.map((_, j) => (j === k ? 1 : 0)),
    is: normal(m, Math.sqrt(variance[k] ?? 0)),
  }));
}

function projected(of: typeof correlated, weights: readonly number[]): Projection {
  const one = affine(of, [weights], [0]);
  return { weights, is: normal(one.mean[0] ?? 0, Math.sqrt(one.variance[0] ?? 0)) };
}

/** Of a distribution among the others here. */
export function title({ name, mean, variance }: Distribution): string {
  const shown = (value: number | readonly number[]) =>
    [value]
      .flat()
      .map((one) => one.toPrecision(4))
      .join(", ");
  return `${name} of mean ${shown(mean)}, variance ${shown(variance)}`;
}
