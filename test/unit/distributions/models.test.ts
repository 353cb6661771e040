import { describe, expect, test } from "vitest";
import type { Arithmetic } from "../../../src/arithmetic/arithmetic.ts";
import { double } from "../../../src/arithmetic/double.ts";
import { single } from "../../../src/arithmetic/single.ts";
import {
  bernoulli,
  categorical,
  cauchy,
  type Distribution,
  exponential,
  independent,
  laplace,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  type ScalarDistribution,
  uniform,
  weibull,
} from "../../../src/distributions/index.ts";
import { differentiate } from "../../../src/expression/differentiate.ts";
import { evaluator } from "../../../src/expression/evaluate.ts";
import { type Expr, parameter, variable } from "../../../src/expression/expr.ts";
import { lowerUnchecked } from "../../../src/expression/program.ts";
import { numberFamilies } from "../../support/distributions/families.ts";
import { numbers } from "../../support/numbers.ts";

/** A function of formulas' variables: their values at a point, in f64 or f32. */
function compiled(exprs: readonly Expr[], { model }: Distribution, arithmetic: Arithmetic = double) {
  const program = lowerUnchecked(exprs, "test");
  const run = evaluator(program, arithmetic);
  const round = arithmetic.name === "f32" ? Math.fround : (value: number) => value;
  const parameters = program.parameters.map((name) => {
    const value = model.parameters[name];
    expect(value, `parameter ${name}`).toBeTypeOf("number");
    expect(Number.isFinite(Math.fround(value ?? Number.NaN)), `parameter ${name} is ${value}`).toBe(true);
    return round(value ?? Number.NaN);
  });
  return (point: readonly number[]): readonly number[] => {
    const variables = point.map((value) =>
      arithmetic.name === "f32" ? Float32Array.of(value) : Float64Array.of(value),
    );
    return run(variables, parameters, 1).map((values) => values[0] ?? Number.NaN);
  };
}

/** The event of a distribution of numbers at its variates. */
function eventOf(of: Distribution, arithmetic: Arithmetic = double): (...variates: readonly number[]) => number {
  const run = compiled(of.model.event, of, arithmetic);
  return (...variates) => run(variates)[0] ?? Number.NaN;
}

function logDensityOf(of: Distribution, arithmetic: Arithmetic = double): (...x: readonly number[]) => number {
  const run = compiled([of.model.logDensity], of, arithmetic);
  return (...x) => run(x)[0] ?? Number.NaN;
}

/** Those whose samples are quantiles of one variate, none of which f32 replaces by another number. */
const continuous: readonly ScalarDistribution[] = numberFamilies
  .flatMap(({ inverts, sampled, examples }) => (inverts ? [...sampled, ...examples] : []))
  .filter(({ model }) => !model.refined?.some((one) => one?.clamped?.length));

const named = (list: readonly ScalarDistribution[]) =>
  list.map((of) => [`${of.name} ${JSON.stringify(of.model.parameters)}`, of] as const);

/** Levels from 2^-20 to 1 - 2^-20, closer together in the tails. */
const LEVELS = [
  ...Array.from({ length: 20 }, (_, k) => 2 ** (k - 20)),
  ...Array.from({ length: 19 }, (_, k) => 1 - 2 ** -(k + 2)),
];

