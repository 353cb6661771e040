import { describe, expect, test } from "vitest";
import type { LossOptions } from "../../../src/rows/cross-entropy-options.ts";
import * as pytorch from "../../golden/rows/pytorch.ts";
import {
  type Batch,
  batchOf,
  classCounts,
  hardRows,
  randomIds,
  randomMask,
  randomProbabilities,
  randomSource,
  repeated,
  uniformBatch,
} from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { onEach } from "../../support/rows/calls.ts";
import { type LossChoice, lossesOf, reduceLosses } from "../../support/rows/reference.ts";
import { expectWithin, reducedTolerance, rowLossTolerance } from "../../support/tolerance.ts";

const GONE = Number.NEGATIVE_INFINITY;

onEach((setting, on) => {
  type Given = LossChoice & { readonly weight?: readonly number[] };

  /** Each row's loss against the reference, and, if asked for, their sum and their mean. */
  async function expectLosses(
    batch: Batch,
    targets: Int32Array | Float32Array,
    choice: Given = {},
    reductions: readonly ("sum" | "mean")[] = ["sum", "mean"],
  ): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    const losses = lossesOf(batch, targets, choice);
    const read = async (reduction: "none" | "sum" | "mean") => {
      using y = calls.crossEntropy(x, targets, { ...choice, reduction });
      return y.read();
    };
    expectWithin(
      "crossEntropy",
      await read("none"),
      losses.map((loss) => loss.value + loss.z),
      (row) => rowLossTolerance(losses[row] as (typeof losses)[0], choice.zLoss),
    );
    for (const reduction of reductions) {
      const want = reduceLosses(losses, reduction);
      expectWithin(`crossEntropy, ${reduction}`, await read(reduction), [want], () =>
        reducedTolerance(losses, reduction, want, choice.zLoss),
      );
    }
  }

  describe("agrees with the f64 reference", () => {
    test.each(classCounts(on))("for hard rows of %i classes", async (classes) => {
      const batch = hardRows(classes);
      await expectLosses(batch, randomIds(classes, batch.rows, classes));
    });

    test.each([3, 256, 4_097])("for many rows of %i classes", async (classes) => {
      const batch = repeated(hardRows(classes), 77);
      await expectLosses(batch, randomIds(classes, batch.rows, classes));
    });

    test("for more rows than one workgroup reduces", async () => {
      const batch = uniformBatch(21, 9_000, 5, 4);
      await expectLosses(batch, randomIds(22, batch.rows, 5));
    });

    // Of either alignment; making pipelines is what takes the time here, so that in `npm test` masks.test.ts and the gradient's tests,
    // of 100 classes, speak for whole quads.
    const shapes = exhaustive ? [103, 256] : [103];
    const last = shapes.at(-1);
    const cases: readonly (readonly [string, (classes: number) => Given])[] = [
      ["a temperature of 0.3", () => ({ temperature: 0.3 })],
      ["a temperature of 4", () => ({ temperature: 4 })],
      ["weights", (classes) => ({ weight: weightsOf(classes) })],
      ["label smoothing", () => ({ labelSmoothing: 0.1 })],
      ["nothing but label smoothing", () => ({ labelSmoothing: 1 })],
      ["a z-loss", () => ({ zLoss: 1e-2 })],
      ["a mask", (classes) => ({ mask: randomMask(31, 12, classes, 0.7) })],
      ["a window", (classes) => ({ classes: [2, classes - 1] })],
      [
        "everything at once",
        (classes) => ({
          temperature: 1.3,
          weight: weightsOf(classes),
          labelSmoothing: 0.2,
          zLoss: 1e-3,
          mask: randomMask(32, 12, classes, 0.7),
          classes: [1, classes - 2],
        }),
      ],
    ];
    /** On a GPU tried alone in the exhaustive run only: each has pipelines of its own, and "everything at once" has them all. */
    const parts = ["weights", "a z-loss"];
    const some = exhaustive || on === "cpu" ? cases : cases.filter(([name]) => !parts.includes(name));
    test.each(some)("with %s", async (_, choose) => {
      for (const classes of shapes) {
        const batch = uniformBatch(23, 12, classes, 7);
        const choice = choose(classes);
        const ids = targetsWithin(batch, choice);
        ids[5] = -100;
        await expectLosses(batch, ids, choice, classes === last ? ["mean", "sum"] : []);
      }
    });

    test.each(some.filter(([name]) => !name.includes("window") && !name.includes("everything")))(
      "with probabilities as targets and %s",
      async (_, choose) => {
        for (const classes of shapes) {
          const batch = uniformBatch(24, 12, classes, 7);
          const choice = choose(classes);
          const probabilities = randomProbabilities(25, 12, classes).map((p, k) =>
            choice.mask && !choice.mask[k] ? 0 : p,
          );
          await expectLosses(batch, probabilities, choice, choice.weight && classes === last ? ["mean", "sum"] : []);
        }
      },
    );

    test("with probabilities of which a window sees a part", async () => {
      const batch = uniformBatch(26, 12, 300, 7);
      await expectLosses(batch, randomProbabilities(27, 12, 300), { classes: [3, 299] }, []);
      await expectLosses(batch, randomProbabilities(27, 12, 300), { classes: [4, 296] }, []);
    });
  });

  describe("golden", () => {
    const { logits, targets, softTargets } = pytorch;

    test.each(pytorch.losses)("PyTorch's $name", async ({ options, loss }) => {
      const { calls, engine } = setting();
      const got = await calls.crossEntropy(engine.tensor(logits, [3, 3]), targets, options as LossOptions).read();
      expectWithin("crossEntropy", got, loss, () => 5e-8 + 2e-7);
    });

    test.each(pytorch.softLosses)("PyTorch's $name with probabilities", async ({ options, loss }) => {
      const { calls, engine } = setting();
      const got = await calls.crossEntropy(engine.tensor(logits, [3, 3]), softTargets, options as LossOptions).read();
      expectWithin("crossEntropy", got, loss, () => 5e-8 + 3e-7);
    });

    test("the z-loss of 1e-4 lse²", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor(logits, [3, 3]);
      const { scale, loss } = pytorch.zLoss;
      const z = { labelSmoothing: 0, zLoss: scale, weight: [0, 0, 0], reduction: "sum" } as const;
      const [sum] = await calls.crossEntropy(x, targets, z).read();
      expect(Math.abs((sum ?? 0) / 2 - loss)).toBeLessThan(6e-9);
    });
  });

  describe("laws", () => {
    test("the loss is minus the target's log-probability", async () => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(28, 20, 257, 9);
      const ids = randomIds(29, 20, 257);
      const x = tensor(batch);
      const loss = await calls.crossEntropy(x, ids, { reduction: "none" }).read();
      const logs = await calls.logSoftmax(x).read();
      expectWithin(
        "crossEntropy",
        loss,
        Array.from(ids, (id, row) => -(logs[row * 257 + id] ?? 0)),
        (row) => 2 ** -21 * (loss[row] ?? 0),
      );
    });

    test("probabilities with all their mass on one class are that class's id", async () => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(30, 20, 100, 9);
      const ids = randomIds(31, 20, 100);
      const x = tensor(batch);
      const sharp = new Float32Array(2_000);
      ids.forEach((id, row) => {
        sharp[row * 100 + id] = 1;
      });
      const hard = await calls.crossEntropy(x, ids, { reduction: "none" }).read();
      const soft = await calls.crossEntropy(x, sharp, { reduction: "none" }).read();
      expectWithin("crossEntropy", soft, hard, () => 1e-5);
    });

    test("targets, weights and masks may be arrays or tensors of any fitting type", async () => {
      const { calls, engine, tensor } = setting();
      const batch = uniformBatch(32, 6, 9, 3);
      const x = tensor(batch);
      const ids = [0, 8, 3, 3, -100, 7];
      const weight = weightsOf(9);
      const options = { reduction: "none", weight } as const;
      const want = await calls.crossEntropy(x, ids, options).read();
      const forms = [Int32Array.from(ids), engine.tensor(Int32Array.from(ids), [6])];
      for (const form of forms) expect(await calls.crossEntropy(x, form, options).read()).toEqual(want);
      for (const one of [Float32Array.from(weight), engine.tensor(weight, [9])]) {
        expect(await calls.crossEntropy(x, ids, { reduction: "none", weight: one }).read()).toEqual(want);
      }
      const natural = [0, 8, 3, 3, 1, 7];
      const plain = await calls.crossEntropy(x, natural, options).read();
      for (const form of [Uint32Array.from(natural), engine.tensor(Uint32Array.from(natural), [6])]) {
        expect(await calls.crossEntropy(x, form, options).read()).toEqual(plain);
      }
    });

    test("an ignoreIndex that is a class id ignores that class's rows, and only as targets", async () => {
      const batch = uniformBatch(33, 12, 4, 3);
      await expectLosses(batch, Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 2, 2, 2, 0), { ignoreIndex: 2 });
      await expectLosses(batch, Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 2, 2, 2, 0), { ignoreIndex: 0 });
    });

    test("rows with a weight of 0 do not count in the mean", async () => {
      const batch = uniformBatch(34, 8, 3, 3);
      await expectLosses(batch, Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1), { weight: [0, 2, 1] });
    });

    test("`out` receives the loss", async () => {
      const { calls, engine, tensor } = setting();
      const x = tensor(uniformBatch(35, 4, 9, 3));
      const ids = [1, 2, 3, 4];
      const want = await calls.crossEntropy(x, ids, { reduction: "none" }).read();
      const out = engine.tensor(new Float32Array(4).fill(7), [4]);
      const options = { reduction: "none", out } as const;
      expect(calls.crossEntropy(x, ids, options as LossOptions)).toBe(out);
      expect(await out.read()).toEqual(want);
    });
  });

  describe("a single finite logit", () => {
    test("at any edge of 4,099 classes has loss exactly 0", async () => {
      const edges = tileEdges(4_099);
      const places = on === "cpu" ? edges.filter((_, k) => k % 9 === 0) : exhaustive ? allOf(4_099) : edges;
      await expectLossless(4_099, places, 1_025);
    });

    if (on === "webgpu" && exhaustive) {
      test("at 2,000 places of 100,000 classes has loss exactly 0", async () => {
        const places = tileEdges(100_000);
        const random = randomSource(36);
        while (places.length < 2_000) places.push(Math.floor(random() * 100_000));
        await expectLossless(100_000, places, 64);
      });
    }

    test("left by a mask at any place has loss exactly 0", async () => {
      const { calls, engine } = setting();
      const classes = 4_099;
      const places = tileEdges(classes).filter((_, k) => on === "webgpu" || k % 29 === 0);
      const x = engine.tensor(new Float32Array(places.length * classes).fill(-3), [places.length, classes]);
      const flags = new Uint32Array(places.length * classes);
      places.forEach((place, row) => {
        flags[row * classes + place] = 1;
      });
      const mask = engine.tensor(flags, [places.length, classes]);
      const loss = await calls.crossEntropy(x, places, { mask, reduction: "none" }).read();
      expect(loss.findIndex((value) => value !== 0)).toBe(-1);
      x.dispose();
      mask.dispose();
    });

    async function expectLossless(classes: number, places: readonly number[], rows: number): Promise<void> {
      const { calls, engine } = setting();
      const data = new Float32Array(rows * classes).fill(GONE);
      for (let from = 0; from < places.length; from += rows) {
        const some = places.slice(from, from + rows);
        some.forEach((place, row) => {
          data[row * classes + place] = 2.5;
        });
        using x = engine.tensor(data.subarray(0, some.length * classes), [some.length, classes]);
        using y = calls.crossEntropy(x, some, { reduction: "none" });
        const loss = await y.read();
        const wrong = loss.findIndex((value) => value !== 0);
        if (wrong >= 0) throw new Error(`logit at ${some[wrong]} of ${classes}: loss ${loss[wrong]}, want 0`);
        some.forEach((place, row) => {
          data[row * classes + place] = GONE;
        });
      }
    }
  });

  describe("edges", () => {
    test.each([1e-4, 1e-6, 1e-7, 1e-8, 1e-12])("a loss of %f keeps a relative error under 1e-3", async (target) => {
      for (const classes of [2, 33, 256, 4_097]) {
        const distance = -Math.log(target / (classes - 1));
        const batch = batchOf(
          [0, classes - 1].map((at) => (c: number) => (c === at ? distance - 3 : -3)),
          classes,
        );
        const losses = lossesOf(batch, [0, classes - 1]);
        const { calls, tensor } = setting();
        const got = await calls.crossEntropy(tensor(batch), [0, classes - 1], { reduction: "none" }).read();
        losses.forEach(({ value }, row) => {
          expect(value / target).toBeCloseTo(1, 3);
          expect(Math.abs((got[row] ?? 0) / value - 1)).toBeLessThan(1e-3);
        });
      }
    });

    test("one class has loss exactly 0", async () => {
      const { calls, engine } = setting();
      const got = await calls.crossEntropy(engine.tensor([5, -1e4, 3e38], [3, 1]), [0, 0, 0]).read();
      expect([...got].map((value) => value + 0)).toEqual([0]);
    });

    test("a target whose logit is -Inf, that is masked or outside the window, has loss +Inf", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, GONE, 2, 0], [4]);
      const none = { reduction: "none" } as const;
      expect([...(await calls.crossEntropy(x, [1], none).read())]).toEqual([Number.POSITIVE_INFINITY]);
      const mask = [true, true, false, true];
      expect([...(await calls.crossEntropy(x, [2], { ...none, mask }).read())]).toEqual([Number.POSITIVE_INFINITY]);
      const classes = [1, 3] as const;
      expect([...(await calls.crossEntropy(x, [3], { ...none, classes }).read())]).toEqual([Number.POSITIVE_INFINITY]);
      expect([...(await calls.crossEntropy(x, [0], { classes }).read())]).toEqual([Number.POSITIVE_INFINITY]);
    });

    test("the mean of rows that are all ignored is NaN, their sum 0, their losses 0", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, 2, 3, 4], [2, 2]);
      const ids = [-100, -100];
      expect([...(await calls.crossEntropy(x, ids).read())]).toEqual([Number.NaN]);
      expect([...(await calls.crossEntropy(x, ids, { reduction: "sum" }).read())]).toEqual([0]);
      expect([...(await calls.crossEntropy(x, ids, { reduction: "none" }).read())]).toEqual([0, 0]);
    });

    test("an ignored row may hold NaN", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([Number.NaN, 2, 0, 0], [2, 2]);
      const [mean] = await calls.crossEntropy(x, [-100, 1]).read();
      expect(Math.abs((mean ?? 0) - Math.LN2)).toBeLessThan(2e-7);
    });
  });

  describe("refusals", () => {
    test.each([
      ["too large", Int32Array.of(0, 1, 5, 9, 2), 2],
      ["negative and not ignoreIndex", Int32Array.of(0, -1, 4, 3, -7), 1],
      ["the lowest number", Int32Array.of(0, 0, 0, 0, -(2 ** 31)), 4],
    ])("an id in a tensor that is %s fails the next read, which names its row", async (_, ids, row) => {
      const { calls, engine, tensor } = setting();
      const x = tensor(uniformBatch(37, 5, 5, 3));
      const bad = engine.tensor(ids, [5]);
      const good = engine.tensor(Int32Array.of(0, 1, 4, -100, 2), [5]);
      const want = await calls.crossEntropy(x, good).read();
      const y = calls.crossEntropy(x, bad);
      await expect(y.read()).rejects.toMatchObject({
        name: "InputError",
        message: expect.stringContaining(`row ${row} `),
      });
      expect(await calls.crossEntropy(x, good).read()).toEqual(want);
    });

    test("the gradient and the statistics refuse it too", async () => {
      const { calls, engine, tensor } = setting();
      const x = tensor(uniformBatch(38, 3, 5, 3));
      const bad = engine.tensor(Int32Array.of(0, 1, 5), [3]);
      await expect(calls.crossEntropyWithGradient(x, bad).gradient.read()).rejects.toThrow("row 2 has neither");
      await expect(calls.rowStatistics(x, bad).argmax.read()).rejects.toThrow("row 2 has neither");
      expect(await calls.logSumExp(x).read()).toHaveLength(3);
    });
  });
});

/** Positive weights, one of them 0. */
function weightsOf(classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => (c === 1 ? 0 : 0.25 + ((c * 7) % 5) / 2));
}

/** Class ids that the window and the mask leave possible. */
function targetsWithin(batch: Batch, choice: LossChoice): Int32Array {
  const [begin, end] = choice.classes ?? [0, batch.classes];
  const random = randomSource(40);
  return Int32Array.from({ length: batch.rows }, (_, row) => {
    for (;;) {
      const id = begin + Math.floor(random() * (end - begin));
      if (!choice.mask || choice.mask[row * batch.classes + id]) return id;
    }
  });
}

function allOf(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}

/** Both sides of every multiple of 32 near either end, and of every multiple of 1,024. */
function tileEdges(classes: number): number[] {
  const edges = new Set<number>();
  for (let tile = 0; tile <= classes; tile += 32) {
    if (tile > 4_128 && tile < classes - 2_048 && tile % 512 !== 0) continue;
    for (const place of [tile - 1, tile, tile + 1]) if (place >= 0 && place < classes) edges.add(place);
  }
  edges.add(classes - 1);
  return [...edges];
}
