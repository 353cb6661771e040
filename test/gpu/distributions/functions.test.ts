import { describe, expect, test } from "vitest";
import { numberOf, ONE_KEY, ZERO_KEY } from "../../../src/distributions/curve/keys.ts";
import { planCurve } from "../../../src/distributions/on-tensors.ts";
import { gamma, geometric, InputError, mixture, normal, type ScalarDistribution, uniform } from "../../../src/index.ts";
import { numberFamilies } from "../../support/distributions/families.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { numbers } from "../../support/numbers.ts";
import { limitsLike, onEach } from "../../support/rows/calls.ts";

const DISTRIBUTIONS: readonly { readonly name: string; readonly of: ScalarDistribution }[] = [
  ...numberFamilies.map(({ sampled }) => sampled[0]),
  geometric(1e-6),
  normal(30_000, 0.25),
  mixture([0.5, 0.5], [uniform(0, 1), uniform(2, 3)]),
]
  // Every fourth: what differs are the tables, which test/unit/distributions/curves.test.ts has of all.
  .filter((_, k) => exhaustive || k % 4 === 1)
  .map((of) => ({ name: of.name, of }));

const FUNCTIONS = ["cdf", "survival", "logCdf", "logSurvival"] as const;

// What the documentation promises.
const TOLERANCE = 4e-6;
const SMALLEST = 2 ** -126;

/** Checks values of normal f32 size by their relative error, and the others by the f32 that they are. */
function expectClose(got: number, want: number, what: string): void {
  const rounded = Math.fround(want);
  if (Math.abs(rounded) >= SMALLEST && Number.isFinite(rounded)) {
    expect(Math.abs(got - want) / Math.abs(want), what).toBeLessThan(TOLERANCE);
  } else
    expect(Math.abs(got - rounded) <= TOLERANCE * SMALLEST || Object.is(got, rounded), `${what}: ${got}`).toBe(true);
}

/** Points of all levels, their neighbours, and numbers of all sizes. */
function pointsOf(of: ScalarDistribution): Float32Array {
  const next = numbers(3);
  const share = () => (next(2 ** 30) + 0.5) / 2 ** 30;
  const points = [
    0,
    -0,
    1,
    -1,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    2 ** -149,
    -(2 ** -149),
    Number.NaN,
  ];
  for (let k = 0; k < 100; k++) {
    const level = share();
    points.push(of.icdf(level), of.icdf(10 ** (-38 * level)), of.icdf(1 - 10 ** (-16 * level)));
    points.push(numberOf(ZERO_KEY + next(2 ** 31) - next(2 ** 31)));
  }
  return Float32Array.from(points);
}

onEach((setting) => {
  describe.each(DISTRIBUTIONS)("of $name", ({ of }) => {
    test.each(FUNCTIONS)("%s is that of f64", async (name) => {
      const { engine } = setting();
      const points = pointsOf(of);
      const got = await of[name](engine.tensor(points, [points.length])).read();
      points.forEach((x, k) => void expectClose(got[k] as number, of[name](x), `${name}(${x})`));
    });

    test("icdf is that of f64, and of whole numbers the very one", async () => {
      const { engine } = setting();
      const next = numbers(5);
      const levels = [0, -0, 1, 0.5, 2 ** -149, 1 - 2 ** -24, Number.NaN];
      for (let k = 0; k < 200; k++) levels.push(next(2 ** 30) / 2 ** 30, numberOf(ZERO_KEY + next(ONE_KEY - ZERO_KEY)));
      const p = Float32Array.from(levels);
      const got = await of.icdf(engine.tensor(p, [p.length])).read();
      const whole = of.support[0]?.kind === "integers";
      p.forEach((level, k) => {
        const [own, want] = [got[k] as number, Math.fround(of.icdf(level))];
        // Of more than 2^15 numbers, those above may be the one beside.
        if (whole)
          expect(Object.is(own, want) || (want >= 2 ** 15 && Math.abs(own - want) <= 1), `icdf(${level})`).toBe(true);
        else expectClose(own, of.icdf(level), `icdf(${level})`);
      });
    });
  });

  test("the table that many numbers are read off is the same", async () => {
    const { engine } = setting();
    const of = gamma(2.5, 1.5);
    const points = Float32Array.from({ length: 5_000 }, (_, k) => k / 500);
    const got = await of.cdf(engine.tensor(points, [points.length])).read();
    points.forEach((x, k) => void expectClose(got[k] as number, of.cdf(x), `cdf(${x})`));
  });

  test("they follow one another without a read, and keep the shape", async () => {
    const { engine } = setting();
    const of = normal(2, 3);
    const p = engine.tensor(Float32Array.of(0.001, 0.25, 0.5, 0.75, 0.9, 0.999), [2, 1, 3]);
    const back = of.cdf(of.icdf(p));
    expect(back.shape).toEqual([2, 1, 3]);
    const got = await back.read();
    // The quantile's error of 4e-6 moves p by at most x φ(x) times that, below 2e-6, and the function's own adds 4e-6 p.
    (await p.read()).forEach((level, k) => void expect(Math.abs((got[k] as number) - level)).toBeLessThan(6e-6));
    expect(await of.cdf(engine.tensor([], [0])).read()).toHaveLength(0);
  });

  test("a level outside 0 to 1 is NaN, and named at the next read", async () => {
    const { engine } = setting();
    const p = engine.tensor([0.5, Number.NaN, 1.5, -0.25], [4]);
    const fault = new InputError("normal.icdf: p must be from 0 to 1; value 2 is not", "bad-data");
    await expect(normal(0, 1).icdf(p).read()).rejects.toThrow(fault);
  });

  test("more than a binding holds come in several passes", async () => {
    const { engine } = setting();
    const { machine } = engine;
    const limits = limitsLike(engine.limits, { maxStorageBufferBindingSize: 1_536 });
    const of = uniform(0, 4);
    const x = engine.tensor(
      Float32Array.from({ length: 1_000 }, (_, k) => k / 1_000),
      [1_000],
    );
    for (const name of ["cdf", "icdf"] as const) {
      const plan = planCurve(of, name, x, { ...machine, limits });
      expect(plan.passes.length).toBeGreaterThan(2);
      const { y } = engine.run(plan, { x });
      expect(await y.read()).toEqual(await of[name](x).read());
    }
  });

  test("another dtype is refused", () => {
    const { engine } = setting();
    const ids = engine.tensor(new Uint32Array(3), [3]);
    expect(() => normal(0, 1).cdf(ids)).toThrow("normal.cdf: x must be an f32 tensor [...], got u32 [3]");
    expect(() => normal(0, 1).icdf(ids)).toThrow("normal.icdf: p must be an f32 tensor [...], got u32 [3]");
  });
});
