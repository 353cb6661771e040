export { affine } from "./affine.ts";
export { type Bernoulli, bernoulli } from "./bernoulli.ts";
export { type Beta, beta } from "./beta.ts";
export { type Binomial, binomial } from "./binomial.ts";
export { type Categorical, type CategoricalOptions, categorical } from "./categorical.ts";
export { type Cauchy, cauchy } from "./cauchy.ts";
export { type ChiSquared, chiSquared } from "./chi-squared.ts";
export { type Dirichlet, dirichlet } from "./dirichlet.ts";
export type { Distribution, Point, ScalarDistribution, VectorDistribution } from "./distribution.ts";
export { type Exponential, exponential } from "./exponential.ts";
export { type Gamma, gamma } from "./gamma.ts";
export { type Geometric, geometric } from "./geometric.ts";
export { type Gumbel, gumbel } from "./gumbel.ts";
export { type HalfNormal, halfNormal } from "./half-normal.ts";
export { type Independent, independent } from "./independent.ts";
export { type Laplace, laplace } from "./laplace.ts";
export { type LogNormal, logNormal } from "./log-normal.ts";
export { type Logistic, logistic } from "./logistic.ts";
export { mixture, type ScalarMixture, type VectorMixture } from "./mixture.ts";
export {
  type MultivariateNormal,
  type MultivariateNormalOptions,
  multivariateNormal,
} from "./multivariate-normal.ts";
export { type Normal, normal } from "./normal.ts";
export { type Pareto, pareto } from "./pareto.ts";
export { type Poisson, poisson } from "./poisson.ts";
export { type StudentT, studentT } from "./student-t.ts";
export { type TruncatedNormal, truncatedNormal } from "./truncated-normal.ts";
export { type Uniform, uniform } from "./uniform.ts";
export { type VonMises, vonMises } from "./von-mises.ts";
export { type Weibull, weibull } from "./weibull.ts";
