import { expect, test } from "vitest";
import { quickest } from "../../../src/engine/tuner.ts";
import { joined } from "../../../src/engine/tuning.ts";
import { randomSource } from "../../support/data.ts";

/** Milliseconds of the way to a GPU and back. */
const TRIP = 2;

/** A clock of a machine that others use too: times are up to three times as long for a while, and none is twice the same. */
function noisyClock(truth: readonly number[], seed: number) {
  const random = randomSource(seed);
  let [burden, left] = [1, 0];
  return async (choice: number, calls: number) => {
    if (left-- <= 0) [burden, left] = [random() < 0.8 ? 1 : 1 + 2 * random(), Math.floor(random() * 30)];
    return (TRIP + (truth[choice] ?? 0) * calls) * burden * (1 + 0.06 * random());
  };
}

test("finds a choice within 5 % of the best, on a machine that others use too", async () => {
  const random = randomSource(1);
  let near = 0;
  for (let problem = 0; problem < 200; problem++) {
    const truth = Array.from({ length: 2 + Math.floor(random() * 30) }, () => 0.2 + 2 * random() ** 2);
    const { best } = await quickest(truth.length, noisyClock(truth, problem + 2));
    const share = (truth[best] ?? 0) / Math.min(...truth);
    near += Number(share <= 1.05);
  }
  expect(near).toBeGreaterThanOrEqual(194);
});

test("of a quiet machine the best one, by what it gains; else the rule's", async () => {
  const clock = (truth: readonly number[]) =>
    quickest(truth.length, async (choice, calls) => (truth[choice] ?? 0) * calls);
  expect(await clock([4, 2, 1, 3])).toEqual({ best: 2, gain: 4 });
  expect(await clock([1.02, 1, 5])).toEqual({ best: 0, gain: 1 });
  expect(await clock([3])).toEqual({ best: 0, gain: 1 });
  expect(await clock([3, Number.POSITIVE_INFINITY])).toEqual({ best: 0, gain: 1 });
  expect(await clock([0, 0])).toEqual({ best: 0, gain: 1 });
});

test("calls far shorter than the way there and back are told apart", async () => {
  const truth = [0.02, 0.015, 0.03];
  const { best, gain } = await quickest(3, async (choice, calls) => TRIP + (truth[choice] ?? 0) * calls);
  expect(best).toBe(1);
  expect(gain).toBeGreaterThan(1.25);
});

test("slow choices are given up after a call or two", async () => {
  const calls = [0, 0, 0];
  await quickest(3, async (choice, count) => {
    calls[choice] = (calls[choice] ?? 0) + count;
    return ([10, 9, 500][choice] ?? 0) * count;
  });
  expect(calls[2]).toBe(2);
  expect(calls[1]).toBeGreaterThan(20);
});

test("what is timed anew replaces what was found before", () => {
  const found = (name: string, gain: number) => ({ function: name, shape: [3, 40], layout: null, gain });
  const adapter = { vendor: "", architecture: "", description: "", software: true };
  const before = [found("softmax", 1), found("entropy", 1)];
  const { layouts } = joined(before, { version: "1", adapter, layouts: [found("softmax", 2), found("logSumExp", 1)] });
  expect(layouts).toEqual([found("entropy", 1), found("softmax", 2), found("logSumExp", 1)]);
});
