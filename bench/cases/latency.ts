import type { Case, Part } from "./case.ts";
import { judgeMean, withSamples } from "./monte-carlo.ts";
import type { TripProblem } from "./problem.ts";
import { rowErrors } from "./row-errors.ts";
import { makeRows, rowPart } from "./rows.ts";

const ROWS = 4;
const CLASSES = 1_024;
const SAMPLES = 1_000;

export const tripTasks = ["softmax", "expectation", "empty"] as const;

export type TripTask = (typeof tripTasks)[number];

const ids: Readonly<Record<TripTask, string>> = {
  softmax: `round-trip/softmax-${ROWS}x${CLASSES}`,
  expectation: `round-trip/expectation-${SAMPLES}`,
  empty: "round-trip/empty",
};

/** Tiny work: many calls without a wait, then one call from array to array at a time. */
export const latencyParts: readonly Part[] = [
  rowPart(ROWS, CLASSES, ["softmax"]),
  {
    name: "round-trip",
    ids: tripTasks.map((task) => ids[task]),
    make: () => {
      const problem: TripProblem = {
        group: "latency",
        rows: makeRows(ROWS, CLASSES),
        samples: withSamples(SAMPLES),
      };
      return { problem, cases: tripTasks.map((task) => tripCase(problem, task)) };
    },
  },
];

function tripCase(problem: TripProblem, task: TripTask): Case {
  const titles: Readonly<Record<TripTask, string>> = {
    softmax: `softmax [${ROWS} × ${CLASSES}], upload and readback included`,
    expectation: `E[x²] of ${SAMPLES.toLocaleString("en")} samples, readback included`,
    empty: "one number up and back",
  };
  return {
    id: ids[task],
    task,
    title: titles[task],
    work: { unit: "", amount: 1, ceiling: "round trip" },
    judge: (answer) => {
      if (task === "softmax") return { error: rowErrors.softmax(problem.rows, answer) };
      if (task === "expectation") return judgeMean(problem.samples, answer);
      return { error: Math.abs((answer[0]?.[0] ?? Number.NaN) - 1) };
    },
  };
}
