// Rows of few classes have kernels of their own, for batches that are worth a pipeline: other batches of the same rows
// take the general one.

import { describe, expect, test } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import {
  type Batch,
  batchOf,
  hardRows,
  randomIds,
  randomMask,
  randomProbabilities,
  repeated,
  uniformBatch,
} from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { type Calls, callsFor, engineFor, lanesOfAGpu, limitsLike, publicCalls } from "../../support/rows/calls.ts";
import {
  judgeEntropy,
  judgeGradient,
  judgeLogSoftmax,
  judgeLogSumExp,
  judgeLosses,
  judgeSoftmax,
} from "../../support/rows/judge.ts";

const GONE = Number.NEGATIVE_INFINITY;
const MOST = 3.4028234663852886e38;

/** Classes to try; in `npm test` few, since each number of them has pipelines of its own, which take seconds to compile. */
interface Widths {
  /** Of softmax and log-sum-exp. */
  readonly wide: readonly number[];
  /** Of other functions: in fours, whole vec4s and not. */
  readonly few: readonly number[];
}

const EVERY: Widths = {
  wide: Array.from({ length: 40 }, (_, k) => k + 1),
  few: [1, 2, 3, 6, 7, 8, 16, 17, 32, 33, 50, 64, 65, 100],
};
/** Rows alone, in pairs and in fours; the widest whose four rows, or one, are read as whole vec4s (128 values), and the next. */
const SOFTWARE: Widths = exhaustive ? EVERY : { wide: [1, 2, 3, 4, 32, 33], few: [1, 7, 33] };
/** The same of 64 values, up to the widest that a lane holds. */
const GPU: Widths = exhaustive ? EVERY : { wide: [1, 2, 3, 4, 16, 17, 32], few: [1, 7, 17] };

/** Rows enough for the narrow kernel, and `more`. */
function manyRows(classes: number, more: number): number {
  return 4 * Math.ceil(Math.max(4_096 / classes, 16 * classes) / 4) + more;
}

/** Ordinary rows, and after each four of them four of which one has no distribution or is at the end of f32's range. */
function withSpecialRows(classes: number): Batch {
  const kinds: ((place: number, c: number) => number)[] = [
    (place, c) => (c === place ? Number.NaN : c % 5),
    (place, c) => (c === place ? Number.POSITIVE_INFINITY : c % 5),
    (place, c) => (c === place ? Number.POSITIVE_INFINITY : GONE),
    (place, c) => (c === place ? Number.NaN : Number.POSITIVE_INFINITY),
    () => GONE,
    (place, c) => (c === place ? -MOST : GONE),
    (place, c) => (c === place ? MOST : -MOST),
    () => -MOST,
    (place, c) => (c === place ? 2 : GONE),
  ];
  const rows: ((c: number) => number)[] = [];
  for (let place = 0; place < classes; place++) {
    for (const kind of kinds) {
      for (let at = 0; at < 4; at++) {
        rows.push(...Array.from({ length: 4 }, (_, r) => (c: number) => (r === at ? kind(place, c) : (c * 7 + r) % 3)));
      }
    }
  }
  return batchOf(rows, classes);
}

/** Each result like the same row's in `want`, whose rows repeat: what is not finite exactly so, the rest within a few ULP. */
function expectAlike(what: string, got: ArrayLike<number>, want: ArrayLike<number>): void {
  for (let k = 0; k < got.length; k++) {
    const [a, b] = [got[k] as number, want[k % want.length] as number];
    const alike = Number.isFinite(b) ? Math.abs(a - b) <= 2 ** -20 * Math.abs(b) : Object.is(a, b);
    if (!alike) throw new Error(`${what}: index ${k}: got ${a}, want ${b}`);
  }
}

