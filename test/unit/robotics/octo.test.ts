import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/index.ts";
import { octo } from "../../../src/robotics/index.ts";
import { octo as golden, openvla as shared } from "../../golden/robotics/robotics.ts";
import { sha256 } from "../../support/robotics/neighbours.ts";
import { series } from "../../support/robotics/series.ts";

describe("uniform bins", () => {
  const bins = octo.uniformBins(-2, 2);

  test("have NumPy's 257 thresholds and 256 centres, to the last bit", () => {
    expect(bins.thresholds).toHaveLength(257);
    expect(sha256(Float64Array.from(bins.centres))).toBe(golden.uniformCentres);
  });

  test("give NumPy's tokens, and count what was clipped", () => {
    const values = series(300).map((x) => 2.5 * x);
    const { tokens, outside } = octo.encode(values, bins);
    expect([...tokens]).toEqual(golden.uniformTokens);
    expect(outside).toBe(values.filter((x) => x < -2 + 1e-6 || x > 2 - 1e-6).length);
  });

  test("lose at most half a bin, and nothing on average", () => {
    const values = Array.from({ length: 25_600 }, (_, k) => -2 + (4 * (k + 0.5)) / 25_600);
    const { values: back, outside } = octo.decode(octo.encode(values, bins).tokens, bins);
    const errors = values.map((x, k) => (back[k] ?? 0) - x);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(2 / 256);
    // 25,600 errors of at most 2^-7 that cancel in pairs: what is left is their roundings.
    expect(Math.abs(errors.reduce((sum, e) => sum + e, 0) / errors.length)).toBeLessThan(1e-15);
    expect(outside).toBe(0);
  });

  test("are refused where they are none", () => {
    expect(() => octo.uniformBins(1, 1)).toThrow("low must be below high");
    expect(() => octo.uniformBins(0, 1, 0)).toThrow("bins must be a whole number from 1 to 65536, got 0");
    expect(() => octo.encode([Number.NaN], bins)).toThrow(InputError);
  });
});

describe("normal bins", () => {
  const bins = octo.normalBins();

  test("have SciPy's thresholds, norm.ppf(linspace(1e-6, 1 - 1e-6, 257))", () => {
    // Both round the quantile's argument: near 1 - 1e-6 half an ULP of it is worth 2e-11 of the quantile's density 5e-6.
    bins.thresholds.forEach((x, k) => {
      const want = golden.normalThresholds[k] ?? Number.NaN;
      const density = Math.exp(-0.5 * want * want) / Math.sqrt(2 * Math.PI);
      expect(Math.abs(x - want)).toBeLessThan(2 ** -53 / density + 4 * 2 ** -52 * Math.abs(want) + 1e-16);
    });
  });

  test("give NumPy's tokens; what no bin holds has token 0", () => {
    const values = series(300).map((x) => 5 * x);
    const { tokens, outside } = octo.encode(values, bins);
    expect([...tokens]).toEqual(golden.normalTokens);
    expect([...octo.encode([-10, 10], bins).tokens]).toEqual([0, 0]);
    expect(outside).toBe(values.filter((x) => Math.abs(x) > 4.7534).length);
  });

  test("are equally likely, and decode to their middle", () => {
    expect(bins.thresholds[128]).toBeCloseTo(0, 15);
    expect(octo.decode([0, 127, 255, 256, -1], bins).values[1]).toBeCloseTo(((bins.thresholds[127] ?? 0) + 0) / 2, 15);
    expect(octo.decode([0, 256, -1], bins)).toMatchObject({ outside: 2 });
    expect([...octo.decode([256, -1], bins).values]).toEqual([0, 0]);
  });
});

