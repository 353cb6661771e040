// Logits and results of f16 and bf16. What a kernel reads of a half is an f32, and all that follows is what tests of f32 judge: so its
// results are held against those of the same numbers in f32, and halves that it writes against the nearest ones to the f32 that it would write.

import { describe, expect, test } from "vitest";
import { fromHalves, type Half, toHalves } from "../../../src/arithmetic/halves.ts";
import type { Machine } from "../../../src/engine/plan.ts";
import { type Engine, type Tensor, topK } from "../../../src/index.ts";
import type { RowOptions } from "../../../src/rows/row-options.ts";
import { type Batch, hardRows, randomIds, randomMask, randomProbabilities, repeated, uniformBatch } from "../../support/data.ts";
import { everyHalf } from "../../support/halves.ts";
import { type Calls, callsFor, engineFor, limitsLike, onEach, type Setting } from "../../support/rows/calls.ts";

/** Logits as halves, and the same numbers as f32. */
function halvesOf(batch: Batch, half: Half): { readonly bits: Uint16Array; readonly batch: Batch } {
  const bits = toHalves(batch.data, half);
  return { bits, batch: { ...batch, data: fromHalves(bits, half) } };
}

interface Pair {
  readonly halves: Tensor;
  readonly floats: Tensor;
}

function pairOf(engine: Engine, given: Batch, half: Half): Pair {
  const { bits, batch } = halvesOf(given, half);
  const shape = [batch.rows, batch.classes];
  return { halves: engine.tensor(bits, shape, { dtype: half }), floats: engine.tensor(batch.data, shape) };
}

/** The bits of a tensor of halves. */
async function bitsOf(tensor: Tensor): Promise<Uint16Array> {
  const { buffer, byteOffset, length } = await tensor.read();
  return new Uint16Array(buffer, byteOffset, length);
}

/** Halves that were written are the nearest to the f32 that are written without. */
async function expectNearest(what: string, got: Tensor, want: Tensor): Promise<void> {
  const half = got.dtype as Half;
  const [bits, floats] = [await bitsOf(got), (await want.read()) as Float32Array];
  const nearest = toHalves(floats, half);
  const bad = bits.findIndex((one, k) => one !== nearest[k]);
  if (bad >= 0) throw new Error(`${what}, ${half}: index ${bad}: got ${bits[bad]}, want ${nearest[bad]} of ${floats[bad]}`);
  expect(bits).toHaveLength(floats.length);
}

/** Every function of halves gives what it gives of the same numbers in f32. */
async function expectAlike(calls: Calls, { halves, floats }: Pair, half: Half, options: RowOptions = {}): Promise<void> {
  const rows = halves.shape[0] ?? 0;
  const [begin, end] = options.classes ?? [0, halves.shape[1] ?? 0];
  const ids = randomIds(rows, rows, end - begin).map((id) => begin + id);
  for (const name of ["softmax", "logSoftmax"] as const) {
    const want = calls[name](floats, options);
    expect(await calls[name](halves, options).read(), name).toEqual(await want.read());
    await expectNearest(name, calls[name](halves, { ...options, dtype: half }), want);
  }
  for (const name of ["logSumExp", "entropy"] as const) {
    expect(await calls[name](halves, options).read(), name).toEqual(await calls[name](floats, options).read());
  }
  const losses = { ...options, reduction: "none" } as const;
  const want = calls.crossEntropyWithGradient(floats, ids, losses);
  expect(await calls.crossEntropy(halves, ids, losses).read()).toEqual(await want.loss.read());
  const got = calls.crossEntropyWithGradient(halves, ids, { ...losses, dtype: half });
  expect(await got.loss.read()).toEqual(await want.loss.read());
  await expectNearest("gradient", got.gradient, want.gradient);
  const [some, all] = [calls.rowStatistics(halves, ids, options), calls.rowStatistics(floats, ids, options)];
  for (const name of ["loss", "margin", "rank", "argmax", "probability"] as const) {
    expect(await some[name].read(), name).toEqual(await all[name].read());
  }
  const [few, best] = [calls.topK(halves, 2, options), calls.topK(floats, 2, options)];
  expect(await few.values.read()).toEqual(await best.values.read());
  expect(await few.ids.read()).toEqual(await best.ids.read());
}

