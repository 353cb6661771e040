import { gateTable } from "../checks/check.ts";
import { roundsAndCalls } from "../harness/comparison.ts";
import type { Comparison, Result } from "../harness/result.ts";
import type { BenchRecord, Environment, Run } from "./record.ts";
import { scalingTables } from "./scaling-tables.ts";
import { summaryTables } from "./summary.ts";
import { markdownTable, milliseconds, small, type Table, times } from "./table.ts";

/** A comparison: ours first, then the others, then the ceiling. */
export function comparisonTable({ title, kind, work, results, absent }: Comparison): Table {
  const rated = work.unit !== "";
  const shared = results.some(({ share }) => share !== undefined);
  const deviating = results.some(({ standardErrors }) => standardErrors !== undefined);
  const timed = results.some(({ gpu }) => gpu !== undefined);
  const head = [
    kind === "webgpu" ? "on the GPU" : "on the CPU",
    "median ms",
    "quartiles",
    "least",
    ...(timed ? ["GPU ms"] : []),
    "first ms",
    ...(rated ? [work.unit] : []),
    ...(shared ? ["of the ceiling"] : []),
    "× ours",
    "error",
    ...(deviating ? ["in s.e."] : []),
    "rounds × calls",
  ];
  const cells = (result: Result) => [
    nameOf(result),
    milliseconds(result.wall.median),
    `${milliseconds(result.wall.low)}–${milliseconds(result.wall.high)}`,
    milliseconds(result.wall.least),
    ...(timed ? [result.gpu ? milliseconds(result.gpu.median) : ""] : []),
    milliseconds(result.first),
    ...(rated ? [result.rate?.toPrecision(3) ?? ""] : []),
    ...(shared ? [result.share ? `${(100 * result.share).toFixed(0)} %` : ""] : []),
    result.ratio ? times(result.ratio.median) : "",
    result.error === undefined ? "" : small(result.error),
    ...(deviating ? [result.standardErrors?.toFixed(1) ?? ""] : []),
    Object.values(roundsAndCalls(result)).join(" × "),
  ];
  const notes = Object.entries(absent).map(([name, reason]) => `${name}: ${reason}.`);
  return { title: `${title}, ${kind === "webgpu" ? "WebGPU" : "CPU"}`, head, rows: results.map(cells), notes };
}

function nameOf({ name, note, threads }: Result): string {
  const remarks = [threads === undefined ? "" : `${threads} ${threads === 1 ? "thread" : "threads"}`, note];
  const remark = remarks.filter(Boolean).join("; ");
  return remark ? `${name} (${remark})` : name;
}

/** What the figures were measured on, in a sentence or two. */
export function describe({ program, adapter, timestamps, threads, crossOriginIsolated }: Environment): string {
  const { vendor, architecture, description, software } = adapter;
  const card = [vendor, architecture, description].filter(Boolean).join(" ") || "unnamed";
  const kind = software ? "a software adapter: ratios between programs tell, times do not" : "a GPU";
  const facts = [
    `${threads} logical processors`,
    crossOriginIsolated ? "cross-origin isolated" : "not cross-origin isolated",
    timestamps ? "with GPU timestamps" : "without GPU timestamps",
  ];
  return `${program}. Adapter: ${card} (${kind}). ${facts.join(", ")}.`;
}

/** One program's part of a record. */
function runMarkdown(run: Run, chart?: string): string {
  return [`## ${run.environment.program}`, summaryMarkdown(run), detailsMarkdown(run, chart)].join("\n\n");
}

/** All that was measured, table by table. */
export function detailsMarkdown(run: Run, chart?: string): string {
  return [
    ...run.comparisons.map((comparison) => markdownTable(comparisonTable(comparison))),
    ...run.checks.map(({ table }) => markdownTable(table)),
    ...(chart && run.scalings.length > 0 ? [`![Time against size](${chart})`] : []),
    ...run.scalings.flatMap(scalingTables).map((table) => markdownTable(table)),
  ].join("\n\n");
}

/** A whole record; `chart` is the address of a run's scaling chart. */
export function recordMarkdown(record: BenchRecord, chart?: (run: Run, index: number) => string): string {
  const versions = Object.entries(record.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `# Benchmark of ${record.date}`,
    `\`${record.command}\` on ${record.machine}; ${versions.join(", ")}.`,
    METHOD,
    ...record.runs.map((run, k) => runMarkdown(run, chart?.(run, k))),
  ].join("\n\n");
}

const METHOD = `Medians, quartiles and the least of wall times, from a call to its finished result; GPU times are the device's own,
between timestamps around a span of calls. Everyone on a device or the CPU runs span after span in turn, on the same data, in heats,
which in a browser have pages of their own and lie minutes apart where all cases run. A median is the median of the heats' medians. "× ours"
is their time in our time of the same round (the slow take fewer turns: in our median since their last). First calls, and errors, which are
against f64, are those of the first heat. The ceiling moves the same bytes, or makes the same random words, and does nothing else.`;

/** What a run comes to, and what failed in it. */
export function summaryMarkdown(run: Run): string {
  const gates = run.checks.flatMap((check) => check.gates);
  return [
    describe(run.environment),
    ...summaryTables(run).map((table) => markdownTable(table)),
    ...(gates.length > 0 ? [markdownTable(gateTable(gates))] : []),
    ...Object.entries(run.failures).map(([name, message]) => `${name} failed: ${message}`),
  ].join("\n\n");
}
