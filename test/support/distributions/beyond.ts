import {
  beta,
  chiSquared,
  type Distribution,
  dirichlet,
  exponential,
  gamma,
  independent,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  studentT,
  tanhNormal,
  truncatedNormal,
  uniform,
  weibull,
} from "../../../src/index.ts";

/** A mean that samples as f32 numbers alone would not give. */
export interface Beyond {
  readonly of: string;
  readonly under: Distribution;
  readonly want: number;
}

/** Means, in closed form by digamma and gamma functions of mpmath 1.3, of formulas whose locations f32 does not hold, and of logarithms of samples that it does not. */
export const BEYOND: readonly Beyond[] = [
  { of: "x", under: normal(1e6 + 0.3, 0.1), want: 1e6 + 0.3 },
  { of: "x", under: normal(123456789, 10), want: 123456789 },
  { of: "x > 100000003", under: normal(1e8, 4), want: 0.2266273523768682 },
  { of: "100000003 >= x", under: normal(1e8, 4), want: 0.7733726476231318 },
  { of: "(x - 100000000)^2", under: normal(1e8, 4), want: 16 },
  { of: "x^2", under: normal(1e6 + 0.3, 0.1), want: (1e6 + 0.3) ** 2 + 0.01 },
  { of: "x * (1000 - 2 * x)", under: normal(1e6 + 0.3, 0.1), want: 1000 * (1e6 + 0.3) - 2 * ((1e6 + 0.3) ** 2 + 0.01) },
  { of: "abs(x - 1000000.3)", under: normal(1e6 + 0.3, 0.1), want: 0.1 * Math.sqrt(2 / Math.PI) },
  { of: "x", under: uniform(1e6 + 0.3, 1e6 + 0.7), want: 1e6 + 0.5 },
  { of: "x", under: truncatedNormal(0, 1, 1000, 2000), want: 1000.000999998 },
  { of: "x", under: pareto(3, 1e7), want: (3 * 1e7) / (1e7 - 1) },
  { of: "x", under: gamma(1e12, 1), want: 1e12 },
  { of: "x", under: mixture([0.5, 0.5], [normal(1e6 + 0.3, 0.1), normal(1e6 + 0.8, 0.1)]), want: 1e6 + 0.55 },
  { of: "x[0] - x[1]", under: independent([normal(1e7 + 0.25, 1), normal(1e7, 1)]), want: 0.25 },
  { of: "x[1] - x[0]", under: multivariateNormal({ mean: [1e7, 1e7 + 0.3], covariance: [1, 0.5, 0.5, 1] }), want: 0.3 },
  { of: "log(x)", under: gamma(0.01, 1), want: -100.56088545786868 },
  { of: "log2(x)", under: gamma(0.01, 1), want: -100.56088545786868 / Math.LN2 },
  { of: "log(3 * x)", under: chiSquared(0.02), want: -100.56088545786868 + Math.log(6) },
  { of: "log(1 - x)", under: beta(1, 0.1), want: -10 },
  { of: "log1p(-x)", under: beta(1, 0.1), want: -10 },
  // digamma(0.1) - digamma(0.2)
  { of: "log(x)", under: beta(0.1, 0.1), want: -5.134715043818889 },
  { of: "x^-0.002", under: gamma(0.01, 1), want: 1.25140706191988 },
  { of: "sqrt(x / 2)", under: gamma(0.01, 1), want: 0.012362598055302128 },
  { of: "x > 0.99999999", under: beta(0.5, 0.1), want: 0.13997006263844586 },
  { of: "log(x)", under: weibull(1, 0.01), want: -57.72156649015329 },
  { of: "log(x)", under: pareto(2, 0.01), want: 100 + Math.LN2 },
  { of: "log(x)", under: logNormal(10, 50), want: 10 },
  { of: "log(x)", under: exponential(1e38), want: -0.5772156649015329 - 38 * Math.LN10 },
  { of: "log(x[0])", under: dirichlet([0.01, 0.02, 0.5]), want: -98.73826031240456 },
  { of: "log(1 - x[2])", under: dirichlet([0.01, 0.02, 0.5]), want: -32.03962927515465 },
  { of: "log(x)", under: mixture([0.5, 0.5], [gamma(0.01, 1), gamma(2, 1)]), want: -50.06905056138508 },
  { of: "log(abs(x))", under: studentT(0.01), want: 97.00017034966743 },
  // Gauss and Legendre's rule of mpmath in atanh x
  { of: "log(1 - x)", under: tanhNormal(0, 10), want: -7.318416390050127 },
  { of: "log1p(x)", under: tanhNormal(-12, 3), want: -23.30695634719156 },
  { of: "log(1 - x^2)", under: tanhNormal(0, 5), want: -6.722331701222407 },
  { of: "sqrt(1 - x^2)", under: tanhNormal(0, 5), want: 0.23957690766112796 },
  { of: "log((1 + x) / (1 - x)) / 2", under: tanhNormal(-12, 3), want: -12 },
  { of: "x < -0.99999999999", under: tanhNormal(0, 5), want: 0.004631953750273686 },
];
