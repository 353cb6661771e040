import { describe, expect, it } from "vitest";
import {
  bernoulli,
  type Distribution,
  exponential,
  gamma,
  multivariateNormal,
  normal,
  truncatedNormal,
  uniform,
  weibull,
} from "../../../src/distributions/index.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";

/** Some ten roundings each of terms that are together no more than twice the result. */
const TOLERANCE = 20 * 2 ** -53;

const wide = { mean: [0, 0], std: [1, 1] };

/** Of order ½: log((s + 1 / s) / 2) of normals of scales 1 and s, log((r + 1)² / (4 r)) of exponentials of rates 1 and r. */
const ofScale = (s: number) => Math.log((s + 1 / s) / 2);
const ofRate = (r: number) => 2 * Math.log1p(r) - Math.log(4 * r);

describe("distributions that share no value", () => {
  const pairs: readonly [string, Distribution, Distribution][] = [
    // Nearly all of either lies nearer to an end than f64 has numbers.
    ["truncated normals", truncatedNormal(7e3, 16, 0.6, 0.7), truncatedNormal(8e5, 1e-4, -32163, -32161)],
    ["intervals that touch", uniform(0, 1), uniform(1, 2)],
    ["whole numbers", bernoulli(0), bernoulli(1)],
  ];

  it.each(pairs)("%s: every distance is the largest that there is", (_, p, q) => {
    for (const [a, b] of [
      [p, q],
      [q, p],
    ] as const) {
      expect([hellinger(a, b), totalVariation(a, b), jensenShannon(a, b)]).toEqual([1, 1, Math.LN2]);
      for (const alpha of [0, 0.5, 1, 2, Infinity]) expect(renyiDivergence(a, b, alpha), `${alpha}`).toBe(Infinity);
    }
  });
});

describe("distributions far apart", () => {
  const pairs: readonly [string, Distribution, Distribution, number][] = [
    ["normals", normal(0, 1), normal(0, 1e-6), ofScale(1e-6)],
    ["normals", normal(0, 1), normal(0, 1e-10), ofScale(1e-10)],
    ["normals", normal(0, 1e-20), normal(0, 1), ofScale(1e-20)],
    ["vectors", multivariateNormal(wide), multivariateNormal({ mean: [0, 0], std: [1e-10, 1] }), ofScale(1e-10)],
    ["exponentials", exponential(1), exponential(1e12), ofRate(1e12)],
    ["gammas", gamma(2, 1), gamma(2, 1e30), 2 * ofRate(1e30)],
    ["gammas", gamma(2, 1e30), gamma(2, 1), 2 * ofRate(1e30)],
    // (1 / 2)^3000 underflows: 3000 log 2 - log 4 but for it.
    ["Weibulls", weibull(1, 3000), weibull(2, 3000), 3000 * Math.LN2 - Math.log(4)],
  ];

  it.each(pairs)("%s: Rényi's divergence keeps its digits, and Hellinger's distance follows", (_, p, q, want) => {
    expect(Math.abs(renyiDivergence(p, q, 0.5) / want - 1)).toBeLessThan(TOLERANCE);
    expect(hellinger(p, q)).toBeCloseTo(Math.sqrt(-Math.expm1(-want / 2)), 14);
  });

  it("is infinite where the joint density has no integral, and only there", () => {
    // α σq² + (1 - α) σp² > 0 with α = 3/2: σp² < 3 σq²
    expect(renyiDivergence(normal(0, 1.74), normal(0, 1), 1.5)).toBe(Number.POSITIVE_INFINITY);
    expect(renyiDivergence(normal(0, 1.73), normal(0, 1), 1.5)).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});
