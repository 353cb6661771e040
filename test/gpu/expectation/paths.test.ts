import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Machine } from "../../../src/engine/plan.ts";
import { checkedCall } from "../../../src/expectation/checked-call.ts";
import { runOf } from "../../../src/expectation/run.ts";
import { type Engine, exponential, gamma, independent, normal, uniform } from "../../../src/index.ts";
import { outputsOf } from "../../../src/sampling/integrand.ts";
import { invocationsOfRun, planBatch } from "../../../src/sampling/plan.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";
import type { Options } from "../../support/expectation/expectation.ts";

const standard = normal(0, 1);

const QUESTIONS: readonly (Options & { readonly seldom?: boolean })[] = [
  { of: "x^2", under: standard, seldom: true },
  { of: "1 / (x > 0.5)", under: uniform(0, 1), seldom: true },
  { of: "(x > 4) / (x < 4)", under: standard },
  { of: "log(x - 0.001)", under: exponential(1), seldom: true },
  // Two outputs, rejections, and values that are not finite.
  { of: ["x", "log(x - 1)"], under: gamma(2.5, 1) },
  { of: "x[0] / (x[1] > 0.01)", under: independent([standard, uniform(0, 1)]), seldom: true },
  // Products and largest values are summed, too.
  { of: "x^2", under: standard, proposal: normal(0, 2), selfNormalised: true },
];

/** Ragged ranges: of several blocks, of a part of a quad, of a sample beyond a run, of parts of two runs with one between. */
const RANGES = [
  { blocks: 2, skip: 777, tail: 33_001 },
  { blocks: 1, skip: 5, tail: 6 },
  { blocks: 1, skip: 0, tail: 1_025 },
  { blocks: 1, skip: 1_021, tail: 2_050 },
];

let engine: Engine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.dispose());

/** The records of two replicates of each range, as a machine of this kind would have them computed. */
async function records(options: Options, machine: Machine): Promise<readonly (readonly number[])[]> {
  const { integrand, address } = await runOf(checkedCall({ ...options, samples: 100_000, seed: 7 }, "test"));
  const shifts = new Float32Array(2 * outputsOf(integrand)).fill(0.25);
  const all: number[][] = [];
  for (const range of RANGES) {
    const plan = planBatch(integrand, { address, replicates: 2, firstBlock: 3, ...range, shifts }, machine);
    all.push([...(await engine.fetch(plan)).sums]);
  }
  return all;
}

/** What a machine may be besides a software adapter that shows in its sums what is not finite. */
const MACHINES: Readonly<Record<string, (machine: Machine) => Machine>> = {
  "a software adapter without shifts": (machine) => ({ ...machine, software: true, slowShifts: true }),
  "a software adapter whose values are examined by their bits": (machine) => ({
    ...machine,
    software: true,
    ...(machine.numerics && { numerics: { ...machine.numerics, path: "bits" } }),
  }),
  "a GPU": (machine) => ({ ...machine, software: false }),
  "a GPU of which nothing is known": ({ limits }) => ({ limits, software: false }),
  "a GPU with little workgroup memory": ({ limits, ...machine }) => {
    const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = limits;
    const { maxComputeInvocationsPerWorkgroup, minStorageBufferOffsetAlignment } = limits;
    const little = {
      maxBufferSize,
      maxStorageBufferBindingSize,
      maxComputeWorkgroupsPerDimension,
      maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize: 256,
      minStorageBufferOffsetAlignment,
    };
    return { ...machine, software: false, limits: little };
  },
};

const questions = QUESTIONS.filter(({ seldom }) => exhaustive || !seldom).map(({ seldom, ...options }) => options);

describe.each(questions)("$of under $under.name", (options) => {
  let usual: readonly (readonly number[])[];
  beforeAll(async () => {
    usual = await records(options, { ...engine.machine, software: true, slowShifts: false });
    expect(usual[0]?.at(-1)).toBe(33_001);
    expect(usual.map((words) => words.at(-1))).toEqual(
      RANGES.map(({ blocks, skip, tail }) => (blocks > 1 ? tail : tail - skip)),
    );
  });

  test.each(Object.keys(MACHINES))("has the same records on %s", async (name) => {
    const machine = MACHINES[name]?.(engine.machine);
    if (machine) expect(await records(options, machine)).toEqual(usual);
  });
});

test("the machines differ in who shares a run", async () => {
  const { integrand } = await runOf(checkedCall({ of: "x", under: standard, samples: 1 }, "test"));
  const sharing = Object.values(MACHINES).map((make) => invocationsOfRun(integrand, make(engine.machine)));
  expect(sharing).toEqual([1, 1, 16, 16, 1]);
});
