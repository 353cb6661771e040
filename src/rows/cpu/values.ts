import type { F32, F64, I32 } from "../../wasm/code.ts";
import { type FunctionBuilder, store } from "../../wasm/module.ts";
import { f32, f64, i32, select } from "../../wasm/scalar.ts";
import { addressOf, inverse, type RowFunction } from "./row-function.ts";

export function softmax(unit: boolean): RowFunction {
  return {
    name: "softmax",
    writes: "exponentials",
    unit,
    // A row without a distribution has sum NaN or 0, and 0 / 0 is NaN.
    begin: (b) => ({ finish: ({ sum }) => ({ factor: b.let(inverse(sum)) }) }),
  };
}

export function logSoftmax(unit: boolean): RowFunction {
  return {
    name: "logSoftmax",
    writes: "distances",
    unit,
    log: true,
    begin: (b) => ({ finish: ({ logSum }) => ({ factor: b.let(f32.ofF64(logSum)) }) }),
  };
}

export const logSumExp: RowFunction = {
  name: "logSumExp",
  writes: "nothing",
  log: true,
  begin: (b, { y, rate }) => ({
    finish({ row, from, stop, peak, logSum }) {
      const value = b.variable("f64", f64.add(f64.mul(f64.ofF32(peak), f64.ofF32(rate)), logSum));
      b.if(notANumber(logSum), () => value.set(f64.ofF32(largestOrNaN(b, from, stop))));
      b.emit(store.f32(addressOf(y, row, i32.const(4)), f32.ofF64(value.value)));
      return {};
    },
  }),
};

/** What the log-sum-exp of a row without a distribution is: NaN, if there is one, else the infinity that there is. */
function largestOrNaN(b: FunctionBuilder, start: I32, end: I32): F32 {
  const best = b.variable("f32", f32.const(Number.NEGATIVE_INFINITY));
  b.for(i32.const(0), i32.sub(end, start), 4, (at) => best.set(f32.max(best.value, f32.load(i32.add(start, at)))));
  return best.value;
}

export function notANumber(x: F64): I32 {
  return i32.eqz(f64.eq(x, x));
}

export const entropy: RowFunction = {
  name: "entropy",
  writes: "nothing",
  log: true,
  entropy: true,
  begin: (b, { y }) => ({
    finish({ row, logSum, slope }) {
      const value = b.let(f64.sub(logSum, slope));
      const positive = select(f64.lt(value, f64.const(0)), f64.const(0), value);
      b.emit(store.f32(addressOf(y, row, i32.const(4)), f32.ofF64(positive)));
      return {};
    },
  }),
};
