import { expect, test } from "vitest";
import { quickest } from "../../../src/engine/tuner.ts";
import { joined } from "../../../src/engine/tuning.ts";
import { randomSource } from "../../support/data.ts";

/** A clock of a machine that others use too: times are up to three times as long for a while, and none is twice the same. */
function noisyClock(truth: readonly number[], seed: number) {
  const random = randomSource(seed);
  let [burden, left, spent] = [1, 0, 0];
  const time = async (choice: number, calls: number) => {
    if (left-- <= 0) [burden, left] = [random() < 0.8 ? 1 : 1 + 2 * random(), Math.floor(random() * 30)];
    const took = (truth[choice] ?? 0) * burden * (1 + 0.06 * random());
    spent += took * calls;
    return took;
  };
  return { time, spent: () => spent };
}

test("finds a choice within 5 % of the best, on a machine that others use too", async () => {
  const random = randomSource(1);
  let near = 0;
  for (let problem = 0; problem < 200; problem++) {
    const truth = Array.from({ length: 2 + Math.floor(random() * 30) }, () => 0.2 + 2 * random() ** 2);
    const { time } = noisyClock(truth, problem + 2);
    const { best } = await quickest(truth.length, time);
    const share = (truth[best] ?? 0) / Math.min(...truth);
    // Where a burden lasted for all of a choice's turns.
    expect(share, `${truth}: ${best}`).toBeLessThan(1.5);
    near += Number(share <= 1.05);
  }
  expect(near).toBeGreaterThanOrEqual(190);
});

test("of a quiet machine the best one, by what it gains; else the rule's", async () => {
  const clock = (truth: readonly number[]) => quickest(truth.length, async (choice) => truth[choice] ?? 0);
  expect(await clock([4, 2, 1, 3])).toEqual({ best: 2, gain: 4 });
  expect(await clock([1.02, 1, 5])).toEqual({ best: 0, gain: 1 });
  expect(await clock([3])).toEqual({ best: 0, gain: 1 });
});

test("slow choices are given up after a few calls", async () => {
  const calls = [0, 0, 0];
  await quickest(3, async (choice, count) => {
    calls[choice] = (calls[choice] ?? 0) + count;
    return [10, 9, 500][choice] ?? 0;
  });
  expect(calls[2]).toBe(5);
  expect(calls[1]).toBeGreaterThan(20);
});

test("what is timed anew replaces what was found before", () => {
  const found = (name: string, gain: number) => ({ function: name, shape: [3, 40], layout: null, gain });
  const adapter = { vendor: "", architecture: "", description: "", software: true };
  const before = [found("softmax", 1), found("entropy", 1)];
  const { layouts } = joined(before, { version: "1", adapter, layouts: [found("softmax", 2), found("logSumExp", 1)] });
  expect(layouts).toEqual([found("entropy", 1), found("softmax", 2), found("logSumExp", 1)]);
});
