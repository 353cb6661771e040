import { describe, expect, test } from "vitest";
import type { Distribution } from "../../../src/distributions/distribution.ts";
import type { Kernel } from "../../../src/engine/plan.ts";
import { type Line, slopesOf } from "../../../src/expectation/gradient/slopes.ts";
import {
  bernoulli,
  categorical,
  Engine,
  type ExpectationGradientOptions,
  expectationGradient,
  exponential,
  type GradientEstimate,
  gamma,
  gradientDraws,
  InputError,
  independent,
  laplace,
  mergeEstimates,
  mixture,
  normal,
  type Snapshot,
  uniform,
  vonMises,
} from "../../../src/index.ts";
import { rejection } from "../../support/device.ts";
import { bitsOf, spied } from "../../support/expectation/expectation.ts";

const engine = await Engine.create({ backend: "cpu" });

type Options = ExpectationGradientOptions<number | readonly number[]>;

const control = {
  of: "x^2",
  under: (mean: number) => normal(mean, 1),
  at: 1,
  estimator: "score",
  samples: 1_024,
} as const;

/** Refuses `bad` beside a call that passes: with InputError, before any work, saying each of `words`. */
async function refused(bad: object, words: readonly (string | RegExp)[]): Promise<void> {
  const spy = spied(engine);
  const error = await rejection(expectationGradient(spy.engine, { ...control, ...bad } as unknown as Options));
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).toMatch(/^expectationGradient: /);
  for (const word of words) expect(message).toMatch(word);
  expect(spy.calls(), "work that was done all the same").toBe(0);
}

test("the call that all of these differ from passes", async () => {
  const estimate = await expectationGradient(engine, control);
  expect(estimate).toMatchObject({ samples: 1_024, estimator: "score", baseline: "none", baselines: [0], group: 1 });
  expect(estimate.mean).toHaveLength(1);
});

