// Logits and results of f16 and bf16. What a kernel reads of a half is an f32: its results are held to what those of f32 are, and halves
// that it writes to the nearest ones. No bits are compared with those of f32: compilers may sum the two kernels in different orders.

import { describe, expect, test } from "vitest";
import halves from "../../../shaders/lib/halves.wgsl?raw";
import { bitsOf as bitsOfFloat } from "../../../src/arithmetic/bits.ts";
import { fromHalves, type Half, toHalves } from "../../../src/arithmetic/halves.ts";
import { type Engine, type Tensor, topK } from "../../../src/index.ts";
import type { RowOptions } from "../../../src/rows/row-options.ts";
import {
  type Batch,
  hardRows,
  randomIds,
  randomMask,
  randomProbabilities,
  repeated,
  uniformBatch,
} from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { everyHalf } from "../../support/halves.ts";
import { type Calls, callsFor, engineFor, lanesOfAGpu, limitsLike, onEach } from "../../support/rows/calls.ts";
import {
  judgeDivergence,
  judgeEntropy,
  judgeGradient,
  judgeLikelihoods,
  judgeLogSoftmax,
  judgeLogSumExp,
  judgeLosses,
  judgeSoftmax,
} from "../../support/rows/judge.ts";
import type { Choice } from "../../support/rows/reference.ts";

/** Logits as halves, and the same numbers as f32. */
function halvesOf(batch: Batch, half: Half): { readonly bits: Uint16Array; readonly batch: Batch } {
  const bits = toHalves(batch.data, half);
  return { bits, batch: { ...batch, data: fromHalves(bits, half) } };
}

interface Pair {
  /** The numbers that both hold. */
  readonly batch: Batch;
  readonly halves: Tensor;
  readonly floats: Tensor;
}

function pairOf(engine: Engine, given: Batch, half: Half): Pair {
  const { bits, batch } = halvesOf(given, half);
  const shape = [batch.rows, batch.classes];
  return { batch, halves: engine.tensor(bits, shape, { dtype: half }), floats: engine.tensor(batch.data, shape) };
}

/** The bits of a tensor of halves. */
async function bitsOf(tensor: Tensor): Promise<Uint16Array> {
  const { buffer, byteOffset, length } = await tensor.read();
  return new Uint16Array(buffer, byteOffset, length);
}

/** The numbers of a tensor of halves. */
async function numbersOf(tensor: Tensor): Promise<Float32Array> {
  return fromHalves(await bitsOf(tensor), tensor.dtype as Half);
}

/** Options that the reference knows too. */
type Choices = Choice & Pick<RowOptions, "mask">;

type Check = (calls: Calls, pair: Pair, half: Half, options?: Choices) => Promise<void>;

/** Halves of logits give what their numbers do: of a function that writes rows, and one that does not. */
const expectRows: Check = async (calls, { halves, batch }, half, options = {}) => {
  judgeSoftmax(await numbersOf(calls.softmax(halves, { ...options, dtype: half })), batch, options, half);
  judgeLogSumExp(await calls.logSumExp(halves, options).read(), batch, options);
};

/** The same of all functions of one operand. */
const expectAll: Check = async (calls, pair, half, options = {}) => {
  const { halves, floats, batch } = pair;
  await expectRows(calls, pair, half, options);
  judgeSoftmax(await calls.softmax(halves, options).read(), batch, options);
  judgeLogSoftmax(await numbersOf(calls.logSoftmax(halves, { ...options, dtype: half })), batch, options, half);
  judgeEntropy(await calls.entropy(halves, options).read(), batch, options);
  const { rows, classes } = batch;
  const [begin, end] = options.classes ?? [0, classes];
  const ids = randomIds(rows, rows, end - begin).map((id) => begin + id);
  const losses = { ...options, reduction: "none" } as const;
  judgeLosses(await calls.crossEntropy(halves, ids, losses).read(), batch, ids, options);
  const got = calls.crossEntropyWithGradient(halves, ids, { ...losses, dtype: half });
  judgeLosses(await got.loss.read(), batch, ids, options);
  judgeGradient(await numbersOf(got.gradient), batch, ids, losses, half);
  const [some, all] = [calls.rowStatistics(halves, ids, options), calls.rowStatistics(floats, ids, options)];
  judgeLosses(await some.loss.read(), batch, ids, options);
  judgeLikelihoods(await some.probability.read(), batch, ids, options);
  // No sums are in these.
  for (const name of ["margin", "rank", "argmax"] as const) {
    expect(await some[name].read(), name).toEqual(await all[name].read());
  }
  const [few, best] = [calls.topK(halves, 2, options), calls.topK(floats, 2, options)];
  expect(await few.values.read()).toEqual(await best.values.read());
  expect(await few.ids.read()).toEqual(await best.ids.read());
};

