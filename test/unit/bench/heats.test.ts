import { describe, expect, test } from "vitest";
import { unitsOf } from "../../../bench/benchmark.ts";
import { comparisonsOf, roundsAndCalls } from "../../../bench/harness/comparison.ts";
import type { HeatResult, Result } from "../../../bench/harness/result.ts";
import { heatOf, heatResultOf, spansOf } from "../../support/bench/bench.ts";

const ours = (times: readonly number[], more: Partial<HeatResult> = {}) =>
  heatResultOf("ours", times, { role: "ours", ...more });
const peer = (times: readonly number[], more: Partial<HeatResult> = {}) => heatResultOf("peer", times, more);
const named = (name: string, results: readonly Result[] = []) => results.find((result) => result.name === name);

describe("heats of one case", () => {
  test("are one race, to which each heat counts once", () => {
    const heats = [
      heatOf("a", [ours([1, 1, 1]), peer([2, 2, 2], { first: 9 })]),
      heatOf("b", [ours([1, 1, 1])]),
      heatOf("a", [ours([2, 2, 2]), peer([12], { first: 7, spans: spansOf([12], { calls: 1, rounds: [2] }) })]),
      heatOf("a", [ours([1, 1, 1]), peer([3, 3, 3])]),
    ];
    const [a, b, ...others] = comparisonsOf(heats);
    expect([a?.id, b?.id, others]).toEqual(["a", "b", []]);
    expect([a?.heats, b?.heats]).toEqual([3, 1]);
    const result = named("peer", a?.results) as Result;
    expect(result.wall).toEqual({ least: 2, low: 2, median: 3, high: 3 });
    expect(result.ratio).toEqual({ least: 2, low: 2, median: 3, high: 3 });
    expect(result.first).toBe(9);
    expect(roundsAndCalls(result)).toEqual({ rounds: 7, calls: "1–2" });
  });

  test("are held apart by kind", () => {
    const both = [heatOf("a", [ours([1])]), heatOf("a", [ours([2])], { kind: "cpu" })];
    expect(comparisonsOf(both).map(({ kind, results }) => [kind, results[0]?.wall.median])).toEqual([
      ["webgpu", 1],
      ["cpu", 2],
    ]);
  });

  test("give ratios of the same heat only, where one side missed some", () => {
    const heats = [
      heatOf("a", [ours([1, 1, 1])], { absent: { peer: "device lost" } }),
      heatOf("a", [ours([2, 2, 2]), peer([8])]),
      heatOf("a", [peer([9])], { absent: { ours: "out of memory" } }),
    ];
    const [{ results } = { results: [] }] = comparisonsOf(heats);
    expect(named("peer", results)?.ratio).toMatchObject({ least: 4, high: 4 });
    expect(named("peer", results)?.note).toBe("in 2 of 3 heats: device lost");
    expect(results[0]).toMatchObject({ name: "ours", note: "in 2 of 3 heats: out of memory", ratio: { median: 1 } });
  });

  test("have no ratios where ours took part in none, rather than ratios to a variant", () => {
    const variant = heatResultOf("one thread", [2], { role: "variant" });
    const [comparison] = comparisonsOf([heatOf("a", [variant, peer([4])], { absent: { ours: "no workers" } })]);
    expect(comparison?.results.map(({ ratio }) => ratio)).toEqual([undefined, undefined]);
    expect(comparison?.absent).toEqual({ ours: "no workers" });
  });

  test("say which ways were the quickest, and who was absent from all and why", () => {
    const absent = { other: "has no such function" };
    const [comparison] = comparisonsOf([
      heatOf("a", [ours([1]), peer([2], { note: "a model", error: 1e-7 })], { absent }),
      heatOf("a", [ours([1]), peer([2], { note: "a tape" })], { absent: { other: "another reason" } }),
      heatOf("a", [ours([1]), peer([2], { note: "a model" })], { absent }),
    ]);
    expect(named("peer", comparison?.results)).toMatchObject({ note: "a model or a tape", error: 1e-7 });
    expect(comparison?.absent).toEqual(absent);
  });

  test("keep the faster ceiling of all, and give rates and shares by it", () => {
    const ceilings = [
      heatResultOf("runs", [2], { role: "ceiling" }),
      heatResultOf("strides", [1], { role: "ceiling" }),
    ];
    const [comparison] = comparisonsOf([heatOf("a", [ours([4]), ...ceilings])]);
    expect(comparison?.results.map(({ name }) => name)).toEqual(["ours", "strides"]);
    expect(comparison?.results[0]).toMatchObject({ rate: 2, share: 0.25 });
  });

  test("have a device's own times too, where a heat has some", () => {
    const timed = ours([4], { spans: spansOf([4], { gpu: [3] }) });
    expect(comparisonsOf([heatOf("a", [timed]), heatOf("a", [ours([4])])])[0]?.results[0]?.gpu?.median).toBe(3);
  });
});

describe("units", () => {
  const names = (quick: boolean, cases: string[]) =>
    unitsOf({ cases, quick, full: false, who: [] }).map(({ name }) => name);

  test("are all cases once, then all again, and again, each by a name of its own", () => {
    expect(names(false, ["softmax/4x1024", "softmax/16x65536", "scaling/rows"])).toEqual([
      ...["16x65536 webgpu", "16x65536 cpu", "4x1024 webgpu", "4x1024 cpu"],
      ...["16x65536 webgpu, heat 2", "16x65536 cpu, heat 2", "4x1024 webgpu, heat 2", "4x1024 cpu, heat 2"],
      ...["16x65536 webgpu, heat 3", "16x65536 cpu, heat 3", "4x1024 webgpu, heat 3", "4x1024 cpu, heat 3"],
      "scaling/rows",
    ]);
    expect(new Set(names(false, [])).size).toBe(names(false, []).length);
  });

  test("are one heat where it is to be quick, and checks run once and only when they are named", () => {
    expect(names(true, ["softmax/4x1024"])).toEqual(["4x1024 webgpu", "4x1024 cpu"]);
    expect(names(false, ["check/window"])).toEqual(["check/window"]);
    expect(names(false, []).some((name) => name.startsWith("check/"))).toBe(false);
  });
});