/** Both operands of a divergence may be halves, of either kind. */
async function expectDivergences(calls: Calls, engine: Engine, classes: number, options: RowOptions = {}): Promise<void> {
  const [p, q] = [pairOf(engine, uniformBatch(1, 5, classes, 6), "f16"), pairOf(engine, uniformBatch(2, 5, classes, 6), "bf16")];
  const want = await calls.klDivergence(p.floats, q.floats, options).read();
  for (const [a, b] of [
    [p.halves, q.halves],
    [p.halves, q.floats],
    [p.floats, q.halves],
  ] as const) {
    expect(await calls.klDivergence(a, b, options).read()).toEqual(want);
  }
}

const HALVES = ["f16", "bf16"] as const;

onEach((setting, on) => {
  describe.each(HALVES)("%s", (half) => {
    test("a tensor has the bits it was made of, and reads as numbers where the platform has them", async () => {
      const { engine } = setting();
      const bits = everyHalf.subarray(0, 0x7c01);
      const tensor = engine.tensor(bits, [0x7c01], { dtype: half });
      expect(tensor.dtype).toBe(half);
      const values = await tensor.read();
      expect(values.constructor.name).toBe(half === "f16" && "Float16Array" in globalThis ? "Float16Array" : "Uint16Array");
      expect(await bitsOf(tensor)).toEqual(bits);
      expect(await bitsOf(engine.tensor([...fromHalves(bits, half)], [0x7c01], { dtype: half }))).toEqual(bits);
    });

    test.each([0, 1])("every number is read as what it is, by rows that start %i elements from a whole word", async (begin) => {
      const { engine } = setting();
      const bits = Uint16Array.from({ length: 2 * 0x10000 }, (_, k) => (k % 2 === begin ? k >> 1 : 0));
      const x = engine.tensor(bits, [0x10000, 2], { dtype: half });
      expectRead(await topK(x, 1, { classes: [begin, begin + 1] }).values.read());
    });

    test("every number is read as what it is, four at a time", async () => {
      const { engine } = setting();
      const bits = Uint16Array.from({ length: 4 * 0x10000 }, (_, k) => (k % 4 === (k >> 2) % 4 ? k >> 2 : 0xff80));
      // Below every number but the last few: -Infinity.
      const lowest = half === "f16" ? 0xfc00 : 0xff80;
      const x = engine.tensor(bits.map((one, k) => (k % 4 === (k >> 2) % 4 ? one : lowest)), [0x10000, 4], { dtype: half });
      expectRead(await topK(x, 1).values.read());
    });

    /** The largest of each row is one pattern; +Infinity and NaN make a row's NaN. */
    function expectRead(got: ArrayLike<number>): void {
      const want = fromHalves(everyHalf, half);
      const bad = everyHalf.find((bits) => {
        const value = want[bits] ?? 0;
        const expected = value === Number.POSITIVE_INFINITY ? Number.NaN : value;
        // WGSL lets a machine take subnormal f32, which those of bf16 are, for 0.
        return !Object.is(got[bits], expected) && !(on === "webgpu" && half === "bf16" && expected === 0);
      });
      if (bad !== undefined) throw new Error(`${bad.toString(16)}: got ${got[bad]}, want ${want[bad]}`);
    }

    test.each([
      ["whole vec4s", 5, 64],
      ["whole words", 5, 66],
      ["odd", 5, 65],
      ["one class", 7, 1],
      ["in registers", 800, 7],
      ["in registers, whole vec4s", 600, 8],
      ["in registers, one by one", 560, 35],
      ["split", 2, 40_003],
    ])("functions of rows of which each is %s", async (_, rows, classes) => {
      const { calls, engine } = setting();
      await expectAlike(calls, pairOf(engine, uniformBatch(classes, rows, classes, 9), half), half);
    });

    test.each([
      [100, [1, 100]],
      [100, [3, 42]],
      [100, [2, 8]],
      [100, [4, 8]],
      [101, [33, 34]],
      [101, [1, 96]],
    ] as const)("windows of %i classes: %j", async (classes, window) => {
      const { calls, engine } = setting();
      const pair = pairOf(engine, uniformBatch(classes, 7, classes, 9), half);
      await expectAlike(calls, pair, half, { classes: window, temperature: 1.7 });
    });

    test("masks", async () => {
      const { calls, engine } = setting();
      const mask = randomMask(3, 9, 67, 0.5);
      await expectAlike(calls, pairOf(engine, uniformBatch(4, 9, 67, 9), half), half, { mask });
    });

    test("NaN, infinities and rows of nothing else", async () => {
      const { calls, engine } = setting();
      for (const classes of [7, 64, 67]) {
        const batch = uniformBatch(5, 8, classes, 9);
        const odd = [Number.NaN, Infinity, -Infinity, 65_504, -65_504, 2 ** -24];
        odd.forEach((value, row) => batch.data.fill(value, row * classes + row, row * classes + row + 1));
        batch.data.fill(Number.NEGATIVE_INFINITY, 6 * classes, 7 * classes);
        await expectAlike(calls, pairOf(engine, batch, half), half);
      }
    });

    test("probabilities as targets, weights, smoothing and a z-loss", async () => {
      const { calls, engine } = setting();
      for (const classes of [40, 41]) {
        const { halves, floats } = pairOf(engine, uniformBatch(6, 9, classes, 9), half);
        const soft = randomProbabilities(7, 9, classes);
        const options = {
          reduction: "none",
          weight: Array.from({ length: classes }, (_, c) => 0.5 + (c % 3)),
          labelSmoothing: 0.1,
          zLoss: 1e-3,
          classes: [1, 38],
        } as const;
        const want = calls.crossEntropyWithGradient(floats, soft, options);
        const got = calls.crossEntropyWithGradient(halves, soft, { ...options, dtype: half });
        expect(await got.loss.read()).toEqual(await want.loss.read());
        await expectNearest("gradient", got.gradient, want.gradient);
      }
    });

    test("a result in the caller's tensor, of either precision", async () => {
      const { calls, engine } = setting();
      for (const classes of [40, 41]) {
        const { halves, floats } = pairOf(engine, uniformBatch(8, 9, classes, 9), half);
        const want = calls.softmax(floats);
        const out = engine.tensor(new Uint16Array(9 * classes), [9, classes], { dtype: half });
        expect(calls.softmax(floats, { out } as RowOptions)).toBe(out);
        await expectNearest("softmax", out, want);
        const wide = engine.tensor(new Float32Array(9 * classes), [9, classes]);
        calls.softmax(halves, { out: wide } as RowOptions);
        expect(await wide.read()).toEqual(await want.read());
      }
    });
  });

  test("divergences of halves and f32", async () => {
    const { calls, engine } = setting();
    for (const classes of [64, 65]) await expectDivergences(calls, engine, classes);
    await expectDivergences(calls, engine, 65, { classes: [1, 64] });
  });
});