describe.each<[string, Calls, Widths]>([
  ["this machine's layouts", publicCalls, SOFTWARE],
  ["a GPU's layouts", lanesOfAGpu, GPU],
])("%s", (_, own, { wide, few }) => {
  const setting = engineFor("webgpu", own);

  test.each(wide)("softmax and logSumExp of %i classes", async (classes) => {
    const { calls, tensor } = setting();
    const batch = repeated(hardRows(classes), manyRows(classes, classes % 4));
    const x = tensor(batch);
    judgeSoftmax(await calls.softmax(x).read(), batch);
    judgeLogSumExp(await calls.logSumExp(x).read(), batch);
  });

  test.each(few)("logSoftmax and entropy of %i classes", async (classes) => {
    const { calls, tensor } = setting();
    const batch = repeated(hardRows(classes), manyRows(classes, 3));
    judgeLogSoftmax(await calls.logSoftmax(tensor(batch)).read(), batch);
    judgeEntropy(await calls.entropy(tensor(batch)).read(), batch);
  });

  test.each(few)("crossEntropy of %i classes and its gradient", async (classes) => {
    const { calls, tensor } = setting();
    const batch = repeated(hardRows(classes), manyRows(classes, 1));
    const ids = randomIds(classes, batch.rows, classes);
    const none = { reduction: "none" } as const;
    const losses = await calls.crossEntropy(tensor(batch), ids, none).read();
    if (classes > 1) judgeLosses(losses, batch, ids);
    else expect(losses).toEqual(new Float32Array(batch.rows));
    judgeGradient(await calls.crossEntropyWithGradient(tensor(batch), ids, none).gradient.read(), batch, ids, none);
  });

  test("weights, an ignored id, a z-loss and a temperature", async () => {
    const { calls, tensor } = setting();
    const batch = uniformBatch(1, manyRows(7, 2), 7, 9);
    const ids = randomIds(2, batch.rows, 7).map((id, row) => (row % 5 === 0 ? 3 : row % 7 === 0 ? -100 : id));
    const choice = { weight: [1, 0, 2, 0.5, 1, 3, 1], zLoss: 1e-3, temperature: 1.5 };
    const got = await calls.crossEntropy(tensor(batch), ids, { ...choice, reduction: "none" }).read();
    judgeLosses(got, batch, ids, choice);
    const { gradient } = calls.crossEntropyWithGradient(tensor(batch), ids, choice);
    judgeGradient(await gradient.read(), batch, ids, { ...choice, reduction: "mean" });
  });

  test.each(exhaustive ? [1, 2, 3, 7, 8, 31] : [1, 7])(
    "special rows of %i classes at each place of a group",
    async (classes) => {
      const { calls, tensor } = setting();
      const special = withSpecialRows(classes);
      const batch = repeated(special, special.rows * Math.ceil(4_100 / special.data.length) + 3);
      for (const name of ["softmax", "logSoftmax", "logSumExp", "entropy"] as const) {
        const want = await inPieces(special, (x) => publicCalls[name](x));
        expectAlike(name, await calls[name](tensor(batch)).read(), want);
      }
    },
  );

  test("losses and gradients of special rows, summed and not", async () => {
    const { calls, tensor } = setting();
    const special = withSpecialRows(7);
    const batch = repeated(special, 2 * special.rows + 1);
    const few = randomIds(3, special.rows, 7).map((id, row) => (row % 11 === 0 ? -100 : id));
    const ids = Int32Array.from({ length: batch.rows }, (_, row) => few[row % few.length] as number);
    const x = tensor(batch);
    const none = { reduction: "none" } as const;
    const losses = await inPieces(special, (part, begin, end) => {
      return publicCalls.crossEntropy(part, few.subarray(begin, end), none);
    });
    expectAlike("crossEntropy", await calls.crossEntropy(x, ids, none).read(), losses);
    const slopes = await inPieces(special, (part, begin, end) => {
      return publicCalls.crossEntropyWithGradient(part, few.subarray(begin, end), none).gradient;
    });
    expectAlike("gradient", await calls.crossEntropyWithGradient(x, ids, none).gradient.read(), slopes);
    expect(await calls.crossEntropy(x, ids).read()).toEqual(Float32Array.of(Number.NaN));
    const { gradient } = calls.crossEntropyWithGradient(x, ids);
    expect((await gradient.read()).subarray(0, 7)).toEqual(new Float32Array(7));
  });

  /** Results of the general kernel, which takes what is too little for the narrow one. */
  async function inPieces(batch: Batch, run: (x: Tensor, begin: number, end: number) => Tensor): Promise<Float32Array> {
    const step = Math.floor(4_095 / batch.classes);
    const values: number[] = [];
    for (let begin = 0; begin < batch.rows; begin += step) {
      const end = Math.min(batch.rows, begin + step);
      const data = batch.data.subarray(begin * batch.classes, end * batch.classes);
      values.push(...(await run(setting().tensor({ ...batch, data, rows: end - begin }), begin, end).read()));
    }
    return Float32Array.from(values);
  }

  test.each([0, 1, 2, 3])("a bad id at place %i of a group, or left over, is named", async (place) => {
    const { calls, engine, tensor } = setting();
    const batch = uniformBatch(5, 803, 7, 9);
    for (const row of [400 + place, 799 + place]) {
      const ids = randomIds(6, 803, 7);
      ids[row] = 7;
      ids[802] = row === 802 ? 7 : -1;
      const loss = calls.crossEntropy(tensor(batch), engine.tensor(ids, [803]));
      await expect(loss.read()).rejects.toThrow(`row ${row} has neither`);
    }
  });

  test("a window of few classes among many", async () => {
    const { calls, tensor } = setting();
    const batch = uniformBatch(7, 700, 61, 9);
    const classes = [13, 20] as const;
    const ids = randomIds(8, 700, 7).map((id) => 13 + id);
    const none = { reduction: "none" } as const;
    judgeSoftmax(await calls.softmax(tensor(batch), { classes }).read(), batch, { classes });
    judgeLosses(await calls.crossEntropy(tensor(batch), ids, { ...none, classes }).read(), batch, ids, { classes });
    const { gradient } = calls.crossEntropyWithGradient(tensor(batch), ids, { ...none, classes });
    judgeGradient(await gradient.read(), batch, ids, { ...none, classes });
  });

  test("masks, probabilities and smoothing", async () => {
    const { calls, tensor } = setting();
    const batch = uniformBatch(9, manyRows(7, 1), 7, 9);
    const mask = randomMask(10, batch.rows, 7, 0.5);
    judgeSoftmax(await calls.softmax(tensor(batch), { mask }).read(), batch, { mask });
    const soft = randomProbabilities(11, batch.rows, 7);
    const none = { reduction: "none" } as const;
    judgeLosses(await calls.crossEntropy(tensor(batch), soft, none).read(), batch, soft);
    const ids = randomIds(12, batch.rows, 7);
    const choice = { labelSmoothing: 0.1 };
    judgeLosses(await calls.crossEntropy(tensor(batch), ids, { ...none, ...choice }).read(), batch, ids, choice);
  });
});

