import { describe, expect, it } from "vitest";
import {
  beta,
  binomial,
  cauchy,
  exponential,
  gamma,
  independent,
  logistic,
  mixture,
  multivariateNormal,
  normal,
  poisson,
  type ScalarDistribution,
  studentT,
  truncatedNormal,
  uniform,
  vonMises,
  weibull,
} from "../../../src/distributions/index.ts";
import { sampleAt } from "../../../src/distributions/sample-at.ts";
import { families, numberFamilies } from "../../support/distributions/families.ts";

const RELATIVE = 1e-12;

function close(got: number, want: number, what = ""): void {
  const near = got === want || Math.abs(got - want) <= RELATIVE * Math.abs(want);
  expect(near, `${what} got ${got}, want ${want}`).toBe(true);
}

describe("far out", () => {
  // Closed forms, and mpmath 1.3 at 60 digits of erfc and its asymptotic series, betainc, gammainc, loggamma, and of a quadrature of the von
  // Mises density.
  it.each(numberFamilies)("$name keeps the digits", ({ far }) => {
    for (const [k, [got, want]] of far.entries()) close(got, want, `value ${k}`);
  });

  it("a distribution's functions are at their limits beyond its support", () => {
    for (const of of [uniform(2, 3), beta(2, 2), binomial(3, 0.5), truncatedNormal(0, 1, -2, -1)]) {
      expect([of.cdf(9), of.survival(9), of.logCdf(9), of.logSurvival(9)]).toEqual([1, 0, 0, -Infinity]);
      expect([of.cdf(-9), of.survival(-9), of.logCdf(-9), of.logSurvival(-9)]).toEqual([0, 1, -Infinity, 0]);
      expect([of.survival(Number.NaN), of.logCdf(Number.NaN), of.logSurvival(Number.NaN)]).toEqual([NaN, NaN, NaN]);
    }
  });

  it("densities and probabilities are at their limits where f64 has no other", () => {
    expect(weibull(1e-10, 2).logProb(1e300)).toBe(Number.NEGATIVE_INFINITY);
    expect(gamma(1e5, 1).cdf(1.7e308)).toBe(1);
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
  const cases = families.flatMap(({ modes }) => modes.map(([of, want]) => [of.name, of, want] as const));

  it.each(cases)("of %s", (name, of, want) => {
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
