import { isCeiling } from "./ceilings.ts";
import type { Comparison, Result } from "./compare.ts";

/** A Markdown table of one comparison: ours first, then the peers, then the faster of the ceilings. */
export function comparisonTable(comparison: Comparison): string {
  const { results, rows, classes, failures } = comparison;
  const ours = results.find(({ library }) => library === "surprisal")?.timing.median ?? Number.NaN;
  const ceilings = results.filter(({ library }) => isCeiling(library));
  const ceiling = ceilings.sort((a, b) => a.timing.median - b.timing.median)[0];
  const shown = [...results.filter(({ library }) => !isCeiling(library)), ...(ceiling ? [ceiling] : [])];
  return [
    `### ${comparison.function} [${rows} × ${classes}]`,
    "",
    table(
      ["library", "median ms", "quartiles", "first ms", "GB/s", "÷ ours", "error", "repeats × calls"],
      shown.map((result) => cells(result, ours)),
    ),
    ...Object.entries(failures).map(([library, message]) => `\n${library} could not take part: ${message}`),
  ].join("\n");
}

function cells({ library, note, timing, gigabytes, error }: Result, ours: number): string[] {
  return [
    note ? `${library} (${note})` : library,
    milliseconds(timing.median),
    `${milliseconds(timing.low)}–${milliseconds(timing.high)}`,
    milliseconds(timing.first),
    gigabytes.toFixed(2),
    (timing.median / ours).toFixed(2),
    error === undefined ? "" : error.toExponential(1),
    `${timing.repeats} × ${timing.batch}`,
  ];
}

/** A Markdown table, first column left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, k) => (k === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** Milliseconds with three digits that count. */
export function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
