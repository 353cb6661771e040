import { beforeAll, describe, expect, test } from "vitest";
import type { Machine } from "../../../src/engine/plan.ts";
import { checkedCall } from "../../../src/expectation/checked-call.ts";
import { runOf } from "../../../src/expectation/run.ts";
import { Engine, exponential, independent, normal, uniform } from "../../../src/index.ts";
import { planBatch } from "../../../src/sampling/plan.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const questions = {
  "x^2": normal(0, 1),
  "1 / (x > 0.5)": uniform(0, 1),
  "(x > 4) / (x < 4)": normal(0, 1),
  "log(x - 0.001)": exponential(1),
  "x[0] / (x[1] > 0.01)": independent([normal(0, 1), uniform(0, 1)]),
} as const;

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "webgpu" });
});

/** The records of two blocks, with ragged ends, as a machine of this kind would have them computed. */
async function records(of: string, machine: Machine): Promise<readonly number[]> {
  const options = { of, under: questions[of as keyof typeof questions], samples: 100_000, seed: 7 };
  const { integrand, address } = await runOf(checkedCall(options, "test"));
  const batch = { address, replicates: 1, firstBlock: 3, blocks: 2, skip: 777, tail: 33_001 };
  const plan = planBatch(integrand, { ...batch, shifts: Float32Array.of(0.25) }, machine);
  const { sums } = await engine.fetch(plan);
  return [...sums];
}

describe.each(Object.keys(questions).filter((_, k) => exhaustive || k === 2 || k === 4))("%s", (of) => {
  test("has the same records whether values are examined by their sums or by their bits", async () => {
    const { limits } = engine;
    const bySum = await records(of, { limits, software: true });
    const byBits = await records(of, { limits, software: false });
    expect(byBits).toEqual(bySum);
    expect(bySum.at(-1)).toBe(33_001);
  });

  test("has the same records with and without shifts in the generator", async () => {
    const { limits } = engine;
    const shifting = await records(of, { limits, software: true });
    expect(await records(of, { limits, software: true, slowShifts: true })).toEqual(shifting);
  });
});
