import { describe, expect, test } from "vitest";
import { UnsupportedError } from "../../../src/core/errors.ts";
import {
  affine,
  beta,
  binomial,
  dirichlet,
  gamma,
  geometric,
  multivariateNormal,
  normal,
  poisson,
  type ScalarDistribution,
  studentT,
  tanhNormal,
  vonMises,
} from "../../../src/distributions/index.ts";
import { affineMultivariate, dirichlets, multivariate } from "../../golden/distributions/distributions.ts";
import { numberFamilies, title } from "../../support/distributions/families.ts";

function expectNear(got: number | undefined, want: number | undefined, slack: number, what = ""): void {
  const budget = slack * Math.max(1, Math.abs(want ?? 0));
  const message = `${what}: got ${got}, want ${want}`;
  expect(Math.abs((got ?? Number.NaN) - (want ?? Number.NaN)), message).toBeLessThan(budget);
}

describe.each(dirichlets.map((golden) => [`dirichlet(${golden.concentration})`, golden] as const))(
  "%s",
  (_, golden) => {
    const ours = dirichlet(golden.concentration);

    test("has SciPy's moments, entropy and density", () => {
      golden.mean.forEach((mean, k) => {
        expectNear(ours.mean[k], mean, 1e-14);
      });
      golden.variance.forEach((variance, k) => {
        expectNear((ours.variance[k] ?? 0) / variance, 1, 1e-13);
      });
      expectNear(ours.entropy(), golden.entropy, 1e-12);
      golden.x.forEach((x, k) => {
        expectNear(ours.logProb(x), golden.logProb[k], 1e-12, `logProb(${x})`);
      });
    });

    test("has no density off the shares that add up to 1", () => {
      expect(ours.logProb([0.25, 0.5, 0.2])).toBe(Number.NEGATIVE_INFINITY);
      expect(ours.logProb([-0.25, 1, 0.25])).toBe(Number.NEGATIVE_INFINITY);
      expect(ours.logProb([Number.NaN, 0.5, 0.5])).toBe(Number.NaN);
      expect(Number.isFinite(ours.logProb([0.25, 0.5, 0.25 + 5e-7]))).toBe(true);
    });
  },
);

test("a Dirichlet distribution of two shares is a beta distribution", () => {
  const [both, one] = [dirichlet([2, 3.5]), beta(2, 3.5)];
  for (const x of [1e-9, 0.3, 0.9]) expectNear(both.logProb([x, 1 - x]), one.logProb(x), 1e-13);
  expectNear(both.entropy(), one.entropy(), 1e-13);
  expectNear(dirichlet([1, 2]).logProb([0, 1]), Math.LN2, 1e-14);
  expect(dirichlet([0.5, 1]).logProb([0, 1])).toBe(Number.POSITIVE_INFINITY);
});

describe("affine", () => {
  const { mean, covariance } = multivariate;
  const of = multivariateNormal({ mean, covariance });

  test("has SciPy's density, moments and entropy", () => {
    const { A, b } = affineMultivariate;
    for (const ours of [affine(of, A, b), affine(of, A.flat(), b)]) {
      affineMultivariate.mean.forEach((m, k) => {
        expectNear(ours.mean[k], m, 1e-14);
      });
      affineMultivariate.covariance.flat().forEach((value, k) => {
        expectNear(ours.covariance.flat()[k], value, 1e-14);
      });
      affineMultivariate.x.forEach((x, k) => {
        expectNear(ours.logProb(x), affineMultivariate.logProb[k], 1e-13);
      });
      expectNear(ours.entropy(), affineMultivariate.entropy, 1e-13);
    }
  });

  test("of a number is a normal of the number", () => {
    const ours = affine(normal(1, 2), -3, 0.5);
    expect([ours.name, ours.mean, ours.std]).toEqual(["normal", -2.5, 6]);
  });

  test("keeps what rows that are nearly one tell apart", () => {
    const standard = multivariateNormal({ mean: [0, 0], std: [1, 1] });
    const { scaleTril } = affine(
      standard,
      [
        [1, 1],
        [1, 1 + 1e-7],
      ],
      [0, 0],
    );
    // The determinant of A, which the covariance's pivot would have lost.
    expectNear(((scaleTril[0]?.[0] ?? 0) * (scaleTril[1]?.[1] ?? 0)) / 1e-7, 1, 1e-8);
  });
});

