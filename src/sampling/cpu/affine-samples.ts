import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import type { GeneratorName } from "../../random/words.ts";
import { storeAt } from "../../rows/cpu/columns.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder, type Variable } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import { isRare, unit, unitRefined } from "../../wasm-formulas/variates.ts";
import type { Integrand } from "../integrand.ts";
import { variatesOf } from "./draw.ts";
import { helpersOf, type Source, sourceOf } from "./run-words.ts";
import { DRAWN, givenTo, SAMPLE_TYPES } from "./samples.ts";

/** Rows of the matrix that are done together. */
const BLOCK = 4;

/** Floats of a column of the matrix, and of the mean. */
export function stepOf(size: number): number {
  return BLOCK * Math.ceil(size / BLOCK);
}

/** The mean, and the columns of the lower triangular matrix, 0 above the diagonal and beyond the last row. */
export function columnsOf(affine: Float32Array, size: number): Float32Array {
  const step = stepOf(size);
  const columns = new Float32Array(step * (size + 1));
  columns.set(affine.subarray(0, size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) columns[step * (j + 1) + i] = affine[size * (i + 1) + j] as number;
  }
  return columns;
}

/**
 * WebAssembly of samples of an affine map of standard normals, with the entry "samples" of `SampleTask`; its parameters are
 * what `columnsOf` makes, and behind the arguments comes the number of coordinates. Nothing is written out for a size.
 */
export function affineModule(integrand: Integrand, generator: GeneratorName, shared: boolean): WasmModule {
  const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
  const helpers = helpersOf(module, integrand, generator);
  const emit = (f: FunctionBuilder) => {
    const given = givenTo(f);
    const place = { job: given("job"), low: given("low"), high: given("high"), stream: given("stream") };
    emitSamples(f, sourceOf(f, integrand, generator, helpers, place));
  };
  module.function([...SAMPLE_TYPES, "i32"], [], emit, "samples");
  return { name: "affine-samples", bytes: module.encoded() };
}

function emitSamples(f: FunctionBuilder, source: Source): void {
  const given = givenTo(f);
  const [begin, end, z] = [given("begin"), given("end"), given("scratch")];
  const row = f.let(i32.shl(f.parameter("i32", SAMPLE_TYPES.length), i32.const(2)));
  const base = f.let(i32.sub(given("y"), i32.mul(begin, row)));
  f.for(i32.and(begin, i32.const(-DRAWN)), end, DRAWN, (sample) => {
    drawNormals(f, source, sample, row);
    const past = f.let(i32.add(sample, i32.const(DRAWN)));
    const from = f.let(select(i32.gtS(begin, sample), begin, sample));
    const stop = f.let(select(i32.gtS(past, end), end, past));
    f.for(from, stop, 1, (k) => {
      const own = f.let(i32.add(z, i32.mul(i32.sub(k, sample), row)));
      emitMap(f, own, f.let(i32.add(base, i32.mul(k, row))), row);
    });
  });
}

/** Puts 16 rows of normals into scratch. */
function drawNormals(f: FunctionBuilder, source: Source, sample: I32, row: I32): void {
  const given = givenTo(f);
  const q = f.let(i32.shrU(sample, i32.const(2)));
  const low = i32x4.add(i32x4.splat(i32.add(given("low"), q)), v128.words(0, 1, 2, 3));
  const quads = { q, low: f.let(low) };
  f.for(i32.const(0), row, 4, (offset) => {
    const c = f.let(i32x4.splat(i32.shrU(offset, i32.const(2))));
    const words = source.generate(quads, c);
    const normals = variatesOf(f, "normal", words, unit, true).map((value) => f.variable("v128", value));
    f.if(v128.anyTrue(isRare(i32x4.minU(words[0], words[2]))), () => {
      const second = source.generate(quads, f.let(i32x4.add(c, i32x4.const(2 ** 16))));
      const refined = variatesOf(f, "normal", words, (w, j) => unitRefined(f, w, second[j] as V128), true);
      normals.forEach((value, j) => void value.set(refined[j] as V128));
    });
    storeColumn(f, f.let(i32.add(given("scratch"), offset)), row, normals);
  });
}

/** Writes a coordinate of 16 samples: sample j of quad l is in lane l of vector j. */
function storeColumn(f: FunctionBuilder, first: I32, row: I32, values: readonly Variable<"v128">[]): void {
  const at = f.variable("i32", first);
  for (let l = 0; l < 4; l++) {
    for (const { value } of values) {
      f.emit(v128.storeLane(at.value, value, l));
      at.set(i32.add(at.value, row));
    }
  }
}

/** Writes mean + matrix z for the z of a row, four coordinates at a time. */
function emitMap(f: FunctionBuilder, z: I32, y: I32, row: I32): void {
  const columns = givenTo(f)("parameters");
  const step = f.let(i32.and(i32.add(row, i32.const(4 * BLOCK - 1)), i32.const(-4 * BLOCK)));
  f.for(i32.const(0), row, 4 * BLOCK, (block) => {
    const column = f.variable("i32", i32.add(i32.add(columns, step), block));
    const term = (at: I32) => f32x4.mul(v128.load(column.value), v128.loadSplat(i32.add(z, at)));
    const sum = f.variable("v128", term(i32.const(0)));
    const past = f.let(i32.add(block, i32.const(4 * BLOCK)));
    f.for(i32.const(4), select(i32.gtS(past, row), row, past), 4, (at) => {
      column.set(i32.add(column.value, step));
      sum.set(f32x4.add(sum.value, term(at)));
    });
    const left = f.let(i32.shrU(i32.sub(row, block), i32.const(2)));
    const value = f32x4.add(v128.load(i32.add(columns, block)), sum.value);
    storeAt(f, { at: f.let(i32.add(y, block)), left }, value);
  });
}
