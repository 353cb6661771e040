import { beforeAll, describe, expect, test } from "vitest";
import { fromHalves as numbersOf, toHalves } from "../../../src/arithmetic/halves.ts";
import {
  crossEntropy,
  crossEntropyWithGradient,
  Engine,
  fromHalves,
  gaussianLogDensity,
  InputError,
  klDivergence,
  logSumExp,
  normal,
  sequenceKl,
  softmax,
  Tensor,
} from "../../../src/index.ts";
import { expectedValue, openvla, sampleRows } from "../../../src/robotics/index.ts";
import { uniformBatch } from "../../support/data.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";
import { ROW_FUNCTIONS } from "../../support/rows/functions.ts";

const BITS = Uint16Array.of(0x3c00, 0x4000, 0xc200, 0x0001, 0x3555, 0x7bff);

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
});

/** Everything that a call gives, in order. */
async function resultsOf(result: unknown): Promise<readonly unknown[]> {
  const tensors = result instanceof Tensor ? [result] : Object.values(result as Record<string, Tensor>);
  return Promise.all(tensors.map((tensor) => tensor.read()));
}

describe.each(["f16", "bf16"] as const)("every function of rows takes %s", (half) => {
  test.each(Object.entries(ROW_FUNCTIONS))("%s", async (_, { call, args, own }) => {
    const halves = engine.tensor(BITS, [2, 3], { dtype: half });
    const floats = engine.tensor(numbersOf(BITS, half), [2, 3]);
    for (const options of [{}, { classes: [1, 3], mask: [true, true, false], ...own }]) {
      const of = (x: Tensor) => resultsOf(call(...([...args(x), options] as never[])));
      expect(await of(halves)).toEqual(await of(floats));
    }
  });

  test("sampleRows, sequenceKl and the heads of robots", async () => {
    const { data } = uniformBatch(1, 4, 32_064, 3);
    const bits = toHalves(data, half);
    const shape = [4, 32_064];
    const halves = engine.tensor(bits, shape, { dtype: half });
    const floats = engine.tensor(numbersOf(bits, half), shape);
    const labels = [31_900, 31_901, 31_902, 31_903];
    expect(await openvla.actionLoss(halves, labels).read()).toEqual(await openvla.actionLoss(floats, labels).read());
    const narrow = engine.tensor(toHalves(Float32Array.of(0, 1, 0, 0.25, 0, 0.75), half), [2, 3], { dtype: half });
    expect(await sampleRows(narrow, { seed: 1 }).read()).toEqual(
      await sampleRows(engine.tensor([0, 1, 0, 0.25, 0, 0.75], [2, 3]), { seed: 1 }).read(),
    );
    const sequence = (x: Uint16Array) => engine.tensor(x, [1, 2, 3], { dtype: half });
    const wide = (x: Uint16Array) => engine.tensor(numbersOf(x, half), [1, 2, 3]);
    const reversed = BITS.slice().reverse();
    expect(await sequenceKl(sequence(BITS), sequence(reversed))).toEqual(await sequenceKl(wide(BITS), wide(reversed)));
  });

  test("large calls, in WebAssembly on threads", async () => {
    const batch = uniformBatch(2, 300, 1_001, 9);
    const bits = toHalves(batch.data, half);
    const halves = engine.tensor(bits, [300, 1_001], { dtype: half });
    const floats = engine.tensor(numbersOf(bits, half), [300, 1_001]);
    const want = (await softmax(floats).read()) as Float32Array;
    expect(await softmax(halves).read()).toEqual(want);
    expect(await softmax(halves, { dtype: half }).read()).toEqual(toHalves(want, half));
    expect(await logSumExp(halves).read()).toEqual(await logSumExp(floats).read());
    const { tensors } = engine.memory();
    expect(tensors).toBeGreaterThan(0);
  });
});

test("a tensor of halves takes two bytes a value", async () => {
  using own = await Engine.create({ backend: "cpu", threads: 0 });
  own.tensor(BITS, [6], { dtype: "f16" });
  expect(own.memory().bytes).toBe(12);
});

test("numbers are rounded to the nearest half", async () => {
  const values = [1, 2049, 2051, 65_519, 65_520, -1e6, 2 ** -25, 1.5 * 2 ** -24, Number.NaN];
  const read = await engine.tensor(values, [9], { dtype: "f16" }).read();
  expect([...fromHalves(read as Uint16Array, "f16")]).toEqual([
    ...[1, 2048, 2052, 65_504, Infinity, -Infinity, 0, 2 ** -23, Number.NaN],
  ]);
});

/** A message that says where, what was needed and what was got. */
function refuses(call: () => unknown, message: string): void {
  expect(call).toThrow(InputError);
  expect(call).toThrow(message);
}

