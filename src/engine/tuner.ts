import { DeviceLostError, InputError, UnsupportedError } from "../core/errors.ts";
import { checkCallback, checkNamesOf, shown } from "../core/options.ts";
import { VERSION } from "../core/version.ts";
import type { Engine } from "./engine.ts";
import { checkShape, elements, type TunedLayout, type TunedNumbers } from "./plan.ts";
import type { Tunable, TuneOptions, Tuning } from "./tuning.ts";

// Loaded by `engine.tune` alone.

/** Times layouts on the engine's device; `use` makes the engine's calls take these until it is told otherwise. */
export async function tuneOn(
  engine: Engine,
  { functions, shapes, signal, onProgress }: CheckedTuning,
  use: (layouts: readonly TunedLayout[] | undefined) => void,
): Promise<Tuning> {
  const token = engine.tensor(new Uint32Array(1), [1]);
  const layouts: TunedLayout[] = [];
  try {
    for (const { tuning } of functions) {
      const trials = await tuning.load();
      for (const shape of shapes) {
        const choices: readonly (TunedNumbers | null)[] = [null, ...trials.layouts(shape, engine.machine)];
        const trial = trials.begin(engine, shape);
        const time = async (choice: number, calls: number): Promise<number> => {
          signal?.throwIfAborted();
          const start = performance.now();
          try {
            use([{ function: tuning.name, shape, layout: choices[choice] ?? null, gain: 1 }]);
            for (let k = 0; k < calls; k++) for (const tensor of trial.run()) tensor.dispose();
            use(undefined);
            await token.read();
          } catch (error) {
            use(undefined);
            // A layout that this machine cannot have is none; the rule must work, and so must the engine.
            if (choice === 0 || engine.disposed || engine.lost || error instanceof DeviceLostError) throw error;
            return Number.POSITIVE_INFINITY;
          }
          return performance.now() - start;
        };
        try {
          const { best, gain } = await quickest(choices.length, time);
          layouts.push({ function: tuning.name, shape, layout: choices[best] ?? null, gain });
        } finally {
          trial.dispose();
        }
        onProgress?.({ done: layouts.length, of: functions.length * shapes.length });
      }
    }
  } finally {
    if (!engine.disposed) token.dispose();
  }
  return { version: VERSION, adapter: engine.adapter, layouts };
}

export interface CheckedTuning extends TuneOptions {
  readonly functions: readonly Tunable[];
}

/** What the caller wants, in lists of our own. */
export function checkTune(engine: Engine, functions: readonly Tunable[], options: TuneOptions): CheckedTuning {
  if (!Array.isArray(functions) || functions.length === 0) {
    throw new InputError(`tune: functions must be a list such as [softmax, crossEntropy], got ${shown(functions)}`);
  }
  const bad = functions.findIndex((one: Partial<Tunable> | undefined | null) => one?.tuning === undefined);
  if (bad >= 0) {
    throw new InputError(
      `tune: functions[${bad}] must be one over rows of logits that has layouts to choose from (softmax, logSoftmax, logSumExp, entropy, crossEntropy, crossEntropyWithGradient, klDivergence, rowStatistics), got ${shown(functions[bad])}`,
    );
  }
  checkNamesOf(options, ["shapes", "signal", "onProgress"], "tune");
  const { shapes, signal, onProgress } = options;
  if (!Array.isArray(shapes) || shapes.length === 0) {
    throw new InputError(`tune: shapes must be a list such as [[448, 32064]], got ${shown(shapes)}`);
  }
  const most = Math.min(engine.limits.maxBufferSize, MOST_BYTES);
  shapes.forEach((shape, k) => {
    checkShape(shape, `tune: shapes[${k}]`);
    if (shape.length === 0 || shape.includes(0)) {
      throw new InputError(
        `tune: shapes[${k}] must be [..., classes] without a size of 0, got [${shape.join(", ")}]; nothing else can be timed`,
      );
    }
    const bytes = elements(shape) * 4;
    if (bytes > most) {
      throw new InputError(
        `tune: shapes[${k}] must be of at most ${most} bytes, got [${shape.join(", ")}], which are ${bytes}; fewer rows tell the same`,
      );
    }
  });
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw new InputError(`tune: signal must be an AbortSignal, got ${shown(signal)}`);
  }
  checkCallback(onProgress, "onProgress", "tune");
  if (!engine.device) {
    throw new UnsupportedError("cpu-engine", "tune: the CPU engine has one layout; tune an engine on WebGPU");
  }
  return { functions: [...functions], shapes: shapes.map((shape) => [...shape]), signal, onProgress };
}

