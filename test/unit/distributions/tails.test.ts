import { describe, expect, it } from "vitest";
import {
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
  vonMises,
  weibull,
} from "../../../src/distributions/index.ts";
import { sampleAt } from "../../../src/distributions/sample-at.ts";

const RELATIVE = 1e-12;

function close(got: number, want: number, what = ""): void {
  const near = got === want || Math.abs(got - want) <= RELATIVE * Math.abs(want);
  expect(near, `${what} got ${got}, want ${want}`).toBe(true);
}

describe("far out", () => {
  const { LN2, log, exp } = Math;
  // Closed forms, and mpmath 1.3 at 60 digits of erfc and its asymptotic series, betainc, gammainc, loggamma, and of a quadrature of the von
  // Mises density.
  it.each<[string, number, number]>([
    ["normal's", normal(0, 1).logSurvival(1e100), -5e199],
    ["normal's below", normal(0, 1).logCdf(-1e100), -5e199],
    ["normal's other", normal(0, 1).logCdf(20), -2.7536241186062337e-89],
    ["Laplace's", laplace(0, 1).logSurvival(1e300), -1e300],
    ["logistic's", logistic(2, 0.5).logCdf(-1e300), -2e300],
    ["Gumbel's left", gumbel(0, 1).logCdf(-690), -exp(690)],
    ["Gumbel's right", gumbel(0, 1).logSurvival(1e300), -1e300],
    ["Weibull's", weibull(1, 2).logSurvival(1e150), -1e300],
    ["Weibull's near 0", weibull(1e10, 2).logCdf(1e-300), -620 * log(10)],
    ["exponential's", exponential(3).logSurvival(1e300), -3e300],
    ["exponential's near 0", exponential(1e-30).logCdf(1e-300), -330 * log(10)],
    ["gamma's", gamma(2, 1).logSurvival(1e300), -1e300],
    ["gamma's near 0", gamma(0.5, 2).logCdf(1e-300), -344.92040812119166],
    ["beta's near 0", beta(2, 3).logCdf(1e-300), -1379.7592963271993],
    ["beta's near 1", beta(0.25, 3).logSurvival(1 - 2 ** -53), -112.35438177184871],
    ["Student's", studentT(3).logSurvival(1e300), -2072.2288602555964],
    ["Cauchy's", cauchy(0, 1).logSurvival(1e300), -691.9202577840631],
    ["Cauchy's of a ratio beyond f64", cauchy(0, 1e-30).logCdf(-1e300), -330 * log(10) - log(Math.PI)],
    ["Pareto's", pareto(1, 5).logSurvival(1e300), -3453.8776394910687],
    ["log-normal's", logNormal(0, 1).logSurvival(1e300), -238592.8717270767],
    ["log-normal's near 0", logNormal(0, 0.001).logCdf(1e-300), -238585414985.8924],
    ["half-normal's", halfNormal(1).logSurvival(1e140), -5e279],
    ["cut normal's", truncatedNormal(0, 1, -1, Number.POSITIVE_INFINITY).logSurvival(1e100), -5e199],
    ["cut normal's end", truncatedNormal(0, 1, 10, 20).logCdf(10 + 2 ** -40), -25.41354060509456],
    ["von Mises'", vonMises(0, 1e6).logSurvival(3), -1989998.3651000354],
    ["Poisson's", poisson(1).logSurvival(1e15), -3.353877639491074e16],
    ["binomial's", binomial(2 ** 50, 0.5).logCdf(0), -(2 ** 50) * LN2],
    ["geometric's", geometric(0.5).logSurvival(1e15), -(1e15 + 1) * LN2],
    ["Bernoulli's", bernoulli(1e-20).logCdf(0), -1e-20],
    ["classes'", categorical({ logits: [0, -100] }).logCdf(0), -exp(-100)],
    ["uniform's", uniform(0, 1).logCdf(1e-300), log(1e-300)],
    ["a mixture's", mixture([0.25, 0.75], [normal(0, 1), laplace(0, 1)]).logSurvival(1e300), -1e300],
    ["a small chi-squared's", chiSquared(1e-20).survival(1), 2.7988679738808037e-21],
  ])("%s tail", (_, got, want) => {
    close(got, want);
  });

  it("a distribution's functions are at their limits beyond its support", () => {
    for (const of of [uniform(2, 3), beta(2, 2), binomial(3, 0.5), truncatedNormal(0, 1, -2, -1)]) {
      expect([of.cdf(9), of.survival(9), of.logCdf(9), of.logSurvival(9)]).toEqual([1, 0, 0, -Infinity]);
      expect([of.cdf(-9), of.survival(-9), of.logCdf(-9), of.logSurvival(-9)]).toEqual([0, 1, -Infinity, 0]);
      expect([of.survival(Number.NaN), of.logCdf(Number.NaN), of.logSurvival(Number.NaN)]).toEqual([NaN, NaN, NaN]);
    }
  });

  it("variances, densities and quantiles keep what f64 has of them", () => {
    close(logNormal(-1000, 27).variance, 4.096291067421963e-236);
    close(logNormal(400, 20).standardDeviation, exp(800));
    expect(weibull(1e-10, 2).logProb(1e300)).toBe(Number.NEGATIVE_INFINITY);
    close(weibull(1e-10, 1e-3).logProb(1e300), log(1e-3) + 10 * log(10) - 0.999 * 310 * log(10) - exp(0.31 * log(10)));
    expect(gamma(1e5, 1).cdf(1.7e308)).toBe(1);
    // findroot of log(erfc(z / sqrt(2)) / 2) - log(p)
    close(normal(0, 1).icdf(5e-324), -38.467405617144344);
    close(normal(0, 1).icdf(1e-310), -37.66306033194952);
    close(cauchy(0, 1e-30).icdf(5e-324), -1e-30 / Math.PI / 5e-324);
    close(beta(0.002, 1).icdf(0.23), 0.23 ** 500);
  });

  it("quantiles of neighbouring probabilities are in order", () => {
    for (const of of [beta(0.002, 1), beta(1, 0.002), gamma(0.002, 1), weibull(1, 0.002), studentT(0.01)]) {
      let before = Number.NEGATIVE_INFINITY;
      for (let k = 1; k < 1000; k++) {
        const x = of.icdf(k / 1000);
        expect(x, `${of.name}, ${k} thousandths`).toBeGreaterThanOrEqual(before);
        before = x;
      }
    }
  });
});

