import { describe, expect, test } from "vitest";
import type { Values } from "../../../src/engine/values.ts";
import { type Batch, batchOf, hardRows, uniformBatch } from "../../support/data.ts";
import { enough, inRange, optionsOf, plain, run, shared, specialRows } from "../../support/rows/cpu-rows.ts";
import {
  type Choice,
  distributions,
  entropyOf,
  logProbabilityOf,
  logSumExpOf,
  probabilityOf,
} from "../../support/rows/reference.ts";
import {
  entropyTolerance,
  expectWithin,
  logSumExpTolerance,
  lossTolerance,
  softmaxTolerance,
} from "../../support/tolerance.ts";

async function expectRows(given: Batch, choice: Choice = {}, cores = shared): Promise<void> {
  const batch = enough(given, choice);
  const rows = distributions(batch, choice);
  const options = optionsOf(batch, choice);
  const of = async (name: string) => (await run(name, options, { x: batch.data }, cores)).y as Values;
  const width = options.end - options.begin;
  const [p, logP] = [await of("softmax"), await of("logSoftmax")];
  for (const [row, d] of rows.entries()) {
    const part = (values: Values) => values.subarray(row * width, (row + 1) * width);
    const each = (value: (k: number) => number) => Float64Array.from(d.scaled, (_, k) => value(k));
    expectWithin(
      `softmax, row ${row}`,
      part(p),
      each((k) => probabilityOf(d, k)),
      (k) => {
        return softmaxTolerance(d, k, choice.temperature);
      },
    );
    const want = each((k) => inRange(logProbabilityOf(d, k)));
    expectWithin(`logSoftmax, row ${row}`, part(logP), want, (k) => lossTolerance(d, k));
  }
  const single = (
    name: string,
    value: (d: (typeof rows)[number]) => number,
    budget: (d: (typeof rows)[number]) => number,
  ) =>
    of(name).then((got) =>
      expectWithin(
        name,
        got,
        rows.map((d) => inRange(value(d))),
        (row) => budget(rows[row] as never),
      ),
    );
  await single("logSumExp", logSumExpOf, (d) => logSumExpTolerance(logSumExpOf(d)));
  await single("entropy", entropyOf, entropyTolerance);
}

describe("rows agree with the f64 references", () => {
  const WIDTHS = [...Array.from({ length: 70 }, (_, k) => k + 1), 127, 128, 129, 144, 511, 512, 513, 1_000, 4_099];

  test("at every width", async () => {
    for (const width of WIDTHS) await expectRows(uniformBatch(width, 5, width, 12));
  });

  test.each([1, 2, 3, 5, 7, 31, 64, 127, 129, 600, 4_099, 32_064])("for hard rows of %i classes", async (width) => {
    await expectRows(hardRows(width));
  });

  test("in a memory that is not shared", async () => {
    for (const width of [3, 16, 17, 200, 1_000]) await expectRows(hardRows(width), {}, plain);
  });
});

describe("options", () => {
  test.each([0.07, 0.5, 1.7, 30])("temperature %f", async (temperature) => {
    for (const classes of [7, 33, 256, 1_000]) await expectRows(uniformBatch(3, 5, classes, 20), { temperature });
  });

  test.each([
    [10, [1, 8]],
    [67, [5, 41]],
    [300, [3, 132]],
    [300, [17, 300]],
    [1_031, [30, 1_001]],
  ] as const)("a window of rows of %i classes: %j", async (width, classes) => {
    await expectRows(uniformBatch(4, 9, width, 9), { classes });
    await expectRows(uniformBatch(4, 9, width, 9), { classes, temperature: 0.3 }, plain);
  });
});

describe("special rows", () => {
  test.each([1, 2, 3, 4, 7, 16, 33, 128, 129, 515, 1_000, 2_500])("of %i classes", async (classes) => {
    await expectRows(specialRows(classes));
  });

  test("at temperatures", async () => {
    for (const classes of [7, 300]) {
      for (const temperature of [2 ** -100, 0.25, 3, 2 ** 100]) {
        await expectSpecial(enough(specialRows(classes)), temperature);
      }
    }
  });

  /** Far from 1 a temperature makes what no budget foresees; signs and infinities must still be those of the row. */
  async function expectSpecial(batch: Batch, temperature: number): Promise<void> {
    const options = optionsOf(batch, { temperature });
    const { y } = await run("softmax", options, { x: batch.data });
    for (const [row, d] of distributions(batch, { temperature }).entries()) {
      for (let k = 0; k < batch.classes; k++) {
        const got = y?.[row * batch.classes + k];
        const want = probabilityOf(d, k);
        if (Number.isNaN(want)) expect(got).toBeNaN();
        else expect(Math.abs((got ?? 9) - want)).toBeLessThanOrEqual(2e-5 * want + 2 ** -126);
      }
    }
  }

  test("-Infinity has probability exactly 0 and every place may hold the only finite logit", async () => {
    const classes = 150;
    const batch = batchOf(
      Array.from({ length: classes }, (_, row) => (c: number) => (c === row ? -3 : -Infinity)),
      classes,
    );
    const options = optionsOf(batch, {});
    const got = (await run("softmax", options, { x: batch.data })).y as Values;
    expect(got).toEqual(Float32Array.from(got, (_, k) => Number(k % classes === Math.floor(k / classes))));
    expect(new Set((await run("logSumExp", options, { x: batch.data })).y)).toEqual(new Set([-3]));
    expect(new Set((await run("entropy", options, { x: batch.data })).y)).toEqual(new Set([0]));
  });
});