/** One reading of halves is all functions': `npm test` tries it in each layout with two of them, and all functions in one. */
const expectSome: Check = (...given) => (exhaustive && given[2] === "f16" ? expectAll : expectRows)(...given);

/** bf16 differ from f16 in how a word becomes numbers, and in nothing else: `npm test` tries them on a GPU in few layouts. */
function isThorough(half: Half, on: "webgpu" | "cpu" = "webgpu"): boolean {
  return exhaustive || half === "f16" || on === "cpu";
}

/** Both operands of a divergence may be halves, of either kind. */
async function expectDivergences(calls: Calls, engine: Engine, classes: number, options: Choices = {}): Promise<void> {
  const [p, q] = [
    pairOf(engine, uniformBatch(1, 5, classes, 6), "f16"),
    pairOf(engine, uniformBatch(2, 5, classes, 6), "bf16"),
  ];
  for (const [a, b] of [
    [p.halves, q.halves],
    [p.halves, q.floats],
    [p.floats, q.halves],
  ] as const) {
    judgeDivergence(await calls.klDivergence(a, b, options).read(), p.batch, q.batch, options);
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
      expect(values.constructor.name).toBe(
        half === "f16" && "Float16Array" in globalThis ? "Float16Array" : "Uint16Array",
      );
      expect(await bitsOf(tensor)).toEqual(bits);
      expect(await bitsOf(engine.tensor([...fromHalves(bits, half)], [0x7c01], { dtype: half }))).toEqual(bits);
    });

    test.each([0, 1])(
      "every number is read as what it is, by rows that start %i elements from a whole word",
      async (begin) => {
        const { engine } = setting();
        const bits = Uint16Array.from({ length: 2 * 0x10000 }, (_, k) => (k % 2 === begin ? k >> 1 : 0));
        const x = engine.tensor(bits, [0x10000, 2], { dtype: half });
        expectRead(await topK(x, 1, { classes: [begin, begin + 1] }).values.read());
      },
    );

    test("every number is read as what it is, four at a time", async () => {
      const { engine } = setting();
      const bits = Uint16Array.from({ length: 4 * 0x10000 }, (_, k) => (k % 4 === (k >> 2) % 4 ? k >> 2 : 0xff80));
      // Below every number but the last few: -Infinity.
      const lowest = half === "f16" ? 0xfc00 : 0xff80;
      const x = engine.tensor(
        bits.map((one, k) => (k % 4 === (k >> 2) % 4 ? one : lowest)),
        [0x10000, 4],
        { dtype: half },
      );
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

    const thorough = isThorough(half, on);

    test.each([
      ["whole vec4s", 5, 64, expectSome, true],
      ["whole words", 5, 66, expectSome, thorough],
      ["odd", 5, 65, thorough ? expectAll : expectSome, true],
      ["one class", 7, 1, expectSome, true],
      ["in registers", 803, 7, expectSome, thorough],
      ["in registers, whole vec4s", 600, 8, expectSome, thorough],
      ["split", 2, 40_003, expectRows, thorough],
    ])("functions of rows: %s", async (_, rows, classes, check, wanted) => {
      const { calls, engine } = setting();
      if (wanted) await check(calls, pairOf(engine, uniformBatch(classes, rows, classes, 9), half), half);
    });

    test.runIf(thorough)("rows in registers, one by one", async () => {
      const { calls, engine } = setting();
      await expectSome(calls, pairOf(engine, uniformBatch(35, 560, 35, 9), half), half);
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
      await expectSome(calls, pair, half, { classes: window, temperature: 1.7 });
    });

    test.runIf(thorough)("masks", async () => {
      const { calls, engine } = setting();
      const mask = randomMask(3, 9, 67, 0.5);
      await expectSome(calls, pairOf(engine, uniformBatch(4, 9, 67, 9), half), half, { mask });
    });

    test("NaN, infinities and rows of nothing else", async () => {
      const { calls, engine } = setting();
      for (const classes of [7, 64, 67]) {
        const batch = uniformBatch(5, 8, classes, 9);
        const odd = [Number.NaN, Infinity, -Infinity, 65_504, -65_504, 2 ** -24];
        for (const [row, value] of odd.entries()) batch.data[row * classes + row] = value;
        batch.data.fill(Number.NEGATIVE_INFINITY, 6 * classes, 7 * classes);
        await expectSome(calls, pairOf(engine, batch, half), half);
      }
    });

    test.runIf(exhaustive || on === "cpu")("probabilities as targets, weights, smoothing and a z-loss", async () => {
      const { calls, engine } = setting();
      for (const classes of [40, 41]) {
        const { halves, batch } = pairOf(engine, uniformBatch(6, 9, classes, 9), half);
        const soft = randomProbabilities(7, 9, classes);
        const options = {
          reduction: "none",
          weight: Array.from({ length: classes }, (_, c) => 0.5 + (c % 3)),
          labelSmoothing: 0.1,
          zLoss: 1e-3,
          classes: [1, 38],
        } as const;
        const got = calls.crossEntropyWithGradient(halves, soft, { ...options, dtype: half });
        judgeLosses(await got.loss.read(), batch, soft, options);
        judgeGradient(await numbersOf(got.gradient), batch, soft, options, half);
      }
    });

    test("a result in the caller's tensor, of either precision", async () => {
      const { calls, engine } = setting();
      for (const classes of thorough ? [40, 41] : [41]) {
        const { halves, floats, batch } = pairOf(engine, uniformBatch(8, 9, classes, 9), half);
        const out = engine.tensor(new Uint16Array(9 * classes), [9, classes], { dtype: half });
        expect(calls.softmax(floats, { out } as RowOptions)).toBe(out);
        judgeSoftmax(await numbersOf(out), batch, {}, half);
        const wide = engine.tensor(new Float32Array(9 * classes), [9, classes]);
        calls.softmax(halves, { out: wide } as RowOptions);
        judgeSoftmax(await wide.read(), batch);
      }
    });
  });

  test("divergences of halves and f32", async () => {
    const { calls, engine } = setting();
    for (const classes of [64, 65]) await expectDivergences(calls, engine, classes);
    await expectDivergences(calls, engine, 65, { classes: [1, 64] });
  });
});

