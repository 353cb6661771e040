import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  crossEntropy,
  crossEntropyWithGradient,
  Engine,
  entropy,
  expectation,
  InputError,
  klDivergence,
  logSoftmax,
  logSumExp,
  rowStatistics,
  softmax,
  type Tunable,
  type Tuning,
} from "../../../src/index.ts";
import { hardRows, randomIds, repeated } from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { callsFor, engineFor } from "../../support/rows/calls.ts";
import {
  judgeEntropy,
  judgeGradient,
  judgeLogSoftmax,
  judgeLogSumExp,
  judgeLosses,
  judgeSoftmax,
} from "../../support/rows/judge.ts";

const setting = engineFor("webgpu");

describe("a tuning", () => {
  let engine: Engine;
  let tuning: Tuning;
  // So few classes that there are few layouts to try.
  const shapes = [[3, 2]];

  beforeAll(async () => {
    engine = await Engine.create({ backend: "webgpu" });
    const progress: unknown[] = [];
    const before = engine.memory();
    tuning = await engine.tune([softmax, crossEntropy], { shapes, onProgress: (one) => progress.push(one) });
    expect(progress).toEqual([1, 2].map((done) => ({ done, of: 2 })));
    const { tensors, bytes } = engine.memory();
    expect({ tensors, bytes }).toEqual({ tensors: before.tensors, bytes: before.bytes });
  });

  afterAll(() => engine.dispose());

  test("is plain data, with a word on each function at each shape", () => {
    expect(JSON.parse(JSON.stringify(tuning))).toEqual(tuning);
    expect(tuning.adapter).toEqual(engine.adapter);
    expect(tuning.layouts.map(({ function: name, shape }) => [name, shape])).toEqual([
      ["softmax", shapes[0]],
      ["crossEntropy", shapes[0]],
    ]);
    for (const { layout, gain } of tuning.layouts) expect(gain > 1).toBe(layout !== null);
  });

  test("is used from then on, by this engine and by one that is given it", async () => {
    expect(engine.machine.tuned).toEqual(tuning.layouts);
    using other = await Engine.create({ backend: "webgpu", tuning: JSON.parse(JSON.stringify(tuning)) });
    expect(other.machine.tuned).toEqual(tuning.layouts);
    expect(other.diagnosis?.code).not.toBe("tuning-ignored");
    expect(other.diagnosis?.also).toBeUndefined();
  });

  test("is added to by the next", async () => {
    const next = await engine.tune([logSumExp], { shapes: [[2, 2, 1]] });
    const names = next.layouts.map(({ function: name, shape }) => `${name} ${shape}`);
    expect(names).toEqual(["softmax 3,2", "crossEntropy 3,2", "logSumExp 2,2,1"]);
    expect(engine.machine.tuned).toEqual(next.layouts);
  });

  test.each([
    ["by another version", (one: Tuning) => ({ ...one, version: "0.0.1" }), 'by version "0.0.1" of the library'],
    [
      "on another adapter",
      (one: Tuning) => ({ ...one, adapter: { ...one.adapter, vendor: "nvidia", description: "H200" } }),
      'on "nvidia',
    ],
  ])("that was made %s is ignored, and the diagnosis says so", async (_, change, words) => {
    using other = await Engine.create({ backend: "webgpu", tuning: change(tuning) });
    expect(other.machine.tuned).toBeUndefined();
    const told = [other.diagnosis, other.diagnosis?.also].find((one) => one?.code === "tuning-ignored");
    expect(told?.message).toContain(words);
    expect(told?.fix).toContain("engine.tune");
  });

  test("is of no use to the CPU engine, which says so and refuses to tune", async () => {
    using cpu = await Engine.create({ backend: "cpu", tuning });
    expect(cpu.diagnosis?.also?.code).toBe("tuning-ignored");
    await expect(cpu.tune([softmax], { shapes })).rejects.toThrow("tune: the CPU engine has one layout");
  });

  test("is given up when its signal says so, and the rule stays", async () => {
    using other = await Engine.create({ backend: "webgpu" });
    const controller = new AbortController();
    const tuned = other.tune([logSumExp, softmax], {
      shapes: [[2, 1]],
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(tuned).rejects.toThrow(/abort/i);
    expect(other.machine.tuned).toBeUndefined();
    expect(other.memory().tensors).toBe(0);
    // The next is not kept from its turn.
    expect((await other.tune([logSumExp], { shapes: [[2, 1]] })).layouts).toHaveLength(1);
  });
});

test.each([
  [
    "no list",
    softmax,
    { shapes: [[1, 2]] },
    "functions must be a list such as [softmax, crossEntropy], got a function",
  ],
  ["no function", [], { shapes: [[1, 2]] }, "got an array of 0"],
  ["one without layouts", [softmax, expectation], { shapes: [[1, 2]] }, "functions[1] must be one over rows of logits"],
  ["null", [null], { shapes: [[1, 2]] }, "functions[0] must be one over rows of logits"],
  ["no options", [softmax], undefined, "needed options { shapes, signal, onProgress }, got undefined"],
  ["no shapes", [softmax], {}, "shapes must be a list such as [[448, 32064]], got undefined"],
  [
    "a shape that is none",
    [softmax],
    {
      shapes: [
        [3, 4],
        [-1, 2],
      ],
    },
    "shapes[1]: shape must be a list of whole numbers",
  ],
  ["a shape of nothing", [softmax], { shapes: [[0, 7]] }, "shapes[0] must be [..., classes] without a size of 0"],
  ["a scalar", [softmax], { shapes: [[]] }, "shapes[0] must be [..., classes]"],
  ["no signal", [softmax], { shapes: [[1, 2]], signal: 1 }, "signal must be an AbortSignal, got 1"],
  ["no callback", [softmax], { shapes: [[1, 2]], onProgress: 1 }, "onProgress must be a function, got 1"],
])("tune refuses %s", async (_, functions, options, message) => {
  const { engine } = setting();
  const tuned = engine.tune(functions as unknown as Tunable[], options as { shapes: number[][] });
  await expect(tuned).rejects.toThrow(InputError);
  await expect(tuned).rejects.toThrow(message);
});

test.each([
  ["null", null, "tuning: needed options { version, adapter, layouts }, got null"],
  ["text", "{}", 'got "{}"'],
  ["something else", { layouts: 1 }, "tuning must be what engine.tune gives"],
  [
    "a layout without a shape",
    { layouts: [{ function: "softmax", layout: null, gain: 1 }] },
    "layouts[0]: shape must be",
  ],
  ["a layout of text", { layouts: [{ function: "softmax", shape: [1], layout: "x", gain: 1 }] }, 'got "x"'],
  [
    "a layout of fractions",
    { layouts: [{ function: "softmax", shape: [1], layout: { width: 0.5 }, gain: 1 }] },
    "layouts[0]: layout must be null or hold whole numbers from 1 on, got width: 0.5",
  ],
])("Engine.create refuses %s as a tuning", async (_, tuning, message) => {
  const { adapter } = setting().engine;
  const given = typeof tuning === "object" && tuning ? { version: "0.1.0", adapter, ...tuning } : tuning;
  await expect(Engine.create({ tuning: given as Tuning })).rejects.toThrow(message);
});

// Whatever is quickest must be right: the functions in every layout that the tuner may try.
describe.each([
  ["few classes", 40, 9],
  ["many", 3, 3_001],
  ...(exhaustive
    ? ([
        ["one long row", 1, 40_000],
        ["registers", 803, 7],
        ["a software adapter's registers", 500, 64],
      ] as const)
    : []),
] as const)("all layouts of %s", (_, rows, classes) => {
  const batch = repeated(hardRows(classes), rows);
  const ids = randomIds(1, rows, classes);

  test.each([true, false])("agree with the f64 reference; as on a software adapter: %j", async (software) => {
    const { engine, tensor } = setting();
    const { limits, numerics } = engine;
    const { layouts } = await softmax.tuning.load();
    const all = layouts([rows, classes], { limits, software, numerics });
    expect(all.length).toBeGreaterThan(rows === 3 ? 6 : 3);
    const some = exhaustive ? all : all.filter((_, k) => k % 5 === 0);
    using x = tensor(batch);
    for (const [k, layout] of some.entries()) {
      const tuned = TUNED.map((name) => ({ function: name, shape: [rows, classes], layout, gain: 1 }));
      const calls = callsFor((limits) => ({ limits, software, numerics, tuned }));
      judgeSoftmax(await calls.softmax(x).read(), batch);
      judgeLogSumExp(await calls.logSumExp(x).read(), batch);
      if (!exhaustive || k % 4 !== 1) continue;
      judgeLogSoftmax(await calls.logSoftmax(x).read(), batch);
      judgeEntropy(await calls.entropy(x).read(), batch);
      const options = { reduction: "none" } as const;
      const { loss, gradient } = calls.crossEntropyWithGradient(x, ids, options);
      judgeLosses(await loss.read(), batch, ids);
      judgeGradient(await gradient.read(), batch, ids, options);
    }
  });
});

const TUNED = ["softmax", "logSumExp", "logSoftmax", "entropy", "crossEntropyWithGradient"];

test("every function over rows of logits brings its own name", async () => {
  for (const [name, one] of Object.entries({
    softmax,
    logSoftmax,
    logSumExp,
    entropy,
    crossEntropy,
    crossEntropyWithGradient,
    klDivergence,
    rowStatistics,
  })) {
    expect(one.tuning.name).toBe(name);
    const { engine } = setting();
    const trial = (await one.tuning.load()).begin(engine, [2, 3]);
    const results = trial.run();
    expect(results.length).toBeGreaterThan(0);
    for (const tensor of results) tensor.dispose();
    trial.dispose();
  }
});
