import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DeviceLostError,
  Engine,
  type Estimate,
  estimates,
  expectation,
  normal,
  replicates,
  type Snapshot,
} from "../../../src/index.ts";
import { gpuEngine, ownDevice, rejection } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { allOf, bitsOf, type Options, standard } from "../../support/expectation/expectation.ts";

let gpu: Engine;
let cpu: Engine;

beforeAll(async () => {
  gpu = await gpuEngine();
  cpu = await Engine.create({ backend: "cpu" });
});

afterAll(() => {
  gpu.dispose();
  cpu.dispose();
});

/** Counts what an engine's device is told while `work` runs. */
async function traffic(engine: Engine, work: () => Promise<unknown>) {
  const { device } = engine;
  if (!device) throw new Error("no device");
  const seen = { submits: 0, dispatches: 0, maps: 0 };
  const { queue } = device;
  const undo: (() => void)[] = [];
  const watch = <T extends object, K extends keyof T>(object: T, name: K, note: (args: unknown[]) => void) => {
    const original = object[name] as (...args: unknown[]) => unknown;
    const own = Object.hasOwn(object, name);
    object[name] = function (this: T, ...args: unknown[]) {
      note(args);
      return original.apply(this, args);
    } as T[K];
    undo.push(() => {
      if (own) object[name] = original as T[K];
      else delete (object as Record<PropertyKey, unknown>)[name];
    });
  };
  watch(queue, "submit", ([commands]) => {
    if ((commands as unknown[]).length > 0) seen.submits += 1;
  });
  watch(GPUComputePassEncoder.prototype, "dispatchWorkgroups", () => {
    seen.dispatches += 1;
  });
  watch(GPUBuffer.prototype, "mapAsync", () => {
    seen.maps += 1;
  });
  try {
    await work();
  } finally {
    for (const restore of undo) restore();
  }
  return seen;
}

test("a thousand samples take one submit, at most two dispatches and one map", async () => {
  const options: Options = { of: "x^2", under: standard, samples: 1_000 };
  await expectation(gpu, options);
  for (const asked of [options, { ...options, samples: 65_536 }, { ...options, samples: 10, offset: 99 }]) {
    const seen = await traffic(gpu, () => expectation(gpu, asked));
    expect(seen).toMatchObject({ submits: 1, maps: 1 });
    expect(seen.dispatches).toBeLessThanOrEqual(2);
  }
});

test("ten thousand replicates of a thousand samples take few submits", async () => {
  const seen = await traffic(gpu, () =>
    replicates(gpu, { of: "x^2", under: standard, samples: 1_000, replicates: 10_000 }),
  );
  expect(seen.submits).toBeLessThanOrEqual(40);
});

test("refused options cost no work at all", async () => {
  const seen = await traffic(gpu, async () => {
    for (const bad of [{ samples: 0 }, { method: "sobol", samples: 17 }, { of: "x +" }, { control: { of: "x" } }]) {
      await rejection(expectation(gpu, { of: "x", under: standard, samples: 10, ...bad } as Options));
    }
  });
  expect(seen).toEqual({ submits: 0, dispatches: 0, maps: 0 });
});

