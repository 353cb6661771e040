import type { V128 } from "../wasm/code.ts";
import type { FunctionBuilder, Variable } from "../wasm/module.ts";
import { i32x4, v128 } from "../wasm/simd.ts";

/** The words of four counters, a counter a lane: word 0 of each, word 1 of each, … */
export type FourWords = readonly [V128, V128, V128, V128];

const ROTATIONS = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
] as const;

/**
 * Threefry4x32 with 20 rounds under the key (k0, k1, 0, 0), src/random/threefry.ts, of the counters (low, high, stream, last)
 * in each lane.
 */
export function threefry(
  f: FunctionBuilder,
  [low, high, stream, last]: FourWords,
  [k0, k1]: readonly [V128, V128],
): FourWords {
  const a4 = f.let(v128.xor(v128.xor(i32x4.const(0x1bd11bda), k0), k1));
  const x0 = f.variable("v128", i32x4.add(low, k0));
  const x1 = f.variable("v128", i32x4.add(high, k1));
  const x2 = f.variable("v128", stream);
  const x3 = f.variable("v128", last);
  const state = [x0, x1, x2, x3];
  // The key's third and fourth words are 0.
  const schedule = [k0, k1, undefined, undefined, a4];
  for (let round = 0; round < 20; round++) {
    const [left, right] = ROTATIONS[round % 8] as readonly [number, number];
    const even = round % 2 === 0;
    mix(x0, even ? x1 : x3, left);
    mix(x2, even ? x3 : x1, right);
    if (round % 4 === 3) inject(state, schedule, (round + 1) / 4);
  }
  return [x0.value, x1.value, x2.value, x3.value];
}

function mix(a: Variable<"v128">, b: Variable<"v128">, by: number): void {
  a.set(i32x4.add(a.value, b.value));
  b.set(v128.xor(v128.or(i32x4.shl(b.value, by), i32x4.shrU(b.value, 32 - by)), a.value));
}

function inject(state: readonly Variable<"v128">[], schedule: readonly (V128 | undefined)[], turn: number): void {
  state.forEach((x, k) => {
    const word = schedule[(turn + k) % 5];
    const sum = word ? i32x4.add(x.value, word) : x.value;
    const more = k === 3 ? i32x4.add(sum, i32x4.const(turn)) : sum;
    if (more !== x.value) x.set(more);
  });
}
