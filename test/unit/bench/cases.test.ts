import { describe, expect, test } from "vitest";
import { makeDiagonal, makeMatrix } from "../../../bench/cases/gaussian.ts";
import { sampleParts } from "../../../bench/cases/monte-carlo.ts";
import { parts, selects } from "../../../bench/cases/parts.ts";
import { makeRows, rowFunctions, rowPart } from "../../../bench/cases/rows.ts";
import { idsOf, ticksOf } from "../../../bench/page/choices.ts";
import {
  crossEntropyWithGradient,
  Engine,
  entropy,
  gaussianLogDensity,
  logSoftmax,
  logSumExp,
  softmax,
} from "../../../src/index.ts";

test("every case has an id of its own", () => {
  const ids = parts.flatMap((part) => part.ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("crossEntropyWithGradient/448x32064");
});

describe("a word selects", () => {
  test("the cases that it is a part of, and nothing selects all", () => {
    expect(selects(["softmax/4096"], "softmax/4096x1024")).toBe(true);
    expect(selects(["softmax 4096"], "softmax/4096x1024")).toBe(true);
    expect(selects(["softmax/4096"], "logSoftmax/4096x1024")).toBe(false);
    expect(selects([], "anything")).toBe(true);
  });

  test("ticks of the page, which mean the same ids", () => {
    expect(idsOf(ticksOf(["softmax/4096x1024", "check/large"]))).toEqual(["softmax/4096x1024", "check/large"]);
  });
});

describe("errors of the right answers are small, and those of wrong ones large", () => {
  const { problem, cases } = rowPart(8, 50).make();
  if (problem.group !== "rows") throw new Error("no rows");

  test.each(rowFunctions)("%s", async (name) => {
    const engine = await Engine.create({ backend: "cpu", threads: 0 });
    const x = engine.tensor(problem.logits, [8, 50]);
    const { loss, gradient } = crossEntropyWithGradient(x, problem.targets);
    const answers = {
      softmax: [await softmax(x).read()],
      logSoftmax: [await logSoftmax(x).read()],
      logSumExp: [await logSumExp(x).read()],
      crossEntropy: [await loss.read()],
      crossEntropyWithGradient: [await loss.read(), await gradient.read()],
      entropy: [await entropy(x).read()],
    };
    const judge = cases.find(({ task }) => task === name)?.judge;
    expect(judge?.(answers[name]).error).toBeLessThan(2e-6);
    const wrong = answers[name].map((values) => Float32Array.from(values, (value) => 1.01 * value + 0.01));
    expect(judge?.(wrong).error).toBeGreaterThan(1e-3);
    expect(judge?.([]).error).toBeNaN();
    engine.dispose();
  });

  test("the log-densities are ours to f32", async () => {
    const engine = await Engine.create({ backend: "cpu", threads: 0 });
    const diagonal = makeDiagonal(20);
    const x = engine.tensor(diagonal.x, [20, 7]);
    const got = await gaussianLogDensity(x, { mean: diagonal.mean, std: diagonal.std }).read();
    diagonal.want.forEach((want, row) => {
      expect(Math.abs((got[row] ?? 0) - want)).toBeLessThan(1e-5);
    });
    const { x: points, mean, covariance, want } = makeMatrix(20);
    const matrices = engine.tensor(covariance, [20, 7, 7]);
    const densities = await gaussianLogDensity(engine.tensor(points, [20, 7]), { mean, covariance: matrices }).read();
    want.forEach((value, row) => {
      expect(Math.abs((densities[row] ?? 0) - value)).toBeLessThan(1e-5);
    });
    engine.dispose();
  });
});

test("a mean one standard error off is judged so", () => {
  for (const part of sampleParts) {
    const { problem, cases } = part.make();
    if (problem.group !== "monte-carlo") throw new Error("no samples");
    const off = problem.truth + problem.deviation / Math.sqrt(problem.samples);
    expect(cases[0]?.judge([[off]]).standardErrors).toBeCloseTo(1, 6);
  }
});

test("data are the same on every run", () => {
  expect(makeRows(3, 5).logits).toEqual(makeRows(3, 5).logits);
  expect(makeRows(3, 5).logits).not.toEqual(makeRows(5, 3).logits);
});
