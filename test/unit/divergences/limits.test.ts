import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import { binomial } from "../../../src/distributions/families/binomial.ts";
import { chiSquared } from "../../../src/distributions/families/chi-squared.ts";
import { geometric } from "../../../src/distributions/families/geometric.ts";
import { pareto } from "../../../src/distributions/families/pareto.ts";
import { poisson } from "../../../src/distributions/families/poisson.ts";
import { studentT } from "../../../src/distributions/families/student-t.ts";
import {
  cauchy,
  type Distribution,
  exponential,
  gamma,
  kumaraswamy,
  laplace,
  mixture,
  multivariateNormal,
  normal,
  tanhNormal,
  truncatedNormal,
  uniform,
} from "../../../src/distributions/index.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";

const INFINITE = Number.POSITIVE_INFINITY;

describe("equal distributions", () => {
  const makers: readonly [string, () => Distribution][] = [
    ["a heavy tail", () => studentT(0.02)],
    ["a far location", () => cauchy(1e16, 1)],
    ["a vector", () => multivariateNormal({ mean: [1, 2], covariance: [[2, 0.5], [0.5, 1]] })], // biome-ignore format: a matrix
    ["many values", () => poisson(1e9)],
  ];

  it.each(makers)("%s: all divergences are 0", (_, make) => {
    const [p, q] = [make(), make()];
    for (const f of [klDivergence, jensenShannon, totalVariation, hellinger]) expect(f(p, q)).toBe(0);
    for (const alpha of [0, 0.5, 1, 2, INFINITE]) expect(renyiDivergence(p, q, alpha)).toBe(0);
  });
});

describe("Rényi's divergence at the ends of its orders", () => {
  it("never falls as the order grows, where subnormal numbers are within the support", () => {
    const p = exponential(1426.3);
    const q = mixture([0.25, 0.75], [normal(-0.583, 0.00351), gamma(0.01415, 0.00468)]);
    const values = [1.5, 2, 3].map((alpha) => renyiDivergence(p, q, alpha));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    // By quadrature of mpmath (50 digits) of p^2 / q over (0, infinity): log of it.
    expect(values[1]).toBeCloseTo(3.33399420576475, 10);
  });

  it("of order 0 is -log Q(p > 0)", () => {
    expect(renyiDivergence(normal(0, 1), cauchy(0, 2), 0)).toBe(0);
    expect(renyiDivergence(uniform(0, 1), uniform(0, 4), 0)).toBeCloseTo(Math.log(4), 13);
    expect(renyiDivergence(uniform(3, 4), uniform(0, 1), 0)).toBe(INFINITE);
    // Beyond 20 standard deviations: 1 - Φ is in the tail of f64.
    expect(renyiDivergence(pareto(20, 1), normal(0, 1), 0)).toBeCloseTo(203.9171553710973, 9);
    expect(renyiDivergence(binomial(2, 0.5), poisson(1), 0)).toBeCloseTo(1 - Math.log(2.5), 14);
  });

  it("are those of exponentials for Pareto distributions of one scale, of any order", () => {
    // log(a / b) + log(a / (α a + (1 - α) b)) / (α - 1), in rates a and b (M. Gil, F. Alajaji and T. Linder, 2013).
    const wanted = (alpha: number) => Math.log(3 / 2) + Math.log(3 / (alpha * 3 + (1 - alpha) * 2)) / (alpha - 1);
    for (const alpha of [0.5, 2, 5]) {
      expect(renyiDivergence(pareto(7, 3), pareto(7, 2), alpha)).toBeCloseTo(wanted(alpha), 13);
    }
  });

  it("of order Infinity is the logarithm of the largest p / q", () => {
    // d² / (2 (t² - s²)) + log(t / s)
    expect(renyiDivergence(normal(0, 1), normal(1, 2), INFINITE)).toBeCloseTo(1 / 6 + Math.LN2, 14);
    expect(renyiDivergence(normal(0, 1), normal(1, 1), INFINITE)).toBe(INFINITE);
    expect(renyiDivergence(laplace(0, 1), laplace(3, 1), INFINITE)).toBeCloseTo(3, 12);
    expect(renyiDivergence(cauchy(0, 2), cauchy(0, 1), INFINITE)).toBeCloseTo(Math.LN2, 12);
    expect(renyiDivergence(cauchy(0, 1), normal(0, 1), INFINITE)).toBe(INFINITE);
    expect(renyiDivergence(poisson(2), poisson(5), INFINITE)).toBe(3);
    expect(renyiDivergence(poisson(5), poisson(2), INFINITE)).toBe(INFINITE);
    expect(renyiDivergence(geometric(0.5), geometric(0.25), INFINITE)).toBeCloseTo(Math.LN2, 15);
    const wide = multivariateNormal({ mean: [0, 0], std: [2, 2] });
    expect(renyiDivergence(truncatedNormal(0, 1, 1, 2), uniform(1, 2), INFINITE)).toBeCloseTo(0.576859735976083, 12);
    // Where the peak lies nearer to an end than f64 has numbers, it is not what the next of them have.
    for (const [p, q] of [
      [tanhNormal(0, 3), uniform(-1, 1)],
      [tanhNormal(1, 5), uniform(-1, 1)],
      [kumaraswamy(1e15, 2), uniform(0, 1)],
      [kumaraswamy(1e20, 2), uniform(0, 1)],
    ] as const) {
      expect(() => renyiDivergence(p, q, INFINITE)).toThrow("the limit of order Infinity");
    }
    for (const [p, q] of [
      [kumaraswamy(0.1, 0.2), kumaraswamy(0.12, 0.19)],
      [kumaraswamy(0.5, 0.3), kumaraswamy(0.6, 0.3)],
    ] as const) {
      expect(() => renyiDivergence(p, q, 2)).toThrow("f64's numbers lie too far apart");
    }
    const narrow = multivariateNormal({ mean: [1, 0], std: [1, 1] });
    expect(renyiDivergence(narrow, wide, INFINITE)).toBeCloseTo(1 / 6 + 2 * Math.LN2, 14);
  });

  it("of binomials of equal trials is at either end of the counts", () => {
    const of = (trials: number, p: number, q: number) =>
      renyiDivergence(binomial(trials, p), binomial(trials, q), INFINITE);
    expect(of(1e12, 0.3, 0.4)).toBeCloseTo(1e12 * Math.log(0.7 / 0.6), 2);
    expect(of(1e12, 0.4, 0.3)).toBeCloseTo(1e12 * Math.log(0.4 / 0.3), 2);
    expect(of(1e12, 1e-9, 2e-9)).toBeCloseTo(1e12 * (1e-9 + 1.5e-18), 9);
    expect(of(1e12, 0, 0.25)).toBeCloseTo(-1e12 * Math.log(0.75), 2);
  });

  it("bounds the orders between", () => {
    for (const [p, q] of [
      [normal(0, 1), normal(0.5, 2)],
      [uniform(0, 1), laplace(0, 1)],
      [poisson(2), poisson(3)],
    ] as const) {
      // biome-ignore format: pairs
      const values = [0, 0.5, 1, 2, 50, INFINITE].map((alpha) => renyiDivergence(p, q, alpha));
      for (const [k, value] of values.entries()) expect(value).toBeGreaterThanOrEqual((values[k - 1] ?? 0) - 1e-12);
    }
  });
});

