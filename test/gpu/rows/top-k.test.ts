import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { type Tensor, topK } from "../../../src/index.ts";
import type { RowOptions } from "../../../src/rows/row-options.ts";
import { planTopK } from "../../../src/rows/top-k.ts";
import { type Batch, batchOf, randomMask, randomSource, uniformBatch } from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { limitsLike, onEach } from "../../support/rows/calls.ts";
import { checkedRows } from "../../support/rows/checked.ts";

const { NaN: NAN, POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: GONE } = Number;

interface Top {
  readonly values: Float32Array;
  readonly ids: Int32Array;
}

/** By sorting each row. */
function topOf({ data, rows, classes }: Batch, k: number, options: RowOptions = {}): Top {
  const [begin, end] = options.classes ?? [0, classes];
  const flags = options.mask as ArrayLike<boolean> | undefined;
  const rate = Math.fround(1 / (options.temperature ?? 1));
  const values = new Float32Array(rows * k).fill(GONE);
  const ids = new Int32Array(rows * k).fill(-1);
  for (let row = 0; row < rows; row++) {
    const logit = (c: number) => data[row * classes + c] as number;
    const kept = (c: number) => !flags || flags[flags.length === classes ? c : row * classes + c];
    const window = Array.from({ length: end - begin }, (_, c) => begin + c).filter(kept);
    if (window.some((c) => Number.isNaN(logit(c)) || logit(c) === INF)) {
      values.fill(NAN, row * k, (row + 1) * k);
      continue;
    }
    const possible = window.filter((c) => logit(c) !== GONE).sort((a, b) => logit(b) - logit(a) || a - b);
    possible.slice(0, k).forEach((id, rank) => {
      // Exact in f64, so that it is rounded once.
      values[row * k + rank] = logit(id) * rate;
      ids[row * k + rank] = id;
    });
  }
  return { values, ids };
}

async function read({ values, ids }: { values: Tensor; ids: Tensor }): Promise<Top> {
  return { values: (await values.read()) as Float32Array, ids: (await ids.read()) as Int32Array };
}

/** Logits of so few different values that most are tied. */
function tiedBatch(seed: number, rows: number, classes: number, different: number): Batch {
  const random = randomSource(seed);
  return batchOf(
    Array.from({ length: rows }, () => () => Math.floor(random() * different)),
    classes,
  );
}