const titled = (all: readonly ScalarDistribution[]) => all.map((of) => [title(of), of] as const);
const described = titled(numberFamilies.flatMap(({ sampled, examples }) => [...sampled, ...examples]));
const continuous = described.filter(([, of]) => of.support[0]?.kind === "interval");
/** Those whose values can be counted. */
const whole = described.filter(([, of]) => of.support[0]?.kind === "integers" && of.variance < 1e6);

const STEP = 1 / 16;
const LEVELS = [1e-9, 0.001, 0.1, 0.3, 0.5, 0.7, 0.95, 0.9999];

/** What a quantile's own rounding moves a probability by. */
const roundingOf = (of: ScalarDistribution, x: number) => Number.EPSILON * Math.abs(x) * Math.exp(of.logProb(x));

/** Whether a quantile is an end of the support because f64 has no number as near to it. */
function isRoundedToEnd({ support: [own], cdf, survival }: ScalarDistribution, x: number, p: number): boolean {
  if (x === own?.low) return cdf(x + Number.EPSILON * Math.abs(x)) >= p;
  return x === own?.high && survival(x - Number.EPSILON * Math.abs(x)) >= 1 - p;
}

describe.each(continuous)("%s", (_, of) => {
  test("quantiles are the inverse of the distribution function", () => {
    for (const p of LEVELS) {
      const x = of.icdf(p);
      if (isRoundedToEnd(of, x, p)) continue;
      expect(Math.abs(of.cdf(x) - p), `p = ${p}`).toBeLessThan(1e-12 * p + 2e-15 + roundingOf(of, x));
    }
  });

  test("the distribution function's slope is the density", () => {
    for (const p of LEVELS.slice(1)) {
      const x = of.icdf(p);
      if (isRoundedToEnd(of, x, p)) continue;
      // A central difference errs by h² of the third derivative, and by roundings: of 1e-16 / h, and of x + h.
      const h = 1e-5 * Math.exp(-of.logProb(x)) * Math.min(p, 1 - p);
      const slope = (of.cdf(x + h) - of.cdf(x - h)) / (2 * h);
      if (of.known?.kinks?.().some((kink) => Math.abs(kink - x) <= h)) continue;
      const slack = 1e-6 + (Number.EPSILON * Math.abs(x)) / h;
      // Where f64 has no such numbers, there is no slope.
      if (slack < 0.1) expectNear(slope / Math.exp(of.logProb(x)), 1, slack, `p = ${p}`);
    }
  });
});

const examples = titled(numberFamilies.flatMap((family) => family.examples)).filter(
  ([, of]) => of.support[0]?.kind === "interval",
);

describe.each(examples)("%s", (_, of) => {
  test("moments and entropy are the density's", () => {
    // The trapezoidal rule in the logit t of the level: quantiles are the variable, so that the density's poles do not matter, and the weight
    // falls exponentially to either side.
    let [mean, square, entropy] = [0, 0, 0];
    for (let t = -20; t <= 20; t += STEP) {
      const weight = STEP / (2 + 2 * Math.cosh(t));
      const x = of.icdf(1 / (1 + Math.exp(-t)));
      // So near to a pole that f64 has no number between.
      if (of.logProb(x) === Number.POSITIVE_INFINITY) return;
      mean += weight * x;
      square += weight * (x - of.mean) ** 2;
      entropy -= weight * of.logProb(x);
    }
    expect(Math.abs(entropy - of.entropy())).toBeLessThan(1e-4);
    if (!Number.isFinite(of.variance)) return;
    expect(Math.abs(mean - of.mean) / Math.sqrt(of.variance)).toBeLessThan(1e-3);
    expect(Math.abs(square / of.variance - 1)).toBeLessThan(1e-3);
  });
});