describe("refuses", () => {
  test.for<readonly [bad: object, ...words: (string | RegExp)[]]>([
    [{ of: "x +" }, /\bof\b/],
    [{ of: ["x"] }, "one function", "list of 1"],
    [{ under: normal(0, 1) }, "under must be a function", "object"],
    [{ under: (mean: number) => mean }, /under\(1\) must be a distribution/, "got 1"],
    [{ at: "1" }, "at must be", '"1"'],
    [{ at: [] }, "at must be"],
    [{ at: Number.NaN }, "at must be a finite number", "NaN"],
    [{ at: [1, Number.POSITIVE_INFINITY] }, /at\[1\] must be a finite number/, "Infinity"],
    [{ estimator: "reinforce" }, "estimator", '"score", "pathwise"', '"reinforce"'],
    [{ baseline: "average" }, "baseline", '"leaveOneOut"', '"average"'],
    [{ estimator: "pathwise", baseline: "mean" }, "pathwise", "no baseline"],
    [{ group: 4 }, "group is for baseline"],
    [{ baseline: "leaveOneOut", group: 1 }, "group", "from 2 to 64", "got 1"],
    [{ baseline: "leaveOneOut", group: 65 }, "group", "got 65"],
    [{ baseline: "leaveOneOut", samples: 1_022 }, "groups of 4", "1020 or 1024"],
    [{ baseline: "leaveOneOut", offset: 2 }, "groups of 4", "offset", "got 2"],
    [{ samples: 0 }, "samples", "got 0"],
    [{ samples: 0, baseline: "mean" }, "samples", "got 0"],
    [{ method: "antithetic" }, "no option 'method'"],
    [{ onProgress: 5 }, "onProgress", "5"],
    [{ of: "a * x" }, "a"],
  ])("%o", ([bad, ...words]) => refused(bad, words));

  test.for<readonly [name: string, bad: object, ...words: (string | RegExp)[]]>([
    ["a support that moves", { under: (b: number) => uniform(0, b) }, "support", "uniform", '"pathwise"'],
    [
      "a support that moves within a mixture, for which there is nothing else",
      { under: (b: number) => mixture([0.5, 0.5], [uniform(0, b), uniform(0, 9)]) },
      "support",
      /leaves out what enters at its ends$/,
    ],
    ["a corner", { under: (m: number) => normal(Math.abs(m), 1), at: 0 }, "smooth", "corner", "'mean'"],
    ["a jump", { under: (m: number) => normal(Math.floor(m), 1), at: 1 }, "smooth", "a jump", "'mean'"],
    ["noise", { under: (m: number) => normal(Math.sin(1e9 * m), 1) }, "smooth", "'mean'"],
    ["what does not change", { under: () => normal(0, 1) }, "must change"],
    ["another kind", { under: (m: number) => (m > 1 ? normal(m, 1) : laplace(m, 1)) }, "one kind", "laplace", "normal"],
    ["no other side", { under: (p: number) => bernoulli(p), at: 1 }, "both sides of at = 1", "probability"],
    [
      "another number of coordinates",
      { of: "x[0]", under: (m: number) => independent(m > 1 ? [normal(m, 1)] : [normal(m, 1), normal(m, 1)]) },
      "one kind",
      /\[1\]/,
      /\[2\]/,
    ],
    [
      "another formula",
      { of: "x[0]", under: (m: number) => independent([m > 1 ? normal(m, 1) : laplace(m, 1)]) },
      "one formula",
    ],
  ])("%s", ([, bad, ...words]) => refused(bad, words));

  test.for<readonly [name: string, bad: object, ...words: (string | RegExp)[]]>([
    ["samples that jump", { under: (p: number) => bernoulli(p), at: 0.5 }, "bernoulli", "jump", '"score"'],
    ["a circle", { under: (m: number) => vonMises(m, 2) }, "vonMises", "jump", '"score"'],
    [
      "samples that are accepted otherwise",
      { under: (c: number) => gamma(c, 2) },
      "gamma",
      "accepts others",
      '"score"',
    ],
    ["a mixture", { under: (m: number) => mixture([0.5, 0.5], [normal(m, 1), normal(0, 1)]) }, "mixture", '"score"'],
    ["a condition", { of: "x > 1" }, "condition", "gt", '"score"'],
    ["a condition times something", { of: "x * (x > 1)" }, "condition", '"score"'],
    ["a floor", { of: "floor(x) + x" }, "floor", '"score"'],
    ["a rounding", { of: "round(x)" }, "step", '"score"'],
    ["a sign", { of: "x * sign(x)" }, "sign", '"score"'],
  ])("pathwise: %s", ([, bad, ...words]) => refused({ estimator: "pathwise", ...bad }, words));

  test.each(["abs(x)", "max(x, 0) + min(x, 1)", "clamp(x, 0, 1)", "x^2 * floor(2.5)", "relu(x)"])(
    "pathwise takes %s without a word",
    async (of) => {
      const estimate = await expectationGradient(engine, { ...control, of, estimator: "pathwise" });
      expect(estimate.warnings).toEqual([]);
    },
  );

  test("pathwise warns of branches", async () => {
    const estimate = await expectationGradient(engine, {
      ...control,
      of: "select(floor(x) > 0 and x > 1, x, 1)",
      estimator: "pathwise",
    });
    expect(estimate.warnings.map(({ code }) => code)).toEqual(["discontinuous"]);
  });
});

