export { type Bernoulli, bernoulli } from "./bernoulli.ts";
export { type Categorical, type CategoricalOptions, categorical } from "./categorical.ts";
export { type Cauchy, cauchy } from "./cauchy.ts";
export type { Distribution, Point, ScalarDistribution, VectorDistribution } from "./distribution.ts";
export { type Exponential, exponential } from "./exponential.ts";
export { type Gumbel, gumbel } from "./gumbel.ts";
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
export { type Uniform, uniform } from "./uniform.ts";
export { type Weibull, weibull } from "./weibull.ts";
