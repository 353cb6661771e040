import { describe, expect, test } from "vitest";
import { logSoftmaxOfRows } from "../../golden/rows/scipy.ts";
import { type Batch, classCounts, hardRows, repeated, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { judgeLogSoftmax } from "../../support/rows/judge.ts";
import { type Choice, distributions } from "../../support/rows/reference.ts";
import { expectWithin, lossTolerance } from "../../support/tolerance.ts";

onEach((setting, on) => {
  async function expectLogSoftmax(batch: Batch, choice: Choice = {}): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    using y = calls.logSoftmax(x, choice);
    judgeLogSoftmax(await y.read(), batch, choice);
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", (classes) => expectLogSoftmax(hardRows(classes)));

    test.each([3, 256, 4_097])("for many rows of %i classes", (classes) =>
      expectLogSoftmax(repeated(hardRows(classes), 37)),
    );

    test.each([0.07, 0.5, 1.7, 30])("at temperature %f", async (temperature) => {
      for (const classes of [7, 256, 4_097]) {
        await expectLogSoftmax(uniformBatch(3, 5, classes, 20), { temperature });
      }
    });
  });

  describe("golden", () => {
    test.each(logSoftmaxOfRows)("SciPy's log_softmax($logits)", async ({ logits, logSoftmax }) => {
      const { calls, engine } = setting();
      const got = await calls.logSoftmax(engine.tensor(logits, [logits.length])).read();
      const [d] = distributions({ data: Float32Array.from(logits), rows: 1, classes: logits.length });
      if (d) expectWithin("logSoftmax", got, logSoftmax, (k) => lossTolerance(d, k));
    });
  });

  describe("laws", () => {
    test("nothing is likelier than certain", async () => {
      const { calls, tensor } = setting();
      const got = await calls.logSoftmax(tensor(hardRows(1_024))).read();
      expect(got.every((value) => value <= 0)).toBe(true);
    });

    test("it does not underflow where softmax does", async () => {
      const { calls, engine } = setting();
      const got = await calls.logSoftmax(engine.tensor([0, -200, -1e4, -1e30], [4])).read();
      expect([...got].map((value) => value + 0)).toEqual([0, -200, -1e4, Math.fround(-1e30)]);
    });

    test("a class that has all the mass but 1e-8 has a logarithm of -1e-8", async () => {
      const { calls, engine } = setting();
      const got = await calls.logSoftmax(engine.tensor([0, Math.log(1e-8)], [2])).read();
      const want = -Math.log1p(Math.exp(Math.fround(Math.log(1e-8))));
      expect(Math.abs((got[0] ?? 0) / want - 1)).toBeLessThan(1e-5);
    });
  });

  describe("edges", () => {
    test("one class has logarithm exactly 0", async () => {
      const { calls, engine } = setting();
      const got = await calls.logSoftmax(engine.tensor([3, -1e4, 0, 3e38], [4, 1])).read();
      expect([...got].map((value) => value + 0)).toEqual([0, 0, 0, 0]);
    });

    test("differences beyond f32 are -Inf, those within are not", async () => {
      const { calls, engine } = setting();
      const got = await calls.logSoftmax(engine.tensor([3e38, -3e38, 3e38, 1e37], [2, 2])).read();
      expect([...got]).toEqual([0, Number.NEGATIVE_INFINITY, 0, Math.fround(Math.fround(1e37) - Math.fround(3e38))]);
    });
  });
});
