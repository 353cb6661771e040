import { describe, expect, test } from "vitest";
import type { Values } from "../../../src/engine/values.ts";
import { type Batch, batchOf, hardRows, randomIds, repeated, uniformBatch } from "../../support/data.ts";
import { enough, inRange, optionsOf, run, specialRows } from "../../support/rows/cpu-rows.ts";
import {
  type Choice,
  distributions,
  gradientOf,
  klDivergenceOf,
  type LossChoice,
  lossesOf,
  reduceLosses,
} from "../../support/rows/reference.ts";
import {
  expectWithin,
  gradientTolerance,
  klTolerance,
  reducedTolerance,
  rowLossTolerance,
} from "../../support/tolerance.ts";

type Reduction = "mean" | "sum" | "none";

interface LossCase extends LossChoice {
  readonly reduction?: Reduction;
}

async function expectLoss(given: Batch, choice: LossCase = {}, ids?: Int32Array): Promise<void> {
  const batch = enough(given, choice);
  const { reduction = "mean", ignoreIndex = -100, weight, zLoss = 0, temperature } = choice;
  const targets = ids ?? randomIds(batch.rows, batch.rows, batch.classes);
  if (choice.ignoreIndex !== undefined) for (let row = 0; row < batch.rows; row += 3) targets[row] = ignoreIndex;
  const losses = lossesOf(batch, targets, choice);
  const options = { reduction, ignoreIndex, weighted: weight !== undefined, smoothing: 0, zLoss, soft: false };
  const data = { x: batch.data, targets, ...(weight && { weight: Float32Array.from(weight) }) };
  const all = { ...optionsOf(batch, choice), ...options };
  const plainLoss = (await run("crossEntropy", all, data)).loss as Values;
  const { loss, gradient } = (await run("crossEntropyWithGradient", all, data)) as Record<string, Values>;
  if (reduction === "none") {
    const want = losses.map(({ value, z }) => inRange(value + z));
    for (const got of [plainLoss, loss]) {
      expectWithin("loss", got as Values, want, (row) => rowLossTolerance(losses[row] as never, zLoss));
    }
  } else {
    const want = reduceLosses(losses, reduction);
    for (const got of [plainLoss, loss]) {
      expectWithin(reduction, got as Values, [want], () => reducedTolerance(losses, reduction, want, zLoss));
    }
  }
  const width = all.end - all.begin;
  const want = gradientOf(losses, reduction, choice);
  for (let row = 0; row < batch.rows; row++) {
    const [from, to] = [row * width, (row + 1) * width];
    const budget = gradientTolerance(losses, row, { reduction, zLoss, ...(temperature && { temperature }) });
    expectWithin(`gradient, row ${row}`, (gradient as Values).subarray(from, to), want.subarray(from, to), budget);
  }
}

