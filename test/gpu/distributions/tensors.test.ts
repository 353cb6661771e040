import { describe, expect, test } from "vitest";
import { eventIntegrand } from "../../../src/distributions/event.ts";
import {
  bernoulli,
  beta,
  categorical,
  cauchy,
  type Distribution,
  Engine,
  expectation,
  exponential,
  gamma,
  gumbel,
  InputError,
  independent,
  laplace,
  logistic,
  logNormal,
  mixture,
  multivariateNormal,
  normal,
  pareto,
  sampleAt,
  uniform,
  weibull,
} from "../../../src/index.ts";
import { planSamples } from "../../../src/sampling/sample-plan.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { disc, normalAbove } from "../../support/expectation/rejection.ts";
import { limitsLike, onEach } from "../../support/rows/calls.ts";

const wide = Array.from({ length: 17 }, (_, k) => k);
const covarianceOf = (i: number, j: number) => (i === j ? 2 : 1 / (1 + Math.abs(i - j)));

const DISTRIBUTIONS: readonly { readonly name: string; readonly of: Distribution }[] = [
  normal(0, 1),
  normal(-3, 0.25),
  uniform(-2, 5),
  exponential(0.5),
  laplace(1, 2),
  logNormal(0.5, 0.75),
  bernoulli(0.3),
  categorical([0.1, 0, 0.65, 0.25]),
  cauchy(1, 0.5),
  pareto(1.5, 2.5),
  weibull(2, 1.5),
  logistic(-1, 0.5),
  gumbel(1, 2),
  multivariateNormal({ mean: [1, -2, 0.5], covariance: [2, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 0.5] }),
  independent([normal(0, 1), exponential(2), categorical([0.5, 0.5])]),
  multivariateNormal({
    mean: wide.map((k) => k / 7),
    covariance: wide.map((i) => wide.map((j) => covarianceOf(i, j))),
  }),
  mixture([0.3, 0.7], [normal(-1, 0.2), normal(1, 0.4)]),
  mixture([0.5, 0.5], [uniform(0, 1), exponential(3)]),
  disc(),
  independent([disc(), normal(2, 1), disc()]),
]
  // Every third, with each way of drawing among them; samplers.test.ts has the bits of all families.
  .filter((_, k) => exhaustive || k % 3 === 1)
  .map((of) => ({ name: of.name, of }));

const bitsOf = (values: ArrayLike<number>) => [...new Uint32Array(Float32Array.from(values).buffer)];

