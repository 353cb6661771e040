import { InputError, UnsupportedError } from "../core/errors.ts";
import { checkCallback, checkNamesOf, shown } from "../core/options.ts";
import { VERSION } from "../core/version.ts";
import type { Engine } from "./engine.ts";
import { checkShape, type TunedLayout, type TunedNumbers } from "./plan.ts";
import type { Tunable, TuneOptions, Tuning } from "./tuning.ts";

// Loaded by `engine.tune` alone.

/** Times layouts on the engine's device; `use` makes the engine's calls take these until it is told otherwise. */
export async function tuneOn(
  engine: Engine,
  functions: readonly Tunable[],
  options: TuneOptions,
  use: (layouts: readonly TunedLayout[] | undefined) => void,
): Promise<Tuning> {
  const { signal, onProgress, shapes } = checkOptions(functions, options);
  if (!engine.device) {
    throw new UnsupportedError("cpu-engine", "tune: the CPU engine has one layout; tune an engine on WebGPU");
  }
  const token = engine.tensor(new Uint32Array(1), [1]);
  const layouts: TunedLayout[] = [];
  try {
    for (const { tuning } of functions) {
      const trials = await tuning.load();
      for (const shape of shapes) {
        const choices = trials.layouts(shape, engine.machine);
        const trial = trials.begin(engine, shape);
        const inLayout = (layout: TunedNumbers | null) => [{ function: tuning.name, shape, layout, gain: 1 }];
        const time = async (choice: number, calls: number): Promise<number> => {
          signal?.throwIfAborted();
          use(inLayout(choices[choice] ?? null));
          const start = performance.now();
          for (let k = 0; k < calls; k++) for (const tensor of trial.run()) tensor.dispose();
          use(undefined);
          await token.read();
          return (performance.now() - start) / calls;
        };
        try {
          const { best, gain } = await quickest(choices.length, time);
          layouts.push({ function: tuning.name, shape, layout: best === 0 ? null : (choices[best] ?? null), gain });
        } finally {
          use(undefined);
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

function checkOptions(functions: readonly Tunable[], options: TuneOptions): TuneOptions {
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
  shapes.forEach((shape, k) => {
    checkShape(shape, `tune: shapes[${k}]`);
    if (shape.length === 0 || shape.includes(0)) {
      throw new InputError(
        `tune: shapes[${k}] must be [..., classes] without a size of 0, got [${shape.join(", ")}]; nothing else can be timed`,
      );
    }
  });
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw new InputError(`tune: signal must be an AbortSignal, got ${shown(signal)}`);
  }
  checkCallback(onProgress, "onProgress", "tune");
  return options;
}

/** Milliseconds that one timing lasts at least: far above what a clock and the way to the GPU and back add to it. */
const SPAN = 25;

/** The most calls of one timing. */
const MOST_CALLS = 400;

/** Turns of all layouts that are left, and how many times the time of the best one may be kept for the next round. */
const ROUNDS: readonly (readonly [turns: number, kept: number])[] = [
  [4, 1.3],
  [5, 1.1],
  [9, 1],
];

/** What another layout must gain to be worth leaving the rule. */
const LEAST_GAIN = 1.03;

/**
 * The quickest of `count` choices by a clock that gives the time of a call; choice 0 is the rule's, and stays unless another is clearly
 * quicker. Slow ones are given up early, so that most of the time goes to telling the quick ones apart, in turns: what disturbs a machine
 * for a while disturbs all of them. Nothing makes a call quicker than it is, so that what counts is a choice's least time.
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
  // Compiles, and fills the pool.
  for (const choice of all) await time(choice, 1);
  for (let turn = 0; turn < 4; turn++) await turnOf(turn % 2 === 0 ? all : all.toReversed(), 1);
  let left = within(least, 2);
  const calls = Math.min(MOST_CALLS, Math.max(1, Math.ceil(SPAN / Math.max(1e-3, Math.min(...least)))));
  // Single calls count the way there and back as well.
  least.fill(Number.POSITIVE_INFINITY);
  for (const [turns, kept] of ROUNDS) {
    if (left.length === 1) return { best: 0, gain: 1 };
    for (let turn = 0; turn < turns; turn++) await turnOf(turn % 2 === 0 ? left : left.toReversed(), calls);
    const times = least.map((one, choice) => (left.includes(choice) ? one : Number.POSITIVE_INFINITY));
    left = within(times, kept);
  }
  const best = left.find((choice) => choice !== 0) ?? 0;
  const gain = (least[0] ?? 0) / (least[best] ?? 0);
  return gain >= LEAST_GAIN ? { best, gain } : { best: 0, gain: 1 };
}

/** Choices that take at most so many times as long as the quickest; the first, which all are held against, is always among them. */
function within(times: readonly number[], factor: number): number[] {
  const most = Math.min(...times) * factor;
  return [...times.keys()].filter((choice) => choice === 0 || (times[choice] ?? 0) <= most);
}