describe.each(exhaustive ? HALVES : (["f16"] as const))("a GPU's layouts, %s", (half) => {
  // Without findings about the machine, f16 are read by whole numbers.
  const setting = engineFor("webgpu", lanesOfAGpu);

  test("rows on 8 lanes, which start within words", async () => {
    const { calls, engine } = setting();
    const { halves, batch } = pairOf(engine, repeated(hardRows(101), 9), half);
    judgeSoftmax(await numbersOf(calls.softmax(halves, { dtype: half })), batch, {}, half);
  });

  // Lanes take up to three seconds of SwiftShader's compiler a kernel, and halves are read alike by all functions.
  test.runIf(exhaustive).each([
    ["8 lanes", 9, 101],
    ["in registers", 803, 7],
    ...(half === "f16"
      ? ([
          ["segments", 2, 20_001],
          ["segments of whole vec4s", 3, 20_000],
        ] as const)
      : []),
  ] as const)("functions of rows: %s", async (_, rows, classes) => {
    const { calls, engine } = setting();
    await expectRows(calls, pairOf(engine, repeated(hardRows(classes), rows), half), half);
  });

  test.runIf(exhaustive)("rows in registers, one by one", async () => {
    const { calls, engine } = setting();
    await expectRows(calls, pairOf(engine, repeated(hardRows(17), 561), half), half);
  });

  test.runIf(exhaustive)("divergences on lanes", async () => {
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
    ...(isThorough(half) ? [[3, 20_001, 100_000] as const] : []),
  ] as const)("%i rows of %i classes", async (rows, classes, most) => {
    const { engine } = setting();
    const pair = pairOf(engine, uniformBatch(classes, rows, classes, 9), half);
    await expectSome(limited(most), pair, half);
    await expectSome(limited(most), pair, half, { classes: [1, Math.floor(classes / 2)] });
  });

  // Chunks start in the middle of words, where rows are taken one by one, by another kernel.
  test("rows in registers", async () => {
    const { engine } = setting();
    await expectSome(limited(4_096), pairOf(engine, uniformBatch(7, 900, 7, 9), half), half);
  });

  test.runIf(isThorough(half))("masks and probabilities keep to their rows", async () => {
    const { engine } = setting();
    const calls = limited(4_096);
    const { halves, batch } = pairOf(engine, uniformBatch(24, 50, 103, 9), half);
    const mask = randomMask(25, 50, 103, 0.5);
    judgeSoftmax(await calls.softmax(halves, { mask }).read(), batch, { mask });
    const soft = randomProbabilities(26, 50, 103);
    judgeLosses(await calls.crossEntropy(halves, soft, { reduction: "none" }).read(), batch, soft);
    const other = pairOf(engine, uniformBatch(27, 50, 103, 9), half);
    judgeDivergence(await calls.klDivergence(halves, other.floats).read(), batch, other.batch);
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
      calls.softmax(x, { out } as RowOptions);
      judgeSoftmax(await numbersOf(out), batch, {}, half);
      const around = await bitsOf(engine.view(result, { shape: [all.length + 2], dtype: half }));
      expect([...around.subarray(0, 128), ...around.subarray(128 + 5 * classes)].every((one) => one === 0x5a5a)).toBe(
        true,
      );
      buffer.destroy();
      result.destroy();
    }
  });

  test("calls that are recorded", async () => {
    const { engine } = setting();
    const device = engine.device as GPUDevice;
    const { halves, batch } = pairOf(engine, uniformBatch(3, 5, 33, 9), half);
    const encoder = device.createCommandEncoder();
    const { softmax } = await import("../../../src/index.ts");
    const y = softmax.encode(encoder, halves, { dtype: half });
    device.queue.submit([encoder.finish()]);
    judgeSoftmax(await numbersOf(y), batch, {}, half);
  });
});

