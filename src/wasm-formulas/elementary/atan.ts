import type { V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { f32x4 } from "../../wasm/simd.ts";
import { add, all, and, div, flushSize, horner, mad, mul, SIGN, SIZE, select, sub, xor } from "./lanes.ts";

export function atan(f: FunctionBuilder, arg: V128): V128 {
  const x = f.let(arg);
  const a = f.let(flushSize(and(x, SIZE)));
  const big = f.let(f32x4.gt(a, all(2.41421366)));
  const middle = f.let(f32x4.gt(a, all(0.414213568)));
  const choice = (far: V128, between: V128, near: V128): V128 => select(big, far, select(middle, between, near));
  const numerator = choice(all(-1), sub(a, all(1)), a);
  const s = f.let(div(numerator, choice(a, add(a, all(1)), all(1))));
  const high = select(big, all(1.57079637), and(middle, all(0.785398185)));
  const low = select(big, all(-4.37113883e-8), and(middle, all(-2.18556941e-8)));
  const t = f.let(mul(s, s));
  const p = horner(t, -0.0609005243, 0.105991684, -0.14244391, 0.199985281, -0.333333164);
  return xor(add(high, add(s, mad(mul(s, t), p, low))), and(x, SIGN));
}
