import { describe, expect, test } from "vitest";
import { expectation, sampleAt, uniform } from "../../../src/index.ts";
import { dreamer, octo, pi0, rt1, rt2 } from "../../../src/robotics/index.ts";
import { uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { distributions, logProbabilityOf } from "../../support/rows/reference.ts";
import { expectWithin, lossTolerance } from "../../support/tolerance.ts";

/** f32's unit roundoff. */
const U = 2 ** -24;

onEach((setting) => {
  describe("RT-1", () => {
    test("has a cross-entropy for each of 11 tokens over 256, and decodes the largest", async () => {
      const { engine } = setting();
      const batch = uniformBatch(32, 33, 256, 5);
      const logits = engine.tensor(batch.data, [3, 11, 256]);
      const tokens = Int32Array.from({ length: 33 }, (_, k) => (k * 37) % 256);
      const all = distributions(batch);
      const losses = all.map((d, r) => -logProbabilityOf(d, tokens[r] ?? 0));
      const want = losses.reduce((sum, x) => sum + x, 0) / 33;
      const own = all.reduce((sum, d, r) => sum + lossTolerance(d, tokens[r] ?? 0), 0) / 33;
      const [got] = await rt1.actionLoss(logits, tokens).read();
      expect(Math.abs((got ?? 0) - want)).toBeLessThanOrEqual(own + 40 * U * want);
      const each = await rt1.actionLoss(logits, tokens, { reduction: "none" }).read();
      expectWithin("rt1.actionLoss", each, losses, (r) => (all[r] ? lossTolerance(all[r], tokens[r] ?? 0) : 0));
      const ids = await rt1.greedyTokens(logits).read();
      const { action } = rt1.decode(ids.slice(0, 11));
      expect(action.worldVector).toHaveLength(3);
      expect(ids).toHaveLength(33);
      expect(() => rt1.actionLoss(engine.tensor(batch.data, [33, 256]), tokens)).toThrow(
        "logits must be a tensor of f32, f16 or bf16 [..., 11, 256], got f32 [33, 256]",
      );
    });
  });

  describe("RT-2", () => {
    test.each([
      ["integers", rt2.integerVocabulary(5_003, (n) => 7 + 3 * n)],
      [
        "the least frequent tokens",
        rt2.leastFrequentVocabulary(Array.from({ length: 5_003 }, (_, id) => (id * 2_399) % 5_003)),
      ],
    ])("chooses among %s only, however large other logits are", async (_, vocabulary) => {
      const { engine } = setting();
      const { data } = uniformBatch(33, 80, 5_003, 4);
      for (let r = 0; r < 80; r++) data[r * 5_003 + vocabulary.mask.indexOf(0)] = 100;
      const logits = engine.tensor(data, [10, 8, 5_003]);
      const greedy = await rt2.greedyTokens(logits, vocabulary).read();
      greedy.forEach((id, r) => {
        const best = vocabulary.ids.reduce((a, b) => ((data[r * 5_003 + b] ?? 0) > (data[r * 5_003 + a] ?? 0) ? b : a));
        expect(id).toBe(best);
      });
      const drawn = await rt2.sampleTokens(logits, vocabulary, { seed: 2, temperature: 2 }).read();
      expect(rt2.numbersOf(drawn, vocabulary).every((n) => n >= 0 && n < 256)).toBe(true);
      expect(new Set(drawn).size).toBeGreaterThan(20);
      const first = rt2.numbersOf(greedy.slice(0, 8), vocabulary);
      expect([...rt2.parse(rt2.format(first))]).toEqual([...first]);
      expect(() => rt2.greedyTokens(engine.tensor(new Float32Array(8), [8]), vocabulary)).toThrow(
        "logits must be a tensor of f32, f16 or bf16 [..., 5003], got f32 [8]",
      );
    });
  });

  describe("Octo", () => {
    test("has the masked mean of ε's errors, times 7", async () => {
      const { engine } = setting();
      const [predicted, noise] = [34, 35].map((seed) => uniformBatch(seed, 8, 28, 2).data);
      if (!predicted || !noise) return;
      const mask = octo.lossMask(
        [1, 1, 0, 1, 1, 0, 1, 1],
        Array.from({ length: 224 }, (_, k) => k % 7 < 6),
      );
      const [a, b] = [engine.tensor(predicted, [4, 2, 28]), engine.tensor(noise, [4, 2, 28])];
      const want = octo.continuousLossOf(predicted, noise, { mask });
      const [got] = await octo.diffusionLoss(a, b, { mask }).read();
      expect(Math.abs((got ?? 0) - want)).toBeLessThanOrEqual(U * (28 + 8 + 8) * want);
      expect((await octo.diffusionLoss(a, b, { mask: new Array(224).fill(false) }).read())[0]).toBe(0);
      expect(() => octo.diffusionLoss(a, b, { actionDim: 5 })).toThrow("rows of a multiple of actionDim 5 values");
    });
  });

  describe("Octo's discrete head", () => {
    test("has the cross-entropy of each value's bin, averaged over the values that count", async () => {
      const { engine } = setting();
      const bins = octo.uniformBins(-1, 1);
      const batch = uniformBatch(39, 14, 256, 5);
      const logits = engine.tensor(batch.data, [2, 7, 256]);
      const values = Array.from({ length: 14 }, (_, k) => Math.sin(k));
      const { tokens } = octo.encode(values, bins);
      const all = distributions(batch);
      const rows = all.flatMap((d, r) => (r % 7 < 6 ? [{ d, token: tokens[r] ?? 0 }] : []));
      const want = rows.reduce((sum, { d, token }) => sum - logProbabilityOf(d, token), 0) / 12;
      const own = rows.reduce((sum, { d, token }) => sum + lossTolerance(d, token), 0) / 12;
      const mask = values.map((_, k) => k % 7 < 6);
      const [got] = await octo.discreteLoss(logits, values, bins, { mask }).read();
      expect(Math.abs((got ?? 0) - want)).toBeLessThanOrEqual(own + 32 * U * want);
      const none = octo.discreteLoss(logits, values, bins, { mask: new Array(14).fill(false) });
      expect([...(await none.read())]).toEqual([0]);
      const greedy = await octo.greedyTokens(logits, bins).read();
      greedy.forEach((token, r) => void expect(all[r]?.scaled[token]).toBe(all[r]?.peak));
      const cold = await octo.sampleTokens(logits, bins, { seed: 1, temperature: 1e-4 }).read();
      expect([...cold]).toEqual([...greedy]);
      expect(octo.decode(greedy, bins).outside).toBe(0);
      expect(() => octo.discreteLoss(logits, [0], bins)).toThrow("values must have 14 values, got 1");
    });
  });

  describe("π0", () => {
    test("draws its time with the bits of sampleAt, and goes with it along the path", async () => {
      const { engine } = setting();
      const time = pi0.time();
      const t = time.sample(engine, 64, { seed: 4 });
      const drawn = await t.read();
      if (engine.numerics.exact)
        expect([...drawn]).toEqual(Array.from(drawn, (_, index) => sampleAt(time, { seed: 4, index })));
      const chunks = (seed: number) => engine.tensor(uniformBatch(seed, 64, 50 * 32, 1).data, [64, 50, 32]);
      const [actions, noise] = [chunks(36), chunks(37)];
      const { point, velocity } = pi0.flowPoint(actions, noise, t);
      const loss = await pi0.flowLoss(velocity, velocity).read();
      expect(loss).toHaveLength(64 * 50);
      expect(loss.every((x) => x === 0)).toBe(true);
      // A network that predicts nothing but the noise errs by the actions: the mean of their squares, uniform on ±1.
      const [one = 0] = await pi0.flowLoss(noise, velocity).read();
      expect(Math.abs(one - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / 32));
      expect(point.shape).toEqual([64, 50, 32]);
    });

    test("has times of mean 0.6004, of which 64.70 % are above one half", async () => {
      const options = { under: pi0.time(), samples: 2 ** 18, seed: 6 };
      const { mean, standardError } = await expectation(setting().engine, { of: "x", ...options });
      expect(Math.abs(mean - 0.6004)).toBeLessThan(5 * standardError);
      const share = await expectation(setting().engine, { of: "x > 0.5", ...options });
      expect(Math.abs(share.mean - (1 - pi0.time().cdf(0.5)))).toBeLessThan(5 * share.standardError);
    });

    test("serves as a proposal too: its density is a formula", async () => {
      const options = { under: uniform(0.2, 0.8), proposal: pi0.time(), samples: 2 ** 16, seed: 7 };
      const { mean, standardError } = await expectation(setting().engine, { of: "x^2", ...options });
      expect(Math.abs(mean - 0.28)).toBeLessThan(5 * standardError);
      expect(standardError).toBeLessThan(0.01);
    });
  });

  describe("DreamerV3", () => {
    test("predicts exactly 0 before training, and the value where the two-hot target is met", async () => {
      const { engine } = setting();
      expect([...(await dreamer.twoHotMean(engine.tensor(new Float32Array(3 * 255), [3, 255])).read())]).toEqual([
        0, 0, 0,
      ]);
      const values = [0.3, -12, 4_000];
      const logits = dreamer.twoHot(values).map((w) => Math.max(-60, Math.log(w)));
      const got = await dreamer.twoHotMean(engine.tensor(logits, [3, 255])).read();
      // exp(-60) = 9e-27 of the largest bin, 4.9e8, is nothing; logs of weights are rounded to U |log w|, w > 1e-3 here.
      expectWithin("twoHotMean", got, values, (r) => 64 * U * Math.abs(values[r] ?? 0));
    });

    test("has the cross-entropy of two-hot targets as its loss", async () => {
      const { engine } = setting();
      const batch = uniformBatch(38, 5, 255, 4);
      const values = [0, 1.5, -300, 1e12, 0.01];
      const targets = dreamer.twoHot(values);
      const all = distributions(batch);
      const want = all.map((d, r) => {
        let sum = 0;
        for (let k = 0; k < 255; k++) sum -= (targets[r * 255 + k] ?? 0) * logProbabilityOf(d, k);
        return sum;
      });
      const got = await dreamer.twoHotLoss(engine.tensor(batch.data, [5, 255]), values).read();
      // Sums over 255 classes of differences of logits, up to 8: one rounding each.
      expectWithin("twoHotLoss", got, want, () => U * 255 * 8);
      await expect(
        dreamer.twoHotLoss(engine.tensor(batch.data, [5, 255]), values, { reduction: "mean" }).read(),
      ).resolves.toHaveLength(1);
      expect(() => dreamer.twoHotMean(engine.tensor(new Float32Array(4), [4]))).toThrow(
        "logits must be a tensor of f32, f16 or bf16 [..., 255], got f32 [4]",
      );
    });
  });
});
