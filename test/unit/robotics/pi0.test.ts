import { describe, expect, test } from "vitest";
import { InputError, sampleAt } from "../../../src/index.ts";
import { pi0 } from "../../../src/robotics/index.ts";
import { pi0 as golden, octo as moments, openvla as shared } from "../../golden/robotics/robotics.ts";

/** The largest distance of a sample's distribution function from another one. */
function kolmogorovSmirnov(sample: readonly number[], cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  return sorted.reduce((most, x, k) => Math.max(most, Math.abs(cdf(x) - k / n), Math.abs(cdf(x) - (k + 1) / n)), 0);
}

describe("the time", () => {
  const time = pi0.time();

  test("is SciPy's beta(1.5, 1, loc=0.001, scale=0.999)", () => {
    const { mean, variance, entropy, x, logProb, cdf, levels, icdf } = golden.time;
    expect(time.mean).toBeCloseTo(mean, 14);
    expect(time.variance).toBeCloseTo(variance, 14);
    expect(time.entropy()).toBeCloseTo(entropy, 13);
    x.forEach((t, k) => {
      expect(time.logProb(t)).toBeCloseTo(logProb[k] ?? Number.NaN, 12);
      expect(time.cdf(t)).toBeCloseTo(cdf[k] ?? Number.NaN, 14);
    });
    levels.forEach((p, k) => void expect(time.icdf(p)).toBeCloseTo(icdf[k] ?? Number.NaN, 14));
  });

  test("has mean 0.6004, median 0.6303 and P(t > 0.5) = 0.6470", () => {
    expect(time.mean).toBeCloseTo(0.6004, 12);
    expect(time.icdf(0.5)).toBeCloseTo(0.6303, 3);
    expect(1 - time.cdf(0.5)).toBeCloseTo(0.647, 3);
  });

  test("is the paper's after t = 1 - τ: Beta((0.999 - τ) / 0.999; 1.5, 1)", () => {
    for (const tau of [0, 0.1, 0.5, 0.9]) {
      const density = (1.5 * Math.sqrt((0.999 - tau) / 0.999)) / 0.999;
      expect(Math.exp(time.logProb(1 - tau))).toBeCloseTo(density, 12);
    }
  });

  test("is sampled exactly, as 0.999 u^(2/3) + 0.001", () => {
    const sample = Array.from({ length: 10_000 }, (_, index) => sampleAt(time, { seed: 7, index }));
    // Kolmogorov's distribution: P(D √n > 1.95) = 0.001, and the seed is fixed.
    expect(kolmogorovSmirnov(sample, (t) => time.cdf(t))).toBeLessThan(1.95 / 100);
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0.001);
    expect(Math.max(...sample)).toBeLessThanOrEqual(1);
  });

  test("is not u^(2/3) / (u^(2/3) + v), as a port had it: mean 0.558, distance 0.158", () => {
    const share = time.cdf(0.001 + 0.999 * 0.3);
    expect(share).toBeCloseTo(0.3 ** 1.5, 12);
    // Midpoints of a grid of (u, v).
    const wrong = Array.from({ length: 250_000 }, (_, k) => {
      const [u, v] = [((k % 500) + 0.5) / 500, (Math.floor(k / 500) + 0.5) / 500];
      return u ** (2 / 3) / (u ** (2 / 3) + v);
    });
    const mean = wrong.reduce((sum, x) => sum + x, 0) / wrong.length;
    expect(mean).toBeCloseTo(0.5584, 3);
    expect(kolmogorovSmirnov(wrong, (x) => x ** 1.5)).toBeCloseTo(0.158, 2);
    expect((time.mean - 0.001) / 0.999).toBeCloseTo(0.6, 12);
  });

  test("is never below 0.001, where (s - β) / s, as another port had it, is below 0", () => {
    const other = (s: number, b: number) => (s - b) / s;
    expect(other(0.999, 0.9995)).toBeLessThan(0);
    expect(time.support[0]?.low).toBe(0.001);
    expect(time.icdf(0)).toBe(0.001);
    expect(time.logProb(0.0005)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("the time's embedding", () => {
  test("is NumPy's sines, then cosines", () => {
    // The angles reach 2π · 0.37 / 0.004 = 581, of which half an ULP is 6e-14, twice.
    const got = pi0.timeEmbedding(0.37, 32);
    golden.embedding.forEach((x, k) => void expect(Math.abs((got[k] ?? 0) - x)).toBeLessThan(2e-12));
  });

  test("has periods from 0.004 to 4", () => {
    const [shortest, longest] = [pi0.timeEmbedding(0.004, 8), pi0.timeEmbedding(4, 8)];
    expect(shortest[0]).toBeCloseTo(0, 12);
    expect(shortest[4]).toBeCloseTo(1, 12);
    expect(longest[3]).toBeCloseTo(0, 12);
    expect(longest[7]).toBeCloseTo(1, 12);
  });

  test("refuses odd sizes", () => {
    expect(() => pi0.timeEmbedding(0.5, 7)).toThrow("size must be an even number from 4, got 7");
    expect(() => pi0.timeEmbedding(Number.NaN, 8)).toThrow(InputError);
  });
});

describe("flow matching", () => {
  test("goes from data at t = 0 to noise at t = 1, with u = ε - a on the way", () => {
    const [actions, noise] = [
      [0.5, -1, 2],
      [1, 0.25, -0.5],
    ];
    expect([...pi0.flowPointOf(actions, noise, 0).point]).toEqual(actions);
    expect([...pi0.flowPointOf(actions, noise, 1).point]).toEqual(noise);
    const { point, velocity } = pi0.flowPointOf(actions, noise, 0.25);
    expect([...point]).toEqual([0.625, -0.6875, 1.375]);
    expect([...velocity]).toEqual([0.5, 1.25, -2.5]);
  });

  test("has a loss a step of the horizon, the mean over the action's dimensions alone", () => {
    expect([...pi0.flowLossOf([1, 2, 3, 4], [0, 0, 3, 2], 2)]).toEqual([2.5, 2]);
    const { actionDim, actionHorizon } = pi0.head;
    expect(
      pi0.flowLossOf(new Array(actionDim * actionHorizon).fill(2), new Array(actionDim * actionHorizon).fill(0)),
    ).toHaveLength(50);
  });

  test("refuses what does not fit", () => {
    expect(() => pi0.flowPointOf([1], [1, 2], 0.5)).toThrow("noise must have 1 values, got 2");
    expect(() => pi0.flowPointOf([1], [1], 1.5)).toThrow("t must be from 0 to 1, got 1.5");
    expect(() => pi0.flowLossOf([1, 2, 3], [1, 2, 3], 2)).toThrow("predicted must be rows of 2 values");
    expect(() => pi0.flowPointOf([Number.NaN], [1], 0.5)).toThrow(InputError);
  });
});

describe("the sampler", () => {
  test("evaluates the velocity ten times, at 1.0, 0.9 … 0.1", () => {
    const times: number[] = [];
    pi0.sample(
      (x, t) => {
        times.push(t);
        return x;
      },
      [1],
    );
    expect(times).toHaveLength(10);
    times.forEach((t, k) => void expect(t).toBeCloseTo(1 - k / 10, 14));
  });

  test("would drift by 7e-8 in the original's f32, and still evaluate ten times", () => {
    const dt = Math.fround(-0.1);
    const times: number[] = [];
    let t = 1;
    for (; t >= -dt / 2; t = Math.fround(t + dt)) times.push(t);
    expect(times).toHaveLength(10);
    // Where it stops, which exactly would be 0.
    expect(Math.abs(t)).toBeGreaterThan(6.5e-8);
    expect(Math.abs(t)).toBeLessThan(7.5e-8);
  });

  test("takes as many steps as it is told, for every number of them up to 300", () => {
    for (let steps = 1; steps <= 300; steps++) {
      let evaluations = 0;
      const [end] = pi0.sample(
        () => {
          evaluations += 1;
          return [1];
        },
        [0],
        { steps },
      );
      expect(evaluations).toBe(steps);
      expect(end).toBeCloseTo(-1, 12);
    }
  });

  test("ends in the data when the velocity is a point's own: ten Euler steps on a straight path are exact", () => {
    // From x_t = t ε + (1 - t) a, u = (x_t - a) / t.
    const a = [0.3, -2];
    const end = pi0.sample((x, t) => x.map((value, k) => (value - (a[k] ?? 0)) / t), [1.5, 0.2]);
    a.forEach((value, k) => void expect(end[k]).toBeCloseTo(value, 12));
  });

  test("contracts x' = x by (1 - 1/10)^10, as Euler does, not by 1/e", () => {
    const [end] = pi0.sample((x) => x, [1]);
    expect(end).toBeCloseTo(0.9 ** 10, 14);
  });

  test("refuses velocities that are none", () => {
    expect(() => pi0.sample(() => [1, 2], [0])).toThrow("the velocity must have 1 values, got 2");
    expect(() => pi0.sample(() => [Number.NaN], [0])).toThrow(InputError);
    expect(() => pi0.sample((x) => x, [0], { steps: 0 })).toThrow("steps must be a whole number from 1, got 0");
  });
});

describe("normalisation", () => {
  const { mean, std } = moments;
  const { q01, q99 } = shared.statistics;

  test("is NumPy's to the bit, and does not clip", () => {
    expect([...pi0.normalize(shared.actions, { mean, std })]).toEqual(golden.zScore);
    expect([...pi0.normalizeQuantiles(shared.actions, { q01, q99 })]).toEqual(golden.quantiles);
    expect(Math.max(...golden.quantiles)).toBeGreaterThan(1);
  });

  test("comes back", () => {
    const back = pi0.unnormalizeQuantiles(golden.quantiles, { q01, q99 });
    // A few roundings of numbers up to 20.
    back.forEach((x, k) => void expect(x).toBeCloseTo(shared.actions[k] ?? 0, 14));
    const other = pi0.unnormalize(golden.zScore, { mean, std });
    other.forEach((x, k) => void expect(x).toBeCloseTo(shared.actions[k] ?? 0, 14));
  });
});

describe("what is no data", () => {
  test("is refused, and not taken for nothing", () => {
    for (const none of [undefined, null, 5, {}]) {
      expect(() => pi0.digitizeState(none as never)).toThrow(InputError);
      expect(() => pi0.fastTokens(none as never)).toThrow(InputError);
      expect(() => pi0.sample((x) => x, none as never)).toThrow(InputError);
      expect(() => pi0.sample(none as never, [1])).toThrow(InputError);
      expect(() => pi0.normalize([1], none as never)).toThrow(InputError);
    }
    expect(() => pi0.flowPointOf([1], [1], null as never)).toThrow("t must be from 0 to 1, got null");
  });

  test("is refused where infinities would cancel to NaN", () => {
    expect(() => pi0.flowPointOf([Number.POSITIVE_INFINITY], [0], 1)).toThrow("actions[0] must be a finite number");
    expect(() => pi0.flowLossOf([Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY], 1)).toThrow(InputError);
    expect(() => pi0.sample(() => [Number.POSITIVE_INFINITY], [0])).toThrow("velocity[0] must be a finite number");
    expect(() => pi0.flowLossOf([1], [1], 0.5)).toThrow("predicted must be rows of 0.5 values");
  });

  test("is refused among statistics", () => {
    expect(() => pi0.normalize([1], { mean: [0], std: [-1] })).toThrow("std[0] must be 0 or more, got -1");
    expect(() => pi0.normalizeQuantiles([1], { q01: [2], q99: [1] })).toThrow(
      "q99[0] must be q01[0] = 2 or more, got 1",
    );
    expect(() => pi0.unnormalize([1], { mean: [0, 1], std: [1] })).toThrow("std must have 2 values, got 1");
    // A dimension that never moves has no deviation, and no range.
    expect([...pi0.normalize([1], { mean: [1], std: [0] })]).toEqual([0]);
    expect([...pi0.normalizeQuantiles([1], { q01: [1], q99: [1] })]).toEqual([-1]);
  });
});
