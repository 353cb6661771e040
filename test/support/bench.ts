import type { Comparison, Result } from "../../bench/harness/result.ts";
import { spreadOf } from "../../bench/harness/statistics.ts";
import type { BenchRecord, Run } from "../../bench/report/record.ts";

/** A result as a race would give it, from times and ratios. */
export function resultOf(name: string, times: readonly number[], more: Partial<Result> = {}): Result {
  return {
    name,
    role: "peer",
    version: "1.0.0",
    note: "",
    first: 10,
    calls: 2,
    rounds: times.map((_, k) => k),
    times,
    wall: spreadOf(times),
    ...more,
  };
}

/** A comparison of ours with one peer that takes `ratio` times our time. */
export function comparisonOf(id: string, ratio: number, more: Partial<Comparison> = {}): Comparison {
  const ours = resultOf("surprisal WebGPU", [2, 2, 2], { role: "ours", ratio: spreadOf([1]), error: 1e-7 });
  const peer = resultOf("peer", [2 * ratio, 2 * ratio, 2 * ratio], { ratio: spreadOf([ratio]), error: 2e-7 });
  return {
    id,
    title: `title of ${id}`,
    part: "part",
    kind: "webgpu",
    work: { unit: "GB/s", amount: 8e6, ceiling: "copy" },
    results: [ours, peer],
    absent: {},
    ...more,
  };
}

export function runOf(comparisons: readonly Comparison[], software = true): Run {
  return {
    environment: {
      program: "Chrome/1.2",
      adapter: { vendor: "acme", architecture: "fast", description: "", software },
      timestamps: true,
      threads: 8,
      crossOriginIsolated: true,
    },
    rounds: 21,
    comparisons,
    checks: [],
    scalings: [],
    failures: {},
  };
}

export function recordOf(runs: readonly Run[]): BenchRecord {
  return {
    schema: 2,
    date: "2026-01-02",
    command: "npm run bench",
    machine: "a machine",
    versions: { peer: "1.0.0" },
    runs,
  };
}
