import { describe, expect, test } from "vitest";
import type { Machine } from "../../../src/engine/plan.ts";
import { checkedCall } from "../../../src/expectation/checked-call.ts";
import { runOf } from "../../../src/expectation/run.ts";
import { normal } from "../../../src/index.ts";
import { invocationsOfRun, planBatch } from "../../../src/sampling/plan.ts";

const limits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 2 ** 14,
  minStorageBufferOffsetAlignment: 256,
};
const gpu: Machine = { limits, software: false };
const software: Machine = { limits, software: true };

/** The integrand of the first so many powers of a normal. */
async function powers(count: number) {
  const of = Array.from({ length: count }, (_, k) => `x^${k + 1}`);
  return await runOf(checkedCall({ of, under: normal(0, 1), samples: 2 ** 20 }, "test"));
}

/** Invocations of the first pass over 2^20 samples. */
async function invocations(machine: Machine): Promise<number> {
  const { integrand, address } = await powers(1);
  const range = { replicates: 1, firstBlock: 0, blocks: 16, skip: 0, tail: 65_536, shifts: new Float32Array(1) };
  const [pass] = planBatch(integrand, { address, ...range }, machine).passes;
  const [x = 0, y = 0] = pass?.grid ?? [];
  return 64 * x * y;
}

describe("2^20 samples", () => {
  test("keep 16,384 invocations of a GPU busy", async () => {
    expect(await invocations(gpu)).toBe(16_384);
  });

  test("are one invocation a run on a software adapter", async () => {
    expect(await invocations(software)).toBe(1_024);
  });
});

test("as many outputs share a run as fit into a workgroup's memory", async () => {
  const counts = [1, 11, 12];
  const shared = await Promise.all(counts.map(async (n) => invocationsOfRun((await powers(n)).integrand, gpu)));
  expect(shared).toEqual([16, 16, 1]);
  const large = { ...gpu, limits: { ...limits, maxComputeWorkgroupStorageSize: 2 ** 15 } };
  expect(invocationsOfRun((await powers(12)).integrand, large)).toBe(16);
});
