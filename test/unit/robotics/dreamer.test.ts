import { describe, expect, test } from "vitest";
import { Engine, InputError } from "../../../src/index.ts";
import { dreamer, vae } from "../../../src/robotics/index.ts";
import { dreamer as golden } from "../../golden/robotics/robotics.ts";
import { series } from "../../support/robotics/series.ts";

const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0);

describe("unimix", () => {
  test("bounds probabilities and divergences: 1.5625e-4, 8.764 and 280.4 nats", () => {
    const { leastProbability, mostPerCategorical, mostPerState } = dreamer.latentBounds();
    expect(leastProbability).toBe(1.5625e-4);
    expect(mostPerCategorical).toBeCloseTo(8.764, 3);
    expect(mostPerState).toBeCloseTo(280.4, 1);
  });

  test("leaves 1 % to the other classes however large a logit is, and adds up to 1", () => {
    const p = dreamer.unimix([1e6, ...new Array(63).fill(0)]);
    expect(p[1]).toBe(0.01 / 64);
    expect(p[0]).toBeCloseTo(0.99 + 0.01 / 64, 15);
    expect(total(p)).toBeCloseTo(1, 14);
    const rows = dreamer.unimix(series(48), 16);
    for (let k = 0; k < 48; k += 16) expect(total(rows.subarray(k, k + 16))).toBeCloseTo(1, 14);
  });

  test("never diverges by more than log(classes / unimix), which opposite one-hots come close to", () => {
    const hot = (at: number) => Array.from({ length: 64 }, (_, k) => (k === at ? 1e6 : 0));
    const [p, q] = [dreamer.unimix(hot(0)), dreamer.unimix(hot(1))];
    const kl = total(p.map((x, k) => x * Math.log(x / (q[k] ?? 0))));
    expect(kl).toBeLessThan(dreamer.latentBounds().mostPerCategorical);
    expect(kl).toBeGreaterThan(8.5);
  });

  test("has classes by size of the model, 64 by default", () => {
    expect(dreamer.defaults.classes).toMatchObject({ size1m: 4, size12m: 16, size200m: 64, size400m: 96 });
    expect(dreamer.defaults.scales).toMatchObject({ dyn: 1, rep: 0.1, repval: 0.3 });
    expect(dreamer.defaults.discount).toBe(1 - 1 / 333);
  });

  test("refuses what does not fit", () => {
    expect(() => dreamer.unimix([Number.NaN, 0])).toThrow(InputError);
    expect(() => dreamer.unimix([1, 2, 3], 2)).toThrow("logits must be rows of 2 values, got 3 values");
    expect(() => dreamer.unimix([1, 2], 2, 1.5)).toThrow("share must be from 0 to 1, got 1.5");
    expect(() => dreamer.oneHot(4, 4)).toThrow("index must be a class from 0 to 3, got 4");
    expect([...dreamer.oneHot(1, 3)]).toEqual([0, 1, 0]);
  });
});

describe("the balanced KL on the CPU engine", () => {
  const [stoch, classes] = [2, 5];
  const posterior = series(20).map((x) => 3 * x);
  const prior = series(20, 1_999).map((x) => 2 * x);

  /** The loss of state `s` in f64, with gradients stopped: `frozen` stands for what sg(·) holds. */
  function loss(p: readonly number[], q: readonly number[], s: number): number {
    const from = s * stoch * classes;
    const of = (x: readonly number[]) => dreamer.unimix(x.slice(from, from + stoch * classes), classes);
    const [a, b] = [of(p), of(q)];
    return total(a.map((x, k) => x * Math.log(x / (b[k] ?? 0))));
  }

  test("has the gradients of 0.1 KL(post ‖ sg(prior)) and KL(sg(post) ‖ prior), by central differences", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const shape = [2, stoch, classes];
    const options = { freeNats: 0 };
    const got = dreamer.balancedKl(engine.tensor(posterior, shape), engine.tensor(prior, shape), options);
    const [divergence, ofPosterior, ofPrior] = await Promise.all(
      [got.divergence, got.posteriorGradient, got.priorGradient].map((tensor) => tensor.read()),
    );
    const f32 = (values: readonly number[]) => Array.from(Float32Array.from(values));
    const [p, q] = [f32(posterior), f32(prior)];
    const moved = (x: readonly number[], k: number, by: number) => x.map((value, i) => (i === k ? value + by : value));
    const h = 1e-5;
    for (let k = 0; k < 20; k++) {
      const s = Math.floor(k / (stoch * classes));
      const up = 0.1 * (loss(moved(p, k, h), q, s) - loss(moved(p, k, -h), q, s));
      const down = loss(p, moved(q, k, h), s) - loss(p, moved(q, k, -h), s);
      // Of a difference: h² and 1e-16 / h; of the engine: the rounding to f32.
      expect(Math.abs((ofPosterior?.[k] ?? 0) - up / (2 * h))).toBeLessThan(1e-7);
      expect(Math.abs((ofPrior?.[k] ?? 0) - down / (2 * h))).toBeLessThan(1e-7);
    }
    for (const s of [0, 1]) expect(Math.abs((divergence?.[s] ?? 0) - loss(p, q, s))).toBeLessThan(1e-6);
    engine.dispose();
  });

  test("has none below free nats, which are taken after the categoricals were added up", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const [p, q] = [engine.tensor(posterior, [2, stoch, classes]), engine.tensor(prior, [2, stoch, classes])];
    const free = dreamer.balancedKl(p, q, { freeNats: 50 });
    expect([...(await free.divergence.read())]).toEqual([50, 50]);
    expect([...(await free.posteriorGradient.read())].every((x) => x === 0)).toBe(true);
    expect([...(await free.priorGradient.read())].every((x) => x === 0)).toBe(true);
    const [one = 0] = await dreamer.latentKl(p, q, { freeNats: 0 }).read();
    // Each categorical diverges by less than this, both together by more.
    const least = Math.fround(0.9 * one);
    expect((await dreamer.latentKl(p, q, { freeNats: least }).read())[0]).toBe(one);
    engine.dispose();
  });
});

