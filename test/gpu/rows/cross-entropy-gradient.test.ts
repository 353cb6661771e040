import { describe, expect, test } from "vitest";
import {
  type Batch,
  batchOf,
  hardRows,
  randomIds,
  randomMask,
  randomProbabilities,
  uniformBatch,
} from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { onEach } from "../../support/rows/calls.ts";
import { gradientOf, type LossChoice, lossesOf, reduceLosses } from "../../support/rows/reference.ts";
import { expectWithin, gradientTolerance, reducedTolerance, rowLossTolerance } from "../../support/tolerance.ts";

type Given = LossChoice & { readonly weight?: readonly number[] };
type Reduction = "mean" | "sum" | "none";

onEach((setting, on) => {
  async function expectGradient(
    batch: Batch,
    targets: Int32Array | Float32Array,
    choice: Given = {},
    reductions: readonly Reduction[] = ["mean", "sum", "none"],
  ): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    const losses = lossesOf(batch, targets, choice);
    for (const reduction of reductions) {
      const { loss, gradient } = calls.crossEntropyWithGradient(x, targets, { ...choice, reduction });
      const want = gradientOf(losses, reduction, choice);
      const width = want.length / batch.rows;
      const got = await gradient.read();
      losses.forEach((_, row) => {
        const [from, to] = [row * width, (row + 1) * width];
        const budget = gradientTolerance(losses, row, { ...choice, reduction });
        expectWithin(`${reduction} gradient, row ${row}`, got.subarray(from, to), want.subarray(from, to), budget);
      });
      if (reduction === "none") {
        const each = losses.map((one) => one.value + one.z);
        expectWithin("loss", await loss.read(), each, (row) =>
          rowLossTolerance(losses[row] as (typeof losses)[0], choice.zLoss),
        );
      } else {
        const total = reduceLosses(losses, reduction);
        expectWithin("loss", await loss.read(), [total], () =>
          reducedTolerance(losses, reduction, total, choice.zLoss),
        );
      }
      loss.dispose();
      gradient.dispose();
    }
  }

  describe("agrees with the closed form in f64", () => {
    const counts = exhaustive ? [1, 2, 3, 31, 32, 33, 256, 257, 1_024, 4_097] : [1, 31, 32, 33, 4_097];
    test.each(counts)("for hard rows of %i classes", async (classes) => {
      const batch = hardRows(classes);
      await expectGradient(batch, randomIds(classes, batch.rows, classes), {}, ["mean"]);
    });

    test("for sums and single rows", async () => {
      const batch = hardRows(100);
      await expectGradient(batch, randomIds(1, batch.rows, 100), {}, ["sum", "none"]);
    });

    if (on === "webgpu") {
      test("for 32,064 classes, in few rows and in many", async () => {
        const few = uniformBatch(41, 3, 32_064, 12);
        await expectGradient(few, randomIds(42, 3, 32_064), {}, ["mean"]);
        const many = uniformBatch(43, 40, 32_064, 12);
        await expectGradient(many, randomIds(44, 40, 32_064), {}, ["mean"]);
      });
    }

    // Each has a pipeline of its own; what is in "everything at once" is tried alone in the exhaustive run.
    const alone: readonly (readonly [string, Given])[] = [
      ["weights", { weight: weightsOf(100) }],
      ["label smoothing", { labelSmoothing: 0.1 }],
      ["a z-loss", { zLoss: 1e-2 }],
      ["an aligned window", { classes: [4, 96] }],
    ];
    const cases: readonly (readonly [string, Given])[] = [
      ["a temperature", { temperature: 0.4 }],
      ["a mask", { mask: randomMask(45, 12, 100, 0.7) }],
      ["a window", { classes: [2, 99] }],
      [
        "everything at once",
        { temperature: 2, weight: weightsOf(100), labelSmoothing: 0.2, zLoss: 1e-3, classes: [0, 88] },
      ],
    ];
    test.each(exhaustive || on === "cpu" ? [...alone, ...cases] : cases)("with %s", async (_, choice) => {
      const batch = uniformBatch(46, 12, 100, 6);
      const ids = Int32Array.from({ length: 12 }, (_, row) => firstKept(choice, row, 5 + 6 * row));
      ids[7] = -100;
      await expectGradient(batch, ids, choice, ["mean", "none"]);
    });

    const soft: readonly (readonly [string, Given])[] = [
      ["weights and a temperature", { weight: weightsOf(100), temperature: 3 }],
      ["nothing else", {}],
      ["label smoothing", { labelSmoothing: 0.3 }],
    ];
    test.each(exhaustive || on === "cpu" ? soft : soft.slice(0, 1))(
      "with probabilities as targets and %s",
      async (_, choice) => {
        const batch = uniformBatch(47, 12, 100, 6);
        await expectGradient(batch, randomProbabilities(48, 12, 100), choice, ["mean"]);
      },
    );
  });

  describe("agrees with central differences of the f64 loss", () => {
    test.each([
      ["class ids", {}, false],
      ["every option", { temperature: 0.7, labelSmoothing: 0.15, zLoss: 0.01, weight: weightsOf(9) }, false],
      ["probabilities", { labelSmoothing: 0.1 }, true],
    ] as const)("for %s", async (_, choice, soft) => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(49, 4, 9, 2);
      const targets = soft ? randomProbabilities(50, 4, 9) : Int32Array.of(2, 8, -100, 5);
      const got = await calls.crossEntropyWithGradient(tensor(batch), targets, choice).gradient.read();
      const exact = Float64Array.from(batch.data);
      const step = 1e-4;
      const lossAt = (k: number, by: number) => {
        const moved = exact.slice();
        moved[k] = (moved[k] ?? 0) + by;
        const data = moved as unknown as Float32Array;
        return reduceLosses(lossesOf({ ...batch, data }, targets, choice), "mean");
      };
      const want = exact.map((_, k) => (lossAt(k, step) - lossAt(k, -step)) / (2 * step));
      // The third derivative of a loss over T = 0.7 is at most 1 / T³: differences err by step² / 6 of it.
      expectWithin("gradient", got, want, () => 1e-8 + 5e-7);
    });
  });

  describe("laws", () => {
    test.each([3, 256, 1_025])("rows of %i classes sum to 0 without a z-loss", async (classes) => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(51, 6, classes, 8);
      const ids = randomIds(52, 6, classes);
      const got = await calls.crossEntropyWithGradient(tensor(batch), ids, { reduction: "none" }).gradient.read();
      for (let row = 0; row < 6; row++) {
        const sum = Array.from(got.subarray(row * classes, (row + 1) * classes)).reduce((total, g) => total + g, 0);
        expect(Math.abs(sum)).toBeLessThan(5e-6);
      }
    });

    test("without smoothing only the target's own class is pulled up", async () => {
      const { calls, tensor } = setting();
      const got = await calls
        .crossEntropyWithGradient(tensor(uniformBatch(53, 1, 100, 3)), [42], { reduction: "sum" })
        .gradient.read();
      expect(Array.from(got.entries()).filter(([, g]) => g < 0)).toEqual([[42, got[42]]]);
    });

    test("a window's gradient has the window's shape, and equals that of the sliced logits", async () => {
      const { calls, engine } = setting();
      const { data } = uniformBatch(54, 3, 40, 5);
      const window = calls.crossEntropyWithGradient(engine.tensor(data, [3, 40]), [10, 12, 35], { classes: [8, 36] });
      expect(window.gradient.shape).toEqual([3, 28]);
      const sliced = [0, 1, 2].flatMap((row) => [...data.subarray(row * 40 + 8, row * 40 + 36)]);
      const plain = calls.crossEntropyWithGradient(engine.tensor(sliced, [3, 28]), [2, 4, 27]);
      expect(await window.gradient.read()).toEqual(await plain.gradient.read());
      expect(await window.loss.read()).toEqual(await plain.loss.read());
    });
  });

  describe("edges", () => {
    test("a confident row's gradient keeps its relative accuracy at the target", async () => {
      const { calls, tensor } = setting();
      for (const classes of [2, 256]) {
        const batch = batchOf([(c) => (c === 1 ? 18 : 0)], classes);
        const { gradient } = calls.crossEntropyWithGradient(tensor(batch), [1]);
        const got = (await gradient.read())[1] ?? 0;
        const rest = (classes - 1) * Math.exp(-18);
        expect(Math.abs(got / (-rest / (1 + rest)) - 1)).toBeLessThan(1e-5);
      }
    });

    test("ignored rows, rows masked whole, and masked classes have gradient 0", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, 2, 3, Number.NaN, 2, 3, 4, Number.NaN, 6], [3, 3]);
      const mask = [false, false, false, true, true, true, true, false, true];
      const { loss, gradient } = calls.crossEntropyWithGradient(x, [0, -100, 2], { mask, reduction: "sum" });
      const got = await gradient.read();
      expect([...got.subarray(0, 6)].map((g) => g + 0)).toEqual([0, 0, 0, 0, 0, 0]);
      const p = 1 / (1 + Math.exp(2));
      expectWithin("gradient", got.subarray(6), [p, 0, -p], () => 1e-6);
      expectWithin("loss", await loss.read(), [Math.log1p(Math.exp(-2))], () => 1e-6);
    });

    test("a NaN row has a NaN gradient, and the others have theirs", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, Number.NaN, 3, 0, 0, 0], [2, 3]);
      const got = await calls.crossEntropyWithGradient(x, [0, 1], { reduction: "none" }).gradient.read();
      expect([...got.subarray(0, 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
      expectWithin("gradient", got.subarray(3), [1 / 3, -2 / 3, 1 / 3], () => 1e-6);
    });

    test("an impossible target has loss +Inf and a finite gradient: that of the classes' probabilities", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, Number.NEGATIVE_INFINITY, 1], [3]);
      const { loss, gradient } = calls.crossEntropyWithGradient(x, [1]);
      expect([...(await loss.read())]).toEqual([Number.POSITIVE_INFINITY]);
      expect([...(await gradient.read())].map((g) => g + 0)).toEqual([0.5, 0, 0.5]);
    });

    test.each([
      ["of logit -Inf", Number.NEGATIVE_INFINITY, undefined],
      ["that a mask hides", 7, [1, 0, 1]],
    ])("a class %s takes no share of the smoothing, and as a target has gradient 0 itself", async (_, logit, mask) => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, logit, 1, 1, logit, 1], [2, 3]);
      const options = { reduction: "none", labelSmoothing: 0.3, mask } as const;
      const { loss, gradient } = calls.crossEntropyWithGradient(x, [0, 1], options);
      const [finite, infinite] = await loss.read();
      expect(Math.abs((finite ?? 0) - Math.LN2)).toBeLessThan(2e-7);
      expect(infinite).toBe(Number.POSITIVE_INFINITY);
      // p - (0.7 t + 0.15), and where t is hidden p - 0.15 with the 0.7 left to push the others down
      expectWithin("gradient", await gradient.read(), [-0.35, 0, 0.35, 0.35, 0, 0.35], () => 2e-7);
    });

    test("one class has gradient 0", async () => {
      const { calls, engine } = setting();
      const got = await calls.crossEntropyWithGradient(engine.tensor([5, -9], [2, 1]), [0, 0]).gradient.read();
      expect([...got].map((g) => g + 0)).toEqual([0, 0]);
    });
  });
});

function weightsOf(classes: number): number[] {
  return Array.from({ length: classes }, (_, c) => (c === 1 ? 0 : 0.25 + ((c * 7) % 5) / 2));
}

/** The first class from `id` on that the choice's mask keeps. */
function firstKept(choice: Given, row: number, id: number): number {
  let c = id;
  while (choice.mask && !choice.mask[row * 100 + c]) c += 1;
  return c;
}
