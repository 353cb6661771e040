import { describe, expect, test } from "vitest";
import { DeviceLostError, Engine, softmax } from "../../../src/index.ts";
import { gpuEngine, ownDevice, rejection } from "../../support/device.ts";
import { planScale } from "../../support/engine/plans.ts";

describe("an engine whose device is destroyed under it", () => {
  test("is revived on a new device, with every kernel anew", async () => {
    using engine = await gpuEngine();
    const x = engine.tensor([0, 0], [2]);
    const y = softmax(x);
    const { device } = engine;
    device?.destroy();
    expect(await rejection(engine.fetch(planScale(2, 2, engine.limits), { x: y }))).toBeInstanceOf(DeviceLostError);
    await Promise.all([engine.revive(), engine.revive()]);
    expect(engine.backend).toBe("webgpu");
    expect(engine.lost).toBeUndefined();
    expect(engine.device).not.toBe(device);
    expect(engine.memory()).toMatchObject({ tensors: 0, bytes: 0 });
    using x2 = engine.tensor([1, 1], [2]);
    using y2 = softmax(x2);
    expect(await y2.read()).toEqual(Float32Array.of(0.5, 0.5));
    expect(await engine.fetch(planScale(2, 4, engine.limits), { x: y2 })).toEqual({ y: Float32Array.of(2, 2) });
    expect(await rejection(y.read())).toMatchObject({ name: "DeviceLostError", code: "device-lost" });
    expect(() => softmax(x)).toThrow(DeviceLostError);
    const before = engine.memory();
    y.dispose();
    x.dispose();
    expect(engine.memory()).toEqual(before);
  });

  test("may lose several devices", async () => {
    using engine = await gpuEngine();
    for (let k = 1; k <= 3; k++) {
      engine.device?.destroy();
      await engine.device?.lost;
      await engine.revive();
      using x = engine.tensor([k], [1]);
      expect(await x.read()).toEqual(Float32Array.of(k));
    }
  });

  test("is left as it is where the device was the caller's own", async () => {
    const device = await ownDevice();
    using engine = await Engine.create({ device });
    device.destroy();
    await device.lost;
    expect(await rejection(engine.revive())).toBeInstanceOf(DeviceLostError);
  });
});