it("densities of vectors are 0 where one coordinate is impossible, or all are beyond f64", () => {
  const pole = independent([beta(0.5, 1), uniform(0, 1)]);
  expect([pole.logProb([0, 0.5]), pole.logProb([0, 2])]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect(pole.logProb([Number.NaN, 2])).toBe(Number.NaN);
  const scaleTril = [
    [1e-30, 0, 0],
    [1, 1e-30, 0],
    [1, 1, 1e-30],
  ];
  const narrow = multivariateNormal({ mean: [0, 0, 0], scaleTril });
  expect(narrow.logProb([1e300, 1e300, -1e300])).toBe(Number.NEGATIVE_INFINITY);
  expect(narrow.logProb([1e300, Number.NaN, -1e300])).toBe(Number.NaN);
});

describe("limits of families", () => {
  const values = (of: ScalarDistribution) => [of.mean, of.variance, of.standardDeviation, of.mode, of.median];

  it("of rate 0 all counts are 0", () => {
    const none = poisson(0);
    expect(values(none)).toEqual([0, 0, 0, 0, 0]);
    expect([none.logProb(0), none.logProb(1), none.entropy()]).toEqual([0, Number.NEGATIVE_INFINITY, 0]);
    expect([-1, 0, 0.5, 1].map(none.cdf)).toEqual([0, 1, 1, 1]);
    expect([0, 0.3, 1].map(none.icdf)).toEqual([0, 0, 0]);
    for (let index = 0; index < 50; index++) expect(sampleAt(none, { seed: 1, index })).toBe(0);
  });

  it("of concentration 0 all angles are alike", () => {
    const even = vonMises(1, 0);
    const flat = uniform(-Math.PI, Math.PI);
    for (const x of [-3, -1, 0.5, 3.1]) {
      close(even.cdf(x), flat.cdf(x));
      close(even.survival(x), flat.survival(x));
      close(even.logProb(x), flat.logProb(x));
      close(even.icdf(flat.cdf(x)), x);
    }
    close(even.variance, flat.variance);
    close(even.entropy(), flat.entropy());
    expect(even.mode).toBe(-Math.PI);
    close(even.circularVariance, 1);
    expect(Math.abs(even.mean)).toBeLessThan(1e-15);
    // A mean of 1,000 angles of standard deviation 1.81: five standard errors.
    const angles = Array.from({ length: 1000 }, (_, index) => sampleAt(even, { seed: 1, index }) as number);
    expect(Math.abs(angles.reduce((sum, x) => sum + x, 0) / 1000)).toBeLessThan((5 * 1.8138) / Math.sqrt(1000));
  });
});

describe("modes", () => {
  const cases: readonly (readonly [Distribution, number | readonly number[]])[] = [
    [bernoulli(0.5), 0],
    [bernoulli(0.6), 1],
    [beta(3, 2), 2 / 3],
    [beta(0.5, 3), 0],
    [beta(3, 0.5), 1],
    [beta(1, 0.5), 1],
    [beta(0.5, 0.7), 0],
    [beta(1, 1), 0],
    [binomial(3, 0.5), 1],
    [binomial(4, 0.5), 2],
    [binomial(3, 0), 0],
    [binomial(3, 1), 3],
    [categorical([0.25, 0.375, 0.375]), 1],
    [chiSquared(5), 3],
    [gamma(0.5, 2), 0],
    [gamma(3, 2), 1],
    [geometric(0.2), 0],
    [logNormal(1, 2), Math.exp(-3)],
    [pareto(2, 1), 2],
    [poisson(3), 2],
    [poisson(3.5), 3],
    [poisson(0.5), 0],
    [truncatedNormal(0, 1, 2, 3), 2],
    [truncatedNormal(0, 1, -2, 3), 0],
    [uniform(2, 3), 2],
    [weibull(2, 0.5), 0],
    [weibull(2, 2), Math.SQRT2],
    [mixture([0.5, 0.5], [categorical([0.5, 0.5]), categorical([0, 1])]), 1],
    [multivariateNormal({ mean: [1, 2], std: [1, 1] }), [1, 2]],
    [dirichlet([2, 3, 1]), [1 / 3, 2 / 3, 0]],
    [dirichlet([0.5, 3]), [0, 1]],
    [dirichlet([0.5, 0.7]), [0, 1]],
    [dirichlet([1, 1, 0.5]), [0, 1, 0]],
    [independent([normal(1, 2), dirichlet([1, 1])]), [1, 0, 1]],
  ];

  it.each(cases.map(([of, want]) => [of.name, of, want] as const))("of %s", (name, of, want) => {
    const [got = [], wanted = []] = [of.mode, want].map((point) => (typeof point === "number" ? [point] : point));
    expect(got.length).toBe(wanted.length);
    wanted.forEach((value, k) => {
      if (Number.isNaN(value)) expect(got[k]).toBe(value);
      else close(got[k] ?? Number.NaN, value, name);
    });
  });

  it("mixtures of vectors have none", () => {
    const parts = [multivariateNormal({ mean: [0], std: [1] }), multivariateNormal({ mean: [3], std: [1] })];
    const both = mixture([0.5, 0.5], parts);
    expect(both.mode).toBeUndefined();
    expect(independent([both, normal(0, 1)]).mode).toBeUndefined();
  });
});

describe("medians and standard deviations", () => {
  it("are the quantile of 1/2 and the variance's root", () => {
    for (const of of [gamma(3, 2), poisson(3), studentT(5), logistic(1, 2), weibull(2, 3)]) {
      expect(of.median).toBe(of.icdf(0.5));
      close(of.standardDeviation, Math.sqrt(of.variance));
    }
    expect(cauchy(1, 2).standardDeviation).toBe(Number.NaN);
    // Whose squares are beyond f64: sqrt(gamma(1 + 2 / k) - gamma(1 + 1 / k)^2) of mpmath
    close(weibull(1, 0.01).standardDeviation, 2.8083053027845647e187);
    const wide = mixture([0.5, 0.5], [weibull(1, 0.01), normal(0, 1)]);
    expect(wide.variance).toBe(Number.POSITIVE_INFINITY);
    close(wide.standardDeviation, Math.SQRT1_2 * weibull(1, 0.01).standardDeviation);
    expect(studentT(1.5).standardDeviation).toBe(Number.POSITIVE_INFINITY);
    expect(multivariateNormal({ mean: [0, 0], variance: [4, 9] }).standardDeviation).toEqual([2, 3]);
    expect(independent([normal(0, 2), normal(1, 1)]).standardDeviation).toEqual([2, 1]);
  });
});

describe("modes of mixtures", () => {
  it.each([
    // The root of f'(x) = 0 of mpmath 1.3, or what is known.
    [mixture([0.5, 0.5], [normal(0, 1), normal(4, 1)]), 0.0013486539697835126],
    [mixture([0.5, 0.5], [cauchy(-3, 1), cauchy(3, 1)]), -2.9956077782330377],
    [mixture([0.999, 0.001], [normal(0, 1), normal(5, 1e-6)]), 5],
    [mixture([0.5, 0.5], [gamma(0.5, 1), normal(3, 1)]), 0],
    [mixture([0.5, 0.5], [poisson(100.5), poisson(10.5)]), 10],
    [mixture([0.2, 0.8], [uniform(0, 1), exponential(2)]), 0],
  ])("%#", (of, want) => {
    expect(Math.abs(of.mode - want)).toBeLessThan(2e-8);
  });
});