describe.each(named(continuous))("%s", (_, of) => {
  test("quantiles are the inverse of the distribution function", () => {
    for (const p of LEVELS) expect(Math.abs(of.cdf(of.icdf(p)) - p), `p = ${p}`).toBeLessThan(1e-10 * p + 2e-15);
  });

  test("the density's formula is logProb", () => {
    const logDensity = logDensityOf(of);
    for (const p of LEVELS) {
      const x = of.icdf(p);
      expect(Math.abs(logDensity(x) - of.logProb(x)), `x = ${x}`).toBeLessThan(1e-11 * (1 + Math.abs(of.logProb(x))));
    }
  });

  test("the density's integral is the distribution function", () => {
    const logDensity = logDensityOf(of);
    for (let k = 1; k < LEVELS.length; k++) {
      const [low = 0, high = 1] = LEVELS.slice(k - 1, k + 1);
      const got = integral((x) => Math.exp(logDensity(x)), of.icdf(low), of.icdf(high));
      expect(Math.abs(got / (high - low) - 1), `between ${low} and ${high}`).toBeLessThan(1e-6);
    }
  });

  test("events have the distribution, in both tails", () => {
    const event = eventOf(of);
    const tails = [1e-18, 1e-12, 1e-6];
    const [kind] = of.model.variates;
    const decreasing = event(0.75) < event(0.25);
    for (const p of [...tails, ...LEVELS]) {
      const variate = kind === "normal" ? double.normalQuantile(p) : p;
      // The distribution function is a difference from 1 above the middle, so the tail there is compared as a whole.
      const want = decreasing ? 1 - p : p;
      const budget = 1e-9 * Math.min(want, 1 - want) + (want < 0.5 && of.name !== "uniform" ? 0 : 2e-15);
      expect(Math.abs(of.cdf(event(variate)) - want), `p = ${p}`).toBeLessThan(budget);
    }
  });

  test("the density is that of its variate, stretched as the event is, however far out", () => {
    const normalVariate = of.model.variates[0] === "normal";
    const slopes = of.model.event.map((event) => differentiate(event, variable(0)));
    const [event, slope] = [eventOf(of), compiled(slopes, of)];
    const logDensity = logDensityOf(of);
    const points = normalVariate ? [-9, -3, -0.5, 0.01, 1, 9] : [2 ** -60, 2 ** -30, 0.01, 0.3, 0.9, 1 - 2 ** -24];
    for (const point of points) {
      const base = normalVariate ? -0.5 * point * point - 0.5 * Math.log(2 * Math.PI) : 0;
      const got = Math.log(Math.abs(slope([point])[0] ?? Number.NaN)) + logDensity(event(point));
      expect(Math.abs(got - base), `variate ${point}`).toBeLessThan(1e-8);
    }
  });

  test("in f32, events are in the support and near f64's", () => {
    const [support] = of.model.support;
    const [exact, rounded] = [eventOf(of), eventOf(of, single)];
    for (const variate of extremes(of.model.variates[0] ?? "uniform")) {
      const x = rounded(variate);
      const want = exact(variate);
      expect(x >= Math.fround(support?.low ?? 0) && x <= Math.fround(support?.high ?? 0), `${x} of ${variate}`).toBe(
        true,
      );
      const scale = Math.abs(want) + Math.abs(of.icdf(0.5));
      expect(Math.abs(x - want), `variate ${variate}: got ${x}, want ${want}`).toBeLessThan(2e-4 * scale);
    }
  });

  test("in f32, the density's formula is near f64's at events", () => {
    const [exact, rounded] = [logDensityOf(of), logDensityOf(of, single)];
    const event = eventOf(of, single);
    for (const variate of extremes(of.model.variates[0] ?? "uniform")) {
      const x = event(variate);
      if (x === 0) continue;
      const want = exact(x);
      expect(Math.abs(rounded(x) - want), `x = ${x}`).toBeLessThan(1e-5 * (1 + Math.abs(want)));
    }
  });
});

/** Simpson's rule in a variable in which the ends are no nearer than the middle; wide ranges go by logarithms. */
function integral(f: (x: number) => number, low: number, high: number): number {
  const wide = low > 0 && high / low > 4;
  const [from, to] = wide ? [Math.log(low), Math.log(high)] : [low, high];
  const g = wide ? (t: number) => f(Math.exp(t)) * Math.exp(t) : f;
  const n = 512;
  const h = (to - from) / n;
  let sum = g(from) + g(to);
  for (let k = 1; k < n; k++) sum += (k % 2 === 1 ? 4 : 2) * g(from + k * h);
  return (sum * h) / 3;
}

