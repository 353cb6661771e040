import { describe, expect, test, vi } from "vitest";
import { DeviceLostError, Engine } from "../../../src/index.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";
import { planScale } from "../../support/engine/plans.ts";

async function start() {
  const fake = fakeGpu();
  const engine = await Engine.create({ backend: "webgpu", gpu: fake.gpu });
  // Those of the self-test.
  fake.buffers.length = 0;
  return { fake, engine };
}

describe("a GPU without memory", () => {
  test("is an UnsupportedError at the next read, not the invalid buffer that comes of it", async () => {
    const { fake, engine } = await start();
    const small = engine.tensor([1], [1]);
    fake.starve(1);
    const x = engine.tensor(new Float32Array(100), [100]);
    engine.run(planScale(100, 2, engine.limits), { x });
    await expect(x.read()).rejects.toMatchObject({ name: "UnsupportedError", code: "out-of-memory" });
    expect(await small.read()).toEqual(Float32Array.of(1));
  });

  test("never hands the buffer that failed to a later tensor", async () => {
    const { fake, engine } = await start();
    fake.starve(1);
    engine.tensor(new Float32Array(100), [100]).dispose();
    const first = engine.tensor(new Float32Array(100), [100]);
    await expect(first.read()).rejects.toMatchObject({ code: "out-of-memory" });
    first.dispose();
    const x = engine.tensor(new Float32Array(100).fill(3), [100]);
    expect(await x.read()).toEqual(new Float32Array(100).fill(3));
    expect(fake.buffers.filter((buffer) => !buffer.valid).every((buffer) => buffer.destroyed)).toBe(true);
  });

  test("frees what was kept for reuse", async () => {
    const { fake, engine } = await start();
    engine.tensor(new Float32Array(1_000), [1_000]).dispose();
    expect(engine.memory().pooled).toBeGreaterThan(0);
    fake.starve(1);
    const x = engine.tensor([1], [1]);
    await expect(x.read()).rejects.toMatchObject({ code: "out-of-memory" });
    x.dispose();
    expect(engine.memory()).toMatchObject({ tensors: 0, bytes: 0 });
    expect(fake.buffers.filter((buffer) => buffer.size >= 4_000 && buffer.label === "tensor")[0]?.destroyed).toBe(true);
  });

  test("for the readback itself is told by that read, and no values are made up", async () => {
    const { fake, engine } = await start();
    const x = engine.tensor([1, 2], [2]);
    fake.starve(1);
    await expect(x.read()).rejects.toMatchObject({ code: "out-of-memory" });
    expect(await x.read()).toEqual(Float32Array.of(1, 2));
  });
});

describe("a mapping that fails", () => {
  test("is the device's loss, where that is told soon after", async () => {
    const { fake, engine } = await start();
    const x = engine.tensor([1], [1]);
    fake.failMapping();
    const reading = x.read();
    setTimeout(() => fake.lose("driver reset"), 20);
    await expect(reading).rejects.toThrow(DeviceLostError);
    await expect(x.read()).rejects.toThrow("tensor [1]: the GPU device was lost (unknown) driver reset");
    expect(() => engine.tensor([1], [1])).toThrow(DeviceLostError);
  });

  test("is a KernelError on a device that lives on, and its staging buffer is not used again", async () => {
    vi.useFakeTimers();
    const { fake, engine } = await start();
    const x = engine.tensor([1], [1]);
    fake.failMapping();
    const reading = x.read();
    const refused = expect(reading).rejects.toMatchObject({ name: "KernelError", code: "internal" });
    await vi.advanceTimersByTimeAsync(2_000);
    await refused;
    vi.useRealTimers();
    expect(await x.read()).toEqual(Float32Array.of(1));
    expect(fake.buffers.filter(({ label }) => label === "read").map(({ destroyed }) => destroyed)).toEqual([
      true,
      false,
    ]);
  });
});

describe("buffers", () => {
  test("are used again only when nothing may still want them", async () => {
    const { fake, engine } = await start();
    const device = engine.device as GPUDevice;
    const x = engine.tensor(new Float32Array(100), [100]);
    const plan = planScale(100, 2, engine.limits);
    const encoder = device.createCommandEncoder();
    const recorded = engine.run(plan, { x }, { encoder }).y;
    const held = recorded.buffer as unknown;
    x.dispose();
    const made = fake.buffers.length;
    const y = engine.tensor(new Float32Array(100), [100]);
    expect(fake.buffers.length).toBe(made + 1);
    recorded.dispose();
    expect((held as { destroyed: boolean }).destroyed).toBe(true);
    const again = engine.tensor(new Float32Array(100), [100]);
    // Now that the call is gone, its input's buffer serves another tensor.
    expect(fake.buffers.length).toBe(made + 1);
    expect(again.buffer).not.toBe(y.buffer);
  });

  test("are given back once, however many tensors share them", async () => {
    const { engine } = await start();
    const x = engine.tensor(new Float32Array(4), [4]);
    const outputs = {
      a: { shape: [4], dtype: "f32", arena: "both", byteOffset: 0 },
      b: { shape: [4], dtype: "f32", arena: "both", byteOffset: 256 },
    } as const;
    const plan = { ...planScale(4, 2, engine.limits), outputs, arenas: { both: 512 }, passes: [] };
    const { a, b } = engine.run(plan, { x });
    const { bytes } = engine.memory();
    a.dispose();
    expect(engine.memory().bytes).toBe(bytes);
    a.dispose();
    b.dispose();
    expect(engine.memory().bytes).toBe(bytes - 512);
  });

  test("that a call took come back when it throws half-way", async () => {
    const { engine } = await start();
    const x = engine.tensor(new Float32Array(4), [4]);
    const plan = planScale(4, 2, engine.limits);
    const passes = plan.passes.map((pass) => ({ ...pass, bind: { x: "missing", y: "y" } }));
    const before = engine.memory();
    expect(() => engine.run({ ...plan, passes, scratch: { more: 9_999 } }, { x })).toThrow(
      "scale: nothing bound to 'x'",
    );
    expect(engine.memory()).toMatchObject({ tensors: before.tensors, bytes: before.bytes });
  });
});

test("a binding beyond the device's largest is refused before any GPU work", async () => {
  const { engine } = await start();
  const x = engine.tensor([1], [1]);
  const plan = planScale(engine.limits.maxStorageBufferBindingSize / 4 + 4, 2, engine.limits);
  expect(() => engine.run(plan, { x })).toThrow(
    "scale: 134217744 bytes of 'y' exceed this device's largest binding of 134217728; use smaller batches",
  );
  expect(await x.read()).toEqual(Float32Array.of(1));
});
