import { attempt } from "./attempt.ts";
import { largestError } from "./errors.ts";
import { finished } from "./finished.ts";
import { race, type Timing } from "./harness.ts";
import type { FunctionName, Library, Loaded, Task } from "./library.ts";
import type { Problem } from "./problem.ts";

/** How one library did at one function on one shape. */
export interface Result {
  readonly library: string;
  readonly note: string;
  readonly timing: Timing;
  /** Bytes a second, in 10⁹, of what a perfect kernel would move: 8 a value where rows are written, else 4. */
  readonly gigabytes: number;
  /** The largest error against f64; undefined where there is no answer to check. */
  readonly error: number | undefined;
}

export interface Comparison {
  readonly function: FunctionName;
  readonly rows: number;
  readonly classes: number;
  readonly results: readonly Result[];
  /** Who could not take part, and what they said. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Runs functions on one problem, every library on the same data, in one race a function. */
export async function compare(
  libraries: readonly Library[],
  problem: Problem,
  names: readonly FunctionName[],
  repeats: number,
  report: (comparison: Comparison) => void,
): Promise<void> {
  const loads: Load[] = [];
  for (const library of libraries) loads.push({ library, loaded: await attempt(() => library.load(problem)) });
  for (const name of names) report(await compete(loads, problem, name, repeats));
  for (const { loaded } of loads) if (!(loaded instanceof Error)) loaded.dispose();
}

interface Load {
  readonly library: Library;
  readonly loaded: Loaded | Error;
}

interface Entry {
  readonly library: Library;
  readonly task: Task;
}

async function compete(loads: readonly Load[], problem: Problem, name: FunctionName, repeats: number) {
  const { rows, classes } = problem;
  const failures: Record<string, string> = {};
  const entries = await enter(loads, name, failures);
  const resultBytes = 4 * (writesRows(name) ? rows * classes : rows);
  const runners = entries.map(({ library: { device }, task }) => ({ device, task, resultBytes }));
  const timings = await race(runners, repeats);
  const results: Result[] = [];
  for (const [k, entry] of entries.entries()) {
    const result = await attempt(() => conclude(entry, timings[k], problem, name));
    if (result instanceof Error) failures[entry.library.name] = result.message;
    else results.push(result);
    entry.task.dispose();
  }
  return { function: name, rows, classes, results, failures };
}

/** Those who have the function, on data that they could load. */
async function enter(loads: readonly Load[], name: FunctionName, failures: Record<string, string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const { library, loaded } of loads) {
    const task = loaded instanceof Error ? loaded : await attempt(() => loaded.task(name));
    if (task instanceof Error) failures[library.name] = task.message;
    else if (task) entries.push({ library, task });
  }
  return entries;
}

async function conclude(
  { library, task }: Entry,
  timing: Timing | Error | undefined,
  problem: Problem,
  name: FunctionName,
): Promise<Result> {
  if (!timing || timing instanceof Error) throw timing;
  const gigabytes = (problem.rows * problem.classes * (writesRows(name) ? 8 : 4)) / timing.median / 1e6;
  const error = await check(library.device, task, problem, name);
  return { library: library.name, note: task.note ?? "", timing, gigabytes, error };
}

function writesRows(name: FunctionName): boolean {
  return name === "softmax" || name === "logSoftmax";
}

async function check(device: GPUDevice, task: Task, problem: Problem, name: FunctionName): Promise<number | undefined> {
  const result = task.call();
  await finished(device, task.flush([result]));
  const values = await task.read(result);
  task.free(result);
  return values.length === 0 ? undefined : largestError(task.computes ?? name, problem, values);
}
