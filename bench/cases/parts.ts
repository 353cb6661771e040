import type { Part } from "./case.ts";
import { gaussianParts } from "./gaussian.ts";
import { latencyParts } from "./latency.ts";
import { sampleParts } from "./monte-carlo.ts";
import { rowPart, rowShapes } from "./rows.ts";

/** All comparisons, in the order of the report. */
export const parts: readonly Part[] = [
  ...rowShapes.map(([rows, classes]) => rowPart(rows, classes)),
  ...gaussianParts,
  ...sampleParts,
  ...latencyParts,
];

/** Whether a list of words, as `--case` has it, selects a name: with one of them in it, or with none given. */
export function selects(wanted: readonly string[], name: string): boolean {
  const words = wanted.filter(Boolean);
  return words.length === 0 || words.some((word) => name.includes(word.replace(/\s+/g, "/")));
}
