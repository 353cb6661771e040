import type { Case, Part, Verdict, Work } from "./case.ts";
import type { Answer, RowProblem } from "./problem.ts";
import { bellShaped, uniforms } from "./random.ts";
import { rowErrors } from "./row-errors.ts";

export const rowFunctions = [
  "softmax",
  "logSoftmax",
  "logSumExp",
  "crossEntropy",
  "crossEntropyWithGradient",
  "entropy",
] as const;

export type RowFunction = (typeof rowFunctions)[number];

/** A policy's heads (448 tokens over 32,064 classes), squares, and the extremes. */
export const rowShapes: readonly (readonly [rows: number, classes: number])[] = [
  [4_096, 1_024],
  [448, 32_064],
  [16, 65_536],
  [1, 1_000_000],
  [65_536, 64],
  [1_000_000, 7],
];

/** The cases of one shape. */
export function rowPart(rows: number, classes: number, functions: readonly RowFunction[] = rowFunctions): Part {
  const name = `${rows}x${classes}`;
  return {
    name,
    ids: functions.map((task) => `${task}/${name}`),
    make: () => {
      const problem = makeRows(rows, classes);
      return { problem, cases: functions.map((task) => caseOf(problem, task, `${task}/${name}`)) };
    },
  };
}

function caseOf(problem: RowProblem, task: RowFunction, id: string): Case {
  const { rows, classes } = problem;
  return {
    id,
    task,
    title: `${task} [${rows} × ${classes}]`,
    work: workOf(task, rows, classes),
    judge: (answer: Answer): Verdict => ({ error: rowErrors[task](problem, answer) }),
  };
}

function workOf(task: RowFunction, rows: number, classes: number): Work {
  const writes = task === "softmax" || task === "logSoftmax" || task === "crossEntropyWithGradient";
  const amount = rows * classes * (writes ? 8 : 4);
  return { unit: "GB/s", amount, ceiling: writes ? "copy" : "read" };
}

/** Seeded logits, close to normal with a standard deviation of 4, and seeded targets. */
export function makeRows(rows: number, classes: number): RowProblem {
  const seed = rows * 31 + classes;
  const logits = bellShaped(rows * classes, 4, seed);
  const random = uniforms(seed + 1);
  const targets = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
  return { group: "rows", rows, classes, logits, targets, logSums: logSums(logits, rows, classes) };
}

/** log Σ exp of each row, in f64. */
export function logSums(logits: Float32Array, rows: number, classes: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    let most = Number.NEGATIVE_INFINITY;
    for (const value of values) most = Math.max(most, value);
    let sum = 0;
    for (const value of values) sum += Math.exp(value - most);
    return most + Math.log(sum);
  });
}

/** The targets as probabilities [rows, classes]: for libraries that take no class ids. */
export function oneHot({ rows, classes, targets }: RowProblem): Float32Array {
  const hot = new Float32Array(rows * classes);
  targets.forEach((id, row) => {
    hot[row * classes + id] = 1;
  });
  return hot;
}
