import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { GPU_ALONE } from "../../../src/engine/cpu/work.ts";
import {
  crossEntropy,
  Engine,
  entropy,
  logSoftmax,
  logSumExp,
  rowStatistics,
  softmax,
  type Tensor,
} from "../../../src/index.ts";
import { gpuEngine, ownDevice } from "../../support/device.ts";
import { planScale } from "../../support/engine/plans.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

/** What a [3] row of logits comes to. */
const softmaxOf012 = [0.09003057, 0.24472847, 0.66524096];

async function near(tensor: Tensor, want: readonly number[]): Promise<void> {
  const got = await tensor.read();
  expect(got.length).toBe(want.length);
  want.forEach((value, k) => void expect(got[k]).toBeCloseTo(value, 6));
}

describe("tensors", () => {
  test("come back as they went, in each dtype", async () => {
    for (const data of [Float32Array.of(1.5, -2, 3e-20), Int32Array.of(-1, 2, 3), Uint32Array.of(4e9, 5, 6)]) {
      using x = engine.tensor(data, [3, 1]);
      expect(await x.read()).toEqual(data);
    }
    using x = engine.tensor([1, 2, 3], [3]);
    expect(x.dtype).toBe("f32");
    expect(await x.read()).toEqual(Float32Array.of(1, 2, 3));
  });

  test("without elements are read as nothing, and give results without elements", async () => {
    using none = engine.tensor([], [0, 5]);
    using y = softmax(none);
    expect(y.shape).toEqual([0, 5]);
    expect(await none.read()).toEqual(new Float32Array(0));
    expect(await y.read()).toEqual(new Float32Array(0));
  });

  test("do not see the array they were made from change", async () => {
    const data = Float32Array.of(0, 1, 2);
    using x = engine.tensor(data, [3]);
    data.fill(9);
    expect(await x.read()).toEqual(Float32Array.of(0, 1, 2));
  });

  // Two staging buffers' worth and a little: the last piece is copied when the first has arrived, or in haste.
  const large = 2 * 2 ** 24 + 256;

  test("larger than a few staging buffers come back whole, also when disposed and reused at once", async () => {
    const data = new Uint32Array(large);
    for (let i = large - 1; i >= 0; i -= 4_099) data[i] = i;
    const x = engine.tensor(data, [large]);
    const { buffer } = x;
    const reading = x.read();
    x.dispose();
    using other = engine.tensor(new Uint32Array(large).fill(7), [large]);
    expect(other.buffer).toBe(buffer);
    const got = await reading;
    let wrong = 0;
    for (let i = large - 1; i >= 1; i -= 4_099) if (got[i] !== i || got[i - 1] !== 0) wrong += 1;
    expect(wrong).toBe(0);
  });

  test("larger than a few staging buffers are read as they were, also when overwritten at once", async () => {
    using x = engine.tensor(new Float32Array(64).fill(3), [64]);
    using out = engine.tensor(new Float32Array(large).fill(1), [large]);
    const before = out.read();
    const plan = planScale(64, 2, engine.limits);
    const tail = { buffer: "y", offset: (large - 64) * 4, size: 256 };
    const passes = plan.passes.map((pass) => ({ ...pass, bind: { x: "x", y: tail } }));
    engine.run({ ...plan, passes }, { x }, { outs: { y: out } });
    using last = engine.view(out.buffer, { shape: [64], byteOffset: (large - 64) * 4 });
    expect(await last.read()).toEqual(new Float32Array(64).fill(6));
    expect((await before).at(-1)).toBe(1);
  });
});

