import { describe, expect, test } from "vitest";
import {
  type Batch,
  classCounts,
  hardRows,
  randomIds,
  randomMask,
  repeated,
  uniformBatch,
} from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { judgeLikelihoods } from "../../support/rows/judge.ts";
import {
  type Choice,
  distributions,
  entropyOf,
  logProbabilityOf,
  logSumExpOf,
  rankingOf,
} from "../../support/rows/reference.ts";
import { entropyTolerance, expectWithin, logSumExpTolerance, lossTolerance } from "../../support/tolerance.ts";

onEach((setting, on) => {
  async function expectStatistics(batch: Batch, targets: Int32Array | undefined, choice: Choice = {}): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    const got = calls.rowStatistics(x, targets, choice);
    const [begin] = choice.classes ?? [0];
    const rows = distributions(batch, choice);
    const rankings = rows.map((d) => rankingOf(d, begin));
    const ids = Array.from(targets ?? rankings.map(([best]) => best ?? -1));
    const logs = rows.map((d, row) => logProbabilityOf(d, (ids[row] ?? 0) - begin));
    const budgets = rows.map((d, row) => lossTolerance(d, (ids[row] ?? 0) - begin));
    const margins = rows.map((d, row) => {
      const [first = 0, second] = rankings[row] ?? [];
      const scaled = (id: number) => d.scaled[id - begin] as number;
      return second === undefined ? Number.POSITIVE_INFINITY : scaled(first) - scaled(second);
    });
    const at = (values: readonly number[]) => (row: number) => values[row] as number;
    expectWithin(
      "loss",
      await got.loss.read(),
      logs.map((log) => -log),
      at(budgets),
    );
    expectWithin("logSumExp", await got.logSumExp.read(), rows.map(logSumExpOf), (row) =>
      logSumExpTolerance(rows[row] ? logSumExpOf(rows[row]) : 0),
    );
    expectWithin("entropy", await got.entropy.read(), rows.map(entropyOf), at(rows.map(entropyTolerance)));
    // The difference, the rate and their product.
    expectWithin("margin", await got.margin.read(), margins, (row) => 3 * 2 ** -24 * (margins[row] ?? 0));
    judgeLikelihoods(await got.probability.read(), batch, ids, choice);
    const ranks = rankings.map((ranking, row) => ranking.indexOf(ids[row] as number));
    expect(await got.argmax.read()).toEqual(Int32Array.from(rankings, ([best]) => best ?? -1));
    expect(await got.rank.read()).toEqual(Int32Array.from(ranks));
    expect(await got.status.read()).toEqual(new Uint32Array(batch.rows));
    expect(await got.validCount.read()).toEqual(Uint32Array.of(batch.rows));
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", async (classes) => {
      const batch = hardRows(classes);
      await expectStatistics(batch, randomIds(classes, batch.rows, classes));
    });

    test.each([3, 256, 1_025])("for many rows of %i classes", async (classes) => {
      const batch = repeated(hardRows(classes), 70);
      await expectStatistics(batch, randomIds(classes, batch.rows, classes));
    });

    test("without targets, for which the argmax stands", async () => {
      for (const classes of [7, 256]) await expectStatistics(uniformBatch(61, 9, classes, 6), undefined);
    });

    test("with a temperature, a window and a mask", async () => {
      const batch = uniformBatch(62, 9, 256, 6);
      const ids = Int32Array.from({ length: 9 }, (_, row) => 10 + row);
      await expectStatistics(batch, ids, { temperature: 0.6 });
      await expectStatistics(batch, ids, { temperature: 5, classes: [5, 131] });
      await expectStatistics(batch, ids, { classes: [8, 132] });
      const mask = randomMask(63, 9, 256, 0.6).map((kept, k) => kept || k % 256 === 10 + Math.floor(k / 256));
      await expectStatistics(batch, ids, { mask });
    });
  });

  describe("laws", () => {
    test("of equal logits the smallest id is the argmax and comes first", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, 5, 2, 5, 5, 0, 7, 7, 7, 7, 7, 7], [2, 6]);
      const all = async (ids: number[]) => [...(await calls.rowStatistics(x, ids).rank.read())];
      expect([...(await calls.rowStatistics(x).argmax.read())]).toEqual([1, 0]);
      expect([...(await calls.rowStatistics(x).margin.read())]).toEqual([0, 0]);
      expect(await all([1, 0])).toEqual([0, 0]);
      expect(await all([3, 1])).toEqual([1, 1]);
      expect(await all([4, 5])).toEqual([2, 5]);
      expect(await all([2, 3])).toEqual([3, 3]);
      expect(await all([5, 4])).toEqual([5, 4]);
    });

    test.each([40, 256, 1_000, 4_096])("ties of %i classes, far apart, keep their order", async (classes) => {
      const rows = on === "cpu" ? 4 : 40;
      const data = uniformBatch(64, rows, classes, 1).data.map((x) => Math.round(x * 3));
      await expectStatistics({ data, rows, classes }, randomIds(65, rows, classes));
    });

    test("loss, log-sum-exp and entropy equal those of their own functions to within rounding", async () => {
      const { calls, tensor } = setting();
      const x = tensor(uniformBatch(66, 12, 257, 8));
      const ids = randomIds(67, 12, 257);
      const all = calls.rowStatistics(x, ids);
      const loss = await calls.crossEntropy(x, ids, { reduction: "none" }).read();
      expectWithin("loss", await all.loss.read(), loss, () => 2e-6);
      expectWithin("logSumExp", await all.logSumExp.read(), await calls.logSumExp(x).read(), () => 2e-6);
      expectWithin("entropy", await all.entropy.read(), await calls.entropy(x).read(), () => 2e-6);
    });

    test("results keep the leading shape, validCount has none", () => {
      const { calls, engine } = setting();
      const got = calls.rowStatistics(engine.tensor(new Float32Array(24), [2, 3, 4]));
      expect(got.argmax.shape).toEqual([2, 3]);
      expect(got.loss.shape).toEqual([2, 3]);
      expect(got.validCount.shape).toEqual([]);
    });
  });

  describe("edges", () => {
    test("an ignored row has loss 0, probability NaN, rank -1, and is not counted", async () => {
      const { calls, engine } = setting();
      const got = calls.rowStatistics(engine.tensor([1, 2, 3, 4], [2, 2]), [-100, 0]);
      expect((await got.loss.read())[0]).toBe(0);
      expect((await got.probability.read())[0]).toBeNaN();
      expect([...(await got.rank.read())]).toEqual([-1, 1]);
      expect([...(await got.argmax.read())]).toEqual([1, 1]);
      expect([...(await got.validCount.read())]).toEqual([1]);
    });

    test("an ignoreIndex that is a class id is obeyed", async () => {
      const { calls, engine } = setting();
      const got = calls.rowStatistics(engine.tensor([1, 2, 3, 4, 0, 0], [3, 2]), [1, 0, 1], { ignoreIndex: 1 });
      expect([...(await got.validCount.read())]).toEqual([1]);
      expect([...(await got.rank.read())]).toEqual([-1, 1, -1]);
    });

    test("an impossible target has loss +Inf, probability 0 and rank -1", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, Number.NEGATIVE_INFINITY, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], [3, 4]);
      const mask = [true, true, true, true, true, false, true, true, true, true, true, true];
      const got = calls.rowStatistics(x, [1, 1, 3], { mask, classes: [0, 3] });
      expect([...(await got.loss.read())]).toEqual(new Array(3).fill(Number.POSITIVE_INFINITY));
      expect([...(await got.probability.read())]).toEqual([0, 0, 0]);
      expect([...(await got.rank.read())]).toEqual([-1, -1, -1]);
      expect([...(await got.argmax.read())]).toEqual([2, 2, 2]);
      expect([...(await got.validCount.read())]).toEqual([3]);
    });

    test("one class has margin +Inf, probability 1, entropy and loss 0", async () => {
      const { calls, engine } = setting();
      const got = calls.rowStatistics(engine.tensor([-7], [1, 1]), [0]);
      expect([...(await got.margin.read())]).toEqual([Number.POSITIVE_INFINITY]);
      expect([...(await got.probability.read())]).toEqual([1]);
      expect([...(await got.entropy.read())].map((value) => value + 0)).toEqual([0]);
      expect([...(await got.loss.read())].map((value) => value + 0)).toEqual([0]);
    });
  });
});
