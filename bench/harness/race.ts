import type { Task } from "../contestants/contestant.ts";
import { attempt } from "./attempt.ts";
import { awake, FIREFOX } from "./finished.ts";
import { rounded } from "./statistics.ts";
import { stopwatchOf } from "./stopwatch.ts";

/** One who takes part in a race. */
export interface Runner {
  readonly device?: GPUDevice | undefined;
  /** Ways to do the same; the quickest takes part. */
  readonly tasks: readonly Task[];
}

export interface Pace {
  /** Rounds of one heat. */
  readonly rounds: number;
  /** Whether answers are not held against the truth: those of a first heat are. */
  readonly unjudged?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The spans of one runner: milliseconds a call. */
export interface Spans {
  /** Calls in one span. */
  readonly calls: number;
  /** Which rounds it took part in. */
  readonly rounds: readonly number[];
  readonly times: readonly number[];
  /** The same on the device's own clock, where it has one and the span is long for it. */
  readonly gpu: readonly number[];
}

/** What was measured of one runner. */
export interface Timing {
  readonly task: Task;
  /** Milliseconds of the very first call: compilation and allocation are in it. */
  readonly first: number;
  readonly spans: Spans;
}

/**
 * Least milliseconds of a span, which must outweigh how coarsely a browser notices that work is done, and 100 quanta of a
 * device's clock.
 */
export const SPAN_MILLISECONDS = FIREFOX ? 120 : 40;

/** 100 quanta of 65,536 ns. */
const LEAST_GPU_SPAN = 6.5536;

/** Results alive at a time; more would measure how a library's buffer pool runs over. */
const MOST_RESULT_BYTES = 192 * 2 ** 20;

/** Calls in one span, however short. */
const MOST_CALLS = 2_048;

/** A runner that needs longer than this a span takes part in fewer rounds, of about so many milliseconds in all. */
const SLOW_MILLISECONDS = 250;
const SLOW_BUDGET = 1_000;
const LEAST_ROUNDS = 2;

/** A runner whose call takes longer than this is left out. */
const MOST_MILLISECONDS = 2_000;

/**
 * Times every runner, span after span in turn, so that what else the machine does hits all alike.
 *
 * A runner that throws, or is too slow, gets the Error in place of a timing.
 */
export async function race(runners: readonly Runner[], pace: Pace): Promise<(Timing | Error)[]> {
  const entries: (Entry | Error)[] = [];
  for (const runner of runners) entries.push(await attempt(() => enter(runner, pace), pace.signal));
  for (let round = 0; round < pace.rounds; round++) {
    // Who follows whom changes from round to round: one may leave threads spinning, or caches full.
    for (let k = 0; k < entries.length; k++) {
      const turn = round % 2 === 0 ? k : entries.length - 1 - k;
      const at = (turn + (round >> 1)) % entries.length;
      const entry = entries[at];
      if (!entry || entry instanceof Error || !takesPart(round, pace.rounds, entry.wanted)) continue;
      const outcome = await attempt(() => span(entry.device, entry.task, entry.calls), pace.signal);
      if (outcome instanceof Error) entries[at] = outcome;
      else note(entry, round, outcome);
    }
  }
  return entries.map((entry) => (entry instanceof Error ? entry : timingOf(entry)));
}

interface Entry {
  readonly device: GPUDevice | undefined;
  readonly task: Task;
  readonly first: number;
  readonly calls: number;
  /** How many rounds to take part in. */
  readonly wanted: number;
  readonly rounds: number[];
  readonly times: number[];
  readonly gpu: number[];
}

function timingOf({ task, first, calls, rounds, times, gpu }: Entry): Timing {
  return { task, first: rounded(first), spans: { calls, rounds, times, gpu } };
}

function note(entry: Entry, round: number, { wall, gpu }: Span): void {
  entry.rounds.push(round);
  entry.times.push(rounded(wall / entry.calls));
  if (gpu !== undefined && gpu >= LEAST_GPU_SPAN) entry.gpu.push(rounded(gpu / entry.calls));
}

/** Compiles all ways, chooses the quickest, finds how many calls make a span, and warms up. */
async function enter({ device, tasks }: Runner, { rounds, signal }: Pace): Promise<Entry> {
  let best: { task: Task; first: number; warm: number } | undefined;
  let failure = new Error("no such function");
  for (const task of tasks) {
    const tried = await attempt(() => tryOut(device, task), signal);
    if (tried instanceof Error) failure = tried;
    else if (!best || tried.warm < best.warm) best = { task, ...tried };
  }
  if (!best) throw failure;
  const { task, first, warm } = best;
  if (warm > MOST_MILLISECONDS) throw new Error(`left out: a call takes ${(warm / 1_000).toPrecision(2)} s`);
  const { calls, milliseconds } = await warmUp(device, task, warm, signal);
  const wanted =
    milliseconds > SLOW_MILLISECONDS
      ? Math.min(rounds, Math.max(LEAST_ROUNDS, Math.round(SLOW_BUDGET / milliseconds)))
      : rounds;
  return { device, task, first, calls, wanted, rounds: [], times: [], gpu: [] };
}

async function tryOut(device: GPUDevice | undefined, task: Task): Promise<{ first: number; warm: number }> {
  const first = (await span(device, task, 1)).wall;
  // Where already the first call takes so long, a second would tell no more.
  if (first > 2 * MOST_MILLISECONDS) return { first, warm: first };
  return { first, warm: (await span(device, task, 1)).wall };
}

/** Runs spans until two in a row take about as long, within limits. */
async function warmUp(device: GPUDevice | undefined, task: Task, warm: number, signal: AbortSignal | undefined) {
  // One call may be a hiccup, and make a quick runner slow for good.
  if (warm > 2 * SLOW_MILLISECONDS) return { calls: 1, milliseconds: warm };
  const room = Math.min(MOST_CALLS, Math.max(1, Math.floor(MOST_RESULT_BYTES / Math.max(1, task.resultBytes))));
  const callsFor = (call: number) => Math.min(room, Math.max(1, Math.ceil(SPAN_MILLISECONDS / Math.max(0.02, call))));
  const began = performance.now();
  // The quickest call so far: a hiccup must not make the spans short for good.
  let least = warm;
  let last = warm;
  for (let k = 0; k < 8 && (k < 2 || performance.now() - began < 1_500); k++) {
    signal?.throwIfAborted();
    const calls = callsFor(least);
    const { wall } = await span(device, task, calls);
    const call = wall / calls;
    const steady = Math.abs(call / last - 1) < 0.1;
    last = call;
    least = Math.min(least, call);
    if (wall > SLOW_MILLISECONDS || (steady && calls === callsFor(least))) break;
  }
  const calls = callsFor(least);
  return { calls, milliseconds: least * calls };
}

/** Spreads a slow runner's few rounds evenly over all. */
function takesPart(round: number, rounds: number, wanted: number): boolean {
  return Math.floor(((round + 1) * wanted) / rounds) > Math.floor((round * wanted) / rounds);
}

interface Span {
  readonly wall: number;
  readonly gpu: number | undefined;
}

/** Milliseconds of `calls` calls, from the first call until all results are there, and of the device in between. */
export async function span(device: GPUDevice | undefined, task: Task, calls: number): Promise<Span> {
  const watch = stopwatchOf(device);
  watch?.begin();
  const start = performance.now();
  await awake(
    device,
    task.run(calls, () => watch?.end()),
  );
  const wall = performance.now() - start;
  return { wall, gpu: await watch?.read() };
}