onEach((setting) => {
  describe.each(DISTRIBUTIONS)("samples of $name", ({ of }) => {
    test("are those of sampleAt, from any place", async () => {
      const { engine } = setting();
      for (const [count, offset] of [
        [1, 0],
        [4, 0],
        [4_101, 3],
        // The 32 low bits of the quads run over.
        [130, 2 ** 34 - 65],
      ] as const) {
        const address = { seed: 2n ** 40n + 5n, stream: 9 };
        using samples = of.sample(engine, count, { ...address, offset });
        expect(samples.shape).toEqual([count, ...of.shape]);
        const want = Array.from({ length: count }, (_, k) => sampleAt(of, { ...address, index: offset + k })).flat();
        expect(bitsOf(await samples.read())).toEqual(bitsOf(want as number[]));
      }
    });
  });

  test("a part of the samples is a part of the samples, whatever the parts", async () => {
    const { engine } = setting();
    const of = independent([disc(), normal(0, 1)]);
    const whole = await of.sample(engine, 1_000, { seed: 3 }).read();
    for (const [offset, count] of [
      [0, 17],
      [17, 500],
      [517, 483],
    ] as const) {
      const part = await of.sample(engine, count, { seed: 3, offset }).read();
      expect(bitsOf(part)).toEqual(bitsOf(whole.subarray(3 * offset, 3 * (offset + count))));
    }
  });

  test("other seeds, streams and generators give other samples", async () => {
    const { engine } = setting();
    const of = normal(0, 1);
    const read = async (options: Parameters<typeof of.sample>[2]) => bitsOf(await of.sample(engine, 8, options).read());
    const all = [{}, { seed: 1 }, { stream: 1 }, { generator: "philox4x32-10" }, { offset: 1 }] as const;
    const found = await Promise.all(all.map(read));
    expect(new Set(found.map((one) => one.join())).size).toBe(all.length);
    expect(await read({})).toEqual(found[0]);
  });

  test("no samples are no samples", async () => {
    const { engine } = setting();
    expect(await normal(0, 1).sample(engine, 0).read()).toHaveLength(0);
  });

  test("more than a binding holds come in several passes, with the same bits", async () => {
    const { engine } = setting();
    const { machine } = engine;
    const limits = limitsLike(engine.limits, { maxStorageBufferBindingSize: 1_536 });
    for (const of of [uniform(0, 1), independent([disc(), normal(0, 1)])]) {
      const wanted = {
        address: { generator: "threefry4x32-20", seed: [3, 0], stream: 0 },
        first: 5,
        count: 1_000,
      } as const;
      const integrand = eventIntegrand(of, "test");
      const plan = planSamples(integrand, of.shape, wanted, { ...machine, limits }, "test");
      expect(plan.passes.length).toBeGreaterThan(2);
      const { y } = engine.run(plan, {});
      const want = await of.sample(engine, 1_000, { seed: 3, offset: 5 }).read();
      expect(bitsOf(await y.read())).toEqual(bitsOf(want));
    }
  });

  test("what no attempt gives is NaN", async () => {
    const { engine } = setting();
    const never = await normalAbove(40).sample(engine, 5).read();
    expect([...never]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    const { mean, nonFinite } = await expectation(engine, { of: "x", under: normalAbove(40), samples: 9 });
    expect([mean, nonFinite]).toEqual([Number.NaN, 9]);
  });

  // f32 formulas of some ten operations: each rounds once (2^-24) and the largest intermediate value is that of the density's
  // parts, at most 16 times the result or 16, whichever is larger, for the points drawn here.
  const tolerance = (want: number) => 10 * 2 ** -24 * 16 * Math.max(1, Math.abs(want));

  describe.each(DISTRIBUTIONS)("log-density of $name", ({ of }) => {
    test("of its own samples is that of f64", async () => {
      const { engine } = setting();
      const count = 257;
      using samples = of.sample(engine, count, { seed: 4 });
      using density = of.logProb(samples);
      expect(density.shape).toEqual([count]);
      const points = await samples.read();
      const got = await density.read();
      for (let k = 0; k < count; k++) {
        const size = of.shape[0] ?? 1;
        const x = of.shape.length === 0 ? (points[k] as number) : [...points.subarray(k * size, (k + 1) * size)];
        const want = of.logProb(x);
        expect(Math.abs((got[k] as number) - want), `at ${x}`).toBeLessThanOrEqual(tolerance(want));
      }
    });
  });

  test("outside the support it is -Infinity, and NaN of NaN", async () => {
    const { engine } = setting();
    const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minus } = Number;
    const of = async (distribution: Distribution, values: readonly number[], shape = [values.length]) => [
      ...(await distribution.logProb(engine.tensor(values, shape)).read()),
    ];
    const third = Math.fround(-Math.log(3));
    const outside = await of(uniform(-1, 2), [nan, -1.5, 2.5, inf, minus, 0.5]);
    expect(outside.slice(0, 5)).toEqual([nan, minus, minus, minus, minus]);
    expect(outside[5]).toBeCloseTo(third, 6);
    expect((await of(exponential(1), [-1e-30, inf, 0])).slice(0, 2)).toEqual([minus, minus]);
    expect((await of(categorical([0.5, 0.5]), [0.5, -1, 2, nan])).slice(0, 4)).toEqual([minus, minus, minus, nan]);
    expect((await of(normal(0, 1), [inf, minus, nan])).slice(0, 3)).toEqual([minus, minus, nan]);
    const pair = independent([normal(0, 1), uniform(0, 1)]);
    expect(await of(pair, [0, 2, nan, 2, 0, nan], [3, 2])).toEqual([minus, nan, nan]);
    expect(await of(pair, [], [0, 2])).toEqual([]);
  });

  test("at the ends of a support it is what the distribution itself says, though the formula has log(0) in it", async () => {
    const { engine } = setting();
    const families = [
      gamma(0.5, 1),
      gamma(1, 2),
      gamma(2, 1),
      beta(0.5, 2),
      beta(1, 1),
      logNormal(0, 1),
      weibull(1, 1),
      weibull(2, 1),
      exponential(1),
      mixture([0.5, 0.5], [gamma(0.5, 1), normal(0, 1)]),
    ];
    for (const family of families) {
      const ends = [family.logProb(0), family.logProb(1)];
      const got = await family.logProb(engine.tensor([0, 1], [2])).read();
      // Finite ones are within the formulas' roundings, a few f32 ulps of numbers below 2.
      ends.forEach((end, k) => {
        if (Number.isFinite(end)) expect(Math.abs((got[k] as number) - end), family.name).toBeLessThan(1e-6);
        else expect(got[k], family.name).toBe(end);
      });
      const beside = independent([normal(0, 1), family]);
      const [both] = await beside.logProb(engine.tensor([0, 0], [1, 2])).read();
      const want = beside.logProb([0, 0]);
      if (Number.isFinite(want)) expect(Math.abs((both as number) - want), family.name).toBeLessThan(1e-6);
      else expect(both, family.name).toBe(want);
    }
  });

  test("in a mixture's gap it is -Infinity, and a sample that was rounded to the end of its support is inside", async () => {
    const { engine } = setting();
    const gap = mixture([0.5, 0.5], [uniform(0, 1), uniform(2, 3)]);
    const minus = Number.NEGATIVE_INFINITY;
    const half = Math.fround(Math.log(0.5));
    const got = await gap.logProb(engine.tensor([0, 1.5, 2.5, 3, 3.5], [5])).read();
    expect([1, 4].map((k) => got[k])).toEqual([minus, minus]);
    for (const k of [0, 2, 3]) expect(got[k]).toBeCloseTo(half, 6);
    const plane = independent([normal(0, 1), gap]);
    expect((await plane.logProb(engine.tensor([0, 1.5], [1, 2])).read())[0]).toBe(minus);
    // The f32 nearest to 0.1 is above it.
    const [end] = await uniform(0, 0.1)
      .logProb(engine.tensor([0.1], [1]))
      .read();
    expect(end).toBeCloseTo(Math.log(10), 6);
  });

  test("keeps leading dimensions", async () => {
    const { engine } = setting();
    const x = engine.tensor(new Float32Array(24), [2, 4, 3]);
    expect(normal(0, 1).logProb(x).shape).toEqual([2, 4, 3]);
    expect(multivariateNormal({ mean: [0, 0, 0], std: [1, 1, 1] }).logProb(x).shape).toEqual([2, 4]);
  });

  test("what does not fit is refused", () => {
    const { engine } = setting();
    const of = normal(0, 1);
    const refused = (work: () => unknown, message: RegExp) => {
      expect(work).toThrow(InputError);
      expect(work).toThrow(message);
    };
    refused(() => of.sample(engine, -1), /normal.sample: count must be a whole number from 0/);
    refused(() => of.sample(engine, 1.5), /count/);
    refused(() => of.sample(engine, 1, { seed: -1 }), /seed/);
    refused(() => of.sample(engine, 1, { stream: 2 ** 32 }), /stream/);
    refused(() => of.sample(engine, 4, { offset: 2 ** 53 - 3 }), /offset/);
    refused(() => of.sample(engine, 1, { sed: 1 } as never), /no option 'sed'/);
    refused(() => of.sample(engine, 1, { generator: "mt19937" } as never), /generator/);
    refused(() => of.sample(Engine.create() as never, 1), /await Engine.create/);
    const vector = multivariateNormal({ mean: [0, 0], std: [1, 1] });
    refused(() => vector.logProb(engine.tensor([1, 2, 3], [3])), /f32 tensor \[\.\.\., 2\], got f32 \[3\]/);
    refused(() => of.logProb(engine.tensor(new Uint32Array(2), [2])), /got u32 \[2\]/);
  });
});
