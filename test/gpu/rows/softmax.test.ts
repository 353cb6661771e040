import { describe, expect, test } from "vitest";
import { softmaxOfRows } from "../../golden/rows/scipy.ts";
import { type Batch, classCounts, hardRows, repeated, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { judgeSoftmax } from "../../support/rows/judge.ts";
import { type Choice, distributions } from "../../support/rows/reference.ts";
import { expectWithin, softmaxTolerance } from "../../support/tolerance.ts";

onEach((setting, on) => {
  async function expectSoftmax(batch: Batch, choice: Choice = {}): Promise<void> {
    const { calls, tensor } = setting();
    judgeSoftmax(await calls.softmax(tensor(batch), choice).read(), batch, choice);
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", async (classes) => {
      await expectSoftmax(hardRows(classes));
    });

    test.each([3, 100, 256, 1_024, 4_097])("for many rows of %i classes", async (classes) => {
      await expectSoftmax(repeated(hardRows(classes), 37));
    });

    test("for one long row", async () => {
      await expectSoftmax(uniformBatch(9, 1, 300_001, 10));
    });

    test.each([0.07, 0.5, 1.7, 30])("at temperature %f", async (temperature) => {
      for (const classes of [7, 33, 256, 4_097]) await expectSoftmax(uniformBatch(3, 5, classes, 20), { temperature });
    });
  });

  describe("golden", () => {
    test.each(softmaxOfRows)("SciPy's softmax($logits)", async ({ logits, softmax }) => {
      await expectSoftmax({ data: Float32Array.from(logits), rows: 1, classes: logits.length });
      const { calls, engine } = setting();
      const got = await calls.softmax(engine.tensor(logits, [logits.length])).read();
      const [d] = distributions({ data: Float32Array.from(logits), rows: 1, classes: logits.length });
      if (d) expectWithin("softmax", got, softmax, (k) => softmaxTolerance(d, k));
    });
  });

  describe("laws", () => {
    test.each([7, 256, 1_023, 32_000])("each row of %i classes sums to one within 1e-5", async (classes) => {
      const { calls, tensor } = setting();
      const got = await calls.softmax(tensor(uniformBatch(5, 6, classes, 12))).read();
      for (let row = 0; row < 6; row++) {
        const sum = Array.from(got.subarray(row * classes, (row + 1) * classes)).reduce((total, p) => total + p, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
      }
    });

    test("adding a constant that f32 can add exactly changes no bit", async () => {
      const { calls, engine } = setting();
      const data = uniformBatch(6, 4, 257, 8).data.map((x) => Math.round(x * 256) / 256);
      const plain = await calls.softmax(engine.tensor(data, [4, 257])).read();
      for (const shift of [1_024, -4_096, 0.5]) {
        const shifted = data.map((x) => x + shift);
        expect(await calls.softmax(engine.tensor(shifted, [4, 257])).read()).toEqual(plain);
      }
    });

    test("larger logits have larger probabilities", async () => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(7, 1, 1_000, 30);
      const got = await calls.softmax(tensor(batch)).read();
      const order = Array.from(got.keys()).sort((a, b) => (batch.data[a] ?? 0) - (batch.data[b] ?? 0));
      for (let k = 1; k < order.length; k++) {
        expect(got[order[k] ?? 0]).toBeGreaterThanOrEqual(got[order[k - 1] ?? 0] ?? 0);
      }
    });

    test("a class's place in the row does not matter to the sum's budget: reversed rows agree", async () => {
      const batch = hardRows(1_000);
      await expectSoftmax({ ...batch, data: batch.data.slice().reverse() });
    });
  });

  describe("edges", () => {
    test("one class has probability exactly 1", async () => {
      const { calls, engine } = setting();
      const got = await calls.softmax(engine.tensor([3, -1e4, 0, 3e38, 1e-45], [5, 1])).read();
      expect([...got]).toEqual([1, 1, 1, 1, 1]);
    });

    test("equal logits share evenly", async () => {
      const { calls, engine } = setting();
      const got = await calls.softmax(engine.tensor(new Float32Array(1_024).fill(-77), [1_024])).read();
      expect(new Set(got)).toEqual(new Set([2 ** -10]));
    });

    test("any leading shape is kept", async () => {
      const { calls, engine } = setting();
      const { data } = uniformBatch(8, 24, 5, 3);
      const flat = await calls.softmax(engine.tensor(data, [24, 5])).read();
      const deep = calls.softmax(engine.tensor(data, [2, 3, 4, 5]));
      expect(deep.shape).toEqual([2, 3, 4, 5]);
      expect(await deep.read()).toEqual(flat);
    });
  });
});
