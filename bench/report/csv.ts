import { roundsAndCalls } from "../harness/comparison.ts";
import type { Comparison, Result } from "../harness/result.ts";
import type { BenchRecord, Run } from "./record.ts";

type Cell = string | number | boolean | undefined;

const columns: Readonly<Record<string, (result: Result, comparison: Comparison, run: Run) => Cell>> = {
  program: (_result, _comparison, { environment }) => environment.program,
  adapter: (_result, _comparison, { environment: { adapter } }) =>
    [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(" "),
  software_adapter: (_result, _comparison, { environment }) => environment.adapter.software,
  case: (_, { id }) => id,
  kind: (_, { kind }) => kind,
  contestant: ({ name }) => name,
  role: ({ role }) => role,
  version: ({ version }) => version,
  threads: ({ threads }) => threads,
  note: ({ note }) => note,
  heats: ({ heats }) => Object.keys(heats).length,
  rounds: (result) => roundsAndCalls(result).rounds,
  calls: (result) => roundsAndCalls(result).calls,
  first_ms: ({ first }) => first,
  least_ms: ({ wall }) => wall.least,
  low_ms: ({ wall }) => wall.low,
  median_ms: ({ wall }) => wall.median,
  high_ms: ({ wall }) => wall.high,
  gpu_median_ms: ({ gpu }) => gpu?.median,
  rate: ({ rate }) => rate,
  rate_unit: (_, { work }) => work.unit.replace("10⁶", "1e6"),
  share_of_ceiling: ({ share }) => share,
  times_ours: ({ ratio }) => ratio?.median,
  times_ours_low: ({ ratio }) => ratio?.low,
  times_ours_high: ({ ratio }) => ratio?.high,
  error: ({ error }) => error,
  standard_errors: ({ standardErrors }) => standardErrors,
};

/** One line a contestant and case, with a line of names above. */
export function recordCsv({ runs }: BenchRecord): string {
  const lines = runs.flatMap((run) =>
    run.comparisons.flatMap((comparison) =>
      comparison.results.map((result) => Object.values(columns).map((column) => cell(column(result, comparison, run)))),
    ),
  );
  return `${[Object.keys(columns), ...lines].map((line) => line.join(",")).join("\n")}\n`;
}

function cell(value: Cell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : "";
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
