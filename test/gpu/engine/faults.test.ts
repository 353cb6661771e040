import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../../src/engine/plan.ts";
import {
  crossEntropy,
  DeviceLostError,
  Engine,
  InputError,
  KernelError,
  softmax,
  type Tensor,
  UnsupportedError,
} from "../../../src/index.ts";
import { gpuEngine, ownDevice, rejection } from "../../support/device.ts";
import { planScale, scaleKernel } from "../../support/engine/plans.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

const misspelt = scaleKernel((code) => code.replace("x[i] * params.factor", "x[i] * params.facto"));

describe("a kernel that does not compile", () => {
  test("is a KernelError with line, column and source line, at the next read; the engine goes on", async () => {
    using x = engine.tensor([1, 2, 3], [3]);
    using _ = engine.run(planScale(3, 2, engine.limits, misspelt), { x }).y;
    const error = (await rejection(x.read())) as KernelError;
    expect(error).toBeInstanceOf(KernelError);
    expect(error.code).toBe("shader");
    expect(error.message).toMatch(/^scale: 12:\d+ /);
    expect(error.message).toContain("\n      if i < params.count { y[i] = x[i] * params.facto; }");
    expect(await x.read()).toEqual(Float32Array.of(1, 2, 3));
    using y = engine.run(planScale(3, 2, engine.limits), { x }).y;
    expect(await y.read()).toEqual(Float32Array.of(2, 4, 6));
  });

  test("is told to every read under way, and to none that began before", async () => {
    using x = engine.tensor([1, 2, 3], [3]);
    const before = x.read();
    using y = engine.run(planScale(3, 2, engine.limits, misspelt), { x }).y;
    const [first, second] = await Promise.allSettled([x.read(), y.read()]);
    expect(await before).toEqual(Float32Array.of(1, 2, 3));
    expect(first).toMatchObject({ status: "rejected", reason: { name: "KernelError" } });
    expect(second).toMatchObject({ status: "rejected", reason: { name: "KernelError" } });
    expect(await x.read()).toEqual(Float32Array.of(1, 2, 3));
  });

  // Pipelines of one submit fail together, whichever of them is compiled first.
  test.each([
    ["before", "read"],
    ["before", "fetch"],
    ["behind", "read"],
    ["behind", "fetch"],
  ])("%s another new kernel is told by `%s` too", async (where, how) => {
    using x = engine.tensor([1, 2, 3], [3]);
    const broken = scaleKernel((code) => code.replace("let i =", "let from ="));
    const [bad, good] = [broken, scaleKernel()].map((kernel) => planScale(3, 2, engine.limits, kernel).passes) as [
      Pass[],
      Pass[],
    ];
    const plan = {
      ...planScale(3, 2, engine.limits),
      passes: where === "before" ? [...bad, ...good] : [...good, ...bad],
    };
    const read = () => (engine.run(plan, { x }).y as Tensor).read();
    const work = how === "read" ? read() : engine.fetch(plan, { x });
    expect(await rejection(work)).toMatchObject({ name: "KernelError", code: "shader" });
    expect(await x.read()).toEqual(Float32Array.of(1, 2, 3));
  });

  test("makes `prepare` throw, and no read after it", async () => {
    const fresh = scaleKernel((code) => code.replace("fn main", "fn mian"));
    const plan = planScale(3, 2, engine.limits, fresh);
    const fn = { preparations: () => [plan] };
    expect(await rejection(engine.prepare([fn]))).toMatchObject({ name: "KernelError", code: "shader" });
    using x = engine.tensor([1], [1]);
    expect(await x.read()).toEqual(Float32Array.of(1));
  });
});

test("a plan that binds what is not there is a KernelError at once, and leaves the caller's encoder whole", async () => {
  using x = engine.tensor([1, 2, 3], [3]);
  const device = engine.device as GPUDevice;
  const encoder = device.createCommandEncoder();
  const plan = planScale(3, 2, engine.limits);
  const passes = plan.passes.map((pass) => ({ ...pass, bind: { x: "z", y: "y" } }));
  expect(() => engine.run({ ...plan, passes }, { x }, { encoder })).toThrow("scale: nothing bound to 'x'");
  using y = engine.run(plan, { x }, { encoder }).y;
  device.queue.submit([encoder.finish()]);
  expect(await y.read()).toEqual(Float32Array.of(2, 4, 6));
});

