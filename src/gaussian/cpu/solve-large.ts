import type { I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { i32 } from "../../wasm/scalar.ts";
import { f64x2, i32x4, v128 } from "../../wasm/simd.ts";
import type { MatrixAddresses, MatrixForm } from "./matrix-form.ts";
import type { System } from "./system.ts";
import type { Wide } from "./wide.ts";

/** Bytes of a number of two rows. */
const BYTES = 16;

/** Bytes that the system of two rows takes. */
export function largeBytes(dimension: number): number {
  return BYTES * dimension * (dimension + 3);
}

/** Addresses: the matrix, with unit vector c above the diagonal of its row c; a column; x - mean; and Σ⁻¹ (x - mean). */
interface Area {
  readonly matrix: I32;
  readonly column: I32;
  readonly t: I32;
  readonly slope: I32;
}

export interface LargeSolution {
  /** Coordinate c, whose address is so many bytes from the first's, of Σ⁻¹ (x - mean). */
  readonly slopeAt: (bytes: I32) => V128;
  readonly uneven: V128 | undefined;
}

/** Solves the systems of two rows, in memory. */
export function solveLarge(
  f: FunctionBuilder,
  form: MatrixForm,
  places: MatrixAddresses,
  system: System,
): LargeSolution {
  const { dimension: d } = form;
  const at = (row: number) => f.let(i32.add(places.scratch, i32.const(row * d * BYTES)));
  const area = { matrix: at(0), column: at(d), t: at(d + 1), slope: at(d + 2) };
  const uneven = loadMatrix(f, form, places.spread, area, system);
  loadOffsets(f, form, places, area, system);
  f.for(i32.const(0), i32.const(d), 1, (k) => emitStep(f, form, area, system, k));
  const slopeAt = (bytes: I32) => v128.load(i32.add(area.slope, bytes));
  return { slopeAt, uneven: form.scale ? undefined : uneven };
}

/** Words of two rows that lie so many bytes apart, in lanes 0 and 1. */
function pairAt(at: I32, apart: number): V128 {
  return v128.loadLane(at, v128.loadWord(at), 1, apart);
}

/** Copies what is on and below the diagonal; says where that above it differs. */
function loadMatrix(f: FunctionBuilder, form: MatrixForm, spread: I32, { matrix }: Area, system: System): V128 {
  const { dimension: d, scale } = form;
  const differences = f.variable("v128", i32x4.const(0));
  const entryAt = (i: I32, j: I32) => i32.add(spread, i32.shl(i32.add(i32.mul(i, i32.const(d)), j), i32.const(2)));
  const copy = (i: I32, j: I32, diagonal: boolean): V128 => {
    const pair = f.let(pairAt(f.let(entryAt(i, j)), 4 * d * d));
    const [wide] = system.math.widened(pair) as [V128];
    f.emit(v128.store(i32.add(matrix, i32.mul(i32.add(i32.mul(i, i32.const(d)), j), i32.const(BYTES))), wide));
    system.entry([wide], diagonal);
    return pair;
  };
  f.for(i32.const(0), i32.const(d), 1, (i) => {
    f.for(i32.const(0), i, 1, (j) => {
      const pair = copy(i, j, false);
      if (scale) return;
      const other = pairAt(f.let(entryAt(j, i)), 4 * d * d);
      differences.set(v128.or(differences.value, v128.xor(pair, other)));
    });
    copy(i, i, true);
  });
  return i32x4.ne(differences.value, i32x4.const(0));
}

function loadOffsets(f: FunctionBuilder, form: MatrixForm, places: MatrixAddresses, { t }: Area, system: System): void {
  const { dimension: d, ownMean } = form;
  f.for(i32.const(0), i32.const(4 * d), 4, (at) => {
    const x = pairAt(f.let(i32.add(places.x, at)), 4 * d);
    const place = f.let(i32.add(places.mean, at));
    const mean = ownMean ? pairAt(place, 4 * d) : v128.loadSplat(place);
    const offset = system.math.sub(system.math.widened(x), system.math.widened(mean));
    system.offset(offset);
    f.emit(v128.store(i32.add(t, i32.shl(at, i32.const(2))), offset[0] as V128));
  });
}

/** A step's column, in bytes from the start of a row, and what its pivot makes of it. */
interface Step {
  /** The column's place in a row. */
  readonly own: I32;
  /** The row of its pivot. */
  readonly row: I32;
  readonly rate: Wide;
  readonly weight: Wide;
  readonly below: Below;
}

/** Eliminates column k. */
function emitStep(f: FunctionBuilder, form: MatrixForm, area: Area, system: System, k: I32): void {
  const { matrix, column, t } = area;
  const bytes = BYTES * form.dimension;
  const own = f.let(i32.mul(k, i32.const(BYTES)));
  const row = f.let(i32.add(matrix, i32.mul(k, i32.const(bytes))));
  const rate = system.pivot([f.let(v128.load(i32.add(row, own)))]);
  const { share, weight } = system.share([f.let(v128.load(i32.add(t, own)))], rate);
  const below: Below = { column, from: f.let(i32.add(own, i32.const(BYTES))), to: i32.const(bytes) };
  f.for(below.from, below.to, BYTES, (at) => {
    const entry = i32.add(i32.add(matrix, i32.mul(at, i32.const(form.dimension))), own);
    f.emit(v128.store(i32.add(column, at), v128.load(entry)));
  });
  subtract(f, t, below, share[0] as V128);
  const step = { own, row, rate, weight, below };
  if (!form.scale) eliminateMatrix(f, form, area, step);
  eliminateUnits(f, form, area, system, step);
}

function eliminateMatrix(
  f: FunctionBuilder,
  { dimension }: MatrixForm,
  { matrix, column }: Area,
  { rate, below }: Step,
): void {
  f.for(below.from, below.to, BYTES, (at) => {
    const part = f.let(f64x2.mul(v128.load(i32.add(column, at)), rate[0] as V128));
    const row = f.let(i32.add(matrix, i32.mul(at, i32.const(dimension))));
    subtract(f, row, { ...below, to: f.let(i32.add(at, i32.const(BYTES))) }, part);
  });
}

function eliminateUnits(f: FunctionBuilder, form: MatrixForm, area: Area, system: System, step: Step): void {
  const { own, row, rate, weight, below } = step;
  const { matrix, column, slope } = area;
  const addSlope = (at: I32, part: V128, before?: V128) => {
    const term = f64x2.mul(part, weight[0] as V128);
    if (form.gradients.length > 0) f.emit(v128.store(at, before ? f64x2.add(before, term) : term));
  };
  f.for(i32.const(0), own, BYTES, (at) => {
    const unit = f.let(i32.add(matrix, i32.mul(at, i32.const(form.dimension))));
    const [part] = system.unitShare([f.let(v128.load(i32.add(unit, own)))], rate) as [V128];
    const place = f.let(i32.add(slope, at));
    addSlope(place, part, v128.load(place));
    subtract(f, unit, below, part);
  });
  const [first] = system.unitShare(undefined, rate) as [V128];
  addSlope(i32.add(slope, own), first);
  const opposite = f.let(f64x2.neg(first));
  f.for(below.from, below.to, BYTES, (at) => {
    f.emit(v128.store(i32.add(row, at), f64x2.mul(opposite, v128.load(i32.add(column, at)))));
  });
}

/** Part of a column, bytes [from, to) of its numbers. */
interface Below {
  readonly column: I32;
  readonly from: I32;
  readonly to: I32;
}

/** Takes `part` times a column's numbers from those of a row. */
function subtract(f: FunctionBuilder, row: I32, { column, from, to }: Below, part: V128): void {
  const shift = f.let(i32.sub(column, row));
  f.for(f.let(i32.add(row, from)), f.let(i32.add(row, to)), BYTES, (at) => {
    const term = f64x2.mul(part, v128.load(i32.add(at, shift)));
    f.emit(v128.store(at, f64x2.sub(v128.load(at), term)));
  });
}