describe("derivatives of host functions", () => {
  const slope = (
    f: (t: number) => number,
    at: number,
    reach = 2 ** -5 * 2 ** Math.floor(Math.log2(Math.max(1, Math.abs(at)))),
  ) => {
    const line: Line = { label: "at", at, reach, valuesAt: (t) => ({ f: f(t) }) };
    return slopesOf(line, { f: f(at) }, ["f"], "test").get("f");
  };

  // 1e-9 relative is a hundred times what Ridders' table leaves of f64 for these.
  test.for<readonly [string, (t: number) => number, at: number, want: number, reach?: number]>([
    ["exp", Math.exp, 1.5, Math.exp(1.5)],
    ["exp near its tail", Math.exp, -8, Math.exp(-8)],
    ["sin far out", Math.sin, 1_000, Math.cos(1_000)],
    ["log near 0", Math.log, 0.001, 1_000, 2 ** -11],
    ["a cube", (t) => t ** 3, 2, 12],
    ["a logistic", (t) => 1 / (1 + Math.exp(-t)), 0.3, Math.exp(-0.3) / (1 + Math.exp(-0.3)) ** 2],
    ["a square root", Math.sqrt, 0.01, 5, 2 ** -7],
  ])("of %s", ([, f, at, want, reach]) => {
    expect(Math.abs((slope(f, at, reach)?.slope ?? 0) / want - 1)).toBeLessThan(1e-9);
  });

  test("are 0 where a function is nearly flat, without a word", () => {
    for (const flat of [(t: number) => Math.sin(t) - t, (t: number) => t ** 5, (t: number) => 1 - Math.cos(t)]) {
      expect(Math.abs(slope(flat, 0)?.slope ?? 1)).toBeLessThan(1e-12);
    }
  });

  test("are exact for lines, and 0 at the bottom of a parabola, which moves all the same", () => {
    expect(slope((t) => 3 * t + 1, 0.7)).toEqual({ slope: 3, moves: true, corner: false });
    expect(slope((t) => t * t, 0)).toEqual({ slope: 0, moves: true, corner: false });
    expect(slope(Math.abs, 0)).toEqual({ slope: 0, moves: true, corner: true });
    expect(slope(() => 5, 0.7)).toEqual({ slope: 0, moves: false, corner: false });
  });
});

describe("draws one by one", () => {
  test.each<Partial<Options>>([
    { estimator: "pathwise" },
    { estimator: "score", baseline: "optimal" },
    { estimator: "score", baseline: "leaveOneOut", group: 3, offset: 9 },
  ])("are what the estimate is the mean of: %o", async (how) => {
    const under = ([m, s]: readonly [number, number]) => normal(m, s);
    const call = { ...control, under, at: [1, 2], samples: 15_000, ...how } as unknown as Options;
    const [draws, estimate] = [await gradientDraws(call), await expectationGradient(engine, call)];
    expect(draws).toHaveLength(2);
    draws.forEach((values, j) => {
      expect(values).toHaveLength(15_000 / estimate.group);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      // Sums of f32 in groups: their roundings are below 1e-6 of the spread.
      const spread = Math.sqrt(variance);
      expect(Math.abs(mean - (estimate.mean[j] as number))).toBeLessThan(1e-6 * spread);
      expect(Math.abs(variance / (estimate.variance[j] as number) - 1)).toBeLessThan(1e-5);
    });
  });

  test("of one sample are one", async () => {
    const [[only] = []] = await gradientDraws({ ...control, samples: 1, offset: 5 });
    const [six = []] = await gradientDraws({ ...control, samples: 6 });
    expect(only).toBe(six[5]);
  });

  test("are no estimate: what belongs to one is refused, and so are more than a million", async () => {
    for (const bad of [
      { until: { milliseconds: 5 } },
      { resume: {} },
      { onProgress: () => {} },
      { samples: 2 ** 20 + 1 },
    ]) {
      const error = await rejection(gradientDraws({ ...control, ...bad } as unknown as Options));
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(new RegExp(`^gradientDraws: .*\\b${Object.keys(bad)[0]}\\b`));
    }
  });
});