test("a dispatch that the GPU refuses is a KernelError that names the function", async () => {
  using x = engine.tensor([1, 2, 3], [3]);
  const plan = planScale(3, 2, engine.limits);
  const passes = plan.passes.map((pass) => ({ ...pass, grid: [65_536, 1] as const }));
  using _ = engine.run({ ...plan, passes }, { x }).y;
  const error = await rejection(x.read());
  expect(error).toMatchObject({ name: "KernelError", code: "validation" });
  expect((error as Error).message).toMatch(/^scale: /);
});

test("an error in work of the page's own on the engine's device surfaces at a read", async () => {
  using own = await gpuEngine();
  using x = own.tensor([1], [1]);
  (own.device as GPUDevice).createBuffer({ size: 16, usage: 0 });
  // Browsers fire uncapturederror in their own time.
  let error: unknown;
  for (let k = 0; k < 100 && !error; k++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    error = await x.read().then(
      () => undefined,
      (reason: unknown) => reason,
    );
  }
  expect(error).toMatchObject({ name: "KernelError", code: "validation" });
  expect(await x.read()).toEqual(Float32Array.of(1));
});

describe("target ids that only the kernel can check", () => {
  test("make the next read an InputError that names the first bad row, and later reads none", async () => {
    using x = engine.tensor(new Float32Array(12), [4, 3]);
    using ids = engine.tensor(Int32Array.of(0, 2, 3, -1), [4]);
    using _ = crossEntropy(x, ids);
    const error = await rejection(x.read());
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code: "bad-data" });
    expect((error as Error).message).toMatch(
      /^crossEntropy: targets must be class ids in \[0, 3\).*row 2 has neither$/,
    );
    expect(await x.read()).toEqual(new Float32Array(12));
  });

  test("are told to every read under way, and to none that began before", async () => {
    using x = engine.tensor(new Float32Array(6), [2, 3]);
    using ids = engine.tensor(Int32Array.of(0, 9), [2]);
    const before = x.read();
    using loss = crossEntropy(x, ids);
    const [first, second] = await Promise.allSettled([x.read(), loss.read()]);
    expect(await before).toEqual(new Float32Array(6));
    expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
    expect(await x.read()).toEqual(new Float32Array(6));
  });

  test("are found also among many calls that nobody read, the earliest first", async () => {
    using x = engine.tensor(new Float32Array(6), [2, 3]);
    using good = engine.tensor(Int32Array.of(0, 1), [2]);
    using bad = engine.tensor(Int32Array.of(0, 9), [2]);
    using worse = engine.tensor(Int32Array.of(9, 9), [2]);
    for (let k = 0; k < 200; k++) crossEntropy(x, k === 100 ? bad : k === 150 ? worse : good).dispose();
    expect(((await rejection(x.read())) as Error).message).toContain("row 1 ");
    using loss = crossEntropy(x, good);
    expect((await loss.read())[0]).toBeCloseTo(Math.log(3), 6);
  });
});

