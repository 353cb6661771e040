import { describe, expect, test } from "vitest";
import { InputError, type Tensor } from "../../../src/index.ts";
import { type Batch, randomMask, uniformBatch } from "../../support/data.ts";
import { rejection } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { onEach } from "../../support/rows/calls.ts";
import {
  type Choice,
  distributions,
  klDivergenceOf,
  logSumExpOf,
  probabilityOf,
} from "../../support/rows/reference.ts";
import { expectWithin, klTolerance, logSumExpTolerance, softmaxTolerance } from "../../support/tolerance.ts";

const NAN = Number.NaN;
const GONE = Number.NEGATIVE_INFINITY;

onEach((setting, on) => {
  async function expectMasked(batch: Batch, choice: Choice): Promise<void> {
    const { calls, tensor } = setting();
    using x = tensor(batch);
    const rows = distributions(batch, choice);
    const lse = rows.map(logSumExpOf);
    expectWithin("logSumExp", await calls.logSumExp(x, choice).read(), lse, (row) => logSumExpTolerance(lse[row] ?? 0));
    const got = await calls.softmax(x, choice).read();
    rows.forEach((d, row) => {
      const width = d.scaled.length;
      const want = Float64Array.from(d.scaled, (_, k) => probabilityOf(d, k));
      expectWithin(`softmax, row ${row}`, got.subarray(row * width, (row + 1) * width), want, (k) =>
        softmaxTolerance(d, k, choice.temperature),
      );
    });
  }

  describe("agrees with the f64 reference", () => {
    test.each(exhaustive ? [1, 5, 31, 32, 33, 64, 257, 1_027] : [5, 31, 33, 64, 1_027])(
      "for a mask of its own for each row of %i classes",
      async (classes) => {
        const batch = uniformBatch(71, 6, classes, 20);
        await expectMasked(batch, { mask: randomMask(72, 6, classes, 0.5) });
      },
    );

    test("for sparse masks, which leave most quads, chunks and segments empty", async () => {
      const [rows, classes] = [5, on === "cpu" ? 3_000 : 40_000];
      await expectMasked(uniformBatch(73, rows, classes, 20), { mask: randomMask(74, rows, classes, 3e-4) });
    });

    test("with windows of either alignment, and a temperature", async () => {
      const batch = uniformBatch(75, 6, 200, 20);
      const mask = randomMask(76, 6, 200, 0.5);
      for (const classes of [
        [0, 200],
        [4, 196],
        [32, 64],
        [31, 67],
        [1, 3],
      ] as const) {
        await expectMasked(batch, { mask, classes, temperature: 1.5 });
      }
    });

    test("for divergences", async () => {
      const { calls, tensor } = setting();
      const [p, q] = [uniformBatch(77, 6, 101, 5), uniformBatch(78, 6, 101, 5)];
      const mask = randomMask(79, 6, 101, 0.5);
      const [ps, qs] = [distributions(p, { mask }), distributions(q, { mask })];
      const want = ps.map((one, row) => klDivergenceOf(one, qs[row] ?? one));
      const got = await calls.klDivergence(tensor(p), tensor(q), { mask }).read();
      expectWithin("klDivergence", got, want, (row) => {
        const [a, b] = [ps[row], qs[row]];
        return a && b ? klTolerance(a, b) : 0;
      });
    });
  });

  describe("laws", () => {
    const flags = Array.from({ length: 70 }, (_, c) => (c * c) % 3 !== 1);

    test("every form of a mask means the same", async () => {
      const { calls, engine, tensor } = setting();
      const x = tensor(uniformBatch(80, 4, 70, 5));
      const full = [0, 1, 2, 3].flatMap(() => flags);
      const want = await calls.softmax(x, { mask: flags }).read();
      const ones = flags.map(Number);
      const numbers = flags.map((kept) => (kept ? 3 : 0));
      const forms = [
        full,
        Uint8Array.from(ones),
        Uint8Array.from(full, Number),
        ones,
        Float32Array.from(ones),
        flags.map((kept) => (kept ? 1 : -0)),
        engine.tensor(Uint32Array.from(numbers), [70]),
        engine.tensor(
          Int32Array.from(numbers, (n) => -n),
          [70],
        ),
        engine.tensor(
          Float32Array.from(flags, (kept) => (kept ? 1 : -0)),
          [70],
        ),
        engine.tensor(Uint32Array.from(full, Number), [4, 70]),
        engine.tensor(Float32Array.from(full, Number), [4, 70]),
      ];
      for (const mask of forms) expect(await calls.softmax(x, { mask }).read()).toEqual(want);
    });

    test("a masked class is as if its logit were -Inf", async () => {
      const { calls, engine } = setting();
      const { data } = uniformBatch(81, 4, 70, 5);
      const hidden = data.map((x, k) => (flags[k % 70] ? x : GONE));
      const [x, gone] = [engine.tensor(data, [4, 70]), engine.tensor(hidden, [4, 70])];
      for (const name of ["softmax", "logSoftmax", "logSumExp", "entropy"] as const) {
        const got = await setting().calls[name](x, { mask: flags }).read();
        const want = await setting().calls[name](gone).read();
        expectWithin(name, got, want, (k) => 2 ** -21 * Math.abs(want[k] ?? 0) + 1e-7);
      }
      const ids = [0, 2, 3, 5].map((c) => flags.indexOf(true, c));
      const masked = calls.crossEntropyWithGradient(x, ids, { mask: flags, labelSmoothing: 0.1 });
      const plain = calls.crossEntropyWithGradient(gone, ids, { labelSmoothing: 0.1 });
      expectWithin("loss", await masked.loss.read(), await plain.loss.read(), () => 2e-6);
      expectWithin("gradient", await masked.gradient.read(), await plain.gradient.read(), () => 1e-7);
    });

    test("a mask that keeps everything changes nothing but rounding", async () => {
      const { calls, tensor } = setting();
      const x = tensor(uniformBatch(82, 4, 70, 5));
      const want = await calls.softmax(x).read();
      const got = await calls.softmax(x, { mask: new Uint8Array(70).fill(1) }).read();
      expectWithin("softmax", got, want, (k) => 2 ** -21 * (want[k] ?? 0));
    });
  });

  describe("edges", () => {
    test("a row masked whole gives softmax 0, logSumExp -Inf, entropy, divergence and loss 0, weight 0", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([1, 2, 3, NAN, NAN, NAN, 4, 4, 4], [3, 3]);
      const mask = [false, false, false, false, false, false, true, true, true];
      expect([...(await calls.softmax(x, { mask }).read())].slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
      expect([...(await calls.logSoftmax(x, { mask }).read())].slice(0, 6)).toEqual(new Array(6).fill(GONE));
      expect([...(await calls.logSumExp(x, { mask }).read())].slice(0, 2)).toEqual([GONE, GONE]);
      expect([...(await calls.entropy(x, { mask }).read())].slice(0, 2)).toEqual([0, 0]);
      const q = engine.tensor(new Float32Array(9), [3, 3]);
      expect([...(await calls.klDivergence(x, q, { mask }).read())]).toEqual([0, 0, 0]);
      expect([...(await calls.crossEntropy(x, [0, 1, 2], { mask, reduction: "none" }).read())].slice(0, 2)).toEqual([
        0, 0,
      ]);
      const [mean] = await calls.crossEntropy(x, [0, 1, 2], { mask }).read();
      expect(Math.abs((mean ?? 0) - Math.log(3))).toBeLessThan(3e-7);
      const statistics = calls.rowStatistics(x, [0, 1, 2], { mask });
      expect([...(await statistics.validCount.read())]).toEqual([1]);
      expect([...(await statistics.status.read())]).toEqual([2, 2, 0]);
      expect([...(await statistics.argmax.read())]).toEqual([-1, -1, 0]);
      expect([...(await statistics.probability.read())].slice(0, 2)).toEqual([0, 0]);
    });

    test("a kept class of -Inf is not a row masked whole: there is no distribution", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([GONE, 2, GONE, 3], [4]);
      const mask = [true, false, true, false];
      expect([...(await calls.softmax(x, { mask }).read())]).toEqual([NAN, 0, NAN, 0]);
      expect([...(await calls.logSumExp(x, { mask }).read())]).toEqual([GONE]);
      expect([...(await calls.entropy(x, { mask }).read())]).toEqual([NAN]);
    });

    test("masked NaN and infinities are not looked at", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([NAN, 1, Number.POSITIVE_INFINITY, 1, GONE], [5]);
      const mask = [false, true, false, true, false];
      expect([...(await calls.softmax(x, { mask }).read())]).toEqual([0, 0.5, 0, 0.5, 0]);
      expect([...(await calls.rowStatistics(x, [1], { mask }).status.read())]).toEqual([0]);
      expect(Math.abs(((await calls.entropy(x, { mask }).read())[0] ?? 0) - Math.LN2)).toBeLessThan(2e-7);
    });

    test("what a mask hides does not matter, whatever it is and whatever the mask is", async () => {
      const { calls, engine } = setting();
      const [rows, classes] = [3, 37];
      const { data } = uniformBatch(83, rows, classes, 4);
      const flags = randomMask(84, rows, classes, 0.6);
      const other = uniformBatch(85, rows, classes, 4).data;
      const ids = [0, 1, 2].map((row) => flags.indexOf(true, row * classes) - row * classes);
      const tensorOf = (values: Float32Array) => engine.tensor(values, [rows, classes]);
      const all = async (hidden: readonly number[], mask: Tensor | readonly boolean[]) => {
        const spoil = (_: number, k: number) =>
          flags[k] ? (data[k] as number) : (hidden[k % hidden.length] as number);
        const [x, q] = [tensorOf(data.map(spoil)), tensorOf(other.map((value, k) => (flags[k] ? value : spoil(0, k))))];
        const loss = calls.crossEntropyWithGradient(x, ids, { mask, labelSmoothing: 0.1, zLoss: 0.1 });
        const plain = calls.crossEntropyWithGradient(x, ids, { mask });
        const statistics = calls.rowStatistics(x, ids, { mask });
        const results = [
          ...(["softmax", "logSoftmax", "logSumExp", "entropy"] as const).map((name) => calls[name](x, { mask })),
          ...[calls.klDivergence(x, q, { mask }), loss.loss, loss.gradient, plain.loss, plain.gradient],
          ...Object.values(statistics),
        ];
        return Promise.all(results.map((result) => result.read()));
      };
      const want = await all([0], flags);
      for (const hidden of [[NAN], [Number.POSITIVE_INFINITY, 1], [GONE, NAN, 3e38]]) {
        const masks = [
          flags,
          engine.tensor(Uint32Array.from(flags, Number), [rows, classes]),
          tensorOf(Float32Array.from(flags, Number)),
        ];
        for (const mask of masks) expect(await all(hidden, mask)).toEqual(want);
      }
    });

    test.each([GONE, -1e9, 0.5, 2, NAN])("a tensor of f32 with %d is told of at the next read", async (value) => {
      const { calls, engine, tensor } = setting();
      const x = tensor(uniformBatch(86, 3, 40, 5));
      const flags = new Float32Array(120).fill(1);
      flags[79] = 0;
      flags[87] = value;
      flags[88] = value;
      const mask = engine.tensor(flags, [3, 40]);
      const wrong = (where: string) =>
        `${where}: mask must hold 1 (kept) or 0 (hidden), and has another number at row 2, class 7; of a mask that is added`;
      for (const [where, call] of [
        ["softmax", () => calls.softmax(x, { mask })],
        ["entropy", () => calls.entropy(x, { mask })],
        ["klDivergence", () => calls.klDivergence(x, x, { mask })],
        ["crossEntropy", () => calls.crossEntropy(x, engine.tensor(Int32Array.of(1, 2, 3), [3]), { mask })],
        ["crossEntropyWithGradient", () => calls.crossEntropyWithGradient(x, [1, 2, 3], { mask }).loss],
        ["rowStatistics", () => calls.rowStatistics(x, undefined, { mask }).loss],
      ] as const) {
        const error = await rejection(call().read());
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ code: "bad-data", message: expect.stringContaining(wrong(where)) });
      }
      const shared = engine.tensor(flags.slice(80), [40]);
      await expect(calls.softmax(x, { mask: shared }).read()).rejects.toThrow("another number at class 7;");
      await expect(
        calls.softmax(x, { mask: engine.tensor(new Float32Array(40).fill(1), [40]) }).read(),
      ).resolves.toHaveLength(120);
    });

    test("the largest logit counts for nothing when it is masked", async () => {
      const { calls, engine } = setting();
      const x = engine.tensor([3e38, -1e4, -1e4, 88], [4]);
      const mask = [false, true, true, false];
      expect([...(await calls.softmax(x, { mask }).read())]).toEqual([0, 0.5, 0.5, 0]);
    });
  });
});
