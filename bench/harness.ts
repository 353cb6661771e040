import { attempt } from "./attempt.ts";
import { finished, SPAN_MILLISECONDS } from "./finished.ts";
import type { Task } from "./library.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** One who takes part in a race. */
export interface Runner {
  readonly device: GPUDevice;
  readonly task: Task;
  /** Bytes of the results of one call. */
  readonly resultBytes: number;
}

/** Milliseconds a call. */
export interface Timing extends Spread {
  /** The very first call: compilation and allocation are in it. */
  readonly first: number;
  readonly repeats: number;
  /** Calls in one timed span. */
  readonly batch: number;
}

/** Results alive at a time; more would measure how a library's buffer pool runs over. */
const MOST_RESULT_BYTES = 192 * 2 ** 20;

/** Calls in one span, however short. */
const MOST_CALLS = 256;

/** A runner that needs longer than this a repeat takes part in fewer rounds. */
const SLOW_MILLISECONDS = 1_000;

/**
 * Times every runner, span after span in turn, so that what else the machine does hits all alike.
 *
 * A runner whose first calls throw gets the Error in place of a timing.
 */
export async function race(runners: readonly Runner[], repeats: number): Promise<(Timing | Error)[]> {
  const entries: (Entry | Error)[] = [];
  for (const runner of runners) entries.push(await attempt(() => warmUp(runner, repeats)));
  for (let round = 0; round < repeats; round++) {
    for (const entry of entries) {
      if (entry instanceof Error || !takesPart(round, repeats, entry.repeats)) continue;
      entry.times.push((await span(entry.runner, entry.batch)) / entry.batch);
    }
  }
  return entries.map((entry) => (entry instanceof Error ? entry : timingOf(entry)));
}

interface Entry {
  readonly runner: Runner;
  readonly first: number;
  readonly batch: number;
  /** How many rounds to take part in. */
  readonly repeats: number;
  readonly times: number[];
}

function timingOf({ first, batch, times }: Entry): Timing {
  return { first, batch, repeats: times.length, ...spreadOf(times) };
}

async function warmUp(runner: Runner, wanted: number): Promise<Entry> {
  const first = await span(runner, 1);
  const room = Math.min(MOST_CALLS, Math.max(1, Math.floor(MOST_RESULT_BYTES / runner.resultBytes)));
  let batch = 1;
  let time = await span(runner, batch);
  // One hiccup must not settle the batch for good.
  for (let trial = 0; trial < 3 && time < SPAN_MILLISECONDS && batch < room; trial++) {
    batch = Math.min(room, Math.ceil((batch * SPAN_MILLISECONDS) / Math.max(0.05, time)));
    time = await span(runner, batch);
  }
  const repeats = time > SLOW_MILLISECONDS ? Math.min(wanted, Math.max(5, Math.round(12_000 / time))) : wanted;
  return { runner, first, batch, repeats, times: [] };
}

/** Spreads a slow runner's few repeats evenly over all rounds. */
function takesPart(round: number, rounds: number, repeats: number): boolean {
  return Math.floor(((round + 1) * repeats) / rounds) > Math.floor((round * repeats) / rounds);
}

/** Milliseconds of `calls` calls, from the first call to the device's idleness and the results' release. */
async function span({ device, task }: Runner, calls: number): Promise<number> {
  const start = performance.now();
  const results = Array.from({ length: calls }, () => task.call());
  await finished(device, task.flush(results));
  for (const result of results) task.free(result);
  return performance.now() - start;
}
