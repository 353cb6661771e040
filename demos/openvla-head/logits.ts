import { actionIds, bins, logitWidth, vocabularySize } from "../../src/robotics/openvla/openvla.ts";
import { normalAt, uniformAt } from "../shared/random.ts";
import { dimensionCount, grid, type HeadState, logitRange, onGrid } from "./model.ts";

/** A head's output, made up: what a trained OpenVLA might say about one camera image. */
export interface Head {
  /** Seven rows of 32,064 logits, as the library gets them. */
  readonly logits: Float32Array;
  /** The same before 10,000 was added. */
  readonly unshifted: Float32Array;
  /** The demonstrated action of each dimension. */
  readonly targets: readonly number[];
}

/** The 1st and 99th percentile and the largest of a row's text logits. */
export interface TextLevels {
  readonly low: number;
  readonly high: number;
  readonly top: number;
}

/** How much each dimension lets the task be done in two ways, and how far apart these are. */
const twoWays = [0.15, 1, 0.1, 0, 0, 0.8, 0.25] as const;
const gripper = 6;
/** The gripper's two states, 1 and 0, in bins. */
const opened = 255.5;
const closed = 127.5;
const loudTokens = 8;
const streams = { noise: 0, loud: 10, modes: 20 } as const;

/** The bin of an action id, 0 at the left (−1) to 255 at the right (+1). */
export function binOf(id: number): number {
  return vocabularySize - 1 - id;
}

/** The action id of a bin. */
export function idOf(bin: number): number {
  return vocabularySize - 1 - bin;
}

/** The logits of a state. */
export function makeHead(state: HeadState): Head {
  const unshifted = background(state.seed, state.leak).slice();
  for (let d = 0; d < dimensionCount; d++) {
    const row = actionLogits(state, d);
    for (let bin = 0; bin < bins; bin++) unshifted[d * logitWidth + idOf(bin)] = row[bin] ?? 0;
  }
  const logits = state.shift ? unshifted.map((logit) => logit + 10_000) : unshifted;
  return { logits, unshifted, targets: targetsOf(state) };
}

/** The demonstrated action of each dimension: the reader's, or the generator's. */
export function targetsOf(state: HeadState): readonly number[] {
  return state.targets.map((target, d) => target ?? demonstrated(state.seed, d));
}

/** One dimension's action logits as the reader sees and draws them, left bin first. */
export function actionLogits(state: HeadState, d: number): Float32Array {
  const row = generatedRow(state, d);
  const edits = state.edits[d];
  if (!edits) return row;
  return row.map((logit, bin) => clampLogit(logit + (edits[bin] ?? 0) / grid));
}

/** The generator's action logits: the log of one or two heavy-tailed humps over a floor, with a little noise. */
export function generatedRow(state: HeadState, d: number): Float32Array {
  const { seed, sharpness, ambiguity } = state;
  const [first, second] = modes(seed, d);
  const blunt = 26 * (0.7 / 26) ** (sharpness / 100);
  const width = d === gripper ? Math.max(0.4, blunt / 4) : blunt * (0.8 + 0.5 * uniformAt(seed, streams.modes + d, 9));
  const share = 0.5 * (ambiguity / 100) * (twoWays[d] ?? 0);
  return Float32Array.from({ length: bins }, (_, bin) => {
    const density = (1 - share) * hump(bin, first, width) + share * hump(bin, second, width) + 1e-7;
    const noise = normalAt(seed, streams.noise + d, 40_000 + bin);
    return clampLogit(onGrid(14 + Math.log(density) + 0.22 * noise));
  });
}

export function clampLogit(logit: number): number {
  return Math.min(logitRange[1], Math.max(logitRange[0], logit));
}

/** Where the humps of a dimension stand, in bins: what was demonstrated, and the other way to do it. */
function modes(seed: number, d: number): readonly [number, number] {
  const u = (k: number) => uniformAt(seed, streams.modes + d, k);
  if (d === gripper) return u(0) < 0.5 ? [opened, closed] : [closed, opened];
  const side = u(1) < 0.5 ? -1 : 1;
  const reach = (d < 3 ? 0.22 : 0.08) + (d < 3 ? 0.36 : 0.2) * u(2);
  const place = (action: number) => ((action + 1) * 255) / 2;
  return [place(side * reach), place(-side * reach * (0.75 + 0.5 * u(3)))];
}

function demonstrated(seed: number, d: number): number {
  if (d === gripper) return modes(seed, d)[0] === opened ? 1 : 0;
  const bin = modes(seed, d)[0] + 1.5 * (uniformAt(seed, streams.modes + d, 5) - 0.5);
  return Math.round(((bin * 2) / 255 - 1) * 1000) / 1000;
}

/** A Student's t with four degrees of freedom: its tails are those of a head that has seen a few odd examples. */
function hump(bin: number, centre: number, width: number): number {
  const z = (bin + 0.5 - centre) / width;
  return (0.375 / width) * (1 + (z * z) / 4) ** -2.5;
}

/** The logits of text and padding; the action columns are filled in later. */
const background = remembered((seed: number, leak: number): Float32Array => {
  const noise = noiseOf(seed, 0);
  const logits = new Float32Array(noise.length);
  for (let d = 0; d < dimensionCount; d++) {
    const start = d * logitWidth;
    for (let id = 0; id < actionIds[0]; id++) logits[start + id] = onGrid(-7 + leak + 1.9 * (noise[start + id] ?? 0));
    for (let id = vocabularySize; id < logitWidth; id++)
      logits[start + id] = onGrid(-9 + 0.3 * (noise[start + id] ?? 0));
    for (let k = 0; k < loudTokens; k++) {
      const id = Math.floor(actionIds[0] * uniformAt(seed, streams.loud + d, k));
      logits[start + id] = onGrid(-1.5 + leak + 0.8 * normalAt(seed, streams.loud + d, 100 + k));
    }
  }
  return logits;
});

const noiseOf = remembered((seed: number): Float32Array => {
  const noise = new Float32Array(dimensionCount * logitWidth);
  for (let i = 0; i < noise.length; i++) {
    noise[i] = normalAt(seed, streams.noise + Math.floor(i / logitWidth), i % logitWidth);
  }
  return noise;
});

/** Where the text logits of a row lie. */
export function textLevels(seed: number, leak: number, d: number): TextLevels {
  const quiet = quietLevels(seed, d);
  // The leak raises all of them alike, so they need not be sorted again.
  return { low: quiet.low + leak, high: quiet.high + leak, top: quiet.top + leak };
}

const quietLevels = remembered((seed: number, d: number): TextLevels => {
  const row = background(seed, 0)
    .slice(d * logitWidth, d * logitWidth + actionIds[0])
    .sort();
  const at = (share: number) => row[Math.floor(share * (row.length - 1))] ?? 0;
  return { low: at(0.01), high: at(0.99), top: at(1) };
}, dimensionCount);

/** Keeps the last few results of a costly pure function of two numbers. */
function remembered<T>(compute: (a: number, b: number) => T, kept = 2): (a: number, b: number) => T {
  const results = new Map<string, T>();
  return (a, b) => {
    const key = `${a} ${b}`;
    const result = results.get(key) ?? compute(a, b);
    results.delete(key);
    results.set(key, result);
    for (const old of results.keys()) if (results.size > kept) results.delete(old);
    return result;
  };
}