describe("the kernels' own conversions", () => {
  const setting = engineFor("webgpu");

  describe.each(HALVES)("%s", (half) => {
    const values = fromHalves(everyHalf, half);

    test.for(["by whole numbers", "by the machine's own conversion", "by a product"])(
      "every one becomes the f32 that it is, %s",
      async (way, { skip }) => {
        const { numerics } = setting().engine;
        const scales = way === "by a product";
        skip(scales && numerics.subnormals === "flushed", "subnormal f32 are flushed here");
        const code = `const HALF_UNPACKS = ${way === "by the machine's own conversion"};
const HALF_SCALES = ${scales};
${halves}
@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<vec2<u32>>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  y[id.x] = halves_widen(x[id.x], ${half === "bf16"});
}`;
        const words = await dispatched(code, new Uint32Array(everyHalf.slice().buffer), everyHalf.length);
        const got = new Float32Array(words.buffer);
        expect(everyHalf.filter((bits) => !Object.is(got[bits], values[bits]))).toHaveLength(0);
      },
    );

    test("f32 become the nearest: numbers, those midway between two and beside that, and what is not finite", async () => {
      const infinity = half === "f16" ? 0x7c00 : 0x7f80;
      const bits = [0x7f800001, 0xffc00000, 0x7f7fffff, 0xff7fffff, 1, 0x80000000];
      for (let one = 0; one <= infinity; one++) {
        const [low, high] = [
          bitsOfFloat(values[one] ?? 0),
          bitsOfFloat(one + 1 < infinity ? (values[one + 1] ?? 0) : Infinity),
        ];
        // Midway in value, which from the largest number to infinity is not midway in bits.
        const middle = one + 1 < infinity ? bitsOfFloat(((values[one] ?? 0) + (values[one + 1] ?? 0)) / 2) : low;
        bits.push(low, high, middle - 1, middle, middle + 1, (middle | 0x80000000) >>> 0);
      }
      while (bits.length % 256 > 0) bits.push(0);
      const code = `const HALF_UNPACKS = false;
const HALF_SCALES = false;
${halves}
@group(0) @binding(0) var<storage, read> x: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> y: array<vec2<u32>>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  y[id.x] = halves_narrow4(x[id.x], ${half === "bf16"});
}`;
      const given = Uint32Array.from(bits);
      const words = await dispatched(code, given, given.length / 2);
      const got = new Uint16Array(words.buffer);
      const want = toHalves(new Float32Array(given.buffer), half);
      const bad = want.findIndex((one, k) => one !== got[k]);
      expect(bad, `${given[bad]?.toString(16)}: ${got[bad]?.toString(16)}, want ${want[bad]?.toString(16)}`).toBe(-1);
    });
  });

  /** What a shader of one invocation a word, or four, writes: so many words. */
  async function dispatched(
    code: string,
    x: Uint32Array<ArrayBuffer>,
    count: number,
  ): Promise<Uint32Array<ArrayBuffer>> {
    const device = setting().engine.device as GPUDevice;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const [given, result] = [x.byteLength, 4 * count].map((size) => device.createBuffer({ size, usage })) as [
      GPUBuffer,
      GPUBuffer,
    ];
    device.queue.writeBuffer(given, 0, x);
    const compute = { module: device.createShaderModule({ code }), entryPoint: "main" };
    const pipeline = device.createComputePipeline({ layout: "auto", compute });
    const entries = [given, result].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(count / 128);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const words = await setting()
      .engine.view(result, { shape: [count], dtype: "u32" })
      .read();
    given.destroy();
    result.destroy();
    return words as Uint32Array<ArrayBuffer>;
  }
});
