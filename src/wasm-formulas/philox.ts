import type { V128 } from "../wasm/code.ts";
import type { FunctionBuilder } from "../wasm/module.ts";
import { i32x4, i64x2, v128 } from "../wasm/simd.ts";
import type { FourWords } from "./threefry.ts";

/** Philox4x32 with 10 rounds, src/random/philox.ts, of the counters (low, high, stream, last) in each lane. */
export function philox(f: FunctionBuilder, counter: FourWords, key: readonly [V128, V128]): FourWords {
  let [x0, x1, x2, x3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [low2, high2] = wideProduct(f, x2, 0xcd9e8d57);
    const [low0, high0] = wideProduct(f, x0, 0xd2511f53);
    const y0 = f.let(v128.xor(v128.xor(high2, x1), k0));
    const y2 = f.let(v128.xor(v128.xor(high0, x3), k1));
    [x0, x1, x2, x3] = [y0, low2, y2, low0];
    if (round === 9) break;
    k0 = f.let(i32x4.add(k0, i32x4.const(0x9e3779b9)));
    k1 = f.let(i32x4.add(k1, i32x4.const(0xbb67ae85)));
  }
  return [x0, x1, x2, x3];
}

/** The lower and the upper 32 bits of x times a constant. */
function wideProduct(f: FunctionBuilder, x: V128, factor: number): readonly [low: V128, high: V128] {
  const by = i32x4.const(factor);
  const left = f.let(i64x2.mulLowU(x, by));
  const right = f.let(i64x2.mulHighU(x, by));
  return [f.let(v128.shuffle(left, right, [0, 2, 4, 6])), f.let(v128.shuffle(left, right, [1, 3, 5, 7]))];
}

/** The upper 32 bits of the products of two vectors of words. */
export function mulhi(f: FunctionBuilder, a: V128, b: V128): V128 {
  const [x, y] = [f.let(a), f.let(b)];
  return f.let(v128.shuffle(i64x2.mulLowU(x, y), i64x2.mulHighU(x, y), [1, 3, 5, 7]));
}
