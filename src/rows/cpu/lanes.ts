import type { F64, I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f64, i32 } from "../../wasm/scalar.ts";
import { f32x4, f64x2, i32x4, v128 } from "../../wasm/simd.ts";

/** Four of something: vectors of a step, or rows of a group. */
export type Four<T> = readonly [T, T, T, T];

export type Lane = 0 | 1 | 2 | 3;

export function four<T>(make: (k: Lane) => T): Four<T> {
  return [make(0), make(1), make(2), make(3)];
}

export function mapped<T, U>(items: Four<T>, f: (item: T) => U): Four<U> {
  return four((k) => f(items[k]));
}

/** Folds neighbours until one is left. */
export function tree<T>(items: readonly T[], fold: (a: T, b: T) => T): T {
  const half = Math.ceil(items.length / 2);
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only;
  return fold(tree(items.slice(0, half), fold), tree(items.slice(half), fold));
}

/** The largest of four lanes, in all of them. */
export function largestLane(b: FunctionBuilder, value: V128): V128 {
  const one = b.let(value);
  const halves = b.let(f32x4.pmax(one, v128.shuffle(one, one, [2, 3, 0, 1])));
  return b.let(f32x4.pmax(halves, v128.shuffle(halves, halves, [1, 0, 3, 2])));
}

/** Four f32 as two sums in f64. */
export function widened(b: FunctionBuilder, value: V128): V128 {
  const one = b.let(value);
  return f64x2.add(f64x2.ofLow(one), f64x2.ofLow(v128.shuffle(one, one, [2, 3, 2, 3])));
}

export function sumOfTwo(value: V128): F64 {
  return f64.add(f64x2.lane(value, 0), f64x2.lane(value, 1));
}

/** The sum of four integers. */
export function sumOfLanes(value: V128): I32 {
  const lane = (k: number) => i32x4.lane(value, k);
  return i32.add(i32.add(lane(0), lane(1)), i32.add(lane(2), lane(3)));
}

/** One lane in all four. */
export function spread(value: V128, lane: number): V128 {
  return v128.shuffle(value, value, [lane, lane, lane, lane]);
}

/** Folds the lanes of each of four vectors: lane k is that of vector k. */
export function foldLanes(b: FunctionBuilder, rows: Four<V128>, fold: (a: V128, b: V128) => V128): V128 {
  const [p, q, r, s] = mapped(rows, (row) => b.let(row));
  const low = b.let(fold(v128.shuffle(p, q, [0, 4, 1, 5]), v128.shuffle(p, q, [2, 6, 3, 7])));
  const high = b.let(fold(v128.shuffle(r, s, [0, 4, 1, 5]), v128.shuffle(r, s, [2, 6, 3, 7])));
  return b.let(fold(v128.shuffle(low, high, [0, 1, 4, 5]), v128.shuffle(low, high, [2, 3, 6, 7])));
}
