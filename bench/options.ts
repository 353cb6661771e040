import { type FunctionName, functions } from "./library.ts";

/** What to run, from the page's address. */
export interface Options {
  /** Only cases whose name contains one of these. */
  readonly cases: readonly string[];
  readonly quick: boolean;
  /** Only this part of the benchmark; all parts if undefined. */
  readonly part: string | undefined;
}

export const options: Options = readOptions(new URLSearchParams(location.search));

function readOptions(query: URLSearchParams): Options {
  return {
    cases: (query.get("case") ?? "").split(","),
    quick: query.has("quick"),
    part: query.get("part") ?? undefined,
  };
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

/** What a page can do before it is loaded afresh, since libraries keep their buffers for as long as it lives. */
export const parts: readonly string[] = [
  "adapter",
  ...shapes.map(shapeName),
  "gates",
  "gaussian",
  "monte-carlo",
  "transport",
  "expectation",
];

/** Whether this part is to be done now. */
export function included(part: string): boolean {
  return options.part === undefined || options.part === part;
}

/** The functions of a shape that `--case` selects; a case is called "softmax 4096x1024". */
export function selected(shape: Shape): readonly FunctionName[] {
  return included(shapeName(shape)) ? functions.filter((name) => wanted(`${name} ${shapeName(shape)}`)) : [];
}

/** Whether `--case` selects this case. */
export function wanted(name: string): boolean {
  return options.cases.some((part) => name.includes(part));
}

function shapeName({ rows, classes }: Shape): string {
  return `${rows}x${classes}`;
}