describe("the cosine schedule", () => {
  const schedule = octo.cosineSchedule();

  test("has the 20 published betas", () => {
    const published = `.007993 .020075 .032254 .044681 .057520 .070957 .085210 .100547 .117304 .135922 .156997 .181359 .210212
      .245372 .289725 .348137 .429434 .551024 .748476 .999`;
    expect(schedule.betas.map((beta) => beta.toFixed(6))).toEqual(
      published
        .trim()
        .split(/\s+/)
        .map((b) => Number(b).toFixed(6)),
    );
  });

  test("is NumPy's, and ends at 6e-6", () => {
    // cos near π/2 is accurate to 1e-16, and so the ratio of its squares there to 1e-16 / cos: 2e-14 of the last but one.
    schedule.betas.forEach((beta, t) => void expect(Math.abs(beta - (golden.betas[t] ?? 0))).toBeLessThan(1e-13));
    schedule.alphaBars.forEach(
      (bar, t) => void expect(Math.abs(bar / (golden.alphaBars[t] ?? 0) - 1)).toBeLessThan(1e-12),
    );
    expect(schedule.alphaBars[19]).toBeCloseTo(6e-6, 6);
    expect((schedule.alphaBars[19] ?? 0) / 6e-6).toBeCloseTo(1, 1);
  });

  test("has coefficients that follow from its betas", () => {
    for (let t = 0; t < 20; t++) {
      const at = (of: readonly number[]) => of[t] as number;
      expect(at(schedule.alphas)).toBe(1 - at(schedule.betas));
      expect(at(schedule.signalScales) ** 2 + at(schedule.noiseScales) ** 2).toBeCloseTo(1, 14);
      expect(at(schedule.rootReciprocals) ** 2 * at(schedule.alphas)).toBeCloseTo(1, 14);
      expect(at(schedule.noiseWeights) * at(schedule.noiseScales)).toBeCloseTo(at(schedule.betas), 14);
      expect(at(schedule.freshNoise)).toBe(t === 0 ? 0 : Math.sqrt(at(schedule.betas)));
    }
  });

  test("refuses what is no number of steps", () => {
    for (const steps of [0, 1.5, Number.NaN]) expect(() => octo.cosineSchedule(steps)).toThrow(InputError);
    expect(() => octo.cosineSchedule(20, -1)).toThrow("offset must be a number from 0 to 1, got -1");
  });
});

