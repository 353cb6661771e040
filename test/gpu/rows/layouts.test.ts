// The machines that run these tests have software adapters, whose layouts differ from a GPU's. Here the plans are made
// for other machines, and run on this one.

import { describe, expect, test } from "vitest";
import { batchOf, hardRows, randomIds, randomMask, randomProbabilities, uniformBatch } from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { callsFor, engineFor, lanesOfAGpu, limitsLike } from "../../support/rows/calls.ts";
import {
  judgeDivergence,
  judgeEntropy,
  judgeGradient,
  judgeLogSumExp,
  judgeLosses,
  judgeSoftmax,
} from "../../support/rows/judge.ts";
import { distributions, rankingOf } from "../../support/rows/reference.ts";

const GONE = Number.NEGATIVE_INFINITY;

/** Of the functions' own code: 256 lanes and segments; on 8 lanes softmax speaks for all. */
const COUNTS = exhaustive ? [100, 20_000] : [20_000];

describe("a GPU's layouts", () => {
  const setting = engineFor("webgpu", lanesOfAGpu);

  describe("agree with the f64 reference", () => {
    // 1, 8, 32 and 256 lanes, aligned and not; the last is split into segments.
    test.each(exhaustive ? [7, 100, 1_001, 20_000] : [7, 100, 20_000])("softmax of %i classes", async (classes) => {
      const batch = hardRows(classes);
      judgeSoftmax(await setting().calls.softmax(setting().tensor(batch)).read(), batch);
    });

    test.each(exhaustive ? [4_097] : [])("logSumExp of %i classes", async (classes) => {
      const batch = hardRows(classes);
      judgeLogSumExp(await setting().calls.logSumExp(setting().tensor(batch)).read(), batch);
    });

    test.each(COUNTS)("entropy of %i classes", async (classes) => {
      const batch = hardRows(classes);
      judgeEntropy(await setting().calls.entropy(setting().tensor(batch)).read(), batch);
    });

    test.each(COUNTS)("klDivergence of %i classes", async (classes) => {
      const [p, q] = [uniformBatch(1, 5, classes, 6), uniformBatch(2, 5, classes, 6)];
      const { calls, tensor } = setting();
      judgeDivergence(await calls.klDivergence(tensor(p), tensor(q)).read(), p, q);
    });

    test.each(exhaustive ? [7, 20_001] : [7])("crossEntropy of %i classes", async (classes) => {
      const batch = hardRows(classes);
      const ids = randomIds(3, batch.rows, classes);
      const { calls, tensor } = setting();
      judgeLosses(await calls.crossEntropy(tensor(batch), ids, { reduction: "none" }).read(), batch, ids);
    });

    test("crossEntropy with weights, smoothing and a mask, on 32 lanes", async () => {
      const batch = uniformBatch(4, 9, 1_000, 8);
      const ids = new Int32Array(9);
      const weight = Array.from({ length: 1_000 }, (_, c) => 0.5 + (c % 3));
      const choice = { weight, labelSmoothing: 0.1, zLoss: 1e-3, mask: randomMask(5, 9, 1_000, 0.3) };
      const { calls, tensor } = setting();
      const got = await calls.crossEntropy(tensor(batch), ids, { ...choice, reduction: "none" }).read();
      judgeLosses(got, batch, ids, choice);
    });

    test.each(COUNTS)("the gradient of %i classes, with class ids", async (classes) => {
      const batch = uniformBatch(6, 5, classes, 8);
      const ids = randomIds(7, 5, classes);
      const { calls, tensor } = setting();
      const { gradient } = calls.crossEntropyWithGradient(tensor(batch), ids);
      judgeGradient(await gradient.read(), batch, ids, { reduction: "mean" });
    });

    test.runIf(exhaustive)("the gradient with probabilities", async () => {
      const batch = uniformBatch(8, 5, 100, 8);
      const targets = randomProbabilities(9, 5, 100);
      const { calls, tensor } = setting();
      const { gradient } = calls.crossEntropyWithGradient(tensor(batch), targets);
      judgeGradient(await gradient.read(), batch, targets, { reduction: "mean" });
    });

    test.each(COUNTS)("rowStatistics of %i classes with ties", async (classes) => {
      const data = uniformBatch(10, 9, classes, 2).data.map((x) => Math.round(x * 2));
      const batch = { data, rows: 9, classes };
      const ids = randomIds(11, 9, classes);
      const { calls, tensor } = setting();
      const got = calls.rowStatistics(tensor(batch), ids);
      judgeLosses(await got.loss.read(), batch, ids);
      judgeEntropy(await got.entropy.read(), batch);
      const rankings = distributions(batch).map((d) => rankingOf(d));
      expect(await got.argmax.read()).toEqual(Int32Array.from(rankings, ([best]) => best ?? -1));
      expect(await got.rank.read()).toEqual(
        Int32Array.from(rankings, (ranking, row) => ranking.indexOf(ids[row] ?? -1)),
      );
      expect(await got.validCount.read()).toEqual(Uint32Array.of(9));
    });
  });

  describe("edges", () => {
    test.each([Number.NaN, Number.POSITIVE_INFINITY])("one %f at any place of 100 classes is found", async (odd) => {
      const { calls, tensor } = setting();
      const batch = batchOf(
        Array.from({ length: 100 }, (_, row) => (c: number) => (c === row ? odd : c % 7)),
        100,
      );
      const got = await calls.softmax(tensor(batch)).read();
      expect(got.every(Number.isNaN)).toBe(true);
      const { status } = calls.rowStatistics(tensor(batch));
      expect(new Set(await status.read())).toEqual(new Set([Number.isNaN(odd) ? 1 : 4]));
    });

    test("rows of nothing but -Inf, of the lowest and of the highest f32", async () => {
      const { calls, tensor } = setting();
      const most = 3.4028234663852886e38;
      const batch = batchOf(
        [() => GONE, () => -most, () => most, (c) => (c === 57 ? -most : GONE), (c) => (c === 57 ? most : -most)],
        100,
      );
      const got = await calls.softmax(tensor(batch)).read();
      expect(got.subarray(0, 100).every(Number.isNaN)).toBe(true);
      expect([...got.subarray(100, 300)].every((p) => Math.abs(p - 0.01) <= 2e-9)).toBe(true);
      const certain = Array.from({ length: 100 }, (_, c) => Number(c === 57));
      expect([...got.subarray(300)]).toEqual([...certain, ...certain]);
    });

    test("a single finite logit at every tile edge of 4,099 classes on 128 lanes has loss exactly 0", async () => {
      const places = Array.from({ length: 4_099 }, (_, c) => c).filter((c) => [0, 1, 31].includes(c % 32));
      const { calls, tensor } = setting();
      const batch = batchOf(
        places.map((place) => (c: number) => (c === place ? -4.5 : GONE)),
        4_099,
      );
      const got = await calls.crossEntropy(tensor(batch), places, { reduction: "none" }).read();
      expect(places.filter((_, row) => got[row] !== 0)).toEqual([]);
    });
  });
});