describe("two-hot", () => {
  test("has 255 symexp bins, symmetric to the bit", () => {
    const { bins } = dreamer;
    expect(bins).toHaveLength(255);
    expect(bins[127]).toBe(0);
    bins.forEach((x, k) => {
      expect(x + (bins[254 - k] ?? 0)).toBe(0);
      // Once rounded to f32, of an exponent that is rounded as NumPy rounds it.
      expect(Math.abs(x - (golden.bins[k] ?? 0))).toBeLessThanOrEqual(2 ** -24 * Math.abs(golden.bins[k] ?? 0));
    });
    expect(bins[254]).toBeCloseTo(485_165_194.4, -3);
  });

  test("puts a value's weight on the two bins around it, so that their mean is the value", () => {
    for (const value of [0, 0.05, -0.05, 1, -3.7, 1e3, -2.5e7, 4e8]) {
      const weights = dreamer.twoHot([value]);
      expect(weights.filter((w) => w !== 0).length).toBeLessThanOrEqual(2);
      // Weights are rounded to f32, and bins are up to twelve hundredths of the value apart.
      const mean = total(weights.map((w, k) => w * (dreamer.bins[k] ?? 0)));
      const exact = Array.from(weights).reduce((sum, w, k) => sum + w * (dreamer.bins[k] ?? 0), 0);
      expect(Math.abs(exact - value)).toBeLessThanOrEqual(4 * 2 ** -24 * Math.max(Math.abs(value), 0.2));
      expect(Math.abs(mean - exact)).toBeLessThanOrEqual(2 ** -22 * Math.max(Math.abs(value), 0.2));
      expect(total(weights)).toBeCloseTo(1, 6);
    }
  });

  test("puts all of it on a bin that is met, and on the last one beyond", () => {
    const at = (value: number) => dreamer.twoHot([value]).indexOf(1);
    expect(at(0)).toBe(127);
    expect(at(dreamer.bins[40] ?? 0)).toBe(40);
    expect(at(1e12)).toBe(254);
    expect(at(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(() => dreamer.twoHot([0, Number.NaN])).toThrow("values[1] must be a number, got NaN");
  });

  test("squashes by symlog, whose inverse is symexp", () => {
    expect(dreamer.symlog(Math.E - 1)).toBe(1);
    expect(dreamer.symexp(-1)).toBe(-Math.expm1(1));
    for (const x of [-1e6, -2, -1e-9, 0, 0.3, 5e4]) {
      expect(Math.abs(dreamer.symexp(dreamer.symlog(x)) - x)).toBeLessThanOrEqual(1e-13 * Math.abs(x));
    }
  });
});

describe("returns", () => {
  test("are normalised by running percentiles, as NumPy's percentile gives them", () => {
    const normalizer = new dreamer.ReturnNormalizer();
    golden.returns.forEach(([offset = 0, scale = 0], k) => {
      const range = normalizer.update(series(50 + k).map((x) => (k + 1) * 3 * x));
      expect(range.offset).toBeCloseTo(offset, 12);
      expect(range.scale).toBeCloseTo(scale, 12);
    });
  });

  test("are divided by 1 while they are small, and by their range once it is large", () => {
    const normalizer = new dreamer.ReturnNormalizer({ rate: 1 });
    expect(normalizer.range).toEqual({ offset: 0, scale: 1 });
    expect(normalizer.update([0, 0.1, 0.2]).scale).toBe(1);
    expect(normalizer.update([0, 100]).scale).toBeCloseTo(90, 12);
    expect(() => normalizer.update([])).toThrow("returns must be at least one number, got none");
    expect(() => normalizer.update([Number.NaN])).toThrow(InputError);
  });

  test("train the actor by -(log π · advantage + 3e-4 entropy)", () => {
    const steps = { logProbabilities: [-1, -2], advantages: [0.5, -1], entropies: [1, 2] };
    expect([...dreamer.actorLoss(steps)]).toEqual([0.5 - 3e-4, -2 - 6e-4]);
    expect([...dreamer.actorLoss({ ...steps, weights: [0, 2] })]).toEqual([0, 2 * (-2 - 6e-4)]);
    expect(() => dreamer.actorLoss({ ...steps, entropies: [1] })).toThrow("entropies must have 2 values, got 1");
  });
});

describe("VAE", () => {
  test("has the KL of the closed form, 0.64799457", () => {
    const kl = vae.unitGaussianKlOf([0.5, -1], [0.1, -0.3]);
    expect(kl).toBeCloseTo(0.64799457, 8);
    expect(kl).toBeCloseTo(-0.5 * (1 + 0.1 - 0.25 - Math.exp(0.1) + 1 - 0.3 - 1 - Math.exp(-0.3)), 14);
  });

  test("has none at the prior, and full accuracy near it", () => {
    expect(vae.unitGaussianKlOf([0, 0], [0, 0])).toBe(0);
    // v²/4 + v³/12 for a small logarithm of the variance.
    expect(vae.unitGaussianKlOf([0], [1e-4]) / (1e-8 / 4 + 1e-12 / 12)).toBeCloseTo(1, 6);
  });

  test("draws by its mean and deviation, and weighs the KL by β", () => {
    const [z = 0] = vae.reparameterizeOf([0.5], [Math.log(4)], [1.5]);
    expect(z).toBeCloseTo(0.5 + 2 * 1.5, 14);
    expect(vae.betaLoss(10, 2)).toBe(12);
    expect(vae.betaLoss(10, 2, 4)).toBe(18);
    expect(vae.betaLoss(10, 2, 0)).toBe(10);
  });

  test("refuses what does not fit", () => {
    expect(() => vae.unitGaussianKlOf([0], [0, 1])).toThrow("logVariance must have 1 values, got 2");
    expect(() => vae.unitGaussianKlOf([Number.NaN], [0])).toThrow(InputError);
    expect(() => vae.betaLoss(1, 1, -1)).toThrow("beta must be a finite number >= 0, got -1");
  });
});

describe("what does not fit", () => {
  test("is refused, and not taken for nothing", () => {
    for (const none of [undefined, null, 5, {}]) {
      expect(() => dreamer.unimix(none as never)).toThrow(InputError);
      expect(() => dreamer.twoHot(none as never)).toThrow(InputError);
      expect(() => dreamer.actorLoss(none as never)).toThrow(InputError);
      expect(() => new dreamer.ReturnNormalizer().update(none as never)).toThrow(InputError);
      expect(() => vae.unitGaussianKlOf(none as never, [0])).toThrow(InputError);
    }
    expect(() => vae.betaLoss("1" as never, 1)).toThrow('reconstruction[0] must be a number, got "1"');
  });

  test("is refused of logits without a softmax, however many classes there are", () => {
    expect(() => dreamer.unimix([0, Number.POSITIVE_INFINITY])).toThrow(
      "row 0 must have a finite maximum, got Infinity",
    );
    const hidden = new Array(4).fill(Number.NEGATIVE_INFINITY);
    expect(() => dreamer.unimix([0, 0, ...hidden.slice(2)], 2)).toThrow(
      "row 1 must have a finite maximum, got -Infinity",
    );
    expect([...dreamer.unimix([Number.NEGATIVE_INFINITY, 0], 2, 0)]).toEqual([0, 1]);
    expect(dreamer.unimix(new Float64Array(500_000))[0]).toBeCloseTo(2e-6, 12);
  });

  test("is refused of bounds and classes", () => {
    expect(() => dreamer.latentBounds(0)).toThrow("stoch must be a whole number from 1, got 0");
    expect(() => dreamer.latentBounds(32, 64, -1)).toThrow("unimix must be from 0 to 1, got -1");
    expect(() => dreamer.oneHot(0, 2.5)).toThrow("classes must be a whole number from 1, got 2.5");
  });

  test("is refused of returns, of which an infinite one would stay for good", () => {
    const normalizer = new dreamer.ReturnNormalizer();
    expect(() => normalizer.update([0, Number.POSITIVE_INFINITY])).toThrow("returns[1] must be a finite number");
    expect(normalizer.range).toEqual({ offset: 0, scale: 1 });
    expect(() => new dreamer.ReturnNormalizer({ limit: Number.POSITIVE_INFINITY })).toThrow(
      "limit must be a finite number",
    );
  });
});