describe("places and sizes", () => {
  const setting = engineFor("webgpu");

  test("rows in the middle of a caller's buffer, and results into one", async () => {
    const { calls, engine } = setting();
    const batch = uniformBatch(13, 613, 7, 9);
    const whole = engine.tensor([...new Float32Array(64).fill(Number.NaN), ...batch.data], [64 + 613 * 7]);
    const buffer = whole.buffer as GPUBuffer;
    const x = engine.view(buffer, { shape: [613, 7], byteOffset: 256 });
    judgeSoftmax(await calls.softmax(x).read(), batch);
    judgeLogSumExp(await calls.logSumExp(x).read(), batch);
  });

  test.each([1, 2, 3])("results do not depend on the %i rows left over", async (more) => {
    const { calls, tensor } = setting();
    const rows = manyRows(7, more);
    const batch = uniformBatch(14, rows, 7, 9);
    const all = await calls.softmax(tensor(batch)).read();
    const longer = await calls.softmax(tensor(repeated(batch, rows + 4 - more))).read();
    expect(all).toEqual(longer.subarray(0, all.length));
  });

  test("rows beyond a binding, in chunks", async () => {
    const { calls, tensor } = setting();
    const limited = callsFor((limits) => ({
      limits: limitsLike(limits, { maxStorageBufferBindingSize: 4_096 }),
      software: true,
    }));
    const batch = uniformBatch(15, 900, 7, 9);
    const x = tensor(batch);
    const ids = randomIds(16, 900, 7);
    // Chunks that do not start on whole vec4s have another kernel, whose sums a compiler may regroup in its own way.
    judgeSoftmax(await limited.softmax(x).read(), batch);
    judgeLogSoftmax(await limited.logSoftmax(x).read(), batch);
    judgeLogSumExp(await limited.logSumExp(x).read(), batch);
    judgeEntropy(await limited.entropy(x).read(), batch);
    const [got, want] = [await limited.crossEntropy(x, ids).read(), await calls.crossEntropy(x, ids).read()];
    expect(Math.abs((got[0] ?? 0) / (want[0] ?? 1) - 1)).toBeLessThan(1e-6);
    const none = { reduction: "none" } as const;
    const { gradient } = limited.crossEntropyWithGradient(x, ids, none);
    judgeGradient(await gradient.read(), batch, ids, none);
  });
});
