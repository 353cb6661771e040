import { describe, expect, test } from "vitest";
import { randomIds, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { distributions, logSumExpOf, lossesOf, probabilityOf } from "../../support/rows/reference.ts";
import { expectWithin, logSumExpTolerance, rowLossTolerance, softmaxTolerance } from "../../support/tolerance.ts";

onEach((setting, on) => {
  describe("agrees with the f64 reference", () => {
    test.each([
      [0, 100],
      [0, 99],
      [1, 100],
      [1, 2],
      [4, 8],
      [31, 33],
      [32, 64],
      [33, 96],
      [99, 100],
    ] as const)("for the window [%i, %i) of 100 classes", async (begin, end) => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(91, 7, 100, 9);
      const classes = [begin, end] as const;
      const x = tensor(batch);
      const y = calls.softmax(x, { classes });
      expect(y.shape).toEqual([7, end - begin]);
      const got = await y.read();
      const rows = distributions(batch, { classes });
      rows.forEach((d, row) => {
        const width = end - begin;
        const want = Float64Array.from(d.scaled, (_, k) => probabilityOf(d, k));
        expectWithin(`softmax, row ${row}`, got.subarray(row * width, (row + 1) * width), want, (k) =>
          softmaxTolerance(d, k),
        );
      });
      const lse = rows.map(logSumExpOf);
      expectWithin("logSumExp", await calls.logSumExp(x, { classes }).read(), lse, (row) =>
        logSumExpTolerance(lse[row] ?? 0),
      );
      const ids = randomIds(92, 7, end - begin).map((id) => begin + id);
      const losses = lossesOf(batch, ids, { classes });
      expectWithin(
        "crossEntropy",
        await calls.crossEntropy(x, ids, { classes, reduction: "none" }).read(),
        losses.map((loss) => loss.value),
        (row) => rowLossTolerance(losses[row] as (typeof losses)[0]),
      );
    });
  });

  describe("laws", () => {
    // OpenVLA's action ids among the tokens that its head gives logits for.
    test("OpenVLA's window [31744, 32000) of 32,064 equals slicing", async () => {
      const { calls, engine } = setting();
      const [rows, begin, end] = [7, 31_744, 32_000];
      const batch = uniformBatch(93, rows, 32_064, 12);
      const sliced = Float32Array.from({ length: rows * 256 }, (_, k) => {
        const [row, c] = [Math.floor(k / 256), k % 256];
        return batch.data[row * 32_064 + begin + c] as number;
      });
      const [x, part] = [engine.tensor(batch.data, [rows, 32_064]), engine.tensor(sliced, [rows, 256])];
      const classes = [begin, end] as const;
      for (const name of ["softmax", "logSoftmax", "logSumExp", "entropy"] as const) {
        expect(await calls[name](x, { classes }).read()).toEqual(await calls[name](part).read());
      }
      const small = randomIds(94, rows, 256);
      const ids = small.map((id) => id + begin);
      expect(await calls.crossEntropy(x, ids, { classes }).read()).toEqual(
        await calls.crossEntropy(part, small).read(),
      );
      const [whole, cut] = [calls.rowStatistics(x, ids, { classes }), calls.rowStatistics(part, small)];
      expect(await whole.rank.read()).toEqual(await cut.rank.read());
      expect(await whole.loss.read()).toEqual(await cut.loss.read());
      expect(await whole.argmax.read()).toEqual((await cut.argmax.read()).map((id) => id + begin));
      expect([...(await calls.klDivergence(x, x, { classes }).read())]).toEqual(new Array(rows).fill(0));
      x.dispose();
    });

    test("what lies outside the window does not matter, be it NaN", async () => {
      const { calls, engine } = setting();
      const { data } = uniformBatch(95, 3, 40, 5);
      const spoilt = data.map((x, k) => (k % 40 >= 5 && k % 40 < 30 ? x : Number.NaN));
      for (const classes of [
        [5, 30],
        [8, 28],
      ] as const) {
        const want = await calls.softmax(engine.tensor(data, [3, 40]), { classes }).read();
        expect(await calls.softmax(engine.tensor(spoilt, [3, 40]), { classes }).read()).toEqual(want);
        const ids = [9, 10, 27];
        const loss = await calls.crossEntropy(engine.tensor(data, [3, 40]), ids, { classes }).read();
        expect(await calls.crossEntropy(engine.tensor(spoilt, [3, 40]), ids, { classes }).read()).toEqual(loss);
      }
    });

    test("the whole row as a window is no window", async () => {
      const { calls, tensor } = setting();
      const x = tensor(uniformBatch(96, 5, 33, 5));
      expect(await calls.softmax(x, { classes: [0, 33] }).read()).toEqual(await calls.softmax(x).read());
    });

    test("`out` has the window's shape", async () => {
      const { calls, engine, tensor } = setting();
      const x = tensor(uniformBatch(97, 5, 32, 5));
      const want = await calls.softmax(x, { classes: [4, 12] }).read();
      const out = engine.tensor(new Float32Array(40), [5, 8]);
      const options = { classes: [4, 12] as const, out };
      expect(calls.softmax(x, options)).toBe(out);
      expect(await out.read()).toEqual(want);
    });

    if (on === "webgpu") {
      test("a view that starts inside a buffer, in and out, gives what a tensor gives", async () => {
        const { calls, engine } = setting();
        const { device } = engine;
        if (!device) throw new Error("no device");
        const { data } = uniformBatch(98, 64 + 5 * 33, 1, 5);
        const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
        const buffer = device.createBuffer({ size: data.byteLength, usage });
        device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
        const result = device.createBuffer({ size: 256 + 5 * 8 * 4, usage });
        const x = engine.view(buffer, { shape: [5, 33], byteOffset: 256 });
        const plain = engine.tensor(data.subarray(64), [5, 33]);
        for (const classes of [
          [4, 12],
          [3, 11],
        ] as const) {
          const out = engine.view(result, { shape: [5, 8], byteOffset: 256 });
          const options = { classes, out };
          calls.softmax(x, options);
          expect(await out.read()).toEqual(await calls.softmax(plain, { classes }).read());
        }
        expect(await calls.logSumExp(x).read()).toEqual(await calls.logSumExp(plain).read());
        buffer.destroy();
        result.destroy();
      });
    }
  });
});