describe("what does not fit is refused", () => {
  const x = () => engine.tensor(BITS, [2, 3], { dtype: "f16" });
  const floats = () => engine.tensor(new Float32Array(6), [2, 3]);

  test("data of a tensor", () => {
    refuses(
      () => engine.tensor(BITS, [2, 3]),
      'tensor: a Uint16Array has the bits of "f16" or of "bf16": needed { dtype } that says which, got none',
    );
    refuses(
      () => engine.tensor(BITS, [2, 2], { dtype: "f16" }),
      "tensor: shape [2, 2] needs 4 values, got an array of 6",
    );
    refuses(
      () => engine.tensor(BITS, [2, 3], { dtype: "f32" }),
      'tensor: dtype of a Uint16Array must be "f16" or "bf16", got "f32"',
    );
    refuses(
      () => engine.tensor(Uint32Array.of(1), [1], { dtype: "f16" }),
      'tensor: dtype of a Uint32Array must be "u32", got "f16"',
    );
    refuses(
      () => engine.tensor([1], [1], { dtype: "u32" }),
      'tensor: dtype of numbers must be "f32" or "f16" or "bf16", got "u32"',
    );
    refuses(() => engine.tensor([1], [1], { dtype: "half" as "f16" }), "tensor: dtype must be one of");
    refuses(() => engine.tensor([1], [1], { type: "f16" } as object), "tensor: there is no option 'type'");
    refuses(() => fromHalves(BITS, "f32" as "f16"), 'fromHalves: dtype must be one of "f16", "bf16", got "f32"');
    refuses(
      () => fromHalves(new Float32Array(1) as never, "bf16"),
      "fromHalves: values must be a Uint16Array, got [object Float32Array]",
    );
  });

  test("a view that its buffer is too small for, or that starts within", async () => {
    using onGpu = await Engine.create({ gpu: fakeGpu().gpu });
    const buffer = (size: number) => ({ size, usage: 0x80 }) as GPUBuffer;
    expect(onGpu.view(buffer(8), { shape: [3], dtype: "f16" }).dtype).toBe("f16");
    expect(onGpu.view(buffer(512), { shape: [128], dtype: "bf16", byteOffset: 256 }).byteOffset).toBe(256);
    refuses(
      () => onGpu.view(buffer(6), { shape: [3], dtype: "f16" }),
      "view: f16 [3] from byte 0 needs 8 bytes (whole words of 4: make the buffer 2 larger than the values), got a buffer of 6",
    );
    refuses(
      () => onGpu.view(buffer(512), { shape: [130], dtype: "bf16", byteOffset: 256 }),
      "view: bf16 [130] from byte 256 needs 516 bytes, got a buffer of 512",
    );
    refuses(
      () => onGpu.view(buffer(512), { shape: [2], dtype: "f16", byteOffset: 2 }),
      "view: byteOffset must be a multiple of 256, got 2",
    );
  });

  test("a result of another type", () => {
    const out = engine.tensor(new Uint16Array(6), [2, 3], { dtype: "bf16" });
    refuses(() => softmax(x(), { out, dtype: "f16" }), "softmax: out must be f16 [2, 3], got bf16 [2, 3]");
    refuses(() => softmax(x(), { out: floats(), dtype: "f16" }), "softmax: out must be f16 [2, 3], got f32 [2, 3]");
    refuses(
      () => softmax(x(), { dtype: "i32" as "f32" }),
      'softmax: dtype must be one of "f32", "f16", "bf16", got "i32"',
    );
    refuses(
      () => logSumExp(x(), { out: engine.tensor(new Uint16Array(2), [2], { dtype: "f16" }) }),
      "logSumExp: out must be f32 [2], got f16 [2]",
    );
    refuses(() => logSumExp(x(), { dtype: "f16" } as object), "logSumExp: there is no option 'dtype'");
    refuses(
      () => crossEntropyWithGradient(x(), [0, 1], { dtype: "f64" as "f32" }),
      'crossEntropyWithGradient: dtype must be one of "f32", "f16", "bf16", got "f64"',
    );
  });

  test("halves where f32 are needed", () => {
    refuses(
      () => crossEntropy(floats(), x()),
      "crossEntropy: targets must be class ids (i32 or u32) or probabilities in f32, got f16 [2, 3]",
    );
    refuses(
      () => crossEntropy(floats(), [0, 1], { weight: engine.tensor(new Uint16Array(3), [3], { dtype: "f16" }) }),
      "crossEntropy: weight must be f32 [3] (one a class), got f16 [3]",
    );
    refuses(() => softmax(floats(), { mask: x() }), "softmax: mask must hold flags of u32, i32 or f32, got f16 [2, 3]");
    refuses(() => gaussianLogDensity(x(), { mean: 0, std: 1 }), "gaussianLogDensity: x must be f32");
    refuses(() => gaussianLogDensity(floats(), { mean: x(), std: 1 }), "got f16 [2, 3]");
    refuses(() => normal(0, 1).logProb(x()), "got f16 [2, 3]");
    refuses(() => normal(0, 1).cdf(x()), "normal.cdf: x must be an f32 tensor [...], got f16 [2, 3]");
    refuses(
      () => expectedValue(x(), [1, 2, 3]),
      "expectedValue: probabilities must be f32 with at least one axis, got f16 [2, 3]",
    );
    refuses(
      () => klDivergence(x(), engine.tensor(new Int32Array(6), [2, 3])),
      "klDivergence: qLogits must be f32, f16 or bf16 [2, 3] like pLogits, got i32 [2, 3]",
    );
  });
});
