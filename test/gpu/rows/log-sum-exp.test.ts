import { describe, expect, test } from "vitest";
import { logSumExpOfRows } from "../../golden/rows/scipy.ts";
import { type Batch, classCounts, hardRows, repeated, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { type Choice, distributions, logSumExpOf } from "../../support/rows/reference.ts";
import { expectWithin, logSumExpTolerance } from "../../support/tolerance.ts";

onEach((setting, on) => {
  async function expectLogSumExp(batch: Batch, choice: Choice = {}): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    using y = calls.logSumExp(x, choice);
    const want = distributions(batch, choice).map(logSumExpOf);
    expectWithin("logSumExp", await y.read(), want, (row) => logSumExpTolerance(want[row] ?? 0));
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", (classes) => expectLogSumExp(hardRows(classes)));

    test.each([3, 256, 4_097, ...(on === "cpu" ? [] : [32_064, 131_072])])("for many rows of %i classes", (classes) =>
      expectLogSumExp(repeated(hardRows(classes), 37)),
    );

    test("for one long row", () => expectLogSumExp(uniformBatch(9, 1, 1_000_003, 10)));

    test.each([0.07, 0.5, 1.7, 30])("at temperature %f", async (temperature) => {
      for (const classes of [1, 7, 256, 4_097]) {
        await expectLogSumExp(uniformBatch(3, 40, classes, 20), { temperature });
      }
    });

    test("where peaks of either sign cancel the logarithm of the sum", async () => {
      for (const classes of [7, 256, 4_097]) {
        const { data } = uniformBatch(4, 40, classes, 1e-3);
        const shifted = data.map((x) => x - Math.log(classes));
        await expectLogSumExp({ data: shifted, rows: 40, classes });
      }
    });
  });

  describe("golden", () => {
    test.each(logSumExpOfRows)("SciPy's $logSumExp", async ({ logits, logSumExp }) => {
      const { calls, engine } = setting();
      const got = await calls.logSumExp(engine.tensor(logits, [logits.length])).read();
      expectWithin("logSumExp", got, [logSumExp], () => logSumExpTolerance(logSumExp));
    });

    // facts of arithmetic: log(2) + 10000, rounded to f32
    test("[1e4, -1e4, 0, 1e4] gives 10000.693359375", async () => {
      const { calls, engine } = setting();
      expect([...(await calls.logSumExp(engine.tensor([1e4, -1e4, 0, 1e4], [4])).read())]).toEqual([10000.693359375]);
    });
  });

  describe("laws", () => {
    test("adding a constant adds the constant", async () => {
      const { data } = uniformBatch(6, 8, 257, 8);
      for (const shift of [0, 100, -1e4]) {
        await expectLogSumExp({ data: data.map((x) => x + shift), rows: 8, classes: 257 });
      }
    });

    test("it is the largest logit at least, and that plus log(classes) at most", async () => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(7, 50, 100, 3);
      const got = await calls.logSumExp(tensor(batch)).read();
      got.forEach((value, row) => {
        const peak = Math.max(...batch.data.subarray(row * 100, (row + 1) * 100));
        expect(value).toBeGreaterThanOrEqual(peak);
        expect(value).toBeLessThanOrEqual(peak + Math.log(100) + 1e-5);
      });
    });
  });

  describe("edges", () => {
    test("one class gives its logit exactly", async () => {
      const { calls, engine } = setting();
      const data = Float32Array.of(3, -1e4, 0, 3e38, 0.1);
      expect(await calls.logSumExp(engine.tensor(data, [5, 1])).read()).toEqual(data);
    });

    test("a sum a hair above its peak is seen", async () => {
      const { calls, engine } = setting();
      const [got] = await calls.logSumExp(engine.tensor([0, -40, -40, -40], [4])).read();
      expect(Math.abs((got ?? 0) / (3 * Math.exp(-40)) - 1)).toBeLessThan(1e-4);
    });
  });
});