describe.each(whole)("%s", (_, of) => {
  const last = of.icdf(1 - 1e-16);

  test("masses add up to the distribution function, and to 1", () => {
    let [sum, mean, square, entropy] = [0, 0, 0, 0];
    for (let k = 0; k <= last; k++) {
      const mass = Math.exp(of.logProb(k));
      sum += mass;
      mean += k * mass;
      square += (k - of.mean) ** 2 * mass;
      if (mass > 0) entropy -= mass * of.logProb(k);
      // Of tails of thousands of values, some.
      if (k < 256 || k % 31 === 0) expect(Math.abs(of.cdf(k) - sum), `k = ${k}`).toBeLessThan(1e-12);
    }
    expectNear(sum, 1, 1e-12);
    expectNear(mean, of.mean, 1e-11);
    expectNear(square, of.variance, 1e-11);
    expectNear(entropy, of.entropy(), 1e-11);
  });

  test("quantiles are the least values that reach a probability", () => {
    for (const p of [1e-12, ...LEVELS]) {
      const k = of.icdf(p);
      expect(of.cdf(k), `p = ${p}`).toBeGreaterThanOrEqual(p);
      if (k > 0) expect(of.cdf(k - 1), `p = ${p}`).toBeLessThan(p);
    }
  });
});

test("large parameters are near their limits", () => {
  expectNear(studentT(1e30).logProb(1.5), normal(0, 1).logProb(1.5), 1e-14);
  expectNear(studentT(1e15).cdf(-9) / normal(0, 1).cdf(-9), 1, 1e-11);
  expectNear(gamma(1e30, 1).cdf(1e30), 0.5, 1e-14);
  expectNear(beta(1e20, 1e20).cdf(0.5), 0.5, 1e-9);
  expectNear(binomial(2 ** 50, 0.5).entropy(), normal(0, 2 ** 24).entropy(), 1e-13);
  expectNear(poisson(1e12).entropy(), normal(0, 1e6).entropy(), 1e-13);
});

test("a binomial distribution of few trials lists its values", () => {
  const atoms = binomial(3, 0.25).atoms ?? [];
  [27, 27, 9, 1].forEach((share, k) => {
    expect(atoms[k]?.value).toBe(k);
    expectNear(atoms[k]?.probability, share / 64, 1e-15);
  });
  expect(binomial(5, 0).atoms).toEqual([{ value: 0, probability: 1 }]);
  expect([binomial(5, 1).support[0]?.low, binomial(0, 0.3).support[0]?.high]).toEqual([5, 0]);
  expect(binomial(100_000, 0.3).atoms).toBeUndefined();
});

test("von Mises' own moments do not depend on the cut", () => {
  const [inside, across] = [vonMises(0, 3), vonMises(3 + 2 * Math.PI, 3)];
  expectNear(inside.circularVariance, across.circularVariance, 1e-14);
  expectNear(inside.entropy(), across.entropy(), 1e-14);
  expect(across.variance).toBeGreaterThan(inside.variance);
  expectNear(across.logProb(-3), inside.logProb(2 * Math.PI - 6), 1e-13);
});

test("quantiles near a median of 0 keep their digits", () => {
  for (const of of [normal(0, 2), vonMises(0, 2), vonMises(0, 0), vonMises(0, 1e4), studentT(3), tanhNormal(0, 0.5)]) {
    expect(of.median).toBe(0);
    // Densities are flat there.
    for (const d of [2 ** -40, -(2 ** -30)]) {
      expectNear((of.icdf(0.5 + d) * Math.exp(of.logProb(0))) / d, 1, 1e-12, of.name);
    }
  }
});

test("samples that f32 could not hold are refused when they are asked for", () => {
  expect(() => poisson(2 ** 23 + 1).model).toThrow(UnsupportedError);
  expect(() => geometric(1e-6).model).toThrow(UnsupportedError);
  expect(() => binomial(2 ** 24 + 1, 0.5).model).toThrow(UnsupportedError);
  expect(poisson(2 ** 23).model.variates.length).toBe(2);
  expect(binomial(2 ** 24, 0.5).model.variates.length).toBe(2);
});
