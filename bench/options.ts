import { type FunctionName, functions } from "./library.ts";

/** What to run, from the page's address. */
export interface Options {
  /** Only cases whose name contains this. */
  readonly case: string;
  readonly quick: boolean;
}

export const options: Options = readOptions(new URLSearchParams(location.search));

function readOptions(query: URLSearchParams): Options {
  return { case: query.get("case") ?? "", quick: query.has("quick") };
}

/** A shape to compare on, and the functions to compare. */
export interface Shape {
  readonly rows: number;
  readonly classes: number;
}

/** The shapes that gates are about, then the extremes. */
export const shapes: readonly Shape[] = [
  { rows: 4096, classes: 1024 },
  { rows: 448, classes: 32_000 },
  { rows: 448, classes: 32_064 },
  { rows: 1, classes: 1_000_000 },
  { rows: 1_000_000, classes: 7 },
];

/** The functions of a shape that `--case` selects; a case is called "softmax 4096x1024". */
export function selected({ rows, classes }: Shape): readonly FunctionName[] {
  return functions.filter((name) => wanted(`${name} ${rows}x${classes}`));
}

/** Whether `--case` selects this case. */
export function wanted(name: string): boolean {
  return name.includes(options.case);
}
