import { describe, expect, test } from "vitest";
import { comparisonsOf } from "../../bench/harness/comparison.ts";
import { heatOf, heatResultOf } from "../support/bench.ts";

const ours = (times: readonly number[]) => heatResultOf("ours", times, { role: "ours" });

describe("heats of one case", () => {
  test("are one race, whose rounds follow each other", () => {
    const heats = [
      heatOf("a", [ours([1, 1, 1]), heatResultOf("peer", [2, 2, 2], { first: 9 })]),
      heatOf("b", [ours([1, 1, 1])]),
      heatOf("a", [ours([2, 2, 2]), heatResultOf("peer", [6, 6, 6], { first: 7 })]),
      heatOf("a", [ours([1, 1, 1]), heatResultOf("peer", [3, 3, 3])]),
    ];
    const [a, b, ...others] = comparisonsOf(heats);
    expect([a?.id, b?.id, others]).toEqual(["a", "b", []]);
    const peer = a?.results.find(({ name }) => name === "peer");
    expect(peer?.rounds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(peer?.times).toEqual([2, 2, 2, 6, 6, 6, 3, 3, 3]);
    expect(peer?.wall.median).toBe(3);
    expect(peer?.ratio).toEqual({ least: 2, low: 2, median: 3, high: 3 });
    expect(peer?.first).toBe(9);
  });

  test("are held apart by kind", () => {
    const both = [heatOf("a", [ours([1])]), heatOf("a", [ours([2])], { kind: "cpu" })];
    expect(comparisonsOf(both).map(({ kind, results }) => [kind, results[0]?.times])).toEqual([
      ["webgpu", [1]],
      ["cpu", [2]],
    ]);
  });

  test("pair a slow one's rounds with ours of the same heat", () => {
    const slow = (times: readonly number[]) => heatResultOf("peer", times, { rounds: [2] });
    const heats = [heatOf("a", [ours([1, 1, 1]), slow([4])]), heatOf("a", [ours([2, 2, 2]), slow([8])])];
    expect(comparisonsOf(heats)[0]?.results[1]?.ratio).toMatchObject({ least: 4, high: 4 });
  });

  test("say who missed one and why, and keep the largest error", () => {
    const heats = [
      heatOf("a", [ours([1]), heatResultOf("peer", [2], { error: 1e-7, note: "sum, then log" })]),
      heatOf("a", [ours([1]), heatResultOf("peer", [2], { error: 3e-7, note: "sum, then log" })]),
      heatOf("a", [ours([1])], { absent: { peer: "device lost", other: "has no such function" } }),
    ];
    const [comparison] = comparisonsOf(heats);
    const peer = comparison?.results.find(({ name }) => name === "peer");
    expect(peer?.note).toBe("sum, then log; not in every heat: device lost");
    expect(peer?.error).toBe(3e-7);
    expect(comparison?.absent).toEqual({ other: "has no such function" });
  });

  test("keep the faster ceiling of all, and give rates and shares by it", () => {
    const ceilings = [heatResultOf("runs", [2], { role: "ceiling" }), heatResultOf("strides", [1], { role: "ceiling" })];
    const [comparison] = comparisonsOf([heatOf("a", [ours([4]), ...ceilings])]);
    expect(comparison?.results.map(({ name }) => name)).toEqual(["ours", "strides"]);
    expect(comparison?.results[0]).toMatchObject({ rate: 2, share: 0.25 });
  });
});