describe("too much", () => {
  test("for one buffer is an UnsupportedError before any GPU work", () => {
    const before = engine.memory();
    using x = engine.tensor([1], [1]);
    const plan = planScale(engine.limits.maxBufferSize / 4 + 4, 2, {
      ...engine.limits,
      maxComputeWorkgroupsPerDimension: 1e9,
    });
    const refuse = () => engine.run(plan, { x });
    expect(refuse).toThrow(UnsupportedError);
    expect(refuse).toThrow(/scale y: \d+ bytes exceed this device's largest buffer of \d+; use smaller batches/);
    x.dispose();
    expect(engine.memory().bytes).toBe(before.bytes);
  });
});

describe("a lost device", () => {
  test("cannot be adopted, also when it was destroyed a moment ago", async () => {
    for (const pause of [0, 50]) {
      const device = await ownDevice();
      device.destroy();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      expect(await rejection(Engine.create({ device }))).toMatchObject({
        name: "DeviceLostError",
        message: expect.stringMatching(
          /^Engine\.create: the GPU device was lost \(destroyed\).*; adopt a device that lives$/,
        ),
      });
    }
  });

  test.each(["adopted", "own"])("(%s) makes reads, tensors and calls throw DeviceLostError", async (whose) => {
    const lost = whose === "adopted" ? await Engine.create({ device: await ownDevice() }) : await gpuEngine();
    const x = lost.tensor(new Float32Array(4_096 * 256), [4_096, 256]);
    const y = softmax(x);
    const pending = [y.read(), x.read()];
    (lost.device as GPUDevice).destroy();
    const late = attempt(() => softmax(x, { out: y }).read());
    const start = performance.now();
    for (const error of await Promise.all([...pending, late].map(rejection))) {
      expect(error).toBeInstanceOf(DeviceLostError);
    }
    expect(performance.now() - start).toBeLessThan(900);
    expect(() => softmax(x)).toThrow(DeviceLostError);
    expect(() => lost.tensor([1], [1])).toThrow(DeviceLostError);
    expect(() => x.buffer).toThrow(DeviceLostError);
    expect(await rejection(y.read())).toMatchObject({ name: "DeviceLostError", code: "device-lost" });
    expect(await rejection(lost.prepare([softmax]))).toBeInstanceOf(DeviceLostError);
    x.dispose();
    y.dispose();
    expect(lost.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
    lost.dispose();
  });

  test("leaves other engines alone", async () => {
    const lost = await gpuEngine();
    lost.device?.destroy();
    await lost.device?.lost;
    lost.dispose();
    using x = engine.tensor([0, 0], [2]);
    using y = softmax(x);
    expect(await y.read()).toEqual(Float32Array.of(0.5, 0.5));
  });
});

/** A call that may throw or reject. */
function attempt(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}

describe("a disposed engine", () => {
  test.each(["adopted", "own"])(
    "(%s) rejects pending reads and refuses the rest, with the code 'disposed'",
    async (whose) => {
      const device = await ownDevice();
      const gone = whose === "adopted" ? await Engine.create({ device }) : await gpuEngine();
      const x = gone.tensor(new Float32Array(4_096 * 256), [4_096, 256]);
      const y = softmax(x);
      const pending = [y.read(), x.read(), gone.prepare([crossEntropy])];
      gone.dispose();
      gone.dispose();
      const disposed = { name: "InputError", code: "disposed" };
      for (const error of await Promise.all(pending.map(rejection))) expect(error).toMatchObject(disposed);
      expect(await rejection(y.read())).toMatchObject(disposed);
      expect(await rejection(gone.prepare([softmax]))).toMatchObject(disposed);
      expect(() => softmax(x)).toThrow(InputError);
      expect(() => gone.tensor([1], [1])).toThrow("tensor: needed a live engine, got a disposed one");
      expect(gone.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
      x.dispose();
      expect(gone.memory().tensors).toBe(0);
      device.destroy();
    },
  );
});

describe("tensors that do not fit", () => {
  test("of another engine are refused, those of the same are not", async () => {
    using other = await gpuEngine();
    using x = engine.tensor([0, 1, 2], [1, 3]);
    using foreign = other.tensor([0, 1, 2], [1, 3]);
    using out = engine.tensor([0, 0, 0], [1, 3]);
    expect(softmax(x, { out })).toBe(out);
    const refuse = () => softmax(foreign, { out });
    expect(refuse).toThrow("softmax: out must belong to the same engine, got a tensor of another");
    expect(await rejection(Promise.resolve().then(refuse))).toMatchObject({ name: "InputError", code: "other-engine" });
  });

  test("that are disposed are refused, by calls and by read", async () => {
    const x = engine.tensor([0, 1, 2], [1, 3]);
    softmax(x).dispose();
    x.dispose();
    expect(() => softmax(x)).toThrow("softmax: logits must be a live tensor, got a disposed one");
    expect(await rejection(x.read())).toMatchObject({ name: "InputError", code: "disposed" });
    expect(() => x.buffer).toThrow("tensor [1, 3]: needed a live tensor, got a disposed one");
  });
});
