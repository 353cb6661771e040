import { describe, expect, test } from "vitest";
import { Engine, InputError } from "../../../src/index.ts";
import { openvla } from "../../../src/robotics/index.ts";
import { type Batch, batchOf, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { distributions, logProbabilityOf, probabilityOf } from "../../support/rows/reference.ts";
import { expectWithin, logSumExpTolerance, lossTolerance, softmaxTolerance } from "../../support/tolerance.ts";

/** f32's unit roundoff. */
const U = 2 ** -24;

const WIDTH = openvla.logitWidth;

/** Logits of the head that give the action bins these logits, and all else the same low one. */
function headOf(rows: readonly ((bin: number) => number)[], elsewhere: number): Batch {
  const [begin, end] = openvla.actionIds;
  return batchOf(
    rows.map((logit) => (c: number) => (c >= begin && c < end ? logit(c - begin) : elsewhere)),
    WIDTH,
  );
}

onEach((setting, on) => {
  describe("OpenVLA", () => {
    const batch = uniformBatch(31, 16, WIDTH, 8);
    const { labels } = openvla.actionLabels([-1, -0.5, 0, 0.25, 0.5, 0.999, 1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);

    /** The mean loss of labelled rows in f64, with its budget: the rows' own, and the roundings of a sum of so few. */
    function meanLoss(which: Int32Array, window?: readonly [number, number]) {
      const all = distributions(batch, window ? { classes: window } : {});
      const rows = Array.from(which, (label, r) => ({ label: label - (window?.[0] ?? 0), d: all[r] })).filter(
        (_, r) => which[r] !== -100,
      );
      const losses = rows.map(({ label, d }) => (d ? -logProbabilityOf(d, label) : 0));
      const want = losses.reduce((sum, x) => sum + x, 0) / rows.length;
      const own = rows.reduce((sum, { label, d }) => sum + (d ? lossTolerance(d, label) : 0), 0) / rows.length;
      return { want, budget: own + 32 * U * want };
    }

    test("averages 7 action tokens and the stop token over the whole batch, not 7 dimensions", async () => {
      const logits = setting().engine.tensor(batch.data, [2, 8, WIDTH]);
      const [got] = await openvla.actionLoss(logits, labels).read();
      const withStop = meanLoss(labels);
      expect(Math.abs((got ?? 0) - withStop.want)).toBeLessThanOrEqual(withStop.budget);
      const seven = labels.map((id) => (id === openvla.stopToken ? -100 : id));
      const [without] = await openvla.actionLoss(logits, seven).read();
      const sevenOnly = meanLoss(seven);
      expect(Math.abs((without ?? 0) - sevenOnly.want)).toBeLessThanOrEqual(sevenOnly.budget);
      expect(Math.abs(withStop.want - sevenOnly.want)).toBeGreaterThan(0.01);
    });

    test("over the action ids alone is another loss, with no place for the stop token", async () => {
      const logits = setting().engine.tensor(batch.data, [2, 8, WIDTH]);
      const seven = labels.map((id) => (id === openvla.stopToken ? -100 : id));
      const [got] = await openvla.actionLoss(logits, seven, { over: "actions" }).read();
      const { want, budget } = meanLoss(seven, openvla.actionIds);
      expect(Math.abs((got ?? 0) - want)).toBeLessThanOrEqual(budget);
      expect(want).toBeLessThan(meanLoss(seven).want - 1);
      expect(() => openvla.actionLoss(logits, labels, { over: "actions" })).toThrow(
        'over "actions" needs labels from 31744 to 31999 or -100, got 2',
      );
    });

    test("has metrics over labels above 31743, so without the stop token", async () => {
      const { engine } = setting();
      const data = batch.data.slice();
      const want = { correct: 0, distance: 0 };
      // Half of the action labels get the largest logit; the other half's rows choose a text token, which decodes to +0.996.
      labels.forEach((label, r) => {
        const right = r % 2 === 0;
        data[r * WIDTH + (right ? label : 29_871)] = 50;
        if (label <= openvla.actionTokenBeginIdx) return;
        if (right) want.correct += 1;
        else want.distance += Math.abs((openvla.centres[254] ?? 0) - openvla.decode(label));
      });
      const got = await openvla.actionMetrics(engine.tensor(data, [2, 8, WIDTH]), engine.tensor(labels, [2, 8]));
      expect(got.tokens).toBe(14);
      expect(got.accuracy).toBe(want.correct / 14);
      expect(got.l1).toBeCloseTo(want.distance / 14, 14);
    });

    test("has no L1 error where a row of logits has no distribution, which decodes to nothing", async () => {
      const { engine } = setting();
      const data = batch.data.slice(0, 2 * WIDTH);
      data[7] = Number.NaN;
      const { accuracy, l1, tokens } = await openvla.actionMetrics(engine.tensor(data, [2, WIDTH]), [31_800, 31_900]);
      expect([tokens, l1]).toEqual([2, Number.NaN]);
      expect(accuracy).toBeLessThanOrEqual(0.5);
      await expect(openvla.actionMetrics(engine.tensor(data, [2, WIDTH]), undefined as never)).rejects.toThrow(
        "openvla.actionMetrics: labels must be an array, got undefined",
      );
      expect(() => openvla.sampleTokens(engine.tensor(data, [2, WIDTH]), undefined as never)).toThrow(
        "openvla.sampleTokens: needed options { seed, stream, offset … }, got undefined",
      );
    });

    test("leaves no tensor behind where a draw is refused or labels do not fit", async () => {
      // As with gpuEngine: nobody else may drop tensors here.
      using engine = await Engine.create({ backend: on });
      const logits = engine.tensor(batch.data.slice(0, WIDTH), [1, WIDTH]);
      const wrong = engine.tensor(Int32Array.of(WIDTH), [1]);
      const before = engine.memory().tensors;
      expect(() => openvla.sampleTokens(logits, { seed: -1 })).toThrow("openvla.sampleTokens: ");
      expect(() => openvla.sampleTokens(logits, { seed: 1, offset: -1 })).toThrow(
        "openvla.sampleTokens: offset must be",
      );
      await expect(openvla.actionMetrics(logits, wrong)).rejects.toThrow(InputError);
      await openvla.massOutside(logits);
      expect(engine.memory().tensors).toBe(before);
    });

    test("chooses any token, unless held to the action ids", async () => {
      const { engine } = setting();
      const data = batch.data.slice();
      for (const r of [0, 3]) data[r * WIDTH + 29_871] = 50;
      const logits = engine.tensor(data, [16, WIDTH]);
      const ids = await openvla.greedyTokens(logits).read();
      const { outside, outsideCount } = openvla.decodeAll(ids);
      expect([ids[0], ids[3]]).toEqual([29_871, 29_871]);
      expect([outside[0], outside[3]]).toEqual([1, 1]);
      expect(outsideCount).toBeGreaterThan(2);
      expect(openvla.decodeAll(await openvla.greedyTokens(logits, { over: "actions" }).read()).outsideCount).toBe(0);
      const drawn = await openvla.sampleTokens(logits, { seed: 5 }).read();
      expect([drawn[0], drawn[3]]).toEqual([29_871, 29_871]);
      expect(
        openvla.decodeAll(await openvla.sampleTokens(logits, { seed: 5, over: "actions" }).read()).outsideCount,
      ).toBe(0);
    });

    test("has three decodes of two modes: the argmax takes one, a sample either, the mean neither", async () => {
      const { engine } = setting();
      // ½ N(-0.5, 0.02²) + ½ N(0.5, 0.02²) over the bins, the first mode a little higher.
      const density = (a: number) =>
        1.02 * Math.exp(-0.5 * ((a + 0.5) / 0.02) ** 2) + Math.exp(-0.5 * ((a - 0.5) / 0.02) ** 2);
      const head = headOf(
        new Array(24).fill((bin: number) => Math.log(density(openvla.decode(31_744 + bin)) + 1e-12)),
        -40,
      );
      const logits = engine.tensor(head.data, [24, WIDTH]);
      const [argmax = 0] = openvla.decodeAll(await openvla.greedyTokens(logits).read()).actions;
      expect(Math.abs(argmax + 0.5)).toBeLessThan(2 / 255);
      const drawn = openvla.decodeAll(await openvla.sampleTokens(logits, { seed: 1 }).read()).actions;
      expect(drawn.every((a) => Math.abs(Math.abs(a) - 0.5) < 0.12)).toBe(true);
      expect(drawn.some((a) => a > 0) && drawn.some((a) => a < 0)).toBe(true);
      const [mean = 1] = await openvla.meanActions(logits).read();
      expect(Math.abs(mean)).toBeLessThan(0.02);
      expect(Math.log(density(mean))).toBeLessThan(-100);
    });

    test("means Σ p a over the 256 ids", async () => {
      const got = await openvla.meanActions(setting().engine.tensor(batch.data, [16, WIDTH])).read();
      const actions = Array.from({ length: 256 }, (_, k) => openvla.decode(31_744 + k));
      const all = distributions(batch, { classes: openvla.actionIds });
      const want = all.map((d) => actions.reduce((sum, a, k) => sum + a * probabilityOf(d, k), 0));
      expectWithin("meanActions", got, want, (r) => {
        const d = all[r];
        // Each probability's error, the action's rounding, and one a pair that is added.
        return d
          ? actions.reduce(
              (sum, a, k) => sum + Math.abs(a) * (softmaxTolerance(d, k) + 132 * U * probabilityOf(d, k)),
              0,
            )
          : 0;
      });
    });

    test("knows how much mass is no action's, also where it is next to none", async () => {
      const [begin, end] = openvla.actionIds;
      const low = headOf([() => 0, (bin) => Math.sin(bin)], -60);
      const data = Float32Array.from([...batch.data.subarray(0, WIDTH), ...low.data]);
      const got = await openvla.massOutside(setting().engine.tensor(data, [3, WIDTH]));
      const all = distributions({ data, rows: 3, classes: WIDTH });
      all.forEach((d, r) => {
        let [inside, outside] = [0, 0];
        for (let c = 0; c < WIDTH; c++) {
          if (c >= begin && c < end) inside += probabilityOf(d, c);
          else outside += probabilityOf(d, c);
        }
        const want = outside / (inside + outside);
        // Three log-sum-exps of up to 60, whose errors are relative errors of the masses.
        expect(Math.abs((got[r] ?? 0) - want)).toBeLessThanOrEqual(want * 4 * logSumExpTolerance(60));
      });
      expect(got[1]).toBeLessThan(1e-20);
    });

    test("refuses other widths", () => {
      const logits = setting().engine.tensor(new Float32Array(64), [2, 32]);
      expect(() => openvla.actionLoss(logits, [1, 2])).toThrow(
        "openvla.actionLoss: logits must be a tensor of f32, f16 or bf16 [..., 32064], got f32 [2, 32]",
      );
      expect(() => openvla.meanActions(logits)).toThrow("openvla.meanActions");
    });
  });
});