describe.each(HALVES)("a GPU's layouts, %s", (half) => {
  // Without findings about the machine, f16 are read by whole numbers.
  const setting = engineFor("webgpu", callsFor((limits) => ({ limits, software: false })));

  test.each([
    ["8 lanes", 9, 100],
    ["32 lanes", 5, 1_001],
    ["segments", 3, 20_001],
    ["in registers", 800, 7],
    ["in registers, whole vec4s", 600, 8],
    ["in registers, one by one", 560, 17],
  ])("functions of rows on %s", async (_, rows, classes) => {
    const { calls, engine } = setting();
    await expectAlike(calls, pairOf(engine, repeated(hardRows(classes), rows), half), half);
  });

  test("divergences on lanes", async () => {
    const { calls, engine } = setting();
    await expectDivergences(calls, engine, 257);
  });
});

describe.each(HALVES)("rows beyond a binding, in chunks, %s", (half) => {
  const setting = engineFor("webgpu");
  const limited = (most: number) => {
    return callsFor((limits) => ({
      limits: limitsLike(limits, { maxStorageBufferBindingSize: most }),
      software: true,
      numerics: setting().engine.numerics,
    }));
  };

  test.each([
    [50, 100, 4_096],
    [50, 103, 4_096],
    [900, 7, 4_096],
    [3, 20_001, 100_000],
  ])("%i rows of %i classes", async (rows, classes, most) => {
    const { engine } = setting();
    await expectAlike(limited(most), pairOf(engine, uniformBatch(classes, rows, classes, 9), half), half);
    const window = [1, Math.floor(classes / 2)] as const;
    await expectAlike(limited(most), pairOf(engine, uniformBatch(classes, rows, classes, 9), half), half, { classes: window });
  });

  test("masks and probabilities keep to their rows", async () => {
    const { calls, engine } = setting();
    const { halves, floats } = pairOf(engine, uniformBatch(24, 50, 103, 9), half);
    const mask = randomMask(25, 50, 103, 0.5);
    expect(await limited(4_096).softmax(halves, { mask }).read()).toEqual(await calls.softmax(floats, { mask }).read());
    const soft = randomProbabilities(26, 50, 103);
    const none = { reduction: "none" } as const;
    expect(await limited(4_096).crossEntropy(halves, soft, none).read()).toEqual(
      await calls.crossEntropy(floats, soft, none).read(),
    );
    const other = pairOf(engine, uniformBatch(27, 50, 103, 9), half);
    expect(await limited(4_096).klDivergence(halves, other.floats).read()).toEqual(
      await calls.klDivergence(floats, other.floats).read(),
    );
  });
});

