import { describe, expect, test } from "vitest";
import { InputError, UnsupportedError } from "../../../src/core/errors.ts";
import { covers } from "../../../src/distributions/covers.ts";
import {
  bernoulli,
  categorical,
  cauchy,
  type Distribution,
  dirichlet,
  exponential,
  gamma,
  gumbel,
  independent,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  poisson,
  uniform,
  vonMises,
  weibull,
} from "../../../src/distributions/index.ts";
import { sampleAt } from "../../../src/distributions/sample-at.ts";
import { goldens, levels, multivariate } from "../../golden/distributions/distributions.ts";
import { type Refusal, wrongly } from "../../support/distributions/description.ts";
import { families } from "../../support/distributions/families.ts";

/** Both are infinite of one sign, or NaN, or near each other: absolutely near 0, relatively elsewhere. */
function expectNear(got: number | undefined, want: number | undefined, slack: number, what = ""): void {
  if (got !== undefined && want !== undefined && Object.is(got, want)) return;
  const budget = slack * Math.max(1, Math.abs(want ?? 0));
  expect(Math.abs((got ?? Number.NaN) - (want ?? Number.NaN)), `${what}: got ${got}, want ${want}`).toBeLessThan(
    budget,
  );
}

describe.each(goldens)("$name", (golden) => {
  const { ours, x } = golden;

  test("has SciPy's moments and entropy", () => {
    expectNear(ours.mean, golden.mean, 1e-13, "mean");
    expectNear(ours.variance, golden.variance, 1e-12, "variance");
    expectNear(ours.entropy(), golden.entropy, 1e-12, "entropy");
  });

  test("has SciPy's density, distribution and quantiles", () => {
    x.forEach((at, k) => {
      expectNear(ours.logProb(at), golden.logProb[k], 1e-12, `logProb(${at})`);
      expectNear(ours.cdf(at), golden.cdf[k], 1e-14, `cdf(${at})`);
    });
    levels.forEach((p, k) => {
      expectNear(ours.icdf(p), golden.icdf[k], 1e-12, `icdf(${p})`);
    });
  });

  test("keeps the digits of small probabilities", () => {
    golden.tails.x.forEach((at, k) => {
      expectNear(ours.cdf(at) / (golden.tails.cdf[k] ?? 0), 1, 1e-12, `cdf(${at})`);
    });
    golden.tails.levels.forEach((p, k) => {
      expectNear(ours.icdf(p) / (golden.tails.icdf[k] ?? 0), 1, 1e-12, `icdf(${p})`);
    });
  });

  test("has NaN for NaN, and the ends of its support at 0 and 1", () => {
    expect([ours.logProb(Number.NaN), ours.cdf(Number.NaN), ours.icdf(Number.NaN)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([ours.icdf(0), ours.icdf(1)]).toEqual([ours.support[0]?.low, ours.support[0]?.high]);
    for (const end of [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
      expect(ours.logProb(end)).toBe(Number.NEGATIVE_INFINITY);
      expect(ours.cdf(end)).toBe(end > 0 ? 1 : 0);
    }
  });
});

test("small tail probabilities keep their digits", () => {
  expectNear(normal(0, 1).cdf(-10) / 7.619853024160527e-24, 1, 1e-13);
  expectNear(cauchy(0, 1).cdf(-1e12) / (1e-12 / Math.PI), 1, 1e-13);
  expectNear(gumbel(0, 1).cdf(-3) / 1.8921786948382924e-9, 1, 1e-13);
});

test("a Weibull of a large shape keeps its variance's digits", () => {
  // mpmath at 60 digits: gamma(1 + 2/k) - gamma(1 + 1/k)^2
  const variances = [
    [1e6, 1.6449297637827162e-12],
    [100.5, 0.00015873389246156254],
    [99.5, 0.00016189938063988494],
    [5, 0.04422997798311733],
  ] as const;
  for (const [k, want] of variances) expectNear(weibull(1, k).variance / want, 1, 1e-10, `k = ${k}`);
});

describe("multivariateNormal", () => {
  const { mean, covariance } = multivariate;
  const ours = multivariateNormal({ mean, covariance });

  test("has SciPy's density and entropy", () => {
    multivariate.x.forEach((x, k) => {
      expectNear(ours.logProb(x), multivariate.logProb[k], 1e-13);
    });
    // A typed array is a point as well.
    const [point = []] = multivariate.x;
    expect(ours.logProb(Float64Array.from(point))).toBe(ours.logProb(point));
    expect(ours.logProb(Float32Array.of(1, 0.5, -2))).toBe(ours.logProb([1, 0.5, -2]));
    expectNear(ours.entropy(), multivariate.entropy, 1e-13);
    expect(ours.variance.map((value) => Math.round(value * 1e12) / 1e12)).toEqual([2, 1.5, 1]);
  });

  test("is the same from its scaleTril, and from numbers row by row", () => {
    const { scaleTril } = ours;
    const x = [0.3, -1, 2];
    expect(multivariateNormal({ mean, scaleTril }).logProb(x)).toBe(ours.logProb(x));
    expect(multivariateNormal({ mean, scaleTril: scaleTril.flat() }).logProb(x)).toBe(ours.logProb(x));
    expect(multivariateNormal({ mean, covariance: Float64Array.from(covariance.flat()) }).logProb(x)).toBe(
      ours.logProb(x),
    );
  });

  test("with standard deviations or variances is normals side by side", () => {
    const side = independent([normal(1, 2), normal(-1, 0.5)]);
    const x = [0.25, -2];
    const ofStd = multivariateNormal({ mean: [1, -1], std: [2, 0.5] });
    expectNear(ofStd.logProb(x), side.logProb(x), 1e-14);
    expect(multivariateNormal({ mean: [1, -1], variance: [4, 0.25] }).logProb(x)).toBe(ofStd.logProb(x));
    expectNear(ofStd.entropy(), side.entropy(), 1e-14);
    expect(side.mean).toEqual([1, -1]);
    expect(side.variance).toEqual([4, 0.25]);
  });
});

describe("categorical", () => {
  test("takes probabilities and logits alike", () => {
    const p = [0.125, 0.5, 0.375];
    const logits = p.map((value) => Math.log(value) + 3);
    for (const one of [categorical(p), categorical({ probabilities: Float32Array.from(p) }), categorical({ logits })]) {
      p.forEach((value, k) => {
        expectNear(one.logProb(k), Math.log(value), 1e-14);
      });
    }
  });

  test("hides classes of logit -Infinity", () => {
    const hidden = categorical({ logits: [Number.NEGATIVE_INFINITY, 0, 0] });
    expect(hidden.probabilities).toEqual([0, 0.5, 0.5]);
    expect(hidden.logProb(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(hidden.atoms).toEqual([
      { value: 1, probability: 0.5 },
      { value: 2, probability: 0.5 },
    ]);
    expect(hidden.icdf(0)).toBe(1);
  });

  test("has nothing between its classes, and cdf's steps", () => {
    const die = categorical(new Array(6).fill(1 / 6));
    expect(die.logProb(2.5)).toBe(Number.NEGATIVE_INFINITY);
    expect(die.logProb(6)).toBe(Number.NEGATIVE_INFINITY);
    expectNear(die.cdf(2.5), 0.5, 1e-15);
    expect([die.mean, die.icdf(1)]).toEqual([2.5, 5]);
  });

  test("of many classes has atoms, but no formulas", () => {
    const tokens = categorical({ logits: new Float32Array(32_064) });
    expect(tokens.atoms?.length).toBe(32_064);
    expect(() => tokens.model).toThrow(UnsupportedError);
    expect(
      categorical({ logits: [...new Array(1000).fill(-Infinity), ...new Array(256).fill(0)] }).model.event.length,
    ).toBe(1);
  });
});

describe("mixture", () => {
  const two = mixture([0.25, 0.75], [normal(-2, 0.5), normal(1, 1)]);

  test("has the moments of its parts", () => {
    expectNear(two.mean, 0.25, 1e-15);
    expectNear(two.variance, 0.25 * (0.25 + 2.25 ** 2) + 0.75 * (1 + 0.75 ** 2), 1e-15);
  });

  test("has the sum of its parts' densities and distributions", () => {
    for (const x of [-3, -2, 0, 1.5]) {
      const want = 0.25 * Math.exp(normal(-2, 0.5).logProb(x)) + 0.75 * Math.exp(normal(1, 1).logProb(x));
      expectNear(Math.exp(two.logProb(x)), want, 1e-14);
      expectNear(two.icdf(two.cdf(x)), x, 1e-12);
    }
    expectNear(two.logProb(-60), Math.log(0.75) + normal(1, 1).logProb(-60), 1e-12);
  });

  test("of parts apart has nothing between them", () => {
    const apart = mixture([0.5, 0.5], [uniform(0, 1), uniform(2, 3)]);
    expect(apart.logProb(1.5)).toBe(Number.NEGATIVE_INFINITY);
    expectNear(apart.logProb(2.5), Math.log(0.5), 1e-15);
    expect([apart.icdf(0.5), apart.icdf(0.25), apart.icdf(0.75)]).toEqual([1, 0.5, 2.5]);
  });

  test("of whole numbers adds up their atoms", () => {
    const dice = mixture([0.5, 0.5], [categorical([0.5, 0.5]), categorical([0, 0.25, 0.75])]);
    expect(dice.atoms).toEqual([
      { value: 0, probability: 0.25 },
      { value: 1, probability: 0.375 },
      { value: 2, probability: 0.375 },
    ]);
    expect([0.25, 0.26, 0.625, 0.7].map(dice.icdf)).toEqual([0, 1, 1, 2]);
  });

  test("of vectors has vectors", () => {
    const parts = [
      multivariateNormal({ mean: [0, 0], std: [1, 1] }),
      multivariateNormal({ mean: [2, 4], std: [1, 2] }),
    ];
    const both = mixture([0.5, 0.5], parts);
    expect(both.shape).toEqual([2]);
    expect(both.mean).toEqual([1, 2]);
    expect(both.variance).toEqual([2, 6.5]);
  });

  test("has no entropy in closed form", () => {
    expect(() => two.entropy()).toThrow(UnsupportedError);
    expect(() => independent([two, normal(0, 1)]).entropy()).toThrow(UnsupportedError);
  });
});

test("independent lists every combination of few values", () => {
  const coins = independent([bernoulli(0.25), bernoulli(0.5)]);
  expect(coins.atoms?.map(({ value }) => value)).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(coins.atoms?.reduce((sum, { probability }) => sum + probability, 0)).toBe(1);
  expect(independent([bernoulli(0.25), normal(0, 1)]).atoms).toBeUndefined();
  expect(independent(new Array(20).fill(bernoulli(0.5))).atoms).toBeUndefined();
});

test("distributions cannot be changed", () => {
  const made = multivariateNormal({ mean: [0, 1], std: [1, 1] });
  const frozen = [made, made.mean, made.shape, made.support, made.scaleTril[0], made.model, made.model.parameters];
  expect(frozen.every((member) => Object.isFrozen(member))).toBe(true);
  expect(made.model).toBe(made.model);
});

test("a caller's arrays stay the caller's", () => {
  const mean = [0, 1];
  const distributions: Distribution[] = [normal(0, 1)];
  const made = [multivariateNormal({ mean, std: [1, 1] }), independent(distributions)];
  mean[0] = 5;
  distributions.push(normal(0, 1));
  expect(made.map((one) => one.mean)).toEqual([[0, 1], [0]]);
});

describe("covers", () => {
  const apart = mixture([0.5, 0.5], [uniform(0, 1), uniform(2, 3)]);
  const touching = mixture([0.5, 0.5], [uniform(1, 3), uniform(0, 1.5)]);
  const cases: readonly (readonly [string, Distribution, Distribution, boolean])[] = [
    ["a normal, an exponential", normal(0, 1), exponential(1), true],
    ["an exponential, a normal", exponential(1), normal(0, 1), false],
    ["an exponential, a Pareto", exponential(1), pareto(1, 2), true],
    ["a wider uniform, a narrower", uniform(-1, 2), uniform(0, 1), true],
    ["a narrower uniform, a wider", uniform(0, 1), uniform(-1, 2), false],
    ["numbers, whole numbers", normal(0, 1), bernoulli(0.5), false],
    ["classes, fewer of them", categorical([0.5, 0.25, 0.25]), categorical([0.5, 0, 0.5]), true],
    ["classes without one of them", categorical([0.5, 0, 0.5]), categorical([0.5, 0.25, 0.25]), false],
    ["a mixture with a gap, the gap", apart, uniform(1.2, 1.8), false],
    ["a mixture with a gap, over the gap", apart, uniform(0.5, 2.5), false],
    ["a mixture with a gap, itself", apart, apart, true],
    ["parts that overlap, all of both", touching, uniform(0, 3), true],
    ["a number, a vector", normal(0, 1), independent([normal(0, 1)]), false],
    ["each coordinate", independent([normal(0, 1), exponential(1)]), independent([uniform(0, 1), pareto(1, 1)]), true],
    [
      "a gap in one coordinate, over it",
      independent([normal(0, 1), apart]),
      independent([normal(0, 1), uniform(0, 3)]),
      false,
    ],
    [
      "a gap in one coordinate, beside it",
      independent([normal(0, 1), apart]),
      independent([normal(0, 1), uniform(2, 3)]),
      true,
    ],
    ["a gap in one coordinate, itself", independent([normal(0, 1), apart]), independent([normal(0, 2), apart]), true],
    ["four shares, twice two", dirichlet([1, 1, 1, 1]), independent([dirichlet([1, 1]), dirichlet([1, 1])]), false],
    [
      "one coordinate less",
      independent([normal(0, 1), uniform(0, 1)]),
      independent([uniform(0, 1), pareto(1, 1)]),
      false,
    ],
  ];

  test.each(cases)("%s", (_, q, p, want) => {
    expect(covers(q, p)).toBe(want);
  });
});

describe("refusals", () => {
  const cases: readonly Refusal[] = [
    ...families.flatMap(({ refusals }) => refusals),
    [() => normal(0, 1).logProb(wrongly("0")), 'normal.logProb: x must be a number, got "0"'],
    [() => normal(0, 1).icdf(1.5), "normal.icdf: p must be from 0 to 1, got 1.5"],
  ];

  test.each(cases)("%#", (make, words) => {
    let error: unknown;
    try {
      make();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toBe(words);
  });
});

describe("mixtures of vectors", () => {
  test("are refused where a coordinate is of numbers in one and of whole numbers in another", () => {
    const [a, b] = [poisson(3), normal(0, 1)];
    expect(() => mixture([0.5, 0.5], [independent([b, a, b]), independent([b, a, a])])).toThrow(
      "mixture: components must all be [3] of numbers, whole numbers, numbers as the first is, got [3] of numbers, whole numbers, " +
        "whole numbers at 1",
    );
  });

  test("are refused where shares are of different wholes", () => {
    const pairs = independent([dirichlet([1, 1]), dirichlet([1, 1])]);
    expect(() => mixture([0.5, 0.5], [dirichlet([1, 1, 1, 1]), pairs])).toThrow(
      /of shares of 4 .* got .* of shares of 2 at 1/,
    );
  });

  test("draw again only what was rejected: eight conditions that must all hold at once would not within 64 attempts", () => {
    // One of vonMises is accepted two times in three, so that eight at once are one time in 26: 64 attempts fail in 8 of 100.
    const angles = (location: number) => independent(Array.from({ length: 8 }, () => vonMises(location, 0.5)));
    const both = mixture([0.25, 0.75], [angles(0), angles(2)]);
    expect(both.model.rejections?.map(({ variates }) => variates.length)).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
    for (let index = 0; index < 400; index++) expect(sampleAt(both, { seed: 3, index })).not.toContain(Number.NaN);
  });

  test("draw again together what components share", () => {
    const both = mixture(
      [0.25, 0.75],
      [independent([gamma(2, 1), gamma(0.5, 1)]), independent([normal(-1, 1), gamma(3, 1)])],
    );
    const places = both.model.rejections?.flatMap(({ variates }) => variates) ?? [];
    expect(new Set(places).size).toBe(places.length);
    const count = 4_096;
    const draws = Array.from({ length: count }, (_, index) => sampleAt(both, { seed: 3, index }) as readonly number[]);
    [0, 1].forEach((c) => {
      const mean = draws.reduce((sum, x) => sum + (x[c] as number), 0) / count;
      // Five standard errors.
      const slack = 5 * Math.sqrt((both.variance[c] as number) / count);
      expect(Math.abs(mean - (both.mean[c] as number))).toBeLessThan(slack);
    });
  });
});
