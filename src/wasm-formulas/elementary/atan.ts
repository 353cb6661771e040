import { ATAN, HALF_PI_LOW, TAN_3_EIGHTHS, TAN_EIGHTH } from "../../arithmetic/coefficients.ts";
import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4 } from "../../wasm/simd.ts";
import { add, all, and, div, flushSize, horner, mad, mul, SIGN, SIZE, select, sub, xor } from "./lanes.ts";

export function atan(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const a = f.let(flushSize(and(x, SIZE)));
  const big = f.let(f32x4.gt(a, all(TAN_3_EIGHTHS)));
  const middle = f.let(f32x4.gt(a, all(TAN_EIGHTH)));
  const choice = (far: V128, between: V128, near: V128): V128 => select(big, far, select(middle, between, near));
  const numerator = choice(all(-1), sub(a, all(1)), a);
  const s = f.let(div(numerator, choice(a, add(a, all(1)), all(1))));
  const high = select(big, all(Math.PI / 2), and(middle, all(Math.PI / 4)));
  const low = select(big, all(HALF_PI_LOW), and(middle, all(HALF_PI_LOW / 2)));
  const t = f.let(mul(s, s));
  const p = horner(t, ATAN);
  return xor(add(high, add(s, mad(mul(s, t), p, low))), and(x, SIGN));
}