describe("diffusion", () => {
  const schedule = octo.cosineSchedule();
  const mask = [true, true, true, true, true, true, false, false];

  test.each(Object.entries(golden.steps))(
    "steps back from step %s as NumPy does, clipped at ±5, masked dimensions reset",
    (t, want) => {
      const got = octo.stepBack(golden.x, golden.noise, golden.fresh, Number(t), schedule, { mask });
      // Coefficients err by their betas' 1e-13.
      want.forEach((x, k) => void expect(Math.abs((got[k] ?? 0) - x)).toBeLessThan(1e-11));
      if (t === "19") expect(got.some((x) => Math.abs(x) === 5)).toBe(true);
    },
  );

  test("finds the action back when the noise is known, one step after the other", () => {
    const action = [0.3, -0.7, 1.2];
    // The exact noise of a point mass: x = √ᾱ a + √(1 - ᾱ) ε. The last step then lands on it.
    const predict = (x: Float64Array, t: number) =>
      x.map(
        (value, k) =>
          (value - (schedule.signalScales[t] as number) * (action[k] as number)) / (schedule.noiseScales[t] as number),
      );
    const got = octo.sample(predict, [0.5, -1, 2], (t) => [Math.sin(t), Math.cos(t), 0.1 * t], schedule);
    // Step 0 gives (x - β/√(1-ᾱ)·ε)/√α, with ᾱ = α: exactly a, to roundings that 1 / √(1 - ᾱ_0) = 11 enlarges.
    action.forEach((a, k) => void expect(Math.abs((got[k] ?? 0) - a)).toBeLessThan(1e-13));
  });

  test("is the same step as the U-Net head's, which goes by an estimate of the action", () => {
    const long = octo.cosineSchedule(octo.unetHead.steps);
    for (const t of [99, 50, 1]) {
      const [alpha, bar, before] = [long.alphas[t] ?? 0, long.alphaBars[t] ?? 0, long.alphaBars[t - 1] ?? 1];
      const [x, e, z] = [0.4, -0.3, 0.8];
      const estimate = (x - Math.sqrt(1 - bar) * e) / Math.sqrt(bar);
      const mean =
        ((Math.sqrt(before) * (1 - alpha)) / (1 - bar)) * estimate +
        ((Math.sqrt(alpha) * (1 - before)) / (1 - bar)) * x;
      const want = mean + Math.sqrt(1 - alpha) * z;
      const got = octo.stepBack([x], [e], [z], t, long, { maxAction: Number.POSITIVE_INFINITY })[0] ?? 0;
      expect(Math.abs(got / want - 1)).toBeLessThan(1e-12);
    }
  });

  test("adds noise to clipped actions", () => {
    const got = octo.addNoise([7, -0.5], [1, -1], 3, schedule);
    const [signal, scale] = [schedule.signalScales[3] as number, schedule.noiseScales[3] as number];
    expect([...got]).toEqual([signal * 5 + scale, signal * -0.5 - scale]);
  });

  test("has a loss that sums over the action's dimensions and averages over the rest", () => {
    const predicted = Array.from({ length: 56 }, (_, k) => Math.sin(k));
    const noise = Array.from({ length: 56 }, (_, k) => Math.cos(k));
    const squares = predicted.map((p, k) => (p - (noise[k] ?? 0)) ** 2);
    const mean = squares.reduce((sum, s) => sum + s, 0) / 56;
    expect(octo.continuousLossOf(predicted, noise)).toBeCloseTo(7 * mean, 12);
    const flags = octo.lossMask(
      [1, 0, 1, 1],
      Array.from({ length: 56 }, (_, k) => k % 7 < 6),
    );
    expect(flags.reduce((sum, one) => sum + one, 0)).toBe(36);
    const kept = squares.filter((_, k) => flags[k] === 1);
    expect(octo.continuousLossOf(predicted, noise, { mask: flags })).toBeCloseTo(
      (7 * kept.reduce((sum, s) => sum + s, 0)) / 36,
      12,
    );
    expect(octo.continuousLossOf(predicted, noise, { mask: new Array(56).fill(0) })).toBe(0);
  });

  test("has an L1 loss for continuous heads that want it", () => {
    expect(octo.continuousLossOf([1, -2, 3, 0], [0, 0, 0, 0], { kind: "l1", actionDim: 2 })).toBe(3);
    expect(() => octo.continuousLossOf([1], [1], { kind: "huber" as "l1" })).toThrow(
      'kind must be "mse" or "l1", got "huber"',
    );
  });

  test("has a continuous head that stays within ±5", () => {
    expect(octo.squash(0)).toBe(0);
    expect(octo.squash(2)).toBe(Math.tanh(0.4) * 5);
    expect(Math.abs(octo.squash(-1e9))).toBe(5);
  });

  test("refuses steps, lengths and numbers that do not fit", () => {
    expect(() => octo.stepBack([1], [1], [1], 20, schedule)).toThrow("t must be a step from 0 to 19, got 20");
    expect(() => octo.stepBack([1], [1, 2], [1], 3, schedule)).toThrow("noise must have 1 values, got 2");
    expect(() => octo.stepBack([1], [Number.NaN], [1], 3, schedule)).toThrow(InputError);
    expect(() => octo.lossMask([1, 1, 1], [1, 1])).toThrow("octo.lossMask");
  });
});

describe("normalisation", () => {
  const { mean, std } = golden;
  const { q01: p01, q99: p99 } = shared.statistics;

  test("NORMAL and BOUNDS are NumPy's f32 arithmetic to the bit", () => {
    expect([...octo.normalize(shared.actions, { mean, std })]).toEqual(golden.normal);
    expect([...octo.normalizeBounds(shared.actions, { p01, p99 })]).toEqual(golden.bounds);
  });

  test("leave masked dimensions alone", () => {
    const mask = shared.statistics.mask;
    const got = octo.normalize(shared.actions, { mean, std, mask });
    expect(got[6]).toBe(Math.fround(shared.actions[6] ?? 0));
    expect(got[5]).toBe(golden.normal[5]);
  });

  test("come back", () => {
    const back = octo.unnormalize(octo.normalize(shared.actions, { mean, std }), { mean, std });
    // (x - mean) / (std + 1e-8) in f32: three roundings of numbers up to 1.3 / std, times std, and 1e-8 / std of it.
    back.forEach((x, k) => void expect(Math.abs(x - (shared.actions[k] ?? 0))).toBeLessThan(1e-6));
    const inside = octo.unnormalizeBounds([-1, 0, 1, 0, 0, 0, 0], { p01, p99 });
    expect(inside[0]).toBe(p01[0]);
    expect(inside[2]).toBeCloseTo(p99[2] ?? 0, 15);
  });
});