describe("losses and gradients agree with the f64 references", () => {
  const WIDTHS = [1, 2, 3, 4, 5, 7, 8, 31, 64, 127, 128, 129, 512, 1_000, 4_099];

  test.each(["mean", "sum", "none"] as const)("reduction %s", async (reduction) => {
    for (const classes of WIDTHS) await expectLoss(uniformBatch(classes, 5, classes, 12), { reduction });
  });

  test.each(["mean", "sum", "none"] as const)("ignored rows, weights, z-loss, temperature: %s", async (reduction) => {
    for (const classes of [3, 33, 300]) {
      const weight = Array.from({ length: classes }, (_, c) => (c % 4) / 2);
      const batch = uniformBatch(classes, 7, classes, 6);
      await expectLoss(batch, { reduction, ignoreIndex: -100 });
      await expectLoss(batch, { reduction, ignoreIndex: 1, weight });
      await expectLoss(batch, { reduction, zLoss: 1e-3, temperature: 0.6, weight });
    }
  });

  test("hard rows, and windows that leave targets out", async () => {
    for (const classes of [7, 100, 600]) await expectLoss(hardRows(classes), { reduction: "none" });
    await expectLoss(uniformBatch(1, 40, 300, 5), { reduction: "none", classes: [40, 260] });
    await expectLoss(uniformBatch(1, 400, 30, 5), { reduction: "none", classes: [4, 26], temperature: 2 });
  });

  test("a confident row keeps its digits", async () => {
    for (const classes of [5, 100, 1_000, 5_000]) {
      const wanted = Array.from({ length: 9 }, (_, k) => 10 ** (-4 - k));
      const rows = wanted.map((loss) => (c: number) => (c === 2 ? 10 : 10 + Math.log(loss / (classes - 1))));
      const batch = enough(batchOf(rows, classes));
      const targets = new Int32Array(batch.rows).fill(2);
      await expectLoss(batch, { reduction: "none" }, targets);
      const options = { ...optionsOf(batch, {}), reduction: "none", ignoreIndex: -100, zLoss: 0, smoothing: 0 };
      const { loss } = await run("crossEntropy", { ...options, soft: false } as never, { x: batch.data, targets });
      wanted.forEach((want, row) => {
        expect(Math.abs(((loss as Values)[row] as number) / want - 1)).toBeLessThan(1e-3);
      });
    }
  });

  test("special rows", async () => {
    for (const classes of [3, 7, 129, 600]) {
      const batch = specialRows(classes);
      for (const k of [0, classes >> 1]) {
        const all = enough(batch);
        await expectLoss(all, { reduction: "none" }, new Int32Array(all.rows).fill(k));
      }
    }
  });

  test("the first bad id is named, whoever finds it", async () => {
    for (const classes of [16, 200]) {
      const batch = uniformBatch(1, 3_000, classes, 3);
      const targets = randomIds(2, 3_000, classes);
      targets[1_234] = classes;
      targets[2_345] = -7;
      const options = {
        ...optionsOf(batch, {}),
        reduction: "mean",
        ignoreIndex: -100,
        zLoss: 0,
        smoothing: 0,
        soft: false,
      };
      expect((await run("crossEntropy", options as never, { x: batch.data, targets })).badRow?.[0]).toBe(1_234);
    }
  });
});

describe("divergences agree with the f64 reference", () => {
  async function expectDivergence(p: Batch, q: Batch, choice: Choice = {}): Promise<void> {
    const [all, other] = [enough(p, choice), enough(q, choice)];
    const { y } = await run("klDivergence", optionsOf(all, choice), { x: all.data, other: other.data });
    const [ofP, ofQ] = [distributions(all, choice), distributions(other, choice)];
    const want = ofP.map((d, row) => inRange(klDivergenceOf(d, ofQ[row] as never)));
    const clear = want.map((value) => (value < 0 ? 0 : value));
    expectWithin("klDivergence", y as Values, clear, (row) => klTolerance(ofP[row] as never, ofQ[row] as never));
  }

  test("at many widths, in windows, at temperatures", async () => {
    for (const classes of [1, 2, 3, 7, 16, 33, 100, 129, 511, 513, 1_000, 4_099]) {
      const [p, q] = [uniformBatch(classes, 5, classes, 6), uniformBatch(classes + 1, 5, classes, 6)];
      await expectDivergence(p, q);
      await expectDivergence(p, p);
      await expectDivergence(q, p, { temperature: 1.7 });
      if (classes > 40) await expectDivergence(p, q, { classes: [3, classes - 10] });
    }
  });

  test("of hard rows, and of their neighbours", async () => {
    for (const classes of [3, 64, 600]) {
      const hard = hardRows(classes);
      const next = Float32Array.from(hard.data, (_, k) => hard.data[(k + classes) % hard.data.length] ?? 0);
      await expectDivergence(hard, { ...hard, data: next });
    }
  });

  test("of special rows, each beside an ordinary one and beside itself", async () => {
    for (const classes of [2, 7, 130, 600]) {
      const special = specialRows(classes);
      const plainRows = repeated(uniformBatch(1, 1, classes, 4), special.rows);
      await expectDivergence(special, special);
      await expectDivergence(plainRows, special);
      await expectDivergence(special, plainRows);
    }
  });
});
