import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Task } from "../../../bench/contestants/contestant.ts";
import { race, type Timing } from "../../../bench/harness/race.ts";

let clock = 0;

beforeEach(() => {
  clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
});

afterEach(() => vi.restoreAllMocks());

/** A task whose calls take so many milliseconds of a clock that only tasks move. */
function taskOf(milliseconds: number, log: string[] = [], name = ""): Task {
  return {
    resultBytes: 4,
    run: async (calls, mark) => {
      clock += milliseconds * calls;
      log.push(name);
      mark();
    },
    answer: async () => [],
    dispose: () => {},
  };
}

const timing = (entry: Timing | Error | undefined): Timing => {
  if (!entry || entry instanceof Error) throw entry ?? new Error("no timing");
  return entry;
};

test("spans last long enough, and times are those of one call", async () => {
  const [quick, slow] = await race([{ tasks: [taskOf(0.5)] }, { tasks: [taskOf(40)] }], { rounds: 5 });
  expect(timing(quick).spans.times).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  expect(timing(quick).spans.calls * 0.5).toBeGreaterThanOrEqual(40);
  expect(timing(slow).spans.calls).toBe(1);
});

test("everyone runs once a round, and who follows whom changes", async () => {
  const log: string[] = [];
  const runners = ["a", "b", "c"].map((name) => ({ tasks: [taskOf(30, log, name)] }));
  await race(runners, { rounds: 6 });
  expect(log.slice(-18).join("").match(/.../g)).toEqual(["abc", "cba", "bca", "acb", "cab", "bac"]);
});

test("the quickest of several ways takes part", async () => {
  const ways = [taskOf(50), taskOf(20), taskOf(90)];
  const [entry] = await race([{ tasks: ways }], { rounds: 3 });
  expect(timing(entry).task).toBe(ways[1]);
});

test("a slow one takes part in few rounds, spread over all", async () => {
  const [entry] = await race([{ tasks: [taskOf(1_000)] }], { rounds: 7 });
  expect(timing(entry).spans.rounds).toEqual([3, 6]);
});

test("a hiccup does not make a quick one slow", async () => {
  const quick = taskOf(30);
  let runs = 0;
  const task: Task = {
    ...quick,
    run: async (calls, mark) => {
      if (runs++ === 1) clock += 400;
      await quick.run(calls, mark);
    },
  };
  const [entry] = await race([{ tasks: [task] }], { rounds: 7 });
  expect(timing(entry).spans).toMatchObject({ calls: 2, rounds: [0, 1, 2, 3, 4, 5, 6] });
});

test("one that would need too long is left out with its reason, and so is one that throws", async () => {
  const failing: Task = { ...taskOf(1), run: () => Promise.reject(new Error("no kernel")) };
  const outcomes = await race([{ tasks: [taskOf(25_000)] }, { tasks: [failing] }, { tasks: [] }], { rounds: 3 });
  expect(outcomes.map(String)).toEqual([
    "Error: left out: a call takes 25 s",
    "Error: no kernel",
    "Error: no such function",
  ]);
});

test("stops at the next span when it is told to", async () => {
  const stop = new AbortController();
  const task = taskOf(30);
  const stopping: Task = {
    ...task,
    run: async (calls, mark) => {
      await task.run(calls, mark);
      if (clock > 500) stop.abort();
    },
  };
  await expect(race([{ tasks: [stopping] }], { rounds: 100, signal: stop.signal })).rejects.toThrow(/abort/i);
});