describe("memory", () => {
  const options: Options = { of: "x^2", under: standard, samples: 1_000 };
  const held = ({ tensors, bytes }: ReturnType<Engine["memory"]>) => ({ tensors, bytes });

  test("is as it was after a run of any size, and what is pooled does not grow with it", async () => {
    const before = held(gpu.memory());
    for (const samples of exhaustive ? [1e6, 1e7, 4e7] : [1e6, 1e7]) {
      await expectation(gpu, { ...options, samples });
      expect(held(gpu.memory())).toEqual(before);
      // Batches of 40 ms have records of some megabytes here, however many of them there are.
      expect(gpu.memory().pooled).toBeLessThan(64 * 2 ** 20);
    }
  });

  test("is as it was after an abort", async () => {
    const before = held(gpu.memory());
    const controller = new AbortController();
    const run = expectation(gpu, { ...options, samples: 1e12, signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    expect(await rejection(run)).toMatchObject({ name: "AbortError" });
    // What was under way comes home by itself.
    await expect.poll(() => held(gpu.memory()), { timeout: 2_000 }).toEqual(before);
  });
});

describe.for(["webgpu", "cpu"] as const)("on %s", (backend) => {
  const engine = () => (backend === "cpu" ? cpu : gpu);

  test("abort stops within 300 ms and tells once more, with a snapshot that resumes", async () => {
    const controller = new AbortController();
    const told: Estimate[] = [];
    let [aborted, after] = [0, 0];
    const options = { of: "x^2", under: standard, seed: 4 } as const;
    const run = expectation(engine(), {
      ...options,
      samples: 1e12,
      signal: controller.signal,
      onProgress: (e) => {
        told.push(e);
        if (aborted > 0) after += 1;
        if (told.length === 1) setTimeout(abort, 100);
      },
    });
    function abort() {
      aborted = performance.now();
      controller.abort();
    }
    expect(await rejection(run)).toMatchObject({ name: "AbortError" });
    expect(performance.now() - aborted).toBeLessThan(300);
    expect(after).toBe(1);
    const { snapshot, samples } = told.at(-1) as Estimate;
    expect(samples).toBeGreaterThan(0);
    const rest = { ...options, samples: samples + 65_536 };
    const resumed = await expectation(engine(), { ...rest, resume: JSON.parse(JSON.stringify(snapshot)) as Snapshot });
    expect(bitsOf(resumed)).toEqual(bitsOf(await expectation(gpu, rest)));
  });

  test("a signal that was aborted before is refused at once", async () => {
    const reason = new DOMException("enough", "AbortError");
    const run = expectation(engine(), { of: "x", under: standard, samples: 10, signal: AbortSignal.abort(reason) });
    expect(await rejection(run)).toBe(reason);
  });

  test("until milliseconds stops in time, with what there is", async () => {
    await expectation(engine(), { of: "x", under: standard, samples: 1 });
    const started = performance.now();
    const e = await expectation(engine(), { of: "x", under: standard, samples: 1e13, until: { milliseconds: 300 } });
    const took = performance.now() - started;
    expect(took).toBeGreaterThanOrEqual(250);
    expect(took).toBeLessThan(1_500);
    expect(e.samples).toBeLessThan(1e13);
    expect(Math.abs(e.mean)).toBeLessThan(5 * e.standardError);
  });

  test("estimates come as the samples grow, and end with the run", async () => {
    const samples = (backend === "webgpu" && exhaustive ? 4_000 : 1_000) * 65_536 + 5;
    const seen = await allOf(engine(), { of: "x", under: standard, samples });
    const counts = seen.map((e) => e.samples);
    expect(counts.length).toBeGreaterThan(1);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(samples);
    // An estimate that was given stays as it was.
    expect(seen[0]?.snapshot.tallies[0]?.count).toBe(seen[0]?.samples);
  });

  test("a loop that is left early ends the run", async () => {
    const before = engine().memory().bytes;
    for await (const e of estimates(engine(), { of: "x", under: standard, samples: 1e12 })) {
      if (e.samples > 100_000) break;
    }
    await expect.poll(() => engine().memory().bytes, { timeout: 2_000 }).toBe(before);
  });

  test("one sample has a mean and no error bar", async () => {
    const e = await expectation(engine(), { of: "x^2", under: standard, samples: 1, seed: 3 });
    expect(Number.isFinite(e.mean)).toBe(true);
    expect(e.variance).toBeNaN();
    expect(e.standardError).toBe(Number.POSITIVE_INFINITY);
    expect(e.interval(0.95)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(e.samples).toBe(1);
    expect(e.nonFinite).toBe(0);
  });
});

describe("until a precision", () => {
  /** Counts of draws at which a run may stop: 1,024 · 2^(k/4), rounded up to whole blocks. */
  const checkpoints = Array.from({ length: 80 }, (_, k) => Math.ceil((1_024 * 2 ** (k / 4)) / 65_536) * 65_536);

  test.for<Options>([
    { of: "x^2", under: standard, until: { standardError: 2e-3 } },
    { of: "exp(x)", under: standard, until: { relativeError: 1.5e-3 } },
    { of: ["x + 1", "x^2"], under: standard, until: { standardError: 1e-5, relativeError: 2e-3 } },
    { of: "exp(x)", under: standard, method: "antithetic", until: { standardError: 1e-3 } },
    { of: "x^2", under: standard, offset: 7 * 65_536, until: { standardError: 2e-3 } },
    { of: "x^2", under: standard, offset: 100, until: { standardError: 2e-3 } },
  ])("$until stops both engines at the same checkpoint, with the same bits", async (options) => {
    const asked = { ...options, samples: 4e6, seed: 8 };
    const e = await expectation(gpu, asked);
    expect(e.samples).toBeLessThan(4e6);
    const draws = options.method === "antithetic" ? e.samples / 2 : e.samples;
    // From an odd place, the first block is not whole.
    if ((options.offset ?? 0) % 65_536 === 0) expect(checkpoints).toContain(draws);
    expect(bitsOf(await expectation(cpu, asked))).toEqual(bitsOf(e));
    // The one before was not enough.
    const { standardError = 0, relativeError = 0 } = options.until ?? {};
    const enough = [e.standardError].flat().every((s, k) => {
      return s <= standardError || s <= relativeError * Math.abs([e.mean].flat()[k] as number);
    });
    expect(enough).toBe(true);
    const resumed = await expectation(gpu, { ...asked, resume: e.snapshot } as Options);
    expect(bitsOf(resumed), "resumed where it had stopped").toEqual(bitsOf(e));
  });

  test("a spread of zero is never precise enough", async () => {
    const e = await expectation(gpu, {
      of: "x > 9",
      under: standard,
      samples: 300_000,
      until: { standardError: 1, relativeError: 1 },
    });
    expect(e.samples).toBe(300_000);
    expect(e.standardError).toBe(0);
  });
});

describe("a device that is lost in the middle", () => {
  let undisturbed: readonly string[];
  const options = { of: "x^2", under: normal(1, 2), samples: 3e7, seed: 6 } as const;

  beforeAll(async () => {
    undisturbed = bitsOf(await expectation(gpu, options));
  });

  test("costs nothing: the run goes on with a new one and has the same bits", async () => {
    using engine = await gpuEngine();
    let lost = 0;
    const e = await expectation(engine, {
      ...options,
      onProgress: () => {
        lost += 1;
        if (lost === 2) engine.device?.destroy();
      },
    });
    expect(lost).toBeGreaterThan(2);
    expect(bitsOf(e)).toEqual(undisturbed);
    expect(engine.memory()).toMatchObject({ tensors: 0, bytes: 0 });
  });

  test("lost before the first batch, too", async () => {
    using engine = await gpuEngine();
    const run = expectation(engine, { ...options, samples: 200_000 });
    engine.device?.destroy();
    expect(bitsOf(await run)).toEqual(bitsOf(await expectation(gpu, { ...options, samples: 200_000 })));
  });

  test("an adopted one ends the run with a DeviceLostError, whose snapshot resumes elsewhere", async () => {
    const device = await ownDevice();
    using engine = await Engine.create({ device });
    let told = 0;
    const run = expectation(engine, {
      ...options,
      onProgress: () => {
        told += 1;
        if (told === 2) device.destroy();
      },
    });
    const error = (await rejection(run)) as DeviceLostError;
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error.code).toBe("device-lost");
    const snapshot = JSON.parse(JSON.stringify(error.snapshot)) as Snapshot;
    expect(snapshot.ranges[0]?.[1]).toBeGreaterThan(0);
    expect(bitsOf(await expectation(gpu, { ...options, resume: snapshot }))).toEqual(undisturbed);
  });
});
