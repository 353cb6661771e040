import { LN2_HIGH, LN2_HIGH_64, LN2_LOW, LN2_LOW_64, ROW_LOG } from "../../arithmetic/coefficients.ts";
import { code, type F32, type F64, type I32, type V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, FunctionRef, ModuleBuilder } from "../../wasm/module.ts";
import { f32, f64, i32, select } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { horner } from "./exponential.ts";

const { add, sub, mul, const: all } = f32x4;

/** Bits of sqrt(1/2), and those of 1 less them. */
const HALF_ROOT = 0x3f3504f3;
const LIFT = 0x3f800000 - HALF_ROOT;

/** Adds exp(x) for x <= 0 in f64, 0 below -87, where it would be nothing beside 1. */
export function addExp(module: ModuleBuilder): FunctionRef {
  return module.function(["f64"], ["f64"], (b) => {
    const x = b.parameter("f64", 0);
    const inside = f64.gt(x, f64.const(-87));
    const n = b.let(nearest(select(inside, f64.mul(x, f64.const(Math.LOG2E)), f64.const(0))));
    const high = f64.sub(x, f64.mul(n, f64.const(LN2_HIGH_64)));
    const r = b.let(f64.sub(high, f64.mul(n, f64.const(LN2_LOW_64))));
    let p: F64 = f64.const(1 / 39_916_800);
    for (const factorial of [3_628_800, 362_880, 40_320, 5_040, 720, 120, 24, 6, 2, 1, 1]) {
      p = f64.add(f64.mul(p, r), f64.const(1 / factorial));
    }
    b.return(select(inside, f64.mul(p, f64.ofF32(power(truncated(n)))), f64.const(0)));
  });
}

/** Adds log(1 + y) for y >= 0 in f64, with full relative accuracy for small y; NaN for NaN and infinity. */
export function addLog1p(module: ModuleBuilder): FunctionRef {
  return module.function(["f64"], ["f64"], (b) => {
    const y = b.parameter("f64", 0);
    const n = b.variable("f64");
    const s = b.variable("f64");
    b.if(
      f64.lt(y, f64.const(0.41)),
      () => s.set(f64.div(y, f64.add(f64.const(2), y))),
      () => {
        const u = b.let(f64.add(f64.const(1), y));
        const e = b.let(exponentOf(f32.ofF64(u)));
        n.set(f64.ofInteger(e));
        const m = b.let(f64.mul(u, f64.ofF32(power(i32.sub(i32.const(0), e)))));
        s.set(f64.div(f64.sub(m, f64.const(1)), f64.add(m, f64.const(1))));
      },
    );
    const t = b.let(f64.mul(s.value, s.value));
    let p: F64 = f64.const(2 / 19);
    for (let k = 17; k >= 1; k -= 2) p = f64.add(f64.mul(p, t), f64.const(2 / k));
    b.return(f64.add(f64.mul(n.value, f64.const(Math.LN2)), f64.mul(p, s.value)));
  });
}

/** The whole number n for which x / 2^n is nearest to 1. */
function exponentOf(x: F32): I32 {
  return i32.sub(i32.shrU(i32.add(i32.bits(x), i32.const(LIFT)), i32.const(23)), i32.const(127));
}

/** 2^n for -127 < n < 128. */
function power(n: I32): F32 {
  return f32.ofBits(i32.shl(i32.add(n, i32.const(127)), i32.const(23)));
}

function nearest(x: F64): F64 {
  return code("f64", x.bytes, [0x9e]);
}

/** The integer that x is, 0 where it is NaN. */
function truncated(x: F64): I32 {
  return code("i32", x.bytes, [0xfc, 0x02]);
}

/**
 * log(1 + y) of four y >= 0 within 2 ULP, small ones too; NaN for NaN and infinity (coefficients: Cephes logf,
 * S. Moshier).
 */
export function log1p(b: FunctionBuilder, values: V128): V128 {
  const y = b.let(values);
  const near = b.let(f32x4.lt(y, all(0.41)));
  const lifted = b.let(i32x4.add(add(y, all(1)), i32x4.const(LIFT)));
  const exponent = f32x4.ofInteger(i32x4.sub(i32x4.shrU(lifted, 23), i32x4.const(127)));
  const n = b.let(v128.andNot(exponent, near));
  const mantissa = i32x4.add(v128.and(lifted, i32x4.const(0x7fffff)), i32x4.const(HALF_ROOT));
  const f = b.let(v128.select(near, y, sub(mantissa, all(1))));
  const square = b.let(mul(f, f));
  const p = horner(f, ROW_LOG);
  const low = add(add(mul(square, all(-0.5)), mul(mul(square, f), p)), mul(n, all(LN2_LOW)));
  const sum = add(mul(n, all(LN2_HIGH)), add(f, low));
  // 0 there, and NaN elsewhere: the bits of infinity would pass for an exponent.
  return b.let(add(sum, sub(y, y)));
}