/** The least and the largest variates, and some between, as f32. */
function extremes(kind: "uniform" | "normal"): readonly number[] {
  const random = numbers(7);
  const between = Array.from({ length: 200 }, () => ((random(2 ** 23) << 1) | 1) * 2 ** -24);
  const uniforms = [2 ** -87, 3e-20, 2 ** -24, ...between, 0.5 + 2 ** -24, 1 - 2 ** -24];
  if (kind === "uniform") return uniforms.map(Math.fround);
  return [-10.98, 10.98, 1e-10, ...uniforms.slice(3).map(double.normalQuantile)].map(Math.fround);
}

describe("a mean over variates has the distribution's moments", () => {
  const light = continuous.filter(({ name, variance }) => Number.isFinite(variance) && name !== "pareto");
  test.each(named(light))("%s", (_, of) => {
    const event = eventOf(of);
    const n = 20_000;
    let [mean, square] = [0, 0];
    for (let k = 0; k < n; k++) {
      const u = (k + 0.5) / n;
      const x = event(of.model.variates[0] === "normal" ? double.normalQuantile(u) : u) - of.mean;
      mean += x / n;
      square += (x * x) / n;
    }
    expect(Math.abs(mean) / Math.sqrt(of.variance)).toBeLessThan(1e-3);
    expect(Math.abs(square / of.variance - 1)).toBeLessThan(5e-3);
  });
});

