import { describe, expect, test } from "vitest";
import { klDivergenceOfRows } from "../../golden/rows/scipy.ts";
import { type Batch, classCounts, hardRows, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { type Choice, distributions, klDivergenceOf } from "../../support/rows/reference.ts";
import { expectWithin, klTolerance } from "../../support/tolerance.ts";

/** The same rows in another order: every kind of row against every other kind is too many, against the next is enough. */
function turned(batch: Batch, by: number): Batch {
  const { data, rows, classes } = batch;
  const at = (k: number) => ((Math.floor(k / classes) + by) % rows) * classes + (k % classes);
  return { data: data.map((_, k) => data[at(k)] ?? Number.NaN), rows, classes };
}

onEach((setting, on) => {
  async function expectDivergence(p: Batch, q: Batch, choice: Choice = {}): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(p);
    using other = tensor(q);
    using y = calls.klDivergence(x, other, choice);
    const [ps, qs] = [distributions(p, choice), distributions(q, choice)];
    const want = ps.map((one, row) => klDivergenceOf(one, qs[row] ?? one));
    const budgets = ps.map((one, row) => klTolerance(one, qs[row] ?? one));
    expectWithin("klDivergence", await y.read(), want, (row) => budgets[row] ?? 0);
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", async (classes) => {
      const rows = hardRows(classes);
      await expectDivergence(rows, turned(rows, 1));
      if (classes <= 4_097) await expectDivergence(rows, turned(rows, 5));
    });

    test.each([3, 100, 256, 1_024, 4_097])("for many rows of %i classes", (classes) =>
      expectDivergence(uniformBatch(1, 80, classes, 6), uniformBatch(2, 80, classes, 6)),
    );

    test.each([0.07, 0.5, 1.7, 30])("at temperature %f", async (temperature) => {
      for (const classes of [7, 256, 4_097]) {
        await expectDivergence(uniformBatch(3, 5, classes, 9), uniformBatch(4, 5, classes, 9), { temperature });
      }
    });

    test("for rows that nearly agree", async () => {
      const p = uniformBatch(5, 40, 256, 4);
      const q = { ...p, data: p.data.map((x, k) => x + 0.01 * Math.sin(k)) };
      await expectDivergence(p, q);
    });
  });

  describe("golden", () => {
    test.each(klDivergenceOfRows)("SciPy's rel_entr of $p and $q", async ({ p, q, klDivergence }) => {
      const { calls, engine } = setting();
      const got = await calls.klDivergence(engine.tensor(p, [4]), engine.tensor(q, [4])).read();
      const [a, b] = distributions({ data: Float32Array.from([...p, ...q]), rows: 2, classes: 4 });
      if (a && b) expectWithin("klDivergence", got, [klDivergence], () => klTolerance(a, b));
    });
  });

  describe("laws", () => {
    test("a row does not diverge from itself", async () => {
      const { calls, tensor } = setting();
      const batch = hardRows(1_024);
      const got = await calls.klDivergence(tensor(batch), tensor(batch)).read();
      expect([...got]).toEqual(new Array(batch.rows).fill(0));
    });

    test("it is never negative", async () => {
      const { calls, tensor } = setting();
      const p = uniformBatch(5, 200, 33, 4);
      const q = { ...p, data: p.data.map((x, k) => x + 1e-4 * Math.sin(k)) };
      const got = await calls.klDivergence(tensor(p), tensor(q)).read();
      expect(got.every((value) => value >= 0)).toBe(true);
    });

    test("it has a direction", async () => {
      const { calls, engine } = setting();
      const [p, q] = [engine.tensor([4, 0, 0], [3]), engine.tensor([0, 0, 0], [3])];
      const [there] = await calls.klDivergence(p, q).read();
      const [back] = await calls.klDivergence(q, p).read();
      expect(Math.abs((there ?? 0) - (back ?? 0))).toBeGreaterThan(0.1);
    });
  });

  describe("edges", () => {
    const gone = Number.NEGATIVE_INFINITY;

    test("a class that only q lacks makes it +Inf; one that p lacks adds nothing", async () => {
      const { calls, engine } = setting();
      const [p, q] = [engine.tensor([0, 0, gone, 0, gone, 0], [2, 3]), engine.tensor([0, gone, 0, 0, gone, 0], [2, 3])];
      expect([...(await calls.klDivergence(p, q).read())]).toEqual([Number.POSITIVE_INFINITY, 0]);
      const [back] = await calls.klDivergence(engine.tensor([0, gone], [2]), engine.tensor([0, 0], [2])).read();
      expect(Math.abs((back ?? 0) - Math.LN2)).toBeLessThan(1e-6);
    });
  });
});
