// A tuning comes from a file: whatever numbers it holds, plans must be ones that the machine can do.

import { expect, test } from "vitest";
import type { Machine, TunedNumbers } from "../../../src/engine/plan.ts";
import { chooseLayout, inRegistersLayout, tunedFor } from "../../../src/rows/layout.ts";

const limits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  minStorageBufferOffsetAlignment: 256,
};
const machine: Machine = { limits, software: false };

const layoutOf = (tuned: TunedNumbers | null, rows = 448, columns = 32_064) =>
  chooseLayout(rows, columns, 32, machine, { tuned });

test("numbers that fit are the layout", () => {
  expect(layoutOf({ width: 128, lanes: 32, segments: 1 })).toEqual({
    width: 128,
    lanes: 32,
    segments: 1,
    span: 32_064,
  });
  expect(layoutOf({ width: 64, lanes: 64, segments: 4 })).toEqual({ width: 64, lanes: 64, segments: 4, span: 8_192 });
});

const rule = layoutOf(null);

test.each([
  {},
  { width: 64 },
  { width: 100, lanes: 4, segments: 1 },
  { width: 64, lanes: 3, segments: 1 },
  { width: 64, lanes: 128, segments: 1 },
  { width: 512, lanes: 4, segments: 1 },
  { width: 2 ** 52, lanes: 2 ** 52, segments: 1 },
  { width: 64, lanes: 4, segments: 2 ** 40 },
  { width: 64, run: 4 },
])("of others, such as %j, the rule's", (numbers) => {
  expect(layoutOf(numbers)).toEqual(rule);
});

test("a lane never takes more values than drivers let it", () => {
  expect(layoutOf({ width: 64, lanes: 1, segments: 1 }, 1, 1_000_000)).toEqual(layoutOf(null, 1, 1_000_000));
});

test("states of many lanes must fit workgroup memory", () => {
  const numbers = { width: 256, lanes: 8, segments: 1 };
  const wide = chooseLayout(448, 32_064, 128, machine, { tuned: numbers });
  expect(wide.width * 128).toBeLessThanOrEqual(limits.maxComputeWorkgroupStorageSize);
});

test("rows in registers take a run of trips, which is bounded", () => {
  const of = (tuned: TunedNumbers) =>
    inRegistersLayout(1e6, 8, { whole: true, writesRows: true, tuned }, { limits, software: false });
  expect(of({ width: 128, run: 16 })).toMatchObject({ width: 128, run: 16, threads: 62_500 });
  expect(of({ width: 1_024, run: 16 })).toEqual(of({}));
  expect(of({ width: 64, run: 2 ** 50 }).run).toBeLessThanOrEqual(4_096);
});

test("the nearest shape of as many classes counts, up to twice and down to half as many rows", () => {
  const tuned = [
    { function: "softmax", shape: [100, 7], layout: { width: 64, run: 1 }, gain: 2 },
    { function: "softmax", shape: [10, 16, 7], layout: null, gain: 1 },
    { function: "entropy", shape: [100, 7], layout: { width: 64, run: 9 }, gain: 2 },
  ];
  const of = (rows: number, columns = 7, name = "softmax") => tunedFor({ ...machine, tuned }, name, rows, columns);
  expect(of(100)).toEqual({ width: 64, run: 1 });
  expect(of(50)).toEqual({ width: 64, run: 1 });
  expect(of(49)).toBeUndefined();
  expect(of(150)).toBeNull();
  expect(of(321)).toBeUndefined();
  expect(of(100, 8)).toBeUndefined();
  expect(of(100, 7, "entropy")).toEqual({ width: 64, run: 9 });
  expect(tunedFor(machine, "softmax", 100, 7)).toBeUndefined();
});
