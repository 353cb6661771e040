import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import {
  beta,
  dirichlet,
  exponential,
  gamma,
  halfCauchy,
  halfNormal,
  multivariateNormal,
  poisson,
  type ScalarDistribution,
  studentT,
  truncatedNormal,
  uniform,
  weibull,
} from "../../../src/distributions/index.ts";

/** Of values whose terms' logarithms are up to 900: as many roundings of 2^-53, twice. */
const TOLERANCE = 2 * 900 * 2 ** -53;

function close(got: number, want: number): void {
  expect(Math.abs(got / want - 1)).toBeLessThan(TOLERANCE);
}

describe("extreme parameters", () => {
  // mpmath 1.3 at 60 digits: betainc(a, b, 0, x, regularized=True); with b of 1e12 and 1e30, where that does not converge, 1 - quad of
  // the logit's density from x on: exp(a u - (a + b) log1p(exp(u)) - log B(a, b))
  it.each([
    [1e-6, 40, 1e-7, 0.9999881355130618],
    [0.5, 300, 5e-5, 0.1374547576300719],
    [300, 0.5, 1 - 5e-5, 0.8625452423699356],
    [100, 1e12, 1.2e-10, 0.9721362601839864],
    [3, 1e30, 5e-30, 0.8753479805169189],
  ])("beta(%f, %f).cdf(%f) is mpmath's", (a, b, x, want) => {
    close(beta(a, b).cdf(x), want);
  });

  it("Student's t of few degrees has its distribution function far out", () => {
    // betainc(v / 2, 1 / 2, 0, v / (v + 1e400), regularized=True) / 2 with v = 0.001
    close(studentT(0.001).cdf(-1e200), 0.31417321248611507);
  });

  it("Student's t of few degrees finds quantiles near the middle, and says so where f64 has none", () => {
    const few = studentT(0.001);
    for (const p of [0.3, 0.4, 0.7]) close(few.cdf(few.icdf(p)), p);
    expect(few.icdf(0.1)).toBe(Number.NEGATIVE_INFINITY);
    expect(few.icdf(0.9)).toBe(Number.POSITIVE_INFINITY);
    const fewest = studentT(1.2e-38);
    expect(fewest.icdf(0.4)).toBe(Number.NEGATIVE_INFINITY);
    expect(fewest.cdf(-1e-5)).toBeCloseTo(0.5, 12);
  });

  it("Student's log-density keeps distances whose ratio to the scale overflows", () => {
    // loggamma((v + 1) / 2) - loggamma(v / 2) - log(pi v) / 2 - (v + 1) / 2 log1p(x^2 / v)
    close(studentT(1e-30).logProb(1e300), -760.546227868595);
  });

  it("a large gamma's and Poisson's distribution functions are 0 far below the mean", () => {
    for (const x of [1e-300, 0.5, 1, 2, 3.7]) expect(gamma(1e15, 1).cdf(x)).toBe(0);
    expect(poisson(1e15).cdf(3)).toBe(0);
  });

  it.each<[name: string, of: (scale: number) => ScalarDistribution]>([
    ["gamma of 0.3", (scale) => gamma(0.3, 1 / scale)],
    ["gamma of 2.5", (scale) => gamma(2.5, 1 / scale)],
    ["weibull", (scale) => weibull(scale, 0.3)],
    ["exponential", (scale) => exponential(1 / scale)],
    ["halfNormal", halfNormal],
    ["halfCauchy", halfCauchy],
    ["uniform", (scale) => uniform(0, scale)],
    ["truncatedNormal", (scale) => truncatedNormal(0, scale, 0, 3 * scale)],
  ])("%s has its densities and tails where x / scale is below f64's range", (_, of) => {
    const [one, wide] = [of(1), of(2 ** 120)];
    // Next to 0 both functions are straight lines of log x.
    const line = (f: (x: number) => number, log: number) => {
      const slope = (f(2 ** -960) - f(2 ** -964)) / (4 * Math.LN2);
      return f(2 ** -964) + slope * (log + 964 * Math.LN2);
    };
    for (const x of [5e-324, 3e-322, 1e-310, 1e-300]) {
      const log = Math.log(x) - 120 * Math.LN2;
      // Logarithms of 83 are added and taken away, so an error is one of their roundings.
      expect(Math.abs(wide.logProb(x) + 120 * Math.LN2 - line(one.logProb, log))).toBeLessThan(900 * 2 ** -52);
      expect(Math.abs(wide.logCdf(x) - line(one.logCdf, log))).toBeLessThan(900 * 2 ** -52);
    }
  });

  it("quantiles of counts beyond 2^53 end", () => {
    const many = poisson(1e20);
    // Neighbouring numbers are 16384 apart, 1.6e-6 of the standard deviation 1e10.
    expect(Math.abs(many.cdf(many.icdf(0.3)) - 0.3)).toBeLessThan(1e-6);
  });
});

describe("refusals", () => {
  const endless = { length: 1e15 };

  it("of lengths that no array has", () => {
    expect(() => dirichlet(endless as ArrayLike<number>)).toThrow(
      new InputError("dirichlet: concentration must be an array of at least one item, got an object"),
    );
    expect(() => multivariateNormal({ mean: [0], covariance: endless as ArrayLike<number> })).toThrow(
      new InputError("multivariateNormal: covariance must be 1 rows of 1 numbers, got 1000000000000000"),
    );
  });
});
