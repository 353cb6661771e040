import { describe, expect, test } from "vitest";
import { entropyOfRows } from "../../golden/rows/scipy.ts";
import { type Batch, classCounts, hardRows, repeated, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { type Choice, distributions, entropyOf } from "../../support/rows/reference.ts";
import { entropyTolerance, expectWithin } from "../../support/tolerance.ts";

onEach((setting, on) => {
  async function expectEntropy(batch: Batch, choice: Choice = {}): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    using y = calls.entropy(x, choice);
    const rows = distributions(batch, choice);
    const budgets = rows.map(entropyTolerance);
    expectWithin("entropy", await y.read(), rows.map(entropyOf), (row) => budgets[row] ?? 0);
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", (classes) => expectEntropy(hardRows(classes)));

    test.each([3, 256, 4_097])("for many rows of %i classes", (classes) =>
      expectEntropy(repeated(hardRows(classes), 37)),
    );

    test.each([0.07, 0.5, 1.7, 30])("at temperature %f", async (temperature) => {
      for (const classes of [7, 256, 4_097]) await expectEntropy(uniformBatch(3, 5, classes, 20), { temperature });
    });
  });

  describe("golden", () => {
    test.each(entropyOfRows)("SciPy's $entropy", async ({ logits, entropy }) => {
      const { calls, engine } = setting();
      const got = await calls.entropy(engine.tensor(logits, [logits.length])).read();
      const [d] = distributions({ data: Float32Array.from(logits), rows: 1, classes: logits.length });
      if (d) expectWithin("entropy", got, [entropy], () => entropyTolerance(d));
    });
  });

  describe("laws", () => {
    test.each([1, 2, 256, 32_064])("%i equal classes have log(classes) nats", async (classes) => {
      const { calls, engine } = setting();
      const [got] = await calls.entropy(engine.tensor(new Float32Array(classes).fill(5), [classes])).read();
      expect(Math.abs((got ?? 0) - Math.log(classes))).toBeLessThanOrEqual(2 ** -22 * Math.log(classes));
    });

    test("it is never below 0, nor above log(classes)", async () => {
      const { calls, tensor } = setting();
      const got = await calls.entropy(tensor(hardRows(1_024))).read();
      expect(got.every((value) => value >= 0 && value <= Math.log(1_024) + 1e-6)).toBe(true);
    });

    test("it falls as the temperature falls", async () => {
      const { calls, tensor } = setting();
      const x = tensor(uniformBatch(11, 1, 256, 10));
      let before = Math.log(256);
      for (const temperature of [100, 10, 1, 0.1, 0.01]) {
        const [got] = await calls.entropy(x, { temperature }).read();
        expect(got).toBeLessThan(before);
        before = got ?? Number.NaN;
      }
    });
  });

  describe("edges", () => {
    test("0 log 0 is 0: -Inf classes add nothing", async () => {
      const { calls, engine } = setting();
      const gone = Number.NEGATIVE_INFINITY;
      const got = await calls.entropy(engine.tensor([1, gone, 1, gone, 7, gone, gone, gone], [2, 4])).read();
      expect(Math.abs((got[0] ?? 0) - Math.LN2)).toBeLessThan(2e-7);
      expect(got[1]).toBe(0);
    });
  });
});
