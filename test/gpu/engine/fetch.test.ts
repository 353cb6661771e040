import { afterAll, beforeAll, expect, test } from "vitest";
import { crossEntropy, type Engine, InputError, softmax } from "../../../src/index.ts";
import { gpuEngine, rejection } from "../../support/device.ts";
import { planScale, scaleKernel } from "../../support/engine/plans.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

test("fetch gives a plan's outputs as arrays, and leaves no tensors", async () => {
  using own = await gpuEngine();
  using x = own.tensor([1, 2, 3], [3]);
  const before = own.memory();
  expect(await own.fetch(planScale(3, 2, own.limits), { x })).toEqual({ y: Float32Array.of(2, 4, 6) });
  expect(own.memory()).toMatchObject({ tensors: before.tensors, bytes: before.bytes });
});

test("fetches under way together each have their own data, whatever buffers they share", async () => {
  using x = engine.tensor(
    Float32Array.from({ length: 5_000 }, (_, i) => i),
    [5_000],
  );
  const factors = Array.from({ length: 20 }, (_, k) => k);
  const fetched = await Promise.all(factors.map((k) => engine.fetch(planScale(5_000, k, engine.limits), { x })));
  for (const [k, { y }] of fetched.entries()) expect(y[4_999]).toBe(4_999 * k);
});

test("a fetch of nothing is nothing", async () => {
  const plan = { ...planScale(1, 2, engine.limits), outputs: { y: { shape: [0], dtype: "i32" } }, passes: [] } as const;
  expect(await engine.fetch(plan)).toEqual({ y: new Int32Array(0) });
});

test("a fetch of a kernel that does not compile rejects with the compiler's words, the next does not", async () => {
  const misspelt = scaleKernel((code) => code.replace("x[i] * params.factor", "x[i] * params.facto"));
  using x = engine.tensor([1], [1]);
  const error = await rejection(engine.fetch(planScale(1, 2, engine.limits, misspelt), { x }));
  expect(error).toMatchObject({ name: "KernelError", code: "shader" });
  expect(await engine.fetch(planScale(1, 2, engine.limits), { x })).toEqual({ y: Float32Array.of(2) });
});

test("a fetch tells of bad data in earlier calls that nobody read", async () => {
  using x = engine.tensor(new Float32Array(6), [2, 3]);
  using ids = engine.tensor(Int32Array.of(0, 9), [2]);
  crossEntropy(x, ids).dispose();
  const error = await rejection(engine.fetch(planScale(6, 2, engine.limits), { x }));
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ code: "bad-data" });
  using y = softmax(x);
  expect((await engine.fetch(planScale(6, 3, engine.limits), { x: y })).y[0]).toBeCloseTo(1, 6);
});
