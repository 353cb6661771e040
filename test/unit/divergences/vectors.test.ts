import { describe, expect, it } from "vitest";
import { InputError, UnsupportedError } from "../../../src/core/errors.ts";
import { dirichlet } from "../../../src/distributions/families/dirichlet.ts";
import { poisson } from "../../../src/distributions/families/poisson.ts";
import {
  bernoulli,
  categorical,
  type Distribution,
  exponential,
  independent,
  laplace,
  mixture,
  multivariateNormal,
  normal,
  uniform,
} from "../../../src/distributions/index.ts";
import {
  hellinger,
  jensenShannon,
  renyiDivergence,
  totalVariation,
} from "../../../src/divergences/bounded/f-divergences.ts";
import { klDivergence } from "../../../src/divergences/kl-divergence.ts";
import {
  COUNTS,
  DIRICHLETS,
  GAUSSIANS,
  NEAR_BERNOULLI,
  NEAR_DIRICHLETS,
  NEAR_GAUSSIAN,
} from "../../golden/divergences/vectors.ts";
import { type Family, made } from "../../support/distributions/families.ts";

/** A few roundings of terms of the size of 1. */
const ROUNDINGS = 1e-14;

function isNear(value: number, wanted: number): void {
  expect(Math.abs(value - wanted) / Math.max(1, wanted)).toBeLessThan(ROUNDINGS);
}

