import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import { KernelCache } from "../../engine/kernel-cache.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { f32x4, v128 } from "../../wasm/simd.ts";
import { type FourByFour, transposed } from "../../wasm-formulas/transposed.ts";
import type { GradientName } from "../bindings.ts";
import { given, ROW_TYPES } from "./call.ts";
import { eachColumns, loadColumns, maskOf, storeColumns } from "./columns.ts";
import { multiply, tilesOf } from "./tiles.ts";

/** Properties of a call that a module is generated for. */
export interface SharedMatrixForm {
  readonly dimension: number;
  readonly ownMean: boolean;
  readonly root: boolean;
  readonly gradients: readonly GradientName[];
}

/** Rows that are done together, a row a lane. */
export const SHARED_GROUP = 4;

/** Bytes of a coordinate of a group. */
const BYTES = 16;

/** Bytes of scratch of a thread: x - mean, and z. */
export function sharedBytes(dimension: number): number {
  return 2 * BYTES * 4 * Math.ceil(dimension / 4);
}

const modules = new KernelCache<WasmModule>();

/**
 * WebAssembly of rows under one matrix, z = W (x - mean), W = L⁻¹, and of the gradient Wᵀ z, with the entry "rows" of
 * `ROW_PARAMETERS` and the log-density at the mean. `spread` holds W and behind it Wᵀ, in tiles (tiles.ts).
 */
export function sharedMatrixModule(form: SharedMatrixForm, shared: boolean): WasmModule {
  return modules.get(JSON.stringify([form, shared]), () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    module.function([...ROW_TYPES, "f32"], [], (f) => emitEntry(f, form), "rows");
    return { name: "gaussian-shared-matrix", bytes: module.encoded() };
  });
}

function emitEntry(f: FunctionBuilder, form: SharedMatrixForm): void {
  const level = f.let(f32x4.splat(f.parameter("f32", ROW_TYPES.length)));
  const last = f.let(i32.sub(given(f, "end"), i32.const(SHARED_GROUP)));
  f.for(given(f, "first"), given(f, "end"), SHARED_GROUP, (next) => {
    // The last group may take rows again that have been done.
    const row = f.let(select(i32.gtS(next, last), last, next));
    const value = emitGroup(f, form, row, level);
    f.emit(v128.store(i32.add(given(f, "y"), i32.shl(row, i32.const(2))), value));
  });
}

/** Four rows' values. */
function emitGroup(f: FunctionBuilder, form: SharedMatrixForm, row: I32, level: V128): V128 {
  const blocks = Math.ceil(form.dimension / 4);
  const offsets = given(f, "scratch");
  const whitened = f.let(i32.add(offsets, i32.const(BYTES * 4 * blocks)));
  const bytes = f.let(i32.mul(row, i32.const(4 * form.dimension)));
  const top = loadOffsets(f, form, bytes, offsets);
  const q = f.variable("v128", f32x4.const(0));
  multiply(f, { tiles: given(f, "spread"), blocks, upper: false, from: offsets, to: whitened }, (z) => {
    q.set(f32x4.add(q.value, f32x4.mul(z, z)));
  });
  if (form.gradients.length > 0) {
    const tiles = f.let(i32.add(given(f, "spread"), i32.const(4 * tilesOf(blocks))));
    multiply(f, { tiles, blocks, upper: true, from: whitened, to: offsets });
    storeSlopes(f, form, bytes, offsets, f.let(f32x4.sub(top, top)));
  }
  // What has grown beyond f32 is infinite, whatever came of it afterwards.
  const sum = f32x4.pmin(f32x4.const(Number.POSITIVE_INFINITY), q.value);
  const finite = f32x4.lt(top, f32x4.const(Number.POSITIVE_INFINITY));
  const square = f.let(v128.select(finite, sum, top));
  return f.let(form.root ? f32x4.sqrt(square) : f32x4.sub(level, f32x4.mul(square, f32x4.const(0.5))));
}

/** Puts x - mean into scratch, 0 beyond the last coordinate; gives the largest size of a row's, NaN if there is one. */
function loadOffsets(f: FunctionBuilder, form: SharedMatrixForm, bytes: I32, to: I32): V128 {
  const { dimension: d, ownMean } = form;
  const x = f.let(i32.add(given(f, "x"), bytes));
  const mean = ownMean ? f.let(i32.add(given(f, "mean"), bytes)) : given(f, "mean");
  const top = f.variable("v128", f32x4.const(0));
  eachColumns(f, d, (columns) => {
    const mask = maskOf(columns);
    const shared = ownMean ? undefined : f.let(loadColumns(mean, columns));
    const offsetOf = (k: number) => {
      const centre = shared ?? loadColumns(mean, columns, 4 * d * k);
      const offset = f32x4.sub(loadColumns(x, columns, 4 * d * k), centre);
      return f.let(mask ? v128.and(offset, mask) : offset);
    };
    const { running, offset } = columns;
    const place = running ? f.let(i32.add(to, i32.shl(running, i32.const(2)))) : to;
    const rows: FourByFour = [offsetOf(0), offsetOf(1), offsetOf(2), offsetOf(3)];
    for (const [k, column] of transposed(f, rows).entries()) {
      top.set(f32x4.max(top.value, f32x4.abs(column)));
      f.emit(v128.store(place, column, 4 * offset + BYTES * k));
    }
  });
  return top.value;
}

function storeSlopes(f: FunctionBuilder, form: SharedMatrixForm, bytes: I32, from: I32, nothing: V128): void {
  const { dimension: d, gradients } = form;
  const places = gradients.flatMap((name) =>
    name === "std" ? [] : [{ negative: name === "x", at: f.let(i32.add(given(f, `by${name}`), bytes)) }],
  );
  eachColumns(f, d, (columns) => {
    const { running, offset } = columns;
    const place = running ? f.let(i32.add(from, i32.shl(running, i32.const(2)))) : from;
    const column = (k: number) => f.let(f32x4.add(v128.load(place, 4 * offset + BYTES * k), nothing));
    const rows = transposed(f, [column(0), column(1), column(2), column(3)]);
    for (const { negative, at } of places) {
      for (const [k, row] of rows.entries()) {
        f.emit(storeColumns(at, columns, negative ? f.let(f32x4.neg(row)) : row, 4 * d * k));
      }
    }
  });
}
