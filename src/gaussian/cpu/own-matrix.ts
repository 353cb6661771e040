import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import { KernelCache } from "../../engine/kernel-cache.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import {
  call,
  type FunctionBuilder,
  type FunctionRef,
  ModuleBuilder,
  store,
  type Variable,
} from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { f32x4, f64x2, i32x4, v128 } from "../../wasm/simd.ts";
import { addAsymmetric } from "./asymmetric.ts";
import { given, ROW_TYPES } from "./call.ts";
import { type Group, groupOf, type MatrixAddresses, type MatrixForm } from "./matrix-form.ts";
import { solveLarge } from "./solve-large.ts";
import { solveSmall } from "./solve-small.ts";
import { type Solved, System } from "./system.ts";
import { narrowed, type Wide } from "./wide.ts";

const modules = new KernelCache<WasmModule>();

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/**
 * WebAssembly of rows that have a covariance or its factor each, in f64, with the entry "rows" of `ROW_PARAMETERS` and the
 * address of a list. What is not surely right, or surely not too close to singular, is left to the reference: those rows
 * are listed, and their number is the word at `report`.
 */
export function ownMatrixModule(form: MatrixForm, shared: boolean): WasmModule {
  return modules.get(JSON.stringify([form, shared]), () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    const asymmetric = form.scale ? undefined : addAsymmetric(module, form.dimension);
    module.function([...ROW_TYPES, "i32"], [], (f) => emitEntry(f, form, asymmetric), "rows");
    return { name: "gaussian-own-matrix", bytes: module.encoded() };
  });
}

function emitEntry(f: FunctionBuilder, form: MatrixForm, asymmetric: FunctionRef | undefined): void {
  const group = groupOf(form.dimension);
  const last = f.let(i32.sub(given(f, "end"), i32.const(group)));
  const list = f.parameter("i32", ROW_TYPES.length);
  const listed = f.variable("i32", list);
  const system = new System(f, form);
  f.for(given(f, "first"), given(f, "end"), group, (next) => {
    // The last group may take rows again that have been done.
    const row = f.let(select(i32.gtS(next, last), last, next));
    const places = placesOf(f, form, row);
    system.reset();
    const uneven = emitSolution(f, form, places, system);
    const solved = system.solved();
    emitValues(f, form, places, solved);
    listDoubts(f, form, { row, listed, matrices: places.spread, doubtful: solved.doubtful, uneven, asymmetric });
  });
  f.emit(store.i32(given(f, "report"), i32.shrU(i32.sub(listed.value, list), i32.const(2))));
}

function placesOf(f: FunctionBuilder, form: MatrixForm, row: I32): MatrixAddresses {
  const bytes = f.let(i32.mul(row, i32.const(4 * form.dimension)));
  const own = (name: "x" | "mean" | "byx" | "bymean") => f.let(i32.add(given(f, name), bytes));
  return {
    x: own("x"),
    mean: form.ownMean ? own("mean") : given(f, "mean"),
    spread: f.let(i32.add(given(f, "spread"), i32.mul(bytes, i32.const(form.dimension)))),
    y: f.let(i32.add(given(f, "y"), i32.shl(row, i32.const(2)))),
    byx: own("byx"),
    bymean: own("bymean"),
    scratch: given(f, "scratch"),
  };
}

/** Solves a group's systems and writes its gradients; gives where covariances are uneven. */
function emitSolution(f: FunctionBuilder, form: MatrixForm, places: MatrixAddresses, system: System): V128 | undefined {
  const hasGradients = form.gradients.length > 0;
  if (groupOf(form.dimension) === 4) {
    const { slope, uneven } = solveSmall(f, form, places, system);
    for (const [c, value] of slope.entries()) writeSlope(f, form, places, i32.const(4 * c), value, system);
    return uneven;
  }
  const { slopeAt, uneven } = solveLarge(f, form, places, system);
  if (hasGradients) {
    f.for(i32.const(0), i32.const(4 * form.dimension), 4, (at) => {
      writeSlope(f, form, places, at, [f.let(slopeAt(i32.shl(at, i32.const(2))))], system);
    });
  }
  return uneven;
}

function writeSlope(
  f: FunctionBuilder,
  form: MatrixForm,
  places: MatrixAddresses,
  bytes: I32,
  slope: Wide,
  { math, nothing }: System,
): void {
  const value = f.let(narrowed(math.map(slope, nothing, f64x2.add)));
  for (const name of form.gradients) {
    if (name === "std") continue;
    const at = f.let(i32.add(places[`by${name}`], bytes));
    const signed = name === "x" ? f.let(f32x4.neg(value)) : value;
    for (let k = 0; k < math.group; k++) f.emit(v128.storeLane(at, signed, k, 4 * form.dimension * k));
  }
}

function emitValues(f: FunctionBuilder, form: MatrixForm, { y }: MatrixAddresses, solved: Solved): void {
  const value = f.let(form.root ? f32x4.sqrt(solved.q) : densityOf(f, form, solved));
  if (groupOf(form.dimension) === 4) f.emit(v128.store(y, value));
  else for (const k of [0, 1]) f.emit(v128.storeLane(y, value, k, 4 * k));
}

function densityOf(f: FunctionBuilder, { dimension, scale }: MatrixForm, { q, determinant }: Solved): V128 {
  const logs = determinant.log(f, dimension);
  const level = f32x4.add(scale ? logs : f32x4.mul(logs, f32x4.const(0.5)), f32x4.const(dimension * HALF_LOG_2PI));
  return f32x4.sub(f32x4.mul(q, f32x4.const(-0.5)), level);
}

interface Doubts {
  readonly row: I32;
  /** Where the next row of the list goes. */
  readonly listed: Variable<"i32">;
  readonly matrices: I32;
  readonly doubtful: V128;
  readonly uneven: V128 | undefined;
  readonly asymmetric: FunctionRef | undefined;
}

function listDoubts(f: FunctionBuilder, { dimension }: MatrixForm, doubts: Doubts): void {
  const { row, listed, matrices, asymmetric } = doubts;
  const group: Group = groupOf(dimension);
  const bitsOf = (mask: V128) => f.let(i32.and(i32x4.bitmask(mask), i32.const(2 ** group - 1)));
  const doubtful = bitsOf(doubts.doubtful);
  const uneven = doubts.uneven && bitsOf(doubts.uneven);
  f.if(uneven ? i32.or(doubtful, uneven) : doubtful, () => {
    for (let k = 0; k < group; k++) {
      const bit = (bits: I32) => i32.and(i32.shrU(bits, i32.const(k)), i32.const(1));
      const matrix = i32.add(matrices, i32.const(4 * dimension ** 2 * k));
      const skewed = uneven && asymmetric && i32.and(bit(uneven), call("i32", asymmetric, matrix));
      f.if(skewed ? i32.or(bit(doubtful), skewed) : bit(doubtful), () => {
        f.emit(store.i32(listed.value, i32.add(row, i32.const(k))));
        listed.set(i32.add(listed.value, i32.const(4)));
      });
    }
  });
}