onEach((setting, on) => {
  /** As this machine does it and, on a GPU, as another kind of machine would, whose kernels compile besides. */
  async function expectTop(batch: Batch, k: number, options: RowOptions = {}, elsewhere = exhaustive): Promise<void> {
    const { engine, tensor } = setting();
    using x = tensor(batch);
    const want = topOf(batch, k, options);
    expect(await read(topK(x, k, options))).toEqual(want);
    if (on === "cpu" || !elsewhere) return;
    const rows = { ...checkedRows(x, options, "topK"), k };
    const plan = planTopK(rows, { limits: engine.limits, software: !engine.machine.software });
    expect(await read(engine.run(plan, rows.inputs)), "on the other kind of machine").toEqual(want);
  }

  describe("agrees with sorting", () => {
    const shapes = [
      [1, 1],
      [5, 7],
      [3, 1_028],
      [2, 4_097],
      [1, 262_144],
      [700, 33],
      ...(exhaustive
        ? ([
            [2, 32_064],
            [1, 100_001],
          ] as const)
        : []),
    ] as const;
    test.each(shapes)("of [%i, %i]", async (rows, classes) => {
      for (const k of [1, 5, 64]) await expectTop(uniformBatch(rows + classes, rows, classes, 9), k, {}, true);
    });

    test.each([2, 33])("for k of %i", async (k) => {
      await expectTop(uniformBatch(k, 3, 2_001, 9), k);
      if (exhaustive) await expectTop(uniformBatch(k, 2, 20_001, 9), k);
    });
  });

  describe("equal logits come by id", () => {
    test.each([
      [4, 40],
      [3, 1_500],
      [2, 40_003],
    ])("of [%i, %i]", async (rows, classes) => {
      for (const different of [1, 2, 30]) await expectTop(tiedBatch(different, rows, classes, different), 64);
      await expectTop(tiedBatch(1, rows, classes, 3), 5);
    });

    test("and zeros of both signs are equal, and come out as they are", async () => {
      await expectTop(batchOf([(c) => [-1, -0, 0, -0, 1][c] as number], 5), 4);
    });
  });

  describe("wherever the largest logits lie", () => {
    // Lanes take quads in turn, so that these lie in few lanes' shares; the last two are more than a list has room for.
    const orders: Readonly<Record<string, (c: number, classes: number) => number>> = {
      "at the end": (c) => c,
      "at the beginning": (c) => -c,
      "in one lane of any number": (c) => (c % 1_024 < 4 ? 1e6 + (c % 4_093) : -c),
      "in a few lanes": (c) => (c % 256 < 12 ? 1e6 + ((c * 7) % 5_003) : c),
      "in one lane, all equal": (c) => (c % 1_024 < 4 ? 1 : 0),
      "in three lanes of 32": (c) => (c % 128 < 12 ? 1e6 + ((c * 7) % 5_003) : -c),
      "in sixty lanes of 256": (c) => (c % 1_024 < 240 ? 1e6 + ((c * 7) % 5_003) : -c),
    };
    test.each(Object.entries(orders))("%s", async (_, order) => {
      for (const classes of exhaustive ? [2_048, 30_000, 70_001] : [2_048, 30_000]) {
        const rows = [(c: number) => order(c, classes), (c: number) => Math.sin(c)];
        // Of lists that are too short, too.
        for (const k of [1, 5, 64]) await expectTop(batchOf(rows, classes), k, {}, exhaustive || k === 64);
      }
    });
  });

  describe("masks, windows and temperatures", () => {
    test.each(exhaustive ? [41, 2_068, 32_064] : [41, 2_068])("of %i classes", async (classes) => {
      const batch = uniformBatch(classes, 3, classes, 9);
      const full = randomMask(1, 3, classes, 0.3);
      const shared = randomMask(2, 1, classes, 0.5);
      const few = Array.from({ length: classes }, (_, c) => c % 13 === 4 && c < 40);
      for (const mask of [full, shared, few]) {
        await expectTop(batch, 64, { mask, temperature: 0.7 }, exhaustive || classes > 41);
      }
      await expectTop(batch, 5, { classes: [3, classes - 2], mask: full });
      await expectTop(batch, 5, { classes: [8, 36], temperature: 2 ** -100 });
      await expectTop(batch, 5, { classes: [5, 6] });
    });

    test("a mask in a tensor", async () => {
      const { engine, tensor } = setting();
      const batch = uniformBatch(1, 2, 50, 9);
      const mask = randomMask(3, 2, 50, 0.5);
      const flags = engine.tensor(Uint32Array.from(mask, Number), [2, 50]);
      expect(await read(topK(tensor(batch), 7, { mask: flags }))).toEqual(topOf(batch, 7, { mask }));
    });

    test("a quotient beyond f32 is infinite, and its class stays in its place", async () => {
      const batch = batchOf([(c) => [3e38, -3e38, 2e38, 1][c] as number], 4);
      await expectTop(batch, 4, { temperature: 2 ** -10 });
    });
  });

  describe("rows without an order", () => {
    const rows: readonly (readonly [string, (c: number) => number])[] = [
      ["a NaN", (c) => (c === 1 ? NAN : c)],
      ["only NaNs", () => NAN],
      ["a +Inf", (c) => (c === 2 ? INF : -c)],
      ["only +Inf", () => INF],
      ["a NaN, +Inf and -Inf", (c) => [NAN, INF, GONE][c % 3] as number],
      ["only -Inf", () => GONE],
      ["-Inf but for one", (c) => (c === 3 ? -3e38 : GONE)],
      ["-Inf but for a few", (c) => (c % 11 === 3 ? c : GONE)],
      ["±FLT_MAX", (c) => (c % 2 === 0 ? 3.4028234663852886e38 : -3.4028234663852886e38)],
      ["subnormals", (c) => ((c % 7) - 3) * 1e-45],
      ["an order", (c) => c % 5],
    ];
    test.each([4, 90, 2_000, 20_000])("of %i classes", async (classes) => {
      const batch = batchOf(
        rows.map(([, logit]) => logit),
        classes,
      );
      for (const k of [1, 5, 64]) await expectTop(batch, k);
    });

    test("what a mask or window hides does not count", async () => {
      const batch = batchOf([(c) => (c < 2 ? NAN : c), (c) => (c === 9 ? INF : -c)], 10);
      await expectTop(batch, 3, { classes: [2, 9] });
      await expectTop(batch, 3, { mask: Array.from({ length: 10 }, (_, c) => c >= 2 && c < 9) });
      await expectTop(batch, 3, { mask: new Array<boolean>(10).fill(false) });
    });

    test("a negative NaN is one too", async () => {
      const { engine } = setting();
      const bits = Uint32Array.of(0xffc00001, 0x3f800000, 0xff800001, 0x40000000);
      const x = engine.tensor(new Float32Array(bits.buffer), [2, 2]);
      expect(await read(topK(x, 1))).toEqual({ values: Float32Array.of(NAN, NAN), ids: Int32Array.of(-1, -1) });
    });
  });

  test("no rows, and rows without classes", async () => {
    const { engine } = setting();
    const none = await read(topK(engine.tensor(new Float32Array(0), [0, 5]), 2));
    expect(none).toEqual({ values: new Float32Array(0), ids: new Int32Array(0) });
    const empty = await read(topK(engine.tensor(new Float32Array(0), [2, 0]), 2));
    expect(empty).toEqual({ values: new Float32Array(4).fill(GONE), ids: new Int32Array(4).fill(-1) });
  });

  test("in pieces where a binding does not hold all rows, or all results", async () => {
    if (on === "cpu") return;
    const { engine, tensor } = setting();
    const limits = limitsLike(engine.limits, { maxStorageBufferBindingSize: 8_192 });
    for (const [classes, k] of [
      [7, 64],
      [33, 7],
      [1_500, 5],
    ] as const) {
      // biome-ignore format: pairs
      const batch = uniformBatch(classes, 100, classes, 9);
      using x = tensor(batch);
      const rows = { ...checkedRows(x, {}, "topK"), k };
      for (const software of [false, true]) {
        const plan = planTopK(rows, { limits, software });
        expect(plan.passes.length).toBeGreaterThan(1);
        expect(await read(engine.run(plan, rows.inputs))).toEqual(topOf(batch, k));
      }
    }
  });

  test("keeps leading shapes", () => {
    const { engine } = setting();
    const { values, ids } = topK(engine.tensor(new Float32Array(24), [2, 3, 4]), 5);
    expect([values.shape, values.dtype, ids.shape, ids.dtype]).toEqual([[2, 3, 5], "f32", [2, 3, 5], "i32"]);
  });

  test("refuses a k that is none", () => {
    const x = setting().engine.tensor(new Float32Array(6), [2, 3]);
    for (const k of [0, 65, 1.5, NAN, "2" as never, undefined as never]) {
      expect(() => topK(x, k)).toThrow(InputError);
      expect(() => topK(x, k)).toThrow("topK: k must be a whole number from 1 to 64, got ");
    }
    expect(() => topK(x, 64)).not.toThrow();
  });

  test("refuses options that do not fit", () => {
    const x = setting().engine.tensor(new Float32Array(6), [2, 3]);
    expect(() => topK(x, 1, { mask: [true] })).toThrow("topK: mask must have 3 flags (one a class) or 6");
    expect(() => topK(x, 1, { out: x } as RowOptions)).toThrow("topK: there is no option 'out'");
    expect(() => topK(x, 1, { classes: [2, 2] })).toThrow("topK: classes must be [begin, end)");
  });
});