describe("memory", () => {
  test("counts tensors, and returns to none of them with dispose and using", async () => {
    const own = await gpuEngine();
    expect(own.memory().tensors).toBe(0);
    {
      using x = own.tensor([0, 1, 2], [3]);
      using y = softmax(x);
      expect(own.memory().tensors).toBe(2);
      const statistics = rowStatistics(x);
      expect(own.memory().tensors).toBe(11);
      await y.read();
      for (const one of Object.values(statistics)) one.dispose();
      for (const one of Object.values(statistics)) one.dispose();
    }
    expect(own.memory()).toMatchObject({ tensors: 0, bytes: 0 });
    own.dispose();
    expect(own.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
  });

  test("does not grow over 1,000 calls", async () => {
    using own = await gpuEngine();
    using x = own.tensor(new Float32Array(64 * 40), [64, 40]);
    const once = async () => {
      using p = softmax(x, { mask: new Array(40).fill(true) });
      using h = entropy(p);
      await h.read();
    };
    await once();
    const after = own.memory();
    for (let k = 0; k < 999; k++) {
      using p = softmax(x, { mask: new Array(40).fill(true) });
      using _ = entropy(p);
    }
    await once();
    expect(own.memory()).toEqual(after);
  });

  test("does not grow over 1,000 calls whose targets only the kernel can check, and which nobody reads", async () => {
    using own = await gpuEngine();
    using x = own.tensor(new Float32Array(8 * 5), [8, 5]);
    using ids = own.tensor(new Int32Array(8), [8]);
    for (let k = 0; k < 1_000; k++) crossEntropy(x, ids).dispose();
    await x.read();
    const { bytes, pooled } = own.memory();
    expect(bytes + pooled).toBeLessThan(300_000);
  });

  test("does not grow when a call is refused half-way", async () => {
    using own = await gpuEngine();
    using x = own.tensor([0, 1, 2], [3]);
    softmax(x).dispose();
    const before = own.memory();
    const plan = {
      name: "huge",
      outputs: { y: { shape: [3], dtype: "f32" } },
      arenas: {},
      scratch: { little: 256, much: own.limits.maxBufferSize + 16 },
      uploads: {},
      clears: [],
      checks: [],
      passes: [],
      cpu: GPU_ALONE,
    } as const;
    expect(() => own.run(plan, { x })).toThrow(/huge much: \d+ bytes exceed this device's largest buffer/);
    const after = own.memory();
    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
  });
});

describe("a device of the caller's own", () => {
  test("is used, and outlives the engine", async () => {
    const device = await ownDevice();
    const destroy = vi.spyOn(device, "destroy");
    const mine = device.createBuffer({ size: 256, usage: 0x80 | 0x4 | 0x8 });
    {
      using own = await Engine.create({ device });
      expect(own.device).toBe(device);
      using view = own.view(mine, { shape: [3] });
      device.queue.writeBuffer(mine, 0, Float32Array.of(0, 1, 2));
      await near(softmax(view), softmaxOf012);
      view.dispose();
    }
    expect(destroy).not.toHaveBeenCalled();
    using again = await Engine.create({ device });
    await near(softmax(again.view(mine, { shape: [3] })), softmaxOf012);
    device.destroy();
  });

  test("keeps its error scopes to its owner", async () => {
    const device = await ownDevice();
    device.pushErrorScope("validation");
    using own = await Engine.create({ device });
    using x = own.tensor([0, 1, 2], [3]);
    await near(softmax(x), softmaxOf012);
    device.createBuffer({ size: 16, usage: 0 });
    expect(await device.popErrorScope()).not.toBeNull();
    await near(x, [0, 1, 2]);
    device.destroy();
  });
});

describe("a view", () => {
  test("reads the caller's buffer from its offset on, and follows its changes", async () => {
    const device = engine.device as GPUDevice;
    const mine = device.createBuffer({ size: 1_024, usage: 0x80 | 0x4 | 0x8 });
    device.queue.writeBuffer(mine, 256, Float32Array.of(0, 1, 2, 5, 5, 5));
    using x = engine.view(mine, { shape: [2, 3], byteOffset: 256 });
    const third = 1 / 3;
    await near(softmax(x), [...softmaxOf012, third, third, third]);
    device.queue.writeBuffer(mine, 256, Float32Array.of(2, 1, 0));
    await near(softmax(x), [...softmaxOf012.toReversed(), third, third, third]);
    expect(x.buffer).toBe(mine);
    x.dispose();
    device.queue.writeBuffer(mine, 0, Float32Array.of(1));
    mine.destroy();
  });

  test("is written in place as `out`, nothing before or after it touched", async () => {
    const device = engine.device as GPUDevice;
    const mine = device.createBuffer({ size: 768, usage: 0x80 | 0x4 | 0x8 });
    device.queue.writeBuffer(mine, 0, new Float32Array(192).fill(8));
    using x = engine.tensor([0, 1, 2], [3]);
    using out = engine.view(mine, { shape: [3], byteOffset: 256 });
    expect(softmax(x, { out })).toBe(out);
    using all = engine.view(mine, { shape: [192] });
    const got = [...(await all.read())];
    got.splice(64, 3).forEach((value, k) => void expect(value).toBeCloseTo(softmaxOf012[k] as number, 6));
    expect(got.every((value) => value === 8)).toBe(true);
    mine.destroy();
  });

  test("that cannot be read says so, and still serves as input", async () => {
    const device = engine.device as GPUDevice;
    const mine = device.createBuffer({ size: 256, usage: 0x80 | 0x8 });
    device.queue.writeBuffer(mine, 0, Float32Array.of(0, 1, 2));
    using x = engine.view(mine, { shape: [3] });
    await expect(x.read()).rejects.toThrow("read: the buffer must have been created with GPUBufferUsage.COPY_SRC");
    await near(softmax(x), softmaxOf012);
    mine.destroy();
  });
});

describe("encode", () => {
  const newEncoder = ({ device } = engine) => (device as GPUDevice).createCommandEncoder();
  const submit = (encoder: GPUCommandEncoder, { device } = engine) =>
    (device as GPUDevice).queue.submit([encoder.finish()]);

  test("records between the caller's own commands and submits nothing", async () => {
    const device = engine.device as GPUDevice;
    const mine = device.createBuffer({ size: 256, usage: 0x80 | 0x4 | 0x8 });
    const source = device.createBuffer({ size: 256, usage: 0x4 | 0x8 });
    const copy = device.createBuffer({ size: 256, usage: 0x80 | 0x4 | 0x8 });
    device.queue.writeBuffer(source, 0, Float32Array.of(0, 1, 2));
    using x = engine.view(mine, { shape: [3] });
    const encoder = newEncoder();
    encoder.copyBufferToBuffer(source, 0, mine, 0, 12);
    using y = softmax.encode(encoder, x);
    encoder.copyBufferToBuffer(y.buffer, y.byteOffset, copy, 0, 12);
    await near(x, [0, 0, 0]);
    submit(encoder);
    await near(y, softmaxOf012);
    await near(engine.view(copy, { shape: [3] }), softmaxOf012);
    for (const buffer of [mine, source, copy]) buffer.destroy();
  });

  test("a chain outlives its middle, disposed before the submit", async () => {
    const encoder = newEncoder();
    using x = engine.tensor([0, 1, 2], [3]);
    const middle = logSoftmax.encode(encoder, x);
    using y = softmax.encode(encoder, middle);
    middle.dispose();
    submit(encoder);
    await near(y, softmaxOf012);
  });

  test("records many calls before one submit, and gives their memory back", async () => {
    using own = await gpuEngine();
    const before = own.memory();
    const encoder = newEncoder(own);
    const inputs = Array.from({ length: 40 }, (_, k) => own.tensor([k, 0, -k], [3]));
    const results = inputs.map((x) => softmax.encode(encoder, softmax.encode(encoder, x)));
    submit(encoder, own);
    for (const [k, y] of results.entries()) {
      const total = Math.exp(k) + 1 + Math.exp(-k);
      const p = [Math.exp(k) / total, 1 / total, Math.exp(-k) / total].map(Math.exp);
      const sum = (p[0] ?? 0) + (p[1] ?? 0) + (p[2] ?? 0);
      await near(
        y,
        p.map((value) => value / sum),
      );
    }
    for (const one of [...inputs, ...results]) one.dispose();
    // The inner softmaxes were dropped: their encoder still holds them.
    expect(own.memory().tensors).toBe(before.tensors + 40);
  });

  test("writes into `out`, which lives on when the call's result is disposed", async () => {
    using own = await gpuEngine();
    using x = own.tensor([0, 1, 2], [3]);
    using out = own.tensor(new Float32Array(3), [3]);
    const before = own.memory();
    for (let k = 0; k < 3; k++) {
      const encoder = newEncoder(own);
      const y = softmax.encode(encoder, x, { out });
      submit(encoder, own);
      await near(y, softmaxOf012);
      y.dispose();
    }
    await near(out, softmaxOf012);
    expect(own.memory().tensors).toBe(before.tensors);
    expect(own.memory().bytes).toBe(before.bytes);
  });

  test("keeps its inputs when they are disposed before the submit", async () => {
    const encoder = newEncoder();
    const x = engine.tensor([0, 1, 2], [3]);
    using y = softmax.encode(encoder, x);
    x.dispose();
    using _ = engine.tensor([7, 7, 7], [3]);
    submit(encoder);
    await near(y, softmaxOf012);
  });

  test("disposed before the submit fails loudly and harms no other tensor", async () => {
    const encoder = newEncoder();
    using x = engine.tensor([0, 1, 2], [3]);
    softmax.encode(encoder, x).dispose();
    using other = engine.tensor([7, 8, 9], [3]);
    using another = softmax(x);
    const device = engine.device as GPUDevice;
    device.pushErrorScope("validation");
    submit(encoder);
    expect(await device.popErrorScope()).not.toBeNull();
    await near(other, [7, 8, 9]);
    await near(another, softmaxOf012);
  });

  test("does not take an earlier call's complaint for its own", async () => {
    using x = engine.tensor([0, 1, 2], [1, 3]);
    using bad = engine.tensor(Int32Array.of(3), [1]);
    using good = engine.tensor(Int32Array.of(2), [1]);
    // Enough complaints that whatever the pool gives next has one in it.
    const calls = Array.from({ length: 8 }, () => crossEntropy(x, bad, { reduction: "none" }));
    await expect(x.read()).rejects.toThrow("row 0");
    const encoder = newEncoder();
    using loss = crossEntropy.encode(encoder, x, good);
    await near(x, [0, 1, 2]);
    submit(encoder);
    await near(loss, [0.40760596]);
    for (const call of calls) call.dispose();
  });

  test("complains once, at the first read after the caller's submit", async () => {
    using x = engine.tensor([0, 1, 2], [1, 3]);
    using bad = engine.tensor(Int32Array.of(3), [1]);
    const encoder = newEncoder();
    using _ = crossEntropy.encode(encoder, x, bad);
    await near(x, [0, 1, 2]);
    submit(encoder);
    await expect(x.read()).rejects.toMatchObject({ name: "InputError", code: "bad-data" });
    await near(x, [0, 1, 2]);
  });
});

test("64 calls at once, read in any order, each get their own values", async () => {
  const order = Array.from({ length: 64 }, (_, k) => (k * 37) % 64);
  const inputs = order.map((_, k) => engine.tensor([k / 8, 0], [2]));
  const results = inputs.map((x) => logSumExp(x));
  await Promise.all(order.map((k) => near(results[k] as Tensor, [Math.log(Math.exp(k / 8) + 1)])));
  for (const one of [...inputs, ...results]) one.dispose();
});

test("`prepare` compiles what a call then finds ready", async () => {
  using own = await gpuEngine();
  const device = own.device as GPUDevice;
  const blocking = vi.spyOn(device, "createComputePipeline");
  await own.prepare([softmax, logSumExp]);
  for (const shape of [
    [4, 7],
    [4, 1_024],
    [2, 100_000],
  ]) {
    using x = own.tensor(new Float32Array((shape[0] ?? 0) * (shape[1] ?? 0)), shape);
    using _ = softmax(x);
    using __ = logSumExp(x);
  }
  expect(blocking).not.toHaveBeenCalled();
  using x = own.tensor([0, 1, 2], [3]);
  await near(entropy(x), [0.8323955]);
  expect(blocking).toHaveBeenCalled();
});

test("the CPU engine's numbers are the GPU's, to f32's rounding", async () => {
  using cpu = await Engine.create({ backend: "cpu" });
  const data = Float32Array.from({ length: 12 * 300 }, (_, k) => 20 * Math.sin(k * k));
  const ids = Array.from({ length: 12 }, (_, row) => (row * 71) % 300);
  const results = async (on: Engine) => {
    using x = on.tensor(data, [12, 300]);
    const tensors = [softmax(x), logSumExp(x), entropy(x), crossEntropy(x, ids, { reduction: "none" })];
    const values = await Promise.all(tensors.map((one) => one.read()));
    for (const one of tensors) one.dispose();
    return values;
  };
  const [got, want] = [await results(engine), await results(cpu)];
  want.forEach((array, k) => {
    array.forEach((value, i) => {
      expect(Math.abs((got[k]?.[i] ?? Number.NaN) - value)).toBeLessThan(4e-6 + 4e-6 * Math.abs(value));
    });
  });
});

test("a [4 x 1,024] softmax with upload and readback takes well under 100 ms", async () => {
  const data = new Float32Array(4 * 1_024).fill(1);
  const times: number[] = [];
  for (let k = 0; k < 15; k++) {
    const start = performance.now();
    using x = engine.tensor(data, [4, 1_024]);
    using y = softmax(x);
    await y.read();
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[7] as number;
  console.log(`softmax [4 x 1,024] with upload and readback: median ${median.toFixed(1)} ms`);
  expect(median).toBeLessThan(60);
});

test("logits beyond one binding are read chunk by chunk, with nothing bound whole", async () => {
  // A device that was asked for no more than WebGPU promises: 128 MiB a binding.
  const device = await ownDevice();
  using own = await Engine.create({ device });
  expect(own.limits.maxStorageBufferBindingSize).toBe(2 ** 27);
  using x = own.tensor(new Float32Array(33 * 2 ** 20), [33, 2 ** 20]);
  using y = logSumExp(x, { classes: [0, 64] });
  const got = await y.read();
  for (const value of got) expect(value).toBeCloseTo(Math.log(64), 6);
  expect(got).toHaveLength(33);
  device.destroy();
});
