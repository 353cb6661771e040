/** A table as data, to be shown as HTML or Markdown. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences beneath it. */
  readonly notes?: readonly string[];
}

/** A table in Markdown, first column left, the others right. */
export function markdownTable({ title, head, rows, notes = [] }: Table, level = 3): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const lines = [line(head), line(head.map((_, k) => (k === 0 ? "---" : "---:"))), ...rows.map(line)];
  const heading = title === "" ? [] : [`${"#".repeat(level)} ${title}`];
  return [...heading, ...(rows.length > 0 ? [lines.join("\n")] : []), ...notes].join("\n\n");
}

/** Milliseconds with three digits that count. */
export function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A ratio such as 3.6×. */
export function times(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(value >= 10 ? 3 : 2)}×`;
}

/** A small number such as 1.2e-7. */
export function small(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}
