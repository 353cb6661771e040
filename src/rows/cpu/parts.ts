import { remember } from "../../core/memo.ts";
import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { callInto, type FunctionBuilder, ModuleBuilder, store } from "../../wasm/module.ts";
import { f64, i32 } from "../../wasm/scalar.ts";
import { f32x4 } from "../../wasm/simd.ts";
import { storeAt, walk, walkAhead } from "./columns.ts";
import { exponential } from "./exponential.ts";
import { addExp } from "./logarithm.ts";
import { distanceOf } from "./row-function.ts";
import { addState, stateVariables } from "./state.ts";

/** Numbers in f64 of a part's state: peak, ties, rest and slope. */
export const STATE_NUMBERS = 4;

const modules = new Map<boolean, WasmModule>();

/**
 * The module of parts of rows: `state` of bytes [start, end) at a rate, to an address; `exponentials`, which writes
 * exp((x - peak) rate) factor, and `distances`, which writes (x - peak) rate - factor.
 */
export function partsModule(shared: boolean): WasmModule {
  return remember(modules, shared, () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    addStateEntry(module);
    module.function(WRITE, [], writeExponentials, "exponentials");
    module.function(WRITE, [], writeDistances, "distances");
    return { name: "parts of rows", bytes: module.encoded() };
  });
}

function addStateEntry(module: ModuleBuilder): void {
  const state = addState(module, addExp(module), true);
  module.function(
    ["i32", "i32", "f32", "i32"],
    [],
    (b) => {
      const { peak, ties, rest, slope } = stateVariables(b);
      const args = [b.parameter("i32", 0), b.parameter("i32", 1), b.parameter("f32", 2)];
      callInto(b, state, args, peak, ties, rest, slope);
      const numbers = [f64.ofF32(peak.value), ties.value, rest.value, slope.value];
      for (const [k, number] of numbers.entries()) {
        b.emit(store.f64(b.parameter("i32", 3), number, 8 * k));
      }
    },
    "state",
  );
}

const WRITE = ["i32", "i32", "i32", "f32", "f32", "f32"] as const;

function writeArgs(b: FunctionBuilder) {
  const all = (k: number) => b.let(f32x4.splat(b.parameter("f32", k)));
  const [peak, factor, rate] = [all(3), all(4), all(5)];
  const [start, end] = [b.parameter("i32", 0), b.parameter("i32", 1)];
  const shift = b.let(i32.sub(b.parameter("i32", 2), start));
  const placeOf = (at: I32, left?: I32) => ({ at: b.let(i32.add(at, shift)), ...(left && { left }) });
  return { start, end, peak, factor, rate, placeOf };
}

function writeExponentials(b: FunctionBuilder): void {
  const { start, end, peak, factor, rate, placeOf } = writeArgs(b);
  const exp = exponential(b);
  const begin = (x: V128) => exp.begin(f32x4.mul(f32x4.sub(x, peak), rate));
  walkAhead(b, start, end, begin, (begun, { at, left }) => {
    const place = placeOf(at, left);
    for (const [k, one] of begun.entries()) storeAt(b, place, f32x4.mul(exp.finish(one), factor), 16 * k);
  });
}

function writeDistances(b: FunctionBuilder): void {
  const { start, end, peak, factor, rate, placeOf } = writeArgs(b);
  const distance = distanceOf(b, rate, { whole: true });
  walk(b, start, end, (vectors, { at, left }) => {
    const place = placeOf(at, left);
    for (const [k, x] of vectors.entries()) {
      storeAt(b, place, f32x4.sub(distance(x, peak), factor), 16 * k);
    }
  });
}