/** Logits of a trial, of which there are two batches and results besides. */
const MOST_BYTES = 2 ** 30;

/** Milliseconds that one timing lasts at least: far above what a clock and the way to the GPU and back add to it. */
const SPAN = 25;

/** The most calls of one timing. */
const MOST_CALLS = 4_096;

/** Choices that take so many times as long as the quickest are given up at once: some take seconds where others take a millisecond. */
const HOPELESS = 8;

/** Turns of all layouts that are left, and how many times the time of the best one may be kept for the next round. */
const ROUNDS: readonly (readonly [turns: number, kept: number])[] = [
  [4, 1.3],
  [5, 1.1],
  [9, 1],
];

/** What another layout must gain to be worth leaving the rule. */
const LEAST_GAIN = 1.03;

/**
 * The quickest of `count` choices by a clock that gives the milliseconds of so many calls; choice 0 is the rule's, and stays unless another
 * is clearly quicker. Slow ones are given up early, so that most of the time goes to telling the quick ones apart, in turns: what disturbs a
 * machine for a while disturbs all of them. Nothing makes a call quicker than it is, so that what counts is a choice's least time.
 */
export async function quickest(
  count: number,
  time: (choice: number, calls: number) => Promise<number>,
): Promise<{ readonly best: number; readonly gain: number }> {
  const all = Array.from({ length: count }, (_, choice) => choice);
  const least = all.map(() => Number.POSITIVE_INFINITY);
  const turnOf = async (choices: readonly number[], calls: number) => {
    for (const choice of choices) least[choice] = Math.min(least[choice] ?? 0, await time(choice, calls));
  };
  const keep = (choices: readonly number[], factor: number) => {
    const most = Math.min(...choices.map((choice) => least[choice] ?? 0)) * factor;
    return choices.filter((choice) => choice === 0 || (least[choice] ?? 0) <= most);
  };
  // Compiles, and fills the pool.
  for (const choice of all) await time(choice, 1);
  await turnOf(all, 1);
  let left = keep(all, HOPELESS);
  for (let turn = 0; turn < 3; turn++) await turnOf(turn % 2 === 0 ? left.toReversed() : left, 1);
  left = keep(left, 2);
  const calls = await callsOf(SPAN, (calls) => time(0, calls));
  // Single calls count the way there and back as well.
  least.fill(Number.POSITIVE_INFINITY);
  for (const [turns, kept] of ROUNDS) {
    if (left.length === 1) return { best: 0, gain: 1 };
    for (let turn = 0; turn < turns; turn++) await turnOf(turn % 2 === 0 ? left : left.toReversed(), calls);
    left = keep(left, kept);
  }
  const best = left.find((choice) => choice !== 0) ?? 0;
  const gain = (least[0] ?? 0) / (least[best] ?? 0);
  return gain >= LEAST_GAIN && Number.isFinite(gain) ? { best, gain } : { best: 0, gain: 1 };
}

/** How many calls last so many milliseconds. */
async function callsOf(span: number, time: (calls: number) => Promise<number>): Promise<number> {
  let calls = 1;
  while (calls < MOST_CALLS && (await time(calls)) < span) calls *= 2;
  return calls;
}
