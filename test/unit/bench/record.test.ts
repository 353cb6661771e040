import { describe, expect, test } from "vitest";
import { agreementMarkdown, agreementOf } from "../../../bench/report/agreement.ts";
import { recordCsv } from "../../../bench/report/csv.ts";
import { recordFiles } from "../../../bench/report/files.ts";
import { fromJson, toJson } from "../../../bench/report/json.ts";
import { recordMarkdown } from "../../../bench/report/markdown.ts";
import { joined } from "../../../bench/report/record.ts";
import type { Scaling } from "../../../bench/scaling/scaling.ts";
import { comparisonOf, findingsOf, heatOf, recordOf, resultOf, runOf } from "../../support/bench/bench.ts";

describe("a record in Markdown", () => {
  test("says what it was measured on, each ratio, and who was absent and why", () => {
    const run = runOf([comparisonOf("softmax/2x3", 3.5, { absent: { other: "has no such function" } })]);
    const text = recordMarkdown(recordOf([run]));
    expect(text).toContain("# Benchmark of 2026-01-02");
    expect(text).toContain("acme fast (a software adapter: ratios between programs tell, times do not)");
    expect(text).toMatch(/\| peer \| 7\.00 \|.*\| 3\.5× \| 2\.0e-7 \|/);
    expect(text).toContain("other: has no such function.");
  });

  test("sums up the best peer, the median advantage, and where a peer is ahead, small calls apart", () => {
    const small = (amount: number) => ({ work: { unit: "GB/s", amount, ceiling: "copy" } as const });
    const large = [comparisonOf("a", 3), comparisonOf("b", 0.5, small(800_008)), comparisonOf("c", 2)];
    const text = recordMarkdown(recordOf([runOf([...large, comparisonOf("d", 0.25, small(800_000))])]));
    expect(text).toContain("at the median of 3 cases of over 10⁵ values or samples, 0.50× at least.");
    expect(text).toContain("The best peer takes 2.0× our time");
    expect(text).toContain("A peer is ahead in: title of b (peer, 0.50×).");
    expect(text).toContain("Of small calls, a peer is ahead in: title of d (peer, 0.25×).");
  });

  test("gives a gain of the GPU over the CPU on a GPU, and none on a software adapter", () => {
    const cpu = comparisonOf("a", 3, { kind: "cpu", results: [resultOf("surprisal CPU", [20], { role: "ours" })] });
    const comparisons = [comparisonOf("a", 3), cpu];
    expect(recordMarkdown(recordOf([runOf(comparisons, false)]))).toMatch(/CPU ÷ GPU[\s\S]*\| 10\.0× \|/);
    expect(recordMarkdown(recordOf([runOf(comparisons, true)]))).not.toContain("CPU ÷ GPU");
  });
});

describe("a record's files", () => {
  const scaling: Scaling = {
    id: "scaling/samples",
    title: "time & samples",
    axis: "samples",
    series: [
      {
        name: "surprisal WebGPU",
        kind: "webgpu",
        role: "ours",
        points: [1e3, 1e4, 1e5].map((n) => ({ n, milliseconds: n / 1e3, bytes: 65_536 })),
        fit: { fixed: 0, each: 1e-3 },
      },
    ],
  };

  test("are Markdown, JSON, CSV and a chart that the Markdown shows", () => {
    const files = recordFiles("name", recordOf([{ ...runOf([comparisonOf("a", 3)]), scalings: [scaling] }]));
    expect(Object.keys(files)).toEqual(["name.md", "name.json", "name.csv", "name-scaling.svg"]);
    expect(files["name.md"]).toContain("![Time against size](name-scaling.svg)");
    expect(files["name.md"]).toMatch(/fitted: ns a sample \| 1000 \|/);
    expect(JSON.parse(files["name.json"] ?? "").schema).toBe(4);
    expect(files["name-scaling.svg"]).toContain("time &amp; samples");
    expect(files["name-scaling.svg"]).toContain("memory held");
    expect(files["name-scaling.svg"]).not.toContain("NaN");
  });

  test("quote what a comma would break, in a line a contestant", () => {
    const results = [resultOf("peer", [2], { note: 'sum, then "log"' })];
    const lines = recordCsv(recordOf([runOf([comparisonOf("a", 3, { results })])]))
      .trim()
      .split("\n");
    expect(lines.length).toBe(2);
    expect(lines[1]).toContain('"sum, then ""log"""');
  });
});

test("JSON keeps what is no finite number", () => {
  const odd = {
    error: Number.NaN,
    times: [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    name: "NaN of a name",
  };
  expect(fromJson(toJson(odd))).toEqual(odd);
});

test("an answer that is no number is shown as such", () => {
  const odd = resultOf("peer", [2], { error: Number.NaN, standardErrors: Number.NaN });
  const results = [resultOf("surprisal WebGPU", [1], { role: "ours" }), odd];
  const text = recordMarkdown(recordOf([runOf([comparisonOf("a", 3, { results })])]));
  expect(text).toMatch(/\| peer \| 2\.00 .* NaN \| NaN \|/);
  expect(text).toContain("Means that are wrong: peer at title of a (NaN standard errors).");
});

test("what pages found is joined in order, with their failures", () => {
  const run = joined([findingsOf([heatOf("a", [])]), findingsOf([heatOf("b", [])], { c: "crashed" })]);
  expect(run.comparisons.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(run.failures).toEqual({ c: "crashed" });
});

describe("two records", () => {
  const recordWith = (ratios: readonly number[]) =>
    recordOf([runOf(ratios.map((ratio, k) => comparisonOf(`case ${k}`, ratio)))]);
  const steady = Array.from({ length: 10 }, () => 3);

  test("agree if 9 of 10 ratios are within 15 %, and all within 40 %", () => {
    expect(agreementOf(recordWith(steady), recordWith([...steady.slice(1), 4.1])).pass).toBe(true);
    expect(agreementOf(recordWith(steady), recordWith([...steady.slice(1), 4.3])).pass).toBe(false);
    expect(agreementOf(recordWith(steady), recordWith([...steady.slice(2), 3.6, 3.6])).pass).toBe(false);
  });

  test("that have no ratio in common do not agree, and ratios that only one has are told of", () => {
    const { pass, alone } = agreementOf(recordWith(steady), recordOf([]));
    expect([pass, alone.length]).toEqual([false, 10]);
    expect(agreementMarkdown(agreementOf(recordWith(steady), recordWith(steady.slice(1))))).toContain(
      "In one of the records only: Chrome, case 9, webgpu, peer.",
    );
  });
});