describe("far from 0, and far out", () => {
  it("locations do not matter, only their difference", () => {
    const [near, far] = [
      renyiDivergence(cauchy(0, 1), cauchy(2, 1), 2),
      renyiDivergence(cauchy(1e16, 1), cauchy(1e16 + 2, 1), 2),
    ];
    expect(near).toBeCloseTo(Math.log(3), 12);
    expect(far).toBe(near);
    expect(jensenShannon(cauchy(1e16, 1), cauchy(1e16 + 2, 1))).toBe(jensenShannon(cauchy(0, 1), cauchy(2, 1)));
  });

  it("tails that are beyond f64's numbers are powers, or are refused as such", () => {
    // Quadrature in the logarithm of x (mpmath 1.3): exp((α - 1) D) is within 1e-10.
    expect(Math.abs(renyiDivergence(studentT(0.02), studentT(0.021), 2) - 0.00246204725082438)).toBeLessThan(1e-10);
    const wide = renyiDivergence(studentT(0.02), studentT(0.02, 0, 1.5), 0.5);
    expect(Math.abs(wide - 5.42269067205969e-4)).toBeLessThan(2e-10);
    expect(() => jensenShannon(studentT(0.02), studentT(0.03))).toThrow(UnsupportedError);
    expect(() => jensenShannon(studentT(0.02), studentT(0.03))).toThrow(/range of f64/);
  });

  it("concentrations that f64 cannot add keep both", () => {
    // log Γ(b) above its tangent at a = 5e3, b = 5e29 (mpmath 1.3).
    expect(klDivergence(chiSquared(1e4), chiSquared(1e30)) / 2.943365621058926e31).toBeCloseTo(1, 14);
  });

  it("vectors of one covariance differ along a line", () => {
    const of = (x: number) => multivariateNormal({ mean: [x, 0], std: [2, 1] });
    expect(jensenShannon(of(0), of(4))).toBeCloseTo(jensenShannon(normal(0, 1), normal(2, 1)), 12);
  });
});

describe("entropies of counts", () => {
  it("of certain values are 0", () => {
    expect([binomial(9, 0), binomial(9, 1), binomial(0, 0.5)].map((d) => d.entropy())).toEqual([0, 0, 0]);
  });

  // Sums of 40 digits, on either side of where the series begins (mpmath 1.3).
  it.each([
    [40_000, 0.49, 6.023908675795174],
    [40_002, 0.51, 6.023933675170367],
    [2 ** 53 - 1, 1e-12, 5.971819007706257],
    [2 ** 53 - 1, 1e-13, 4.820443143565964],
    [9, 1 - 1e-9, 1.757343666456151e-7],
    [100, 1e-12, 2.4025850929974766e-9],
  ])("binomial(%d, %d)'s is the sum's", (trials, probability, want) => {
    // Some thousand terms, whose logarithms have errors of a few units in the last place.
    expect(Math.abs(binomial(trials, probability).entropy() / want - 1)).toBeLessThan(2e-14);
  });

  it("take no longer for more trials", () => {
    // (1 + log(2π n / 4)) / 2 of many even trials.
    expect(binomial(2 ** 40, 0.5).entropy()).toBeCloseTo((1 + Math.log((2 * Math.PI * 2 ** 40) / 4)) / 2, 12);
    expect(poisson(1e30).entropy()).toBeCloseTo((1 + Math.log(2 * Math.PI * 1e30)) / 2, 12);
  });
});
