import { describe, expect, test, vi } from "vitest";
import { cpuWork, GPU_ALONE } from "../../../src/engine/cpu/work.ts";
import type { PlanOf } from "../../../src/engine/plan.ts";
import { DeviceLostError, Engine, softmax } from "../../../src/index.ts";
import { softmax as softmaxModule } from "../../../src/rows/cpu/rows.ts";
import type { RowReference } from "../../../src/rows/row-call.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";
import { planScale } from "../../support/engine/plans.ts";

async function start() {
  const fake = fakeGpu();
  const engine = await Engine.create({ backend: "webgpu", gpu: fake.gpu });
  Object.assign(fake.trips, { submits: 0, maps: 0 });
  return { fake, engine };
}

/** A plan whose outputs the host knows, so that a GPU that computes nothing gives them as well. */
function planKnown(...values: number[]): PlanOf<"y" | "count"> {
  return {
    name: "known",
    outputs: {
      y: { shape: [values.length], dtype: "f32" },
      count: { shape: [1], dtype: "u32" },
    },
    arenas: {},
    scratch: { report: 16 },
    uploads: {},
    clears: ["report"],
    checks: [{ buffer: "report", message: "known: row {row} is bad" }],
    known: { y: Float32Array.from(values), count: Uint32Array.of(values.length) },
    passes: [],
    cpu: GPU_ALONE,
  };
}

/** The same, with a report of row 7 that the kernel would have made. */
function planBad(...values: number[]): PlanOf<"y" | "count"> {
  const plan = planKnown(...values);
  return { ...plan, scratch: {}, uploads: { report: Uint32Array.of(~7 >>> 0, 0, 0, 0) }, clears: [] };
}

describe("fetch on a GPU", () => {
  test("is one submit and one map, makes no tensors, and gives its buffers back", async () => {
    const { fake, engine } = await start();
    const before = engine.memory();
    expect(await engine.fetch(planKnown(1, 2, 3))).toEqual({
      y: Float32Array.of(1, 2, 3),
      count: Uint32Array.of(3),
    });
    expect(fake.trips).toEqual({ submits: 1, maps: 1 });
    expect(engine.memory()).toMatchObject({ tensors: 0, bytes: before.bytes });
    const made = fake.buffers.length;
    await engine.fetch(planKnown(4, 5, 6));
    expect(fake.buffers.length).toBe(made);
  });

  test("may be under way several times, each with its own data", async () => {
    const { engine } = await start();
    const fetched = await Promise.all([1, 2, 3, 4].map((k) => engine.fetch(planKnown(k, k))));
    expect(fetched.map(({ y }) => [...y])).toEqual([1, 2, 3, 4].map((k) => [k, k]));
  });

  test("takes the reports of earlier calls along, and throws the earliest fault", async () => {
    const { fake, engine } = await start();
    engine.run(planKnown(1), {});
    engine.run(planBad(1, 2), {});
    const { submits } = fake.trips;
    await expect(engine.fetch(planBad(1))).rejects.toMatchObject({ code: "bad-data", message: "known: row 7 is bad" });
    expect(fake.trips).toEqual({ submits: submits + 1, maps: 1 });
    expect((await engine.fetch(planKnown(1))).y).toEqual(Float32Array.of(1));
  });

  test("throws what its own checks found", async () => {
    const { engine } = await start();
    await expect(engine.fetch(planBad(1))).rejects.toMatchObject({ name: "InputError", code: "bad-data" });
    expect((await engine.fetch(planKnown(1))).y).toEqual(Float32Array.of(1));
  });

  test("without memory for its buffers is an UnsupportedError, never zeros", async () => {
    const { fake, engine } = await start();
    fake.starve(1);
    await expect(engine.fetch(planKnown(1))).rejects.toMatchObject({
      name: "UnsupportedError",
      code: "out-of-memory",
    });
    expect((await engine.fetch(planKnown(1))).y).toEqual(Float32Array.of(1));
    expect(fake.buffers.filter((buffer) => !buffer.valid && !buffer.destroyed)).toEqual([]);
  });

  test("without memory for the readback is an UnsupportedError, never zeros", async () => {
    const { fake, engine } = await start();
    const plan = planKnown(...new Array<number>(2_000).fill(1));
    const { y, count } = engine.run(plan, {});
    // Every buffer that the plan needs is now in the pool, so the next to be made is the one for the readback.
    await count.read();
    y.dispose();
    count.dispose();
    fake.starve(1);
    await expect(engine.fetch(plan)).rejects.toMatchObject({ name: "UnsupportedError", code: "out-of-memory" });
    expect((await engine.fetch(plan)).y).toEqual(new Float32Array(2_000).fill(1));
    expect(fake.buffers.filter((buffer) => !buffer.valid).map(({ label, destroyed }) => [label, destroyed])).toEqual([
      ["read", true],
    ]);
  });

  test("that cannot map is the device's loss, where that is told soon after", async () => {
    const { fake, engine } = await start();
    fake.failMapping();
    const fetching = engine.fetch(planKnown(1));
    setTimeout(() => fake.lose("driver reset"), 20);
    await expect(fetching).rejects.toThrow(DeviceLostError);
    await expect(engine.fetch(planKnown(1))).rejects.toThrow(DeviceLostError);
  });

  test("that cannot map is a KernelError on a device that lives on", async () => {
    vi.useFakeTimers();
    const { fake, engine } = await start();
    fake.failMapping();
    const refused = expect(engine.fetch(planKnown(1))).rejects.toMatchObject({ name: "KernelError", code: "internal" });
    await vi.advanceTimersByTimeAsync(2_000);
    await refused;
    vi.useRealTimers();
    expect((await engine.fetch(planKnown(1))).y).toEqual(Float32Array.of(1));
  });

  test("that throws half-way has its buffers back in the pool", async () => {
    const { engine } = await start();
    const plan = planScale(4, 2, engine.limits);
    const passes = plan.passes.map((pass) => ({ ...pass, bind: { x: "missing", y: "y" } }));
    await expect(engine.fetch({ ...plan, passes, scratch: { more: 9_999 } })).rejects.toThrow(
      "scale: nothing bound to 'x'",
    );
    expect(engine.memory()).toMatchObject({ tensors: 0, bytes: 0 });
  });

  test("ends with the engine", async () => {
    const { engine } = await start();
    const fetching = engine.fetch(planKnown(1));
    engine.dispose();
    await expect(fetching).rejects.toMatchObject({ code: "disposed" });
    await expect(engine.fetch(planKnown(1))).rejects.toMatchObject({ code: "disposed" });
  });
});

