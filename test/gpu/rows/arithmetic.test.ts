// Which exponential rows use is chosen by what the self-test finds of a machine. Here each choice is forced, and tried on this one.

import { describe, expect, test } from "vitest";
import { GIVEN, idealWords, judgeNumerics } from "../../../src/engine/numerics-judge.ts";

import type { Numerics } from "../../../src/index.ts";
import { batchOf, hardRows, randomIds, uniformBatch } from "../../support/data.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import { callsFor, engineFor } from "../../support/rows/calls.ts";
import {
  judgeDivergence,
  judgeEntropy,
  judgeGradient,
  judgeLogSumExp,
  judgeLosses,
  judgeSoftmax,
} from "../../support/rows/judge.ts";

const ideal = judgeNumerics(idealWords(), GIVEN);
const GONE = Number.NEGATIVE_INFINITY;

/** Neither machine of these tests rounds a fused product and sum once; log2 e / T is 1 here, so that the product is exact without that. */
const temperature = Math.LOG2E;

interface Choice {
  readonly name: string;
  readonly numerics: Numerics;
}

/** All other tests of rows are of our polynomial: on software adapters with NaN found by the sum, in a GPU's layouts with NaN found in the bits. */
const choices: readonly Choice[] = [
  { name: "WGSL's own exp2", numerics: { ...ideal, fused: false } },
  { name: "WGSL's own exp2 of fused products", numerics: ideal },
];

const layouts = [
  ["a GPU's layouts", false, exhaustive ? [100, 20_000] : [20_000]],
  ...(exhaustive ? [["a software adapter's layouts", true, [4_097]] as const] : []),
] as const;

describe.each(choices)("$name", ({ numerics }) => {
  describe.each(layouts)("%s", (_, software, counts) => {
    const setting = engineFor(
      "webgpu",
      callsFor((limits) => ({ limits, software, numerics })),
    );

    test.each(counts)("%i classes agree with the f64 reference", async (classes) => {
      const { calls, tensor } = setting();
      const batch = hardRows(classes);
      const x = tensor(batch);
      const choice = { temperature };
      judgeSoftmax(await calls.softmax(x, choice).read(), batch, choice);
      judgeLogSumExp(await calls.logSumExp(x, choice).read(), batch, choice);
      judgeEntropy(await calls.entropy(x, choice).read(), batch, choice);
      // What probabilities are of shows in softmax; gradients are of the same.
      if (!exhaustive || classes !== 100) return;
      const ids = randomIds(3, batch.rows, classes);
      const { loss, gradient } = calls.crossEntropyWithGradient(x, ids, { ...choice, reduction: "none" });
      judgeLosses(await loss.read(), batch, ids, choice);
      judgeGradient(await gradient.read(), batch, ids, { ...choice, reduction: "none" });
    });

    test("rows of few classes do too", async () => {
      const { calls, tensor } = setting();
      const batch = uniformBatch(5, 1_024, 7, 30);
      const x = tensor(batch);
      judgeLogSumExp(await calls.logSumExp(x).read(), batch);
      judgeEntropy(await calls.entropy(x).read(), batch);
      const ids = randomIds(6, 1_024, 7);
      judgeLosses(await calls.crossEntropy(x, ids, { reduction: "none" }).read(), batch, ids);
    });

    test.runIf(exhaustive)("divergences do too", async () => {
      const { calls, tensor } = setting();
      const [p, q] = [uniformBatch(7, 5, 1_001, 6), uniformBatch(8, 5, 1_001, 6)];
      judgeDivergence(await calls.klDivergence(tensor(p), tensor(q)).read(), p, q);
    });

    test("what is not finite, and what is far from 0, is found wherever it stands", async () => {
      const { calls, tensor } = setting();
      const most = 3.4028234663852886e38;
      const classes = 2_051;
      const odd = [Number.NaN, Number.POSITIVE_INFINITY].flatMap((value) =>
        [0, 31, 1_024, 2_048, 2_050].map((place) => (c: number) => (c === place ? value : c % 7)),
      );
      const sound = [
        (c: number) => (c === 1_999 ? -4.5 : GONE),
        (c: number) => (c % 2 ? -1e9 : c === 4 ? 1 : -1e9),
        (c: number) => (c === 77 ? most : -most),
        (c: number) => (c < 2_000 ? -1e4 : 3),
        () => -most,
        () => most,
        (c: number) => 1e6 + (c % 3),
      ];
      const batch = batchOf([...odd, () => GONE, ...sound], classes);
      const x = tensor(batch);
      const probabilities = await calls.softmax(x, { temperature }).read();
      expect([...probabilities.subarray(0, 11 * classes)].every(Number.isNaN)).toBe(true);
      const sums = await calls.logSumExp(x, { temperature }).read();
      expect([...sums.subarray(0, 11)]).toEqual([
        ...new Array(5).fill(Number.NaN),
        ...new Array(5).fill(Infinity),
        GONE,
      ]);
      const rest = batchOf(sound, classes);
      judgeSoftmax(probabilities.subarray(11 * classes), rest, { temperature });
      judgeLogSumExp(sums.subarray(11), rest, { temperature });
    });
  });
});
