import { expect, test } from "vitest";
import type { Contestant } from "../../../bench/contestants/contestant.ts";
import { scalingTables } from "../../../bench/report/scaling-tables.ts";
import { measure, type Sized } from "../../../bench/scaling/measure.ts";

/** Answers a question about a mean of 1, in no time. */
function contestantOf(answer: number | undefined): Contestant {
  const task = { resultBytes: 4, run: async () => {}, answer: async () => [[answer ?? 0]], dispose: () => {} };
  const tasks = async () => (answer === undefined ? [] : [task]);
  return { name: "peer", kind: "cpu", role: "peer", version: "1", load: async () => ({ tasks, dispose: () => {} }) };
}

const sized: Sized = {
  problem: {
    ...{ group: "monte-carlo", integrand: "x²", formula: "x^2" },
    ...{ dimensions: 1, samples: 100, truth: 1, deviation: 1 },
  },
  judge: ([got = []]) => Math.abs((got[0] ?? Number.NaN) - 1),
};

const timeOf = (answer: number | undefined) => measure(contestantOf(answer), sized, "expectation", 100, 0);

test("a size is timed where the answer is one, however roughly", async () => {
  expect(await timeOf(0.95)).toMatchObject({ n: 100 });
});

test("work that was not done has no time, and neither has what a library lacks", async () => {
  await expect(timeOf(0)).rejects.toThrow("its answer is wrong by 1.0");
  await expect(timeOf(Number.NaN)).rejects.toThrow("its answer is wrong by NaN");
  await expect(timeOf(undefined)).rejects.toThrow("has no such function");
});

test("a table says where a series ends, and why", () => {
  const points = [{ n: 1000, milliseconds: 2 }];
  const end = { n: 10_000, reason: "its answer is wrong by 1.0" };
  const series = [{ name: "peer", kind: "cpu", role: "peer", points, end } as const];
  const [table] = scalingTables({ id: "scaling/samples", title: "E[x²]", axis: "samples", series });
  expect(table?.notes).toContain("peer stops before 10,000: its answer is wrong by 1.0.");
});