describe.each(
  named([
    bernoulli(0.3),
    bernoulli(0.7),
    bernoulli(0),
    bernoulli(1),
    bernoulli(1e-9),
    categorical([1]),
    categorical([0.1, 0, 0.25, 0.65]),
    categorical([0, 0, 0.5, 0.25, 0.25, 0]),
    categorical(new Array(7).fill(1 / 7)),
    categorical({ logits: Array.from({ length: 256 }, (_, k) => Math.sin(k * k)) }),
  ]).map(([name, of]) => [name.slice(0, 60), of] as const),
)("%s", (_, of) => {
  const values = of.atoms?.map(({ value }) => Number(value)) ?? [];

  test("events have the atoms' probabilities", () => {
    const event = eventOf(of);
    const n = 20_000;
    const counts = new Map<number, number>();
    for (let k = 0; k < n; k++) {
      const x = event((k + 0.5) / n);
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    for (const x of counts.keys()) expect(values).toContain(x);
    of.atoms?.forEach(({ value, probability }) => {
      expect(Math.abs((counts.get(Number(value)) ?? 0) / n - probability)).toBeLessThan(1.01 / n);
    });
  });

  test("no value of probability 0 is drawn, at any variate", () => {
    const event = eventOf(of, single);
    for (const u of extremes("uniform")) expect(values).toContain(event(u));
  });

  test("the density's formula is logProb at each atom", () => {
    const logDensity = logDensityOf(of);
    for (const value of values) expect(Math.abs(logDensity(value) - of.logProb(value))).toBeLessThan(1e-14);
  });
});

test("a rare success is as frequent as it should be", () => {
  const event = eventOf(bernoulli(1e-9), single);
  expect([event(Math.fround(0.99e-9)), event(Math.fround(1.01e-9))]).toEqual([1, 0]);
  const failure = eventOf(bernoulli(1 - 1e-9), single);
  expect([failure(Math.fround(0.99e-9)), failure(Math.fround(1.01e-9))]).toEqual([0, 1]);
});

test("a class between others without a chance has none in the density's formula", () => {
  const density = logDensityOf(categorical([0.5, 0, 0.5]), single);
  expect(Math.exp(density(1))).toBe(0);
});

describe("multivariateNormal", () => {
  const covariance = [
    [2, 0.6, -0.4],
    [0.6, 1.5, 0.3],
    [-0.4, 0.3, 1],
  ];
  const of = multivariateNormal({ mean: [1, -2, 0.5], covariance });

  test("events are mean + L z", () => {
    const event = compiled(of.model.event, of);
    expect(event([0, 0, 0])).toEqual(of.mean);
    const columns = [0, 1, 2].map((j) =>
      event([0, 1, 2].map((k) => (k === j ? 1 : 0))).map((x, i) => x - (of.mean[i] ?? 0)),
    );
    covariance.forEach((row, i) => {
      row.forEach((want, j) => {
        const got = columns.reduce((sum, column) => sum + (column[i] ?? 0) * (column[j] ?? 0), 0);
        expect(Math.abs(got - want)).toBeLessThan(1e-14);
      });
    });
  });

  test("the density's formula is logProb", () => {
    const logDensity = logDensityOf(of);
    for (const x of [of.mean, [0, 0, 0], [3, 1, -2]]) {
      expect(Math.abs(logDensity(...x) - of.logProb(x))).toBeLessThan(1e-13);
    }
  });

  test("independent coordinates have parameters on the diagonal only", () => {
    const { parameters } = multivariateNormal({ mean: [0, 1], std: [1, 2] }).model;
    expect(parameters).toEqual({ mean_0: 0, mean_1: 1, scale_0_0: 1, scale_1_1: 2 });
  });

  test("sixteen coordinates make one program", () => {
    const eye = Array.from({ length: 16 }, (_, i) => Array.from({ length: 16 }, (_, j) => (i === j ? 1 : 0)));
    const { model } = multivariateNormal({ mean: new Array(16).fill(0), covariance: eye });
    expect(lowerUnchecked([...model.event, model.logDensity]).parameters.length).toBe(16 + 136);
  });
});

test("independent parts keep their formulas under names of their own", () => {
  const of = independent([uniform(0, 2), multivariateNormal({ mean: [1, 2], std: [1, 3] }), uniform(-1, 1)]);
  expect(of.model.variates).toEqual(["uniform", "normal", "normal", "uniform"]);
  expect(of.model.parameters).toMatchObject({ d0_low: 0, d0_high: 2, d1_mean_1: 2, d2_low: -1 });
  expect(compiled(of.model.event, of)([0.25, 1, -1, 0.5])).toEqual([0.5, 2, -1, 0]);
  const x = [1, 0, 4, 0.5];
  expect(Math.abs(logDensityOf(of)(...x) - of.logProb(x))).toBeLessThan(1e-14);
});

describe("mixture", () => {
  const normals = mixture([0.25, 0.75], [normal(-2, 0.5), normal(1, 1)]);
  const kinds = mixture([0.2, 0.3, 0.5], [exponential(1), laplace(2, 1), uniform(-1, 0)]);

  test("of one formula chooses among parameters, and draws one variate besides", () => {
    expect(normals.model.variates).toEqual(["uniform", "normal"]);
    const event = eventOf(normals);
    expect([event(0.2, 2), event(0.3, 2)]).toEqual([-1, 3]);
  });

  test("of several formulas chooses among events", () => {
    expect(kinds.model.variates).toEqual(["uniform", "uniform", "normal"]);
    const event = eventOf(kinds);
    expect(event(0.1, Math.exp(-1), 1)).toBeCloseTo(1, 15);
    expect(event(0.3, 0.5, 0)).toBeCloseTo(2, 15);
    expect(event(0.9, 0.25, 1)).toBeCloseTo(-0.75, 15);
  });

  test.each(named([normals, kinds]))("events have the distribution: %s", (_, of) => {
    const event = eventOf(of);
    const n = 200;
    const xs: number[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const v = (j + 0.5) / n;
        const others = of.model.variates.slice(1).map((kind) => (kind === "normal" ? double.normalQuantile(v) : v));
        xs.push(event((i + 0.5) / n, ...others));
      }
    }
    for (const x of [-2, -0.5, 0.3, 1, 3]) {
      const share = xs.filter((value) => value <= x).length / xs.length;
      expect(Math.abs(share - of.cdf(x)), `x = ${x}`).toBeLessThan(2 / n);
    }
  });

  test("the density's formula is logProb, in f32 too", () => {
    for (const of of [normals, kinds]) {
      for (const x of [-2.5, -0.5, 0.25, 1, 7]) {
        expect(Math.abs(logDensityOf(of)(x) - of.logProb(x))).toBeLessThan(1e-13);
        expect(Math.abs(logDensityOf(of, single)(x) - of.logProb(x))).toBeLessThan(
          1e-5 * (1 + Math.abs(of.logProb(x))),
        );
      }
    }
  });

  test("between parts its formula's density is 0", () => {
    const apart = mixture([0.5, 0.5], [uniform(0, 1), uniform(2, 3)]);
    const densities = [0.5, 1.5, 2.5].map((x) => Math.exp(logDensityOf(apart, single)(x)));
    expect(densities.map((density) => density.toFixed(6))).toEqual(["0.500000", "0.000000", "0.500000"]);
    expect(densities[1]).toBe(0);
  });

  test("draws no component of weight 0, and rare ones as often as it should", () => {
    const rare = mixture([1 - 1e-9, 0, 1e-9], [uniform(0, 1), uniform(2, 3), uniform(4, 5)]);
    const event = eventOf(rare, single);
    expect(event(Math.fround(0.99e-9), 0.5)).toBe(4.5);
    expect(event(Math.fround(1.01e-9), 0.5)).toBe(0.5);
    for (const u of extremes("uniform")) expect(Math.floor(event(u, 0.5))).not.toBe(2);
    expect(rare.weights).toEqual([1 - 1e-9, 0, 1e-9]);
  });

  test("of one component is that component", () => {
    const one = mixture([1], [normal(1, 2)]);
    expect(eventOf(one)(0.3, 0.5)).toBe(2);
    expect(logDensityOf(one)(0)).toBe(normal(1, 2).logProb(0));
  });

  test("of mixtures and vectors is one as well", () => {
    const nested = mixture([0.5, 0.5], [normals, normal(4, 1)]);
    expect(Math.abs(logDensityOf(nested)(0.7) - nested.logProb(0.7))).toBeLessThan(1e-13);
    const parts = [0, 3].map((centre) =>
      multivariateNormal({
        mean: [centre, -centre],
        covariance: [
          [1, 0.5],
          [0.5, 1],
        ],
      }),
    );
    const planes = mixture([0.5, 0.5], parts);
    const run = compiled(planes.model.event, planes);
    expect(run([0.25, 1, 0])[0]).toBe(1);
    expect(run([0.75, 0, 0])).toEqual([3, -3]);
    expect(Math.abs(logDensityOf(planes)(1, 1) - planes.logProb([1, 1]))).toBeLessThan(1e-13);
  });
});

test("events move with their parameters as their derivatives say", () => {
  for (const [of, moved, name] of [
    [normal(1, 2), normal(1, 2 + 1e-6), "std"],
    [uniform(0, 1), uniform(0, 1 + 1e-6), "high"],
    [exponential(2), exponential(2 + 1e-6), "rate"],
    [laplace(0, 2), laplace(0, 2 + 1e-6), "scale"],
    [cauchy(0, 2), cauchy(0, 2 + 1e-6), "scale"],
    [weibull(1, 2), weibull(1, 2 + 1e-6), "shape"],
    [pareto(1, 2), pareto(1, 2 + 1e-6), "shape"],
  ] as const) {
    const [event] = of.model.event;
    if (!event) throw new Error("no event");
    const [slope] = compiled([differentiate(event, parameter(name))], of)([0.3]);
    const difference = (eventOf(moved)(0.3) - eventOf(of)(0.3)) / 1e-6;
    expect(Math.abs((slope ?? Number.NaN) - difference), of.name).toBeLessThan(1e-5);
  }
  expect(
    [normal(0, 1), bernoulli(0.5), independent([bernoulli(0.5)])].map(({ model }) => model.jumps ?? false),
  ).toEqual([false, true, true]);
});
