import { scalingSvg } from "../scaling/chart.ts";
import { recordCsv } from "./csv.ts";
import { toJson } from "./json.ts";
import { recordMarkdown } from "./markdown.ts";
import type { BenchRecord, Run } from "./record.ts";

/** The files of a record, by name: Markdown, JSON, CSV, and a chart for each run with scalings. */
export function recordFiles(name: string, record: BenchRecord): Readonly<Record<string, string>> {
  const chart = (_: Run, k: number) => `${name}-scaling${k === 0 ? "" : `-${k + 1}`}.svg`;
  const charts = record.runs.flatMap((run, k) =>
    run.scalings.length > 0 ? [[chart(run, k), scalingSvg(run.scalings, run.environment.program)]] : [],
  );
  return {
    [`${name}.md`]: `${recordMarkdown(record, chart)}\n`,
    [`${name}.json`]: `${toJson(record)}\n`,
    [`${name}.csv`]: recordCsv(record),
    ...Object.fromEntries(charts),
  };
}