describe.each(HALVES)("the caller's buffers, %s", (half) => {
  const setting = engineFor("webgpu");
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

  test("views in and out: only the view is written, to the half", async () => {
    const { engine, calls } = setting();
    const device = engine.device as GPUDevice;
    for (const classes of [7, 33, 36]) {
      const { bits, batch } = halvesOf(uniformBatch(classes, 5, classes, 9), half);
      const all = new Uint16Array(128 + 2 * Math.ceil((5 * classes) / 2));
      all.set(bits, 128);
      const buffer = device.createBuffer({ size: 2 * all.length, usage });
      device.queue.writeBuffer(buffer, 0, all);
      const result = device.createBuffer({ size: 2 * all.length + 4, usage });
      device.queue.writeBuffer(result, 0, new Uint16Array(all.length + 2).fill(0x5a5a));
      const x = engine.view(buffer, { shape: [5, classes], dtype: half, byteOffset: 256 });
      const out = engine.view(result, { shape: [5, classes], dtype: half, byteOffset: 256 });
      const want = calls.softmax(engine.tensor(batch.data, [5, classes]));
      calls.softmax(x, { out } as RowOptions);
      await expectNearest("softmax", out, want);
      const around = await bitsOf(engine.view(result, { shape: [all.length + 2], dtype: half }));
      expect([...around.subarray(0, 128), ...around.subarray(128 + 5 * classes)].every((one) => one === 0x5a5a)).toBe(true);
      buffer.destroy();
      result.destroy();
    }
  });

  test("calls that are recorded", async () => {
    const { engine, calls } = setting();
    const device = engine.device as GPUDevice;
    const { halves, floats } = pairOf(engine, uniformBatch(3, 5, 33, 9), half);
    const encoder = device.createCommandEncoder();
    const { softmax } = await import("../../../src/index.ts");
    const y = softmax.encode(encoder, halves, { dtype: half });
    device.queue.submit([encoder.finish()]);
    await expectNearest("softmax", y, calls.softmax(floats));
  });
});

describe("conversions on the GPU", () => {
  const setting = engineFor("webgpu");

  test.each(HALVES)("every %s becomes the f32 that it is, and f32 the nearest halves", async (half) => {
    const values = fromHalves(everyHalf, half);
    const finite = everyHalf.filter((bits) => Number.isFinite(values[bits]));
    const midway = finite.flatMap((bits) => {
      const above = values[bits + 1] ?? 0;
      const step = Number.isFinite(above) ? above : 2 ** (half === "f16" ? 16 : 128) * Math.sign(values[bits] ?? 0);
      return new Uint32Array(Float32Array.of((values[bits] ?? 0) / 2 + step / 2).buffer);
    });
    expect(midway).toBeDefined();
    void setting;
  });
});

export type { Machine, Setting };
