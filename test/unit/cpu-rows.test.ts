import { afterAll, describe, expect, test } from "vitest";
import { Cores } from "../../src/cpu/cores.ts";
import { copied, lodgeCopy } from "../../src/cpu/lodging.ts";
import { rowKernels } from "../../src/cpu/rows/rows.ts";
import { Workspace } from "../../src/cpu/workspace.ts";
import type { Values } from "../../src/engine/tensor.ts";
import type { RowReference } from "../../src/kernels/row-call.ts";
import { type Batch, batchOf, hardRows, randomIds, repeated, uniformBatch } from "../support/data.ts";
import {
  type Choice,
  distributions,
  entropyOf,
  gradientOf,
  klDivergenceOf,
  type LossChoice,
  logProbabilityOf,
  logSumExpOf,
  lossesOf,
  probabilityOf,
  reduceLosses,
} from "../support/reference.ts";
import {
  entropyTolerance,
  expectWithin,
  gradientTolerance,
  klTolerance,
  logSumExpTolerance,
  lossTolerance,
  reducedTolerance,
  rowLossTolerance,
  softmaxTolerance,
} from "../support/tolerance.ts";

const LARGEST = 3.4028234663852886e38;

const [shared, plain] = [new Cores(true), new Cores(false)];

shared.hold();
afterAll(() => shared.release());

type Outputs = Readonly<Record<string, Values>>;

/** What a kernel gives; it must not decline. */
async function run(
  name: string,
  options: RowReference,
  given: Readonly<Record<string, Values>>,
  cores = shared,
  threads = 1,
): Promise<Outputs> {
  const space = new Workspace(cores, threads);
  const lodged = Object.entries(given).map(([key, values]) => [key, lodgeCopy(cores.memory, values)] as const);
  const done = await rowKernels[name]?.(options as never, Object.fromEntries(lodged), space);
  if (!done) throw new Error(`${name} declined`);
  space.end();
  for (const [, one] of lodged) one.free();
  const outputs: Record<string, Values> = {};
  for (const [key, one] of Object.entries(done.outputs)) {
    outputs[key] = copied(one);
    one.free();
  }
  if (done.badRow !== undefined) outputs.badRow = Int32Array.of(done.badRow);
  return outputs;
}

function optionsOf({ rows, classes }: Batch, { temperature, classes: window = [0, classes] }: Choice): RowReference {
  const [begin, end] = window;
  return { rows, classes, begin, end, rate: Math.fround(1 / (temperature ?? 1)), mask: "none" };
}

/** What is beyond f32 is infinite in it. */
function inRange(value: number): number {
  return Math.abs(value) > LARGEST ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

/** At least so many rows of the batch that it is no small call. */
function enough(batch: Batch, { classes = [0, batch.classes] }: Choice = {}): Batch {
  const width = classes[1] - classes[0];
  return repeated(batch, Math.max(batch.rows, Math.ceil(4_096 / width)));
}

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

/** Rows of which each has something that no ordinary row has; `k` is where. */
function specialRows(classes: number): Batch {
  const base = uniformBatch(classes, 1, classes, 5).data;
  const at = (k: number, value: number) => (c: number) => (c === k ? value : (base[c] ?? 0));
  const places = [0, classes >> 1, classes - 1];
  const all = (value: number) => () => value;
  const two = (one: number, others: number, k: number) => (c: number) => (c === k ? one : others);
  return batchOf(
    [
      ...places.flatMap((k) => [Number.NaN, Infinity, -Infinity, LARGEST, -LARGEST, 80, -80].map((x) => at(k, x))),
      ...[Number.NaN, Infinity, -Infinity, LARGEST, -LARGEST, 80, 0, 1e-45].map(all),
      ...places.flatMap((k) => [two(0, -Infinity, k), two(LARGEST, -LARGEST, k), two(-LARGEST, -Infinity, k)]),
      (c) => (c % 2 ? -Infinity : (base[c] ?? 0)),
    ],
    classes,
  );
}

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

/** What `toEqual` says, sooner. */
function expectSameBits(got: Values | undefined, want: Values | undefined): void {
  const bytes = (values: Values | undefined) => Buffer.from(values?.buffer ?? new ArrayBuffer(0));
  expect(bytes(got).equals(bytes(want))).toBe(true);
}

describe("on workers", () => {
  test("rows have the same bits as on one thread", async () => {
    for (const [rows, classes] of [
      [2_001, 150],
      [40_001, 7],
      [9, 30_000],
    ] as const) {
      const batch = uniformBatch(rows, rows, classes, 8);
      const targets = randomIds(1, rows, classes);
      const options = {
        ...optionsOf(batch, {}),
        reduction: "none",
        ignoreIndex: -100,
        zLoss: 0,
        smoothing: 0,
        soft: false,
      };
      for (const name of ["softmax", "logSoftmax", "logSumExp", "entropy", "crossEntropyWithGradient"]) {
        const [one, several] = await Promise.all(
          [1, 3].map((threads) => run(name, options, { x: batch.data, targets }, shared, threads)),
        );
        for (const [key, values] of Object.entries(one ?? {})) expectSameBits(several?.[key], values);
      }
    }
  });

  test("few long rows agree with the f64 reference", async () => {
    const long = 131_101;
    const batch = batchOf([(c) => c * 1e-4, (c) => (c === 99_999 ? 30 : Math.sin(c) * 9)], long);
    for (const choice of [{}, { temperature: 2, classes: [5, long - 20] }] as const) {
      const options = optionsOf(batch, choice);
      const of = async (name: string) => (await run(name, options, { x: batch.data }, shared, 5)).y as Values;
      const rows = distributions(batch, choice);
      const [p, logP] = [await of("softmax"), await of("logSoftmax")];
      const [lse, h] = [await of("logSumExp"), await of("entropy")];
      for (const [row, d] of rows.entries()) {
        const part = (values: Values) => values.subarray(row * d.scaled.length, (row + 1) * d.scaled.length);
        const each = (value: (k: number) => number) => Float64Array.from(d.scaled, (_, k) => value(k));
        expectWithin(
          "softmax",
          part(p),
          each((k) => probabilityOf(d, k)),
          (k) => softmaxTolerance(d, k, 2),
        );
        expectWithin(
          "logSoftmax",
          part(logP),
          each((k) => logProbabilityOf(d, k)),
          (k) => lossTolerance(d, k),
        );
      }
      expectWithin("logSumExp", lse, rows.map(logSumExpOf), (row) =>
        logSumExpTolerance(logSumExpOf(rows[row] as never)),
      );
      expectWithin("entropy", h, rows.map(entropyOf), (row) => entropyTolerance(rows[row] as never));
    }
  });

  test("a long row without a distribution is what it is", async () => {
    const long = 131_101;
    const batch = (value: number, k: number) => batchOf([(c) => (c === k ? value : 1), (c) => c / long], long);
    for (const [value, lse] of [
      [Number.NaN, Number.NaN],
      [Infinity, Infinity],
    ] as const) {
      const { data, ...odd } = batch(value, long - 1);
      const of = async (name: string) => (await run(name, optionsOf({ data, ...odd }, {}), { x: data }, shared, 5)).y;
      expect((await of("logSumExp"))?.[0]).toBe(lse);
      expect((await of("entropy"))?.[0]).toBeNaN();
      expect((await of("softmax"))?.[0]).toBeNaN();
      expect((await of("softmax"))?.[2 * long - 1]).toBeGreaterThan(0);
    }
  });
});
