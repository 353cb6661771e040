import type { Spans } from "../../../bench/harness/race.ts";
import type { Comparison, Heat, HeatResult, Result } from "../../../bench/harness/result.ts";
import { spreadOf } from "../../../bench/harness/statistics.ts";
import type { BenchRecord, Findings, Run } from "../../../bench/report/record.ts";

/** A result of all heats, from times and ratios. */
export function resultOf(name: string, times: readonly number[], more: Partial<Result> = {}): Result {
  return {
    name,
    role: "peer",
    version: "1.0.0",
    note: "",
    first: 10,
    heats: { 0: spansOf(times) },
    wall: spreadOf(times),
    ...more,
  };
}

/** Spans of two calls each, one every round. */
export function spansOf(times: readonly number[], more: Partial<Spans> = {}): Spans {
  return { calls: 2, rounds: times.map((_, k) => k), times, gpu: [], ...more };
}

/** A result of one heat. */
export function heatResultOf(name: string, times: readonly number[], more: Partial<HeatResult> = {}): HeatResult {
  const { wall: _wall, heats: _heats, ...outcome } = resultOf(name, times);
  return { ...outcome, spans: spansOf(times), ...more };
}

/** One heat of a case. */
export function heatOf(id: string, results: readonly HeatResult[], more: Partial<Heat> = {}): Heat {
  const work = { unit: "GB/s", amount: 8e6, ceiling: "copy" } as const;
  return { id, title: `title of ${id}`, kind: "webgpu", work, results, absent: {}, ...more };
}

/** A comparison of ours with one peer that takes `ratio` times our time. */
export function comparisonOf(id: string, ratio: number, more: Partial<Comparison> = {}): Comparison {
  const ours = resultOf("surprisal WebGPU", [2, 2, 2], { role: "ours", ratio: spreadOf([1]), error: 1e-7 });
  const peer = resultOf("peer", [2 * ratio, 2 * ratio, 2 * ratio], { ratio: spreadOf([ratio]), error: 2e-7 });
  return {
    id,
    title: `title of ${id}`,
    kind: "webgpu",
    work: { unit: "GB/s", amount: 8e6, ceiling: "copy" },
    heats: 1,
    results: [ours, peer],
    absent: {},
    ...more,
  };
}

export function runOf(comparisons: readonly Comparison[], software = true): Run {
  return { environment: environmentOf(software), comparisons, checks: [], scalings: [], failures: {} };
}

export function findingsOf(heats: readonly Heat[], failures = {}): Findings {
  return { environment: environmentOf(true), heats, checks: [], scalings: [], failures };
}

function environmentOf(software: boolean): Run["environment"] {
  return {
    program: "Chrome/1.2",
    adapter: { vendor: "acme", architecture: "fast", description: "", software },
    timestamps: true,
    threads: 8,
    crossOriginIsolated: true,
  };
}

export function recordOf(runs: readonly Run[]): BenchRecord {
  return {
    schema: 4,
    date: "2026-01-02",
    command: "npm run bench",
    machine: "a machine",
    versions: { peer: "1.0.0" },
    runs,
  };
}
