import type { Comparison } from "../compare.ts";
import type { FunctionName } from "../library.ts";
import { type Gate, speedGate } from "./gate.ts";

/** Factors by which we must be faster than each peer, where the shape is one of `shapes`. */
type Factors = Partial<Record<FunctionName, Readonly<Record<string, number>>>>;

const shapes = ["4096 × 1024", "448 × 32000"];

const chromium: Factors = {
  softmax: { "jax-js (jit)": 3, "TensorFlow.js": 5 },
  logSumExp: { "jax-js (jit)": 1.7, "TensorFlow.js": 8 },
  crossEntropy: { "jax-js (jit)": 1.7, "TensorFlow.js": 8 },
};

const firefox: Factors = {
  softmax: { "jax-js (jit)": 1 },
  logSumExp: { "jax-js (jit)": 1 },
};

/** The gates that compare us with peers, of those comparisons that were run. */
export function speedGates(comparisons: readonly Comparison[]): Gate[] {
  const wanted = /firefox/i.test(navigator.userAgent) ? firefox : chromium;
  return comparisons.flatMap((comparison) => {
    const shape = `${comparison.rows} × ${comparison.classes}`;
    const factors = shapes.includes(shape) ? (wanted[comparison.function] ?? {}) : {};
    const ours = comparison.results.find(({ library }) => library === "surprisal");
    return Object.entries(factors).map(([peer, factor]) => {
      const theirs = comparison.results.find(({ library }) => library === peer);
      const against = theirs?.note ? `${peer} ${theirs.note}` : peer;
      const name = `${comparison.function} [${shape}] against ${against}`;
      return speedGate(name, factor, theirs?.timing.median ?? Number.NaN, ours?.timing.median ?? Number.NaN);
    });
  });
}
