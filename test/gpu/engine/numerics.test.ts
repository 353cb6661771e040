import { expect, test } from "vitest";
import { testNumerics } from "../../../src/engine/self-test.ts";
import { WebGpuBackend } from "../../../src/engine/webgpu/webgpu.ts";
import { type Adapter, Engine } from "../../../src/index.ts";
import { MOST_EXP2_ERROR } from "../../../src/rows/row-arithmetic.ts";
import { gpuEngine, ownDevice } from "../../support/device.ts";

const firefox = /firefox/i.test(navigator.userAgent);

/** SwiftShader under Tint, and lavapipe under Naga: what each of the two machines that tests run on is known to do. */
const known = firefox
  ? { subnormals: "kept", loopTrips: 65_535, exp2Ends: true }
  : { subnormals: "flushed", loopTrips: 70_000, exp2Ends: false };

test("this machine is exact, and its findings are the known ones", async () => {
  using engine = await gpuEngine();
  const { builtinError, ...findings } = engine.numerics;
  expect(findings).toEqual({
    exact: true,
    path: "sum",
    sums: true,
    products: true,
    quotients: true,
    roots: true,
    exp: true,
    log: true,
    radius: true,
    angle: true,
    barrier: true,
    fma: true,
    contracts: false,
    fused: false,
    regroups: true,
    halves: true,
    nanBits: true,
    nanUnequal: false,
    nonFinite: true,
    ...known,
  });
  // Why the library has functions of its own.
  expect(builtinError.exp).toBeGreaterThan(20);
  expect(builtinError.log).toBeGreaterThan(1_000);
  // Rows have one of their own here too, for want of half a unit.
  expect(builtinError.exp2).toBeGreaterThan(MOST_EXP2_ERROR);
  expect(builtinError.exp2).toBeLessThan(4);
  if (firefox) expect(builtinError.sin).toBeLessThan(1);
  else expect(builtinError.sin).toBeGreaterThan(1_000);
});

test("an adopted device is tested as well, and left as it was", async () => {
  const device = await ownDevice();
  device.addEventListener("uncapturederror", ({ error }) => expect(error).toBeUndefined());
  using engine = await Engine.create({ device });
  expect(engine.numerics.exact).toBe(true);
  expect(engine.memory()).toEqual({ tensors: 0, bytes: 0, pooled: 0 });
  device.destroy();
});

test("a revived engine has tested its new device", async () => {
  using engine = await gpuEngine();
  const { numerics } = engine;
  engine.device?.destroy();
  await engine.device?.lost;
  await engine.revive();
  expect(engine.numerics).not.toBe(numerics);
  expect(engine.numerics).toEqual(numerics);
});

test("the self-test takes little time", async () => {
  const adapter: Adapter = { vendor: "", architecture: "", description: "", software: true };
  const times: number[] = [];
  for (let k = 0; k < 5; k++) {
    const backend = new WebGpuBackend(await ownDevice(), adapter, true);
    const start = performance.now();
    await testNumerics(backend);
    times.push(performance.now() - start);
    backend.dispose();
  }
  const shown = times.map((time) => time.toFixed(0)).join(", ");
  console.info(`self-test: ${shown} ms`);
  // About 60 ms in Chromium and 20 in Firefox, most of it the compiler's, where the two cores have little else to do.
  expect(Math.min(...times)).toBeLessThan(500);
});