describe("a run", () => {
  const BLOCK = 65_536;

  test("of baseline 'leaveOneOut' is K / (K - 1) of the one whose baseline includes the sample itself", async () => {
    for (const group of [2, 3, 8]) {
      const call = { ...control, samples: 20_000 * group, group };
      const fair = await expectationGradient(engine, { ...call, baseline: "leaveOneOut" });
      const biased = await expectationGradient(engine, { ...call, baseline: "group" });
      const ratio = (fair.mean[0] as number) / (biased.mean[0] as number);
      // A factor that is rounded to f32, and products of it.
      expect(Math.abs(ratio / (group / (group - 1)) - 1)).toBeLessThan(1e-6);
      expect(fair.warnings).toEqual([]);
      expect(biased.warnings.map(({ code }) => code)).toContain("biased");
      expect(fair.perSampleVariance[0]).toBe((fair.variance[0] as number) * group);
      expect(fair.samples).toBe(20_000 * group);
      expect(fair.baselines).toBeUndefined();
    }
  });

  test("is the mean of the score formula over sampleAt of under(at)", async () => {
    const got = await expectationGradient(engine, { ...control, samples: 5_000, seed: 9 });
    // (x - 1) x² on the same words
    const { sampleAt } = await import("../../../src/index.ts");
    let sum = 0;
    for (let index = 0; index < 5_000; index++) {
      const x = sampleAt(normal(1, 1), { seed: 9, index });
      sum += (x * x * (x - 1)) / 5_000;
    }
    // Roundings of f32 at values up to about 100: 1e-7 of the mean size 4.
    expect(Math.abs((got.mean[0] as number) - sum)).toBeLessThan(4e-6);
  });

  test("at a point where the formulas are simpler is no different: a standard normal has a mean", async () => {
    for (const estimator of ["score", "pathwise"] as const) {
      const under = ([a, b]: readonly [number, number]) => independent([normal(a, 1), normal(b, 1)]);
      const got = await expectationGradient(engine, {
        of: "x[0] + 3 * x[1]",
        under,
        at: [0, 0],
        estimator,
        samples: 20_000,
      });
      [1, 3].forEach((want, j) => {
        const error = Math.abs((got.mean[j] as number) - want);
        expect(error).toBeLessThanOrEqual(5 * (got.standardError[j] as number) + 1e-6);
      });
    }
  });

  test("of a mixture may cross the point where its weights are equal", async () => {
    const under = (w: number) => mixture([w, 1 - w], [normal(2, 1), normal(-1, 0.5)]);
    const got = await expectationGradient(engine, { of: "x", under, at: 0.5, estimator: "score", samples: 20_000 });
    expect(Math.abs((got.mean[0] as number) - 3)).toBeLessThan(5 * (got.standardError[0] as number));
  });

  test("of another θ shares the shader, whatever the baseline's value", async () => {
    const kernels = new Set<Kernel>();
    const front = new Proxy(engine, {
      get(target, name) {
        if (name !== "fetch") {
          const value = Reflect.get(target, name, target) as unknown;
          return typeof value === "function" ? value.bind(target) : value;
        }
        return (...args: Parameters<Engine["fetch"]>) => {
          const [first] = args[0].passes;
          if (first) kernels.add(first.kernel);
          return target.fetch(...args);
        };
      },
    });
    const under = ([m, s]: readonly [number, number]) => normal(m, Math.exp(s));
    for (const at of [
      [1, 0.2],
      [2, 0],
      [0, -1],
      [0, 0],
    ] as const) {
      await expectationGradient(front, { ...control, under, at, baseline: "optimal" });
    }
    // The standard normal is drawn by a formula of its own.
    expect(kernels.size).toBe(2);
    kernels.clear();
    for (const at of [
      [1, 0.2],
      [0, 0],
    ] as const) {
      await expectationGradient(front, { ...control, under, at, estimator: "pathwise" });
    }
    expect(kernels.size).toBe(1);
  });

  test("of what one component does not change gives that component 0, without a warning", async () => {
    const under = ([rate]: readonly [number, number]) => exponential(rate);
    const got = await expectationGradient(engine, { of: "x", under, at: [2, 7], estimator: "score", samples: 100_000 });
    expect([got.mean[1], got.variance[1], got.warnings]).toEqual([0, 0, []]);
  });

  test.each(["none", "mean", "optimal", "leaveOneOut"] as const)(
    "with baseline '%s' goes on from a snapshot, and joins others, with the bits of one run",
    async (baseline) => {
      const step = baseline === "leaveOneOut" ? 4 * BLOCK : BLOCK;
      const call = { ...control, baseline, seed: 4, samples: 2 * step } as const;
      const whole = await expectationGradient(engine, call);
      const half = await expectationGradient(engine, { ...call, samples: step });
      const snapshot = JSON.parse(JSON.stringify(half.snapshot)) as Snapshot;
      const resumed = await expectationGradient(engine, { ...call, resume: snapshot });
      expect(bitsOf(resumed)).toEqual(bitsOf(whole));
      const other = await expectationGradient(engine, { ...call, samples: step, offset: step });
      const merged = mergeEstimates<GradientEstimate>(half, other);
      expect(bitsOf(merged)).toEqual(bitsOf(whole));
      expect(merged.samples).toBe(2 * step);
      await refused({ ...call, seed: 5, resume: snapshot }, ["resume", "another run"]);
    },
  );

  test("that begins within a block of groups is not joined", async () => {
    const call = { ...control, baseline: "leaveOneOut", samples: 4 * BLOCK } as const;
    const first = await expectationGradient(engine, call);
    const astray = await expectationGradient(engine, { ...call, offset: 5 * BLOCK });
    expect(() => mergeEstimates(first, { ...astray, samples: 3 * BLOCK })).toThrow(InputError);
  });

  test("tells its progress, stops where it is precise enough, and ends when it is told to", async () => {
    const told: GradientEstimate[] = [];
    const onProgress = (estimate: GradientEstimate) => told.push(estimate);
    const until = { standardError: 0.02 };
    const samples = 2 ** 24;
    const precise = await expectationGradient(engine, { ...control, samples, until, onProgress, baseline: "mean" });
    expect(precise.standardError[0]).toBeLessThanOrEqual(0.02);
    expect(precise.samples).toBeLessThan(samples);
    expect(told.at(-1)).toMatchObject({ baseline: "mean", samples: precise.samples, baselines: precise.baselines });
    const controller = new AbortController();
    const run = expectationGradient(engine, {
      ...control,
      samples,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await rejection(run)).toMatchObject({ name: "AbortError" });
  });
});

test("types: θ has at's shape", () => {
  const calls: readonly (() => Promise<GradientEstimate>)[] = [
    () => expectationGradient(engine, { ...control, at: 2, under: (mean) => normal(mean, 1) }),
    () => expectationGradient(engine, { ...control, at: [2, 3], under: ([mean, std]) => normal(mean, std) }),
    () => expectationGradient(engine, { ...control, at: [1, 2] as number[], under: (l) => categorical({ logits: l }) }),
    () =>
      expectationGradient(engine, { ...control, at: new Float32Array(2), under: (l) => categorical({ logits: l }) }),
    // @ts-expect-error there is no third component
    () => expectationGradient(engine, { ...control, at: [2, 3], under: ([a, b, c]) => normal(a + c, b) }),
    // @ts-expect-error a distribution is wanted
    () => expectationGradient(engine, { ...control, under: (mean: number): Distribution => mean }),
  ];
  expect(calls).toHaveLength(6);
});

test("θ may be a typed array, which under gets as numbers", async () => {
  const of = (at: ArrayLike<number>) => {
    const under = (theta: readonly number[]) => {
      expect(Array.isArray(theta)).toBe(true);
      return normal(theta[0] as number, theta[1] as number);
    };
    return expectationGradient(engine, { ...control, at, under });
  };
  const { mean } = await of([0.5, 2]);
  expect(mean).toHaveLength(2);
  expect((await of(Float32Array.of(0.5, 2))).mean).toEqual(mean);
  expect((await of(Float64Array.of(0.5, 2))).mean).toEqual(mean);
  await expect(of(new Float32Array(0))).rejects.toThrow("at must be a number or a list of numbers, got");
  await expect(of(Float32Array.of(1, Number.NaN))).rejects.toThrow("at[1] must be a finite number, got NaN");
  await expect(of(new DataView(new ArrayBuffer(8)) as never)).rejects.toThrow("at must be a number or a list");
});