describe("normal distributions of vectors", () => {
  const [a, b] = [multivariateNormal(GAUSSIANS.a), multivariateNormal(GAUSSIANS.b)];

  it("have KL, Rényi's and Hellinger's in closed form", () => {
    isNear(klDivergence(a, b), GAUSSIANS.forward);
    isNear(klDivergence(b, a), GAUSSIANS.reverse);
    isNear(renyiDivergence(a, b, 0.3), GAUSSIANS.renyi);
    isNear(hellinger(a, b), GAUSSIANS.hellinger);
    isNear(hellinger(b, a), GAUSSIANS.hellinger);
  });

  it("keep their digits where they are nearly equal", () => {
    const covariance = GAUSSIANS.a.covariance.map((row) => [...row]);
    const mean = [...GAUSSIANS.a.mean];
    (covariance[2] as number[])[2] = 0.75 + NEAR_GAUSSIAN.change;
    mean[2] = 0.25 + NEAR_GAUSSIAN.change;
    const near = klDivergence(a, multivariateNormal({ mean, covariance }));
    // The last entries of both Cholesky factors differ by 2e-9, known to 1.1e-16 or so.
    expect(Math.abs(near / NEAR_GAUSSIAN.forward - 1)).toBeLessThan(1e-6);
  });

  it("have total variation in closed form where the covariance is one", () => {
    const moved = multivariateNormal({ mean: [1.5, -1, 0.25], covariance: GAUSSIANS.a.covariance });
    // Along the line of means it is that of two numbers, the Mahalanobis distance apart.
    const distance = Math.sqrt(2 * klDivergence(a, moved));
    isNear(totalVariation(a, moved), totalVariation(normal(0, 1), normal(distance, 1)));
    expect(() => totalVariation(a, b)).toThrow(UnsupportedError);
    expect(() => jensenShannon(a, b)).toThrow(/divergenceEstimate/);
  });

  it("are products of normal distributions where they are not correlated", () => {
    const [p, q] = [multivariateNormal({ mean: [0, 1], std: [1, 2] }), independent([normal(1, 1.5), normal(1, 0.5)])];
    const wanted = klDivergence(normal(0, 1), normal(1, 1.5)) + klDivergence(normal(1, 2), normal(1, 0.5));
    isNear(klDivergence(p, q), wanted);
    const joint = multivariateNormal({
      mean: [0, 1],
      covariance: [
        [1, 0.5],
        [0.5, 4],
      ],
    });
    // D(joint || q) = D(joint || its marginals) + D(marginals || q), whose first is -½ log(1 - ρ²).
    isNear(klDivergence(joint, q), wanted - 0.5 * Math.log(1 - 0.0625));
    isNear(
      klDivergence(independent([joint, exponential(1)]), independent([q, exponential(2)])),
      wanted - 0.5 * Math.log(1 - 0.0625) + 1 - Math.LN2,
    );
  });

  it("have an infinite Rényi divergence where the joint precision is not positive definite", () => {
    const wide = multivariateNormal({
      mean: [0, 0],
      covariance: [
        [1, 0.9],
        [0.9, 1],
      ],
    });
    const narrow = multivariateNormal({ mean: [0, 0], std: [0.9, 0.9] });
    expect(renyiDivergence(wide, narrow, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(renyiDivergence(narrow, wide, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(renyiDivergence(wide, narrow, 1.2)).toBeLessThan(10);
  });
});

describe("dirichlet", () => {
  it("has KL and Rényi's in closed form", () => {
    const [p, q] = [dirichlet(DIRICHLETS.p), dirichlet(DIRICHLETS.q)];
    isNear(klDivergence(p, q), DIRICHLETS.forward);
    isNear(klDivergence(q, p), DIRICHLETS.reverse);
    isNear(renyiDivergence(p, q, 0.3), DIRICHLETS.renyi);
  });

  it("keeps its digits for nearly equal ones of large concentrations", () => {
    const value = klDivergence(dirichlet(NEAR_DIRICHLETS.p), dirichlet(NEAR_DIRICHLETS.q));
    // Concentrations of 1e4, changed by 5e-8 of themselves: 1.1e-16 / 5e-8 in each term's root.
    expect(Math.abs(value / NEAR_DIRICHLETS.forward - 1)).toBeLessThan(2e-8);
  });
});

describe("counts", () => {
  it.each(COUNTS)("%j and %j: KL, Jensen-Shannon, total variation, Hellinger, Rényi", (first, second, ...wanted) => {
    const [p, q] = [made(first as unknown as Family), made(second as unknown as Family)];
    const [kl, js, tv, h, renyi] = wanted;
    isNear(klDivergence(p, q), kl);
    // Masses beyond the 60th bit are left out of sums without end.
    isNear(jensenShannon(p, q), js);
    isNear(totalVariation(p, q), tv);
    isNear(hellinger(p, q), h);
    isNear(renyiDivergence(p, q, 0.3), renyi);
  });

  it("keep their digits where they are nearly equal", () => {
    const value = klDivergence(bernoulli(0.25), bernoulli(0.25 + 2 ** -30));
    expect(Math.abs(value / NEAR_BERNOULLI - 1)).toBeLessThan(ROUNDINGS);
    const logits = categorical([0.25, 0.25, 0.5]);
    const moved = categorical([0.25, 0.25 + 2 ** -30, 0.5 - 2 ** -30]);
    // ½ d² Σ 1 / p over both, and the cubes d³ (1 / p² …) / 3 are 1e-9 of that.
    expect(Math.abs(klDivergence(logits, moved) / (0.5 * 2 ** -60 * (4 + 2)) - 1)).toBeLessThan(1e-8);
  });

  it("go by values, whatever the family", () => {
    expect(klDivergence(bernoulli(0.25), categorical([0.75, 0.25]))).toBe(0);
    const wanted = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.3);
    isNear(klDivergence(bernoulli(0.25), categorical([0.5, 0.3, 0.2])), wanted);
    expect(klDivergence(categorical([0.5, 0.3, 0.2]), bernoulli(0.25))).toBe(Number.POSITIVE_INFINITY);
    expect(klDivergence(poisson(3), made(["binomial", 10, 0.3]))).toBe(Number.POSITIVE_INFINITY);
    // A mass of exp(-1000) is 0 in f64, and has a logarithm.
    isNear(klDivergence(bernoulli(0), poisson(1000)) / 1000, 1);
  });
});

describe("mixtures", () => {
  const parts = [uniform(0, 1), uniform(1, 3)] as const;

  it("have a closed KL where the value tells the component, or the components are equal", () => {
    const [p, q] = [mixture([0.25, 0.75], parts), mixture([0.5, 0.5], [uniform(-1, 1), uniform(1, 3)])];
    const weights = klDivergence(categorical([0.25, 0.75]), categorical([0.5, 0.5]));
    isNear(klDivergence(p, q), weights + 0.25 * Math.LN2);
    const same = () => mixture([0.25, 0.75], [normal(0, 1), normal(1, 2)]);
    expect(klDivergence(same(), same())).toBe(0);
    expect(() => klDivergence(same(), mixture([0.5, 0.5], [normal(0, 1), normal(1, 2)]))).toThrow(/klEstimate/);
    const [some, others] = [mixture([0.5, 0.5], [bernoulli(0.2), bernoulli(0.4)]), bernoulli(0.3)];
    expect(klDivergence(some, others)).toBeLessThan(ROUNDINGS);
  });

  it("have the other divergences by quadrature, gaps and all", () => {
    const [p, q] = [mixture([0.5, 0.5], [uniform(0, 1), uniform(2, 3)]), uniform(0, 3)];
    expect(Math.abs(totalVariation(p, q) - 1 / 3)).toBeLessThan(1e-10);
    expect(Math.abs(hellinger(p, q) ** 2 - (1 - Math.sqrt(2 / 3)))).toBeLessThan(1e-10);
  });
});

describe("what has no divergence is refused, or is as far as can be", () => {
  it("refuses what are no two distributions of one shape", () => {
    const pair = multivariateNormal({ mean: [0, 0], std: [1, 1] });
    const functions = [klDivergence, jensenShannon, totalVariation, hellinger] as readonly ((
      p: Distribution,
      q: Distribution,
    ) => number)[];
    for (const f of functions) {
      expect(() => f(normal(0, 1), pair)).toThrow(InputError);
      expect(() => f(normal(0, 1), pair)).toThrow(/p's shape \[\], got \[2\]/);
      expect(() => f({} as Distribution, normal(0, 1))).toThrow(/p must be a distribution/);
      expect(() => f(normal(0, 1), [0.5, 0.5] as unknown as Distribution)).toThrow(/q must be a distribution/);
    }
    for (const alpha of [-1, Number.NaN, "2" as unknown as number]) {
      expect(() => renyiDivergence(normal(0, 1), normal(1, 1), alpha)).toThrow(/alpha must be a number from 0 to Inf/);
    }
    expect(() => categorical([0.5, 0.6])).toThrow(InputError);
  });

  it("densities and probabilities share nothing", () => {
    const [p, q] = [normal(0, 1), poisson(2)];
    expect(klDivergence(p, q)).toBe(Number.POSITIVE_INFINITY);
    expect(klDivergence(q, p)).toBe(Number.POSITIVE_INFINITY);
    expect(jensenShannon(p, q)).toBe(Math.LN2);
    expect(totalVariation(p, q)).toBe(1);
    expect(hellinger(p, q)).toBe(1);
    expect(renyiDivergence(p, q, 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(renyiDivergence(uniform(0, 1), uniform(2, 3), 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(hellinger(uniform(0, 1), uniform(2, 3))).toBe(1);
  });

  it("says which estimate to take", () => {
    const [p, q] = [independent([normal(0, 1), normal(0, 1)]), independent([laplace(0, 1), laplace(0, 1)])];
    expect(() => renyiDivergence(p, q, 0.5)).toThrow(/divergenceEstimate/);
    expect(() => klDivergence(normal(0, 1), mixture([0.5, 0.5], [normal(0, 1), normal(1, 1)]))).toThrow(/klEstimate/);
  });
});
