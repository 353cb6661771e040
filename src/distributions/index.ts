export type { Distribution, Point, ScalarDistribution, VectorDistribution } from "./distribution.ts";
export { affine } from "./families/affine.ts";
export { type Bernoulli, bernoulli } from "./families/bernoulli.ts";
export { type Beta, beta } from "./families/beta.ts";
export { type Binomial, binomial } from "./families/binomial.ts";
export { type Categorical, type CategoricalOptions, categorical } from "./families/categorical.ts";
export { type Cauchy, cauchy } from "./families/cauchy.ts";
export { type ChiSquared, chiSquared } from "./families/chi-squared.ts";
export { type Dirichlet, dirichlet } from "./families/dirichlet.ts";
export { type Exponential, exponential } from "./families/exponential.ts";
export { type Gamma, gamma } from "./families/gamma.ts";
export { type Geometric, geometric } from "./families/geometric.ts";
export { type Gumbel, gumbel } from "./families/gumbel.ts";
export { type GumbelSoftmax, gumbelSoftmax } from "./families/gumbel-softmax.ts";
export { type HalfCauchy, halfCauchy } from "./families/half-cauchy.ts";
export { type HalfNormal, halfNormal } from "./families/half-normal.ts";
export { type Independent, independent } from "./families/independent.ts";
export { type InverseGamma, inverseGamma } from "./families/inverse-gamma.ts";
export { type Kumaraswamy, kumaraswamy } from "./families/kumaraswamy.ts";
export { type Laplace, laplace } from "./families/laplace.ts";
export { type LogNormal, logNormal } from "./families/log-normal.ts";
export { type Logistic, logistic } from "./families/logistic.ts";
export { mixture, type ScalarMixture, type VectorMixture } from "./families/mixture.ts";
export { type Multinomial, multinomial } from "./families/multinomial.ts";
export {
  type MultivariateNormal,
  type MultivariateNormalOptions,
  multivariateNormal,
} from "./families/multivariate-normal.ts";
export { type NegativeBinomial, negativeBinomial } from "./families/negative-binomial.ts";
export { type Normal, normal } from "./families/normal.ts";
export { type Pareto, pareto } from "./families/pareto.ts";
export { type Poisson, poisson } from "./families/poisson.ts";
export { type StudentT, studentT } from "./families/student-t.ts";
export { type TanhNormal, tanhNormal } from "./families/tanh-normal.ts";
export { type TruncatedNormal, truncatedNormal } from "./families/truncated-normal.ts";
export { type Uniform, uniform } from "./families/uniform.ts";
export { type VonMises, vonMises } from "./families/von-mises.ts";
export { type Weibull, weibull } from "./families/weibull.ts";