/** A machine like this one, but for a limit: its results are the same to the bit. */
describe.each([
  ["rows beyond a binding, in chunks", { maxStorageBufferBindingSize: 4_096 }, 100],
  ["workgroups beyond a dimension, in two", { maxComputeWorkgroupsPerDimension: 2 }, 103],
])("%s", (_, limit, some) => {
  const setting = engineFor("webgpu");
  const limited = callsFor((limits) => ({ limits: limitsLike(limits, limit), software: true }));

  test.each(exhaustive ? [100, 103] : [some])("every function gives the same of %i classes", async (classes) => {
    const { calls, tensor } = setting();
    const rows = 50;
    const [p, q] = [tensor(uniformBatch(21, rows, classes, 9)), tensor(uniformBatch(22, rows, classes, 9))];
    const ids = randomIds(23, rows, classes);
    for (const name of ["softmax", "logSoftmax", "logSumExp", "entropy"] as const) {
      expect(await limited[name](p).read()).toEqual(await calls[name](p).read());
    }
    expect(await limited.klDivergence(p, q).read()).toEqual(await calls.klDivergence(p, q).read());
    expect(await limited.crossEntropy(p, ids).read()).toEqual(await calls.crossEntropy(p, ids).read());
    const [got, want] = [limited.crossEntropyWithGradient(p, ids), calls.crossEntropyWithGradient(p, ids)];
    expect(await got.loss.read()).toEqual(await want.loss.read());
    expect(await got.gradient.read()).toEqual(await want.gradient.read());
    const [some, all] = [limited.rowStatistics(p, ids), calls.rowStatistics(p, ids)];
    for (const name of ["loss", "entropy", "margin", "argmax", "rank", "probability", "validCount"] as const) {
      expect(await some[name].read()).toEqual(await all[name].read());
    }
  });

  test("masks, windows and probabilities keep to their rows", async () => {
    const { calls, tensor } = setting();
    const rows = 50;
    const x = tensor(uniformBatch(24, rows, 100, 9));
    const mask = randomMask(25, rows, 100, 0.5);
    expect(await limited.softmax(x, { mask }).read()).toEqual(await calls.softmax(x, { mask }).read());
    const classes = [10, 43] as const;
    expect(await limited.softmax(x, { classes }).read()).toEqual(await calls.softmax(x, { classes }).read());
    const soft = randomProbabilities(26, rows, 100);
    const none = { reduction: "none" } as const;
    expect(await limited.crossEntropy(x, soft, none).read()).toEqual(await calls.crossEntropy(x, soft, none).read());
  });

  test("the first bad row is named by its place in the whole batch", async () => {
    const { calls, engine, tensor } = setting();
    const x = tensor(uniformBatch(27, 50, 103, 9));
    const ids = randomIds(28, 50, 103);
    ids[41] = 103;
    ids[47] = -3;
    await expect(limited.crossEntropy(x, engine.tensor(ids, [50])).read()).rejects.toThrow("row 41 has neither");
    expect(await calls.logSumExp(x).read()).toHaveLength(50);
  });
});

describe("a binding that holds one long row at a time", () => {
  const setting = engineFor("webgpu");

  test("splits each row, and gives what the whole batch gives", async () => {
    const { calls, tensor } = setting();
    const limited = callsFor((limits) => ({
      limits: limitsLike(limits, { maxStorageBufferBindingSize: 100_000 }),
      software: true,
    }));
    const x = tensor(uniformBatch(31, 3, 20_000, 9));
    for (const name of ["softmax", "logSumExp"] as const) {
      expect(await limited[name](x).read()).toEqual(await calls[name](x).read());
    }
  });

  test("refuses a row that no binding holds, and takes one that just fits", async () => {
    const { tensor } = setting();
    const limited = callsFor((limits) => ({
      limits: limitsLike(limits, { maxStorageBufferBindingSize: 4_096 }),
      software: true,
    }));
    expect(() => limited.logSumExp(tensor(uniformBatch(32, 2, 1_025, 9)))).toThrow("exceeds this device's largest");
    expect(await limited.logSumExp(tensor(uniformBatch(33, 2, 960, 9))).read()).toHaveLength(2);
  });
});