describe("what does not fit", () => {
  const schedule = octo.cosineSchedule();
  const bins = octo.uniformBins(-1, 1);

  test("is refused, and not taken for nothing", () => {
    for (const none of [undefined, null, 5, {}]) {
      expect(() => octo.encode(none as never, bins)).toThrow(InputError);
      expect(() => octo.decode(none as never, bins)).toThrow(InputError);
      expect(() => octo.encode([0], none as never)).toThrow("tokenizer must be one of uniformBins or normalBins");
      expect(() =>
        octo.sample(
          (x) => x,
          none as never,
          () => [0],
          schedule,
        ),
      ).toThrow(InputError);
      expect(() => octo.addNoise([0], [0], 1, none as never)).toThrow(InputError);
      expect(() => octo.normalize([1], none as never)).toThrow(InputError);
    }
    expect(() =>
      octo.sample(
        (x) => x,
        [null] as never,
        () => [0],
        schedule,
      ),
    ).toThrow("start[0] must be a finite number");
  });

  test("is refused where infinities would cancel to NaN", () => {
    const infinite = [Number.POSITIVE_INFINITY];
    expect(() => octo.stepBack([0], infinite, [0], 1, schedule)).toThrow(
      "noise[0] must be a finite number, got Infinity",
    );
    expect(() => octo.continuousLossOf(infinite, infinite, { actionDim: 1 })).toThrow(InputError);
    // An action beyond the range is clipped; without a range there is nothing to clip it to.
    expect(octo.addNoise(infinite, [0], 0, schedule)[0]).toBe(5 * (schedule.signalScales[0] ?? 0));
    expect(() => octo.addNoise(infinite, [0], 0, schedule, { maxAction: Number.POSITIVE_INFINITY })).toThrow(
      InputError,
    );
  });

  test("is refused among options", () => {
    expect(() => octo.addNoise([0], [0], 1, schedule, { maxAction: -1 })).toThrow(
      "maxAction must be a number above 0, got -1",
    );
    expect(octo.addNoise([3], [0], 0, schedule, { maxAction: 1 })[0]).toBe(schedule.signalScales[0]);
    expect(() => octo.squash(1, Number.POSITIVE_INFINITY)).toThrow("maxAction must be a finite number above 0");
    expect(() => octo.squash(Number.NaN)).toThrow(InputError);
    expect(() => octo.continuousLossOf([1, 2], [1, 2], { actionDim: 7 })).toThrow("predicted must be rows of 7 values");
    expect(() => octo.continuousLossOf([], [], { actionDim: 0 })).toThrow(InputError);
    expect(() => octo.lossMask("11" as never, [1, 1])).toThrow("timesteps must be an array");
    expect(() => octo.normalize([1], { mean: [0], std: [-1] })).toThrow("std[0] must be 0 or more, got -1");
    expect(() => octo.normalizeBounds([1], { p01: [1], p99: [0] })).toThrow("p99[0] must be p01[0] = 1 or more, got 0");
    expect(() => octo.cosineSchedule(0)).toThrow("octo.cosineSchedule: steps must be");
  });
});

test("a mask that is no list of flags is refused, wherever there is one", () => {
  const wrong = [Number.NEGATIVE_INFINITY, 0] as const;
  const message = /\[0\] must be true or 1 \(kept\), false or 0 \(hidden\), got -Infinity/;
  const statistics = { mean: [0, 0], std: [1, 1], mask: wrong as never };
  expect(() => octo.lossMask(wrong, [1, 1])).toThrow(message);
  expect(() => octo.lossMask([1], wrong)).toThrow(message);
  expect(() => octo.normalize([1, 2], statistics)).toThrow(message);
  expect(() => octo.continuousLossOf([1, 2], [1, 2], { mask: wrong, actionDim: 2 })).toThrow(message);
  expect(() => octo.continuousLossOf([1, 2], [1, 2], { mask: [true, 0], actionDim: 2 })).not.toThrow();
});
