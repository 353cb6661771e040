import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import { KL, NEAR, OTHERS } from "../../golden/divergences/divergences.ts";
import { type Family, made, shown } from "../../support/distributions/families.ts";

/**
 * The families of p whose mean of log q has no closed form, by q: of log(1 + x²) outside its own family, of log(1 + exp(-|x|)), of
 * exp(-x) without a Laplace transform, of |x| where the partial mean has none, of cosines.
 */
const WITHOUT: Readonly<Record<string, string>> = {
  cauchy:
    "beta exponential gamma gumbel laplace logNormal logistic normal pareto studentT truncatedNormal vonMises weibull",
  studentT:
    "beta exponential gamma gumbel laplace logNormal logistic normal pareto studentT truncatedNormal vonMises weibull",
  logistic:
    "beta exponential gamma gumbel laplace logNormal normal pareto studentT truncatedNormal uniform vonMises weibull",
  gumbel: "beta logNormal pareto vonMises weibull",
  laplace: "gumbel vonMises",
  vonMises: "beta truncatedNormal",
};

function closed(p: Family, q: Family): number | undefined {
  try {
    return klDivergence(made(p), made(q));
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(String(error)).toContain("klEstimate");
    return undefined;
  }
}

describe("klDivergence of two distributions of numbers", () => {
  it("is the quadrature's, both ways, for every pair of families that has a closed form", () => {
    let checked = 0;
    const missing = new Set<string>();
    for (const [p, q, nats] of KL) {
      const value = closed(p, q);
      if (value === undefined) {
        missing.add(`${p[0]} ${q[0]}`);
        continue;
      }
      checked++;
      if (nats === Number.POSITIVE_INFINITY) expect(value, `${shown(p)} ${shown(q)}`).toBe(nats);
      // Entropies and means of some units, each of which a few roundings of 1.1e-16 were made in, are subtracted.
      else expect(Math.abs(value - nats) / Math.max(1, nats), `${shown(p)} ${shown(q)}`).toBeLessThan(2e-14);
    }
    const expected = Object.entries(WITHOUT).flatMap(([q, ps]) => ps.split(" ").map((p) => `${p} ${q}`));
    expect([...missing].sort()).toEqual(expected.sort());
    expect(checked).toBeGreaterThan(850);
  });

  it("keeps its digits where the two are nearly equal", () => {
    for (const [p, q, nats] of NEAR) {
      // Differences of the parameters are exact, and no term is larger than the result but for a factor of about 10.
      const value = klDivergence(made(p), made(q));
      expect(Math.abs(value / nats - 1), `${shown(p)} ${shown(q)}`).toBeLessThan(2e-14);
    }
  });

  it("is 0 for one distribution, and for its equals", () => {
    for (const [p] of KL.filter((_, k) => k % 31 === 0)) {
      const distribution = made(p);
      expect(klDivergence(distribution, distribution)).toBe(0);
      expect(closed(p, p) ?? 0, shown(p)).toBeLessThan(1e-14);
    }
  });
});

