import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeviceLostError, Engine, type EngineOptions, IntegrityError, softmax } from "../../../src/index.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";
import { planScale } from "../../support/engine/plans.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An engine that has just lost its device, and a tensor that went with it. */
async function lost(options: EngineOptions = {}) {
  const fake = fakeGpu({}, { description: "Acme Turbo 9" });
  const engine = await Engine.create({ gpu: fake.gpu, ...options });
  const x = engine.tensor([1, 2], [2]);
  fake.lose("driver reset");
  await vi.advanceTimersByTimeAsync(0);
  return { fake, engine, x };
}

const pauses = 100 + 1_000 + 5_000;

/** What a revive comes to when its pauses are over. */
async function revived(engine: Engine): Promise<unknown> {
  const outcome = engine.revive().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(pauses);
  return outcome;
}

describe("an engine that lost its device", () => {
  test("goes on with another: new tensors work, old ones stay lost and count for nothing", async () => {
    const { engine, x } = await lost();
    const { device } = engine;
    expect(engine.lost).toContain("driver reset");
    expect(await revived(engine)).toBeUndefined();
    expect(engine.lost).toBeUndefined();
    expect(engine.backend).toBe("webgpu");
    expect(engine.diagnosis).toBeUndefined();
    expect(engine.device).not.toBe(device);
    expect(engine.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
    using y = engine.tensor([3], [1]);
    expect(await y.read()).toEqual(Float32Array.of(3));
    const { tensors, bytes } = engine.memory();
    const message = "tensor [2]: the GPU device was lost (unknown) driver reset";
    await expect(x.read()).rejects.toThrow(message);
    expect(() => engine.run(planScale(2, 2, engine.limits), { x })).toThrow(DeviceLostError);
    await expect(engine.fetch(planScale(2, 2, engine.limits), { x })).rejects.toThrow(message);
    x.dispose();
    expect(engine.memory()).toMatchObject({ tensors, bytes });
  });

  test("has rejected all that was under way", async () => {
    const fake = fakeGpu();
    const engine = await Engine.create({ gpu: fake.gpu });
    const x = engine.tensor([1], [1]);
    fake.stallMapping();
    const work = [x.read(), engine.fetch(planScale(1, 2, engine.limits), { x })];
    const rejected = Promise.all(work.map((one) => expect(one).rejects.toThrow(DeviceLostError)));
    fake.lose("driver reset");
    await vi.advanceTimersByTimeAsync(0);
    await rejected;
  });

  test("waits 0.1, 1 and 5 s before its three tries", async () => {
    const { fake, engine } = await lost();
    fake.hide(2);
    const before = fake.asked();
    const reviving = engine.revive();
    const tries = async (milliseconds: number) => {
      await vi.advanceTimersByTimeAsync(milliseconds);
      return fake.asked() - before;
    };
    expect(await tries(99)).toBe(0);
    expect(await tries(1)).toBe(1);
    expect(await tries(999)).toBe(1);
    expect(await tries(1)).toBe(2);
    expect(await tries(4_999)).toBe(2);
    expect(await tries(1)).toBe(3);
    await reviving;
    expect(engine.backend).toBe("webgpu");
  });

  test("goes on with the CPU engine where no adapter can be had, and says so", async () => {
    const { fake, engine, x } = await lost();
    fake.hide(9);
    expect(await revived(engine)).toBeUndefined();
    expect(engine.backend).toBe("cpu");
    expect(engine.device).toBeUndefined();
    expect(engine.diagnosis).toMatchObject({
      code: "device-lost",
      message:
        "the GPU device was lost (unknown) driver reset; no other could be had: This browser has WebGPU, but found no usable GPU.",
    });
    expect(engine.diagnosis?.fix).toMatch(/restart the browser/);
    using y = softmax(engine.tensor([1, 1], [2]));
    expect(await y.read()).toEqual(Float32Array.of(0.5, 0.5));
    expect(() => engine.run(planScale(2, 2, engine.limits), { x })).toThrow(DeviceLostError);
    await engine.revive();
    expect(engine.backend).toBe("cpu");
  });

  test("with backend: webgpu is an UnsupportedError where no adapter can be had, and may try again", async () => {
    const { fake, engine } = await lost({ backend: "webgpu" });
    fake.hide(3);
    expect(await revived(engine)).toMatchObject({ name: "UnsupportedError", code: "device-lost" });
    expect(engine.lost).toContain("driver reset");
    expect(() => engine.tensor([1], [1])).toThrow(DeviceLostError);
    expect(await revived(engine)).toBeUndefined();
    expect(engine.backend).toBe("webgpu");
  });

  test("tries once for all who ask at the same time", async () => {
    const { fake, engine } = await lost();
    const before = fake.asked();
    const first = engine.revive();
    expect(engine.revive()).toBe(first);
    await vi.advanceTimersByTimeAsync(pauses);
    await first;
    expect(fake.asked()).toBe(before + 1);
  });

  test("can lose the next device as well", async () => {
    const { fake, engine, x } = await lost();
    await revived(engine);
    const y = engine.tensor([3], [1]);
    fake.lose("again");
    await vi.advanceTimersByTimeAsync(0);
    await expect(y.read()).rejects.toThrow("(unknown) again");
    await expect(x.read()).rejects.toThrow("(unknown) driver reset");
    expect(await revived(engine)).toBeUndefined();
    expect(await engine.tensor([4], [1]).read()).toEqual(Float32Array.of(4));
  });

  test("stays so where the device was the caller's own", async () => {
    const fake = fakeGpu();
    const adapter = await fake.gpu.requestAdapter();
    const device = await adapter?.requestDevice();
    if (!device) throw new Error("no device");
    const engine = await Engine.create({ device });
    fake.lose("driver reset");
    await vi.advanceTimersByTimeAsync(0);
    expect(await revived(engine)).toMatchObject({ name: "DeviceLostError", code: "device-lost" });
    expect(engine.lost).toContain("driver reset");
  });

  test("and is disposed while it tries takes no other device", async () => {
    const { fake, engine } = await lost();
    const before = fake.asked();
    const outcome = engine.revive().catch((error: unknown) => error);
    engine.dispose();
    await vi.advanceTimersByTimeAsync(pauses);
    expect(await outcome).toMatchObject({ name: "InputError", code: "disposed" });
    expect(fake.asked()).toBe(before);
  });
});

test("an engine whose device lives has nothing to revive", async () => {
  const fake = fakeGpu();
  const engine = await Engine.create({ gpu: fake.gpu });
  const { device } = engine;
  await engine.revive();
  expect(engine.device).toBe(device);
  expect(fake.asked()).toBe(1);
});

describe("errors", () => {
  test("of a lost device may carry a snapshot", () => {
    expect(new DeviceLostError("gone", { samples: 4 })).toMatchObject({
      code: "device-lost",
      snapshot: { samples: 4 },
    });
    expect("snapshot" in new DeviceLostError("gone")).toBe(false);
  });

  test("of a result that cannot be have a code of their own", () => {
    expect(new IntegrityError("impossible")).toMatchObject({ name: "IntegrityError", code: "integrity" });
  });
});
