import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../../src/core/version.ts";
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
import { planCrossEntropy, planWithGradient } from "../../../src/rows/cross-entropy.ts";
import { value as entropyValue } from "../../../src/rows/entropy.ts";
import { pairOf, planKlDivergence } from "../../../src/rows/kl-divergence.ts";
import { value as logSumExpValue } from "../../../src/rows/log-sum-exp.ts";
import { planRowStatistics } from "../../../src/rows/row-statistics.ts";
import { planRowValue } from "../../../src/rows/row-value.ts";
import { planSoftmax } from "../../../src/rows/softmax.ts";
import { hardRows, randomIds, randomMask, repeated } from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { callsFor, engineFor } from "../../support/rows/calls.ts";
import { checkedLoss, checkedRows, checkedStatistics } from "../../support/rows/checked.ts";
import {
  judgeDivergence,
  judgeEntropy,
  judgeGradient,
  judgeLogSoftmax,
  judgeLogSumExp,
  judgeLosses,
  judgeSoftmax,
} from "../../support/rows/judge.ts";
import { lossesOf, reduceLosses } from "../../support/rows/reference.ts";
import { expectWithin, reducedTolerance } from "../../support/tolerance.ts";

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
  ["a shape that no device holds", [softmax], { shapes: [[1e6, 1e6]] }, "shapes[0] must be of at most"],
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
  ["an adapter that is none", { adapter: [], layouts: [] }, "tuning.adapter: needed options { vendor, architecture"],
  [
    "an adapter of odd members",
    {
      adapter: { vendor: "", architecture: "", description: "", software: true, subgroups: { min: {}, max: 1 } },
      layouts: [],
    },
    "tuning.adapter must be an engine's own",
  ],
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
  const given = typeof tuning === "object" && tuning ? { version: VERSION, adapter, ...tuning } : tuning;
  const created = Engine.create({ tuning: given as Tuning });
  await expect(created).rejects.toThrow(InputError);
  await expect(created).rejects.toThrow(message);
});

// Whatever is quickest must be right: some of the layouts that the tuner may try, spread over all of them.
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
] as const)("layouts of %s", (_, rows, classes) => {
  const shape = [rows, classes];
  const batch = repeated(hardRows(classes), rows);
  const ids = randomIds(1, rows, classes);

  test.each([true, false])(
    "agree with the f64 reference; as on a software adapter: %j",
    { timeout: 240_000 },
    async (software) => {
      const { engine, tensor } = setting();
      const { limits, numerics } = engine;
      const { layouts } = await softmax.tuning.load();
      const all = layouts(shape, { limits, software, numerics });
      expect(all.length).toBeGreaterThan(2);
      // SwiftShader's compiler takes a second or two for each kernel of each.
      const step = Math.ceil(all.length / (exhaustive ? 3 : 2));
      const some = all.filter((_, k) => k % step === step - 1);
      expect(some.length).toBeGreaterThan(0);
      using x = tensor(batch);
      for (const [k, layout] of some.entries()) {
        const tuned = Object.keys(FUNCTIONS).map((name) => ({ function: name, shape, layout, gain: 1 }));
        const machine = { limits, software, numerics, tuned };
        const { passes } = planSoftmax("softmax", checkedRows(x), machine);
        // It is that layout, and not the rule's.
        const first = passes[0];
        expect(first?.kernel.code).toContain(`const WG = ${layout.width}u;`);
        expect(first?.kernel.code).toContain(`const LANES = ${layout.lanes ?? 1}u;`);
        expect([first?.params.segments, first?.params.run]).toEqual([layout.segments ?? 1, layout.run ?? 1]);
        const calls = callsFor(() => machine);
        judgeSoftmax(await calls.softmax(x).read(), batch);
        judgeLogSumExp(await calls.logSumExp(x).read(), batch);
        const mean = reduceLosses(lossesOf(batch, ids), "mean");
        const loss = (await calls.crossEntropy(x, ids).read()) as Float32Array;
        expectWithin("mean", loss, [mean], () => reducedTolerance(lossesOf(batch, ids), "mean", mean));
        if (!exhaustive || k !== 1 || rows > 3) continue;
        judgeLogSoftmax(await calls.logSoftmax(x).read(), batch);
        judgeEntropy(await calls.entropy(x).read(), batch);
        judgeDivergence(await calls.klDivergence(x, x).read(), batch, batch);
        judgeLosses(await calls.rowStatistics(x, ids).loss.read(), batch, ids);
        const mask = randomMask(2, rows, classes, 0.6);
        judgeSoftmax(await calls.softmax(x, { mask }).read(), batch, { mask });
        const options = { reduction: "none" } as const;
        const got = calls.crossEntropyWithGradient(x, ids, options);
        judgeLosses(await got.loss.read(), batch, ids);
        judgeGradient(await got.gradient.read(), batch, ids, options);
      }
    },
  );
});

const FUNCTIONS = {
  softmax,
  logSoftmax,
  logSumExp,
  entropy,
  crossEntropy,
  crossEntropyWithGradient,
  klDivergence,
  rowStatistics,
};

test("a tuning reaches each function, and those of robots that call it", async () => {
  const { engine, tensor } = setting();
  using x = tensor(hardRows(33));
  const [rows = 0, classes = 0] = x.shape;
  const layout = { width: 64, lanes: 4, segments: 1 };
  const tuned = Object.keys(FUNCTIONS).map((name) => ({ function: name, shape: [rows, classes], layout, gain: 1 }));
  const machine = { limits: engine.limits, software: true, tuned };
  const targets = { soft: false, unchecked: false };
  const plans = [
    planSoftmax("softmax", checkedRows(x), machine),
    planSoftmax("logSoftmax", checkedRows(x), machine),
    planRowValue(logSumExpValue, checkedRows(x), machine),
    planRowValue(entropyValue, checkedRows(x), machine),
    planKlDivergence(pairOf(checkedRows(x), x), machine),
    planRowStatistics(checkedStatistics(x, undefined), machine),
    planCrossEntropy(checkedLoss(x, targets, {}, "openvla.actionLoss"), machine),
    planWithGradient(checkedLoss(x, targets, {}, "a robot's"), machine),
  ];
  for (const { name, passes } of plans) expect(passes[0]?.kernel.code, name).toContain("const LANES = 4u;");
});

test("two that tune at once come one after the other, and both are kept", async () => {
  using engine = await Engine.create({ backend: "webgpu" });
  const shapes = [[2, 1]];
  const [one, both] = await Promise.all([engine.tune([logSumExp], { shapes }), engine.tune([entropy], { shapes })]);
  expect(one.layouts.map((layout) => layout.function)).toEqual(["logSumExp"]);
  expect(both.layouts.map((layout) => layout.function)).toEqual(["logSumExp", "entropy"]);
  expect(engine.machine.tuned).toEqual(both.layouts);
});

test("an engine that is disposed of while it tunes says so", async () => {
  const engine = await Engine.create({ backend: "webgpu" });
  const tuned = engine.tune([logSumExp, softmax], { shapes: [[2, 1]], onProgress: () => engine.dispose() });
  await expect(tuned).rejects.toThrow("disposed");
});

test("every function over rows of logits brings its own name, and a call to be timed", async () => {
  const { engine } = setting();
  for (const [name, one] of Object.entries(FUNCTIONS)) {
    expect(one.tuning.name).toBe(name);
    const trial = (await one.tuning.load()).begin(engine, [2, 3]);
    const results = trial.run();
    expect(results.length).toBeGreaterThan(0);
    for (const tensor of results) tensor.dispose();
    trial.dispose();
  }
});