describe("divergences between any two distributions of numbers", () => {
  it.each(OTHERS)("%j and %j: Jensen-Shannon, total variation, Hellinger, Rényi", (first, second, js, tv, h, renyi) => {
    const [p, q] = [made(first), made(second)];
    // The integrals are within 1e-10, which is what they promise, Hellinger's distance within that over its double.
    expect(Math.abs(jensenShannon(p, q) - js)).toBeLessThan(1e-10);
    expect(Math.abs(totalVariation(p, q) - tv)).toBeLessThan(1e-10);
    expect(Math.abs(hellinger(p, q) - h)).toBeLessThan(1e-10 / (2 * h));
    const excess = Math.abs(Math.exp(-0.7 * renyiDivergence(p, q, 0.3)) - Math.exp(-0.7 * renyi));
    expect(excess).toBeLessThan(1e-10);
  });

  it("are symmetric where their definitions are", () => {
    for (const [first, second] of OTHERS.slice(0, 9)) {
      const [p, q] = [made(first), made(second)];
      // Both are within 1e-10 of one number.
      expect(Math.abs(jensenShannon(p, q) - jensenShannon(q, p))).toBeLessThan(2e-10);
      expect(Math.abs(hellinger(p, q) ** 2 - hellinger(q, p) ** 2)).toBeLessThan(2e-10);
      expect(Math.abs(totalVariation(p, q) - totalVariation(q, p))).toBeLessThan(2e-10);
    }
  });

  it("find a peak a billion times narrower than the other distribution", () => {
    const [wide, narrow] = [made(["laplace", 0, 1]), made(["normal", 3, 1e-9])];
    // They share about 1e-8 of their mass.
    expect(totalVariation(wide, narrow)).toBeGreaterThan(1 - 1e-6);
    expect(totalVariation(wide, narrow)).toBeLessThanOrEqual(1);
    expect(jensenShannon(wide, narrow)).toBeGreaterThan(Math.LN2 - 1e-6);
  });

  it("Rényi's of order above 1 go beyond the two distributions' own mass, and are infinite where the integral is", () => {
    // ∫ p² / q of Laplace distributions of scales s and t is t / (s (2 t - s) / t …): exp(-2|x|/s + |x|/t) 2t / (4 s²).
    const [s, t] = [1, 0.55];
    const order2 = Math.log((t / (2 * s * s)) * (2 / (2 / s - 1 / t)));
    expect(renyiDivergence(made(["laplace", 0, s]), made(["laplace", 0, t]), 2)).toBeCloseTo(order2, 10);
    expect(renyiDivergence(made(["laplace", 0, 1]), made(["laplace", 0, 0.5]), 2)).toBe(Number.POSITIVE_INFINITY);
    expect(renyiDivergence(made(["cauchy", 0, 1]), made(["normal", 0, 1]), 1.5)).toBe(Number.POSITIVE_INFINITY);
    expect(renyiDivergence(made(["normal", 0, 1.5]), made(["normal", 0, 1]), 2)).toBe(Number.POSITIVE_INFINITY);
    // Students' of 3 and 4 degrees: p² / q falls as x^-3.
    expect(renyiDivergence(made(["studentT", 3, 0, 1]), made(["studentT", 4, 0, 1]), 2)).toBeLessThan(1);
    expect(renyiDivergence(made(["studentT", 2, 0, 1]), made(["studentT", 5, 0, 1]), 2)).toBe(Number.POSITIVE_INFINITY);
  });

  it("Rényi's keep their digits where p and q hardly overlap", () => {
    // Laplace distributions 100 apart: ∫ √(p q) is (1 + 50) exp(-50); α = 1/2 gives D = -2 log of it.
    const [p, q] = [made(["laplace", 0, 1]), made(["laplace", 100, 1])];
    expect(renyiDivergence(p, q, 0.5)).toBeCloseTo(-2 * (Math.log(51) - 50), 9);
    // As exponential and gamma of shape 1, against a gamma of shape 1500 that Rényi's closed form has.
    const [wide, narrow] = [made(["gamma", 1500, 800]), made(["exponential", 900])];
    expect(renyiDivergence(wide, narrow, 0.5)).toBeCloseTo(renyiDivergence(wide, made(["gamma", 1, 900]), 0.5), 6);
  });

  it("Rényi's grow with the order, through KL at 1", () => {
    for (const [first, second] of OTHERS.slice(0, 12)) {
      const [p, q] = [made(first), made(second)];
      const orders = [0.1, 0.5, 0.9, 0.999, 1.001, 1.1].map((alpha) => renyiDivergence(p, q, alpha));
      for (const [k, value] of orders.entries()) expect(value).toBeGreaterThanOrEqual((orders[k - 1] ?? 0) - 1e-9);
      const at1 = closed(first, second);
      if (at1 === undefined) continue;
      expect(renyiDivergence(p, q, 1)).toBe(at1);
      if (at1 < Number.POSITIVE_INFINITY) expect(orders[3] as number).toBeLessThanOrEqual(at1 + 1e-7);
      expect(orders[4] as number).toBeGreaterThanOrEqual(Math.min(at1, 1e300) - 1e-7);
    }
  });
});