describe("fetch on the CPU engine", () => {
  async function softmaxOf(engine: Engine, ...values: number[]) {
    using x = engine.tensor(values, [1, values.length]);
    const kernel = softmax.preparations(engine.machine)[0] as PlanOf<"y">;
    const plan = {
      ...kernel,
      outputs: { y: { shape: [1, values.length], dtype: "f32" } },
      cpu: softmaxWork(optionsOf(kernel, values.length)),
    } as const;
    return engine.fetch(plan, { x });
  }

  const softmaxWork = cpuWork(async () => softmaxModule);

  function optionsOf({ cpu }: PlanOf<"y">, classes: number): RowReference {
    return { ...(cpu.options as RowReference), rows: 1, classes, begin: 0, end: classes };
  }

  test("gives the reference's outputs, in order, however many are under way", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const order: number[] = [];
    const fetched = await Promise.all(
      [1, 2, 3].map(async (k) => {
        const { y } = await softmaxOf(engine, k, k);
        order.push(k);
        return [...y];
      }),
    );
    expect(fetched).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect(order).toEqual([1, 2, 3]);
    expect(engine.memory()).toMatchObject({ tensors: 0, bytes: 0 });
  });

  test("leaves the page its turns", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const end = performance.now() + 200;
    while (performance.now() < end) await softmaxOf(engine, 1, 1);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  test("throws what is wrong with the work, once", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    await expect(engine.fetch(planKnown(1))).rejects.toThrow("known: this plan is for a GPU alone");
    expect((await softmaxOf(engine, 0, 0)).y).toEqual(Float32Array.of(0.5, 0.5));
  });

  test("ends with the engine", async () => {
    const engine = await Engine.create({ backend: "cpu" });
    const fetching = softmaxOf(engine, 0, 0);
    engine.dispose();
    await expect(fetching).rejects.toMatchObject({ code: "disposed" });
  });
});
