import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import { KernelCache } from "../../engine/kernel-cache.ts";
import { type Four, foldLanes, four, mapped } from "../../rows/cpu/lanes.ts";
import type { I32, V128 } from "../../wasm/code.ts";
import { type FunctionBuilder, ModuleBuilder, store, type Variable } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";
import type { GradientName } from "../bindings.ts";
import { given, ROW_PARAMETERS, ROW_TYPES } from "./call.ts";
import { type Columns, eachColumns, loadColumns, maskOf, storeColumns } from "./columns.ts";
import { Determinant, logDeterminant } from "./log-determinant.ts";

/** Properties of a call that a module is generated for. */
export interface DiagonalForm {
  readonly dimension: number;
  /** What `spread` holds: 1 / std for all rows, or a std or variance a row. */
  readonly spread: "rates" | "std" | "variance";
  readonly ownMean: boolean;
  readonly root: boolean;
  readonly gradients: readonly GradientName[];
}

/** Rows that are done together; a call has at least so many. */
export const DIAGONAL_GROUP = 4;

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

const modules = new KernelCache<WasmModule>();

/**
 * WebAssembly of rows under a Gaussian of independent coordinates, with the entry "rows" of `ROW_PARAMETERS` and the
 * log-density at the mean that all rows share. Columns of a row are lanes; a shared mean and rates are padded to four.
 * Where a std or variance is none, the word at `report` is not 0.
 */
export function diagonalModule(form: DiagonalForm, shared: boolean): WasmModule {
  return modules.get(JSON.stringify([form, shared]), () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    module.function([...ROW_TYPES, "f32"], [], (f) => emitEntry(f, form), "rows");
    return { name: "gaussian-diagonal", bytes: module.encoded() };
  });
}

/** Variables of a group of rows. */
interface Group {
  readonly sums: Four<Variable<"v128">>;
  readonly parts: Four<Variable<"v128">>;
  readonly determinants: Four<Determinant> | undefined;
  /** Set where a spread is not positive. */
  readonly wrong: Variable<"v128">;
}

/** Addresses of a group's first row. */
type Addresses = Readonly<Record<"x" | "mean" | "spread" | GradientNameOf, I32>>;
type GradientNameOf = `by${GradientName}`;

function emitEntry(f: FunctionBuilder, form: DiagonalForm): void {
  const group: Group = {
    sums: four(() => f.variable("v128")),
    parts: four(() => f.variable("v128")),
    determinants: form.spread === "rates" || form.root ? undefined : four(() => new Determinant(f)),
    wrong: f.variable("v128"),
  };
  const level = f.let(f32x4.splat(f.parameter("f32", ROW_PARAMETERS.length)));
  const last = f.let(i32.sub(given(f, "end"), i32.const(DIAGONAL_GROUP)));
  f.for(given(f, "first"), given(f, "end"), DIAGONAL_GROUP, (next) => {
    // The last group may take rows again that have been done.
    const row = f.let(select(i32.gtS(next, last), last, next));
    const sums = emitGroup(f, form, group, addressesOf(f, form, row));
    f.emit(v128.store(i32.add(given(f, "y"), i32.shl(row, i32.const(2))), resultOf(f, form, group, sums, level)));
  });
  if (form.spread !== "rates") f.emit(store.i32(given(f, "report"), v128.anyTrue(group.wrong.value)));
}

function addressesOf(f: FunctionBuilder, form: DiagonalForm, row: I32): Addresses {
  const bytes = f.let(i32.mul(row, i32.const(4 * form.dimension)));
  const own = (name: keyof Addresses) => f.let(i32.add(given(f, name), bytes));
  return {
    x: own("x"),
    mean: form.ownMean ? own("mean") : given(f, "mean"),
    spread: form.spread === "rates" ? given(f, "spread") : own("spread"),
    byx: own("byx"),
    bymean: own("bymean"),
    bystd: own("bystd"),
  };
}

/** The sums of squares of four rows, a row a lane. */
function emitGroup(f: FunctionBuilder, form: DiagonalForm, group: Group, addresses: Addresses): V128 {
  const { sums, parts, determinants } = group;
  for (const sum of [...sums, ...parts]) sum.set(f32x4.const(0));
  for (const determinant of determinants ?? []) determinant.reset();
  let settled = false;
  const settle = () => {
    settled = true;
    for (const k of [0, 1, 2, 3] as const) {
      sums[k].set(f32x4.add(sums[k].value, parts[k].value));
      parts[k].set(f32x4.const(0));
      determinants?.[k].settle();
    }
  };
  eachColumns(f, form.dimension, (columns) => emitColumns(f, form, group, addresses, columns), settle);
  return foldLanes(
    f,
    mapped(settled ? sums : parts, ({ value }) => value),
    f32x4.add,
  );
}

function emitColumns(
  f: FunctionBuilder,
  form: DiagonalForm,
  group: Group,
  addresses: Addresses,
  columns: Columns,
): void {
  const mask = maskOf(columns);
  const masked = (value: V128) => (mask ? v128.and(value, mask) : value);
  const shared = (name: "mean" | "spread") => f.let(loadColumns(addresses[name], columns));
  const mean = form.ownMean ? undefined : shared("mean");
  const rate = form.spread === "rates" ? shared("spread") : undefined;
  for (const k of [0, 1, 2, 3] as const) {
    const bytes = 4 * form.dimension * k;
    const centre = mean ?? loadColumns(addresses.mean, columns, bytes);
    const offset = masked(f32x4.sub(loadColumns(addresses.x, columns, bytes), centre));
    const std = rate ? undefined : stdOf(f, form, group, loadColumns(addresses.spread, columns, bytes), mask);
    if (std) group.determinants?.[k].times(std);
    const z = f.let(std ? f32x4.div(offset, std) : f32x4.mul(offset, rate as V128));
    group.parts[k].set(f32x4.add(group.parts[k].value, f32x4.mul(z, z)));
    emitSlopes(f, form, addresses, columns, { z, std, rate, bytes });
  }
}

/** A row's standard deviations, 1 beyond its end. */
function stdOf(f: FunctionBuilder, form: DiagonalForm, { wrong }: Group, loaded: V128, mask: V128 | undefined): V128 {
  const value = f.let(mask ? v128.select(mask, loaded, f32x4.const(1)) : loaded);
  // From 2^-126 to 2^126, in the order of the bits.
  const above = i32x4.sub(value, i32x4.const(0x00800000));
  wrong.set(v128.or(wrong.value, i32x4.gtU(above, i32x4.const(0x7e800000 - 0x00800000))));
  return form.spread === "variance" ? f.let(f32x4.sqrt(value)) : value;
}

interface Slope {
  readonly z: V128;
  readonly std: V128 | undefined;
  readonly rate: V128 | undefined;
  readonly bytes: number;
}

function emitSlopes(
  f: FunctionBuilder,
  form: DiagonalForm,
  addresses: Addresses,
  columns: Columns,
  slope: Slope,
): void {
  if (form.gradients.length === 0) return;
  const { z, std, bytes } = slope;
  const rate = slope.rate ?? f.let(f32x4.div(f32x4.const(1), std as V128));
  const ofMean = f.let(f32x4.mul(z, rate));
  const values: Record<GradientName, V128> = {
    x: f32x4.neg(ofMean),
    mean: ofMean,
    // Where the square may be beyond f32, the 1 does not count.
    std: v128.select(
      f32x4.gt(f32x4.abs(z), f32x4.const(2 ** 30)),
      f32x4.mul(ofMean, z),
      f32x4.mul(f32x4.sub(f32x4.mul(z, z), f32x4.const(1)), rate),
    ),
  };
  for (const name of form.gradients) f.emit(storeColumns(addresses[`by${name}`], columns, f.let(values[name]), bytes));
}

function resultOf(f: FunctionBuilder, form: DiagonalForm, { determinants }: Group, q: V128, level: V128): V128 {
  if (form.root) return f32x4.sqrt(q);
  const half = f32x4.mul(q, f32x4.const(0.5));
  if (!determinants) return f32x4.sub(level, half);
  const columns = 4 * Math.ceil(form.dimension / 4);
  const mantissas = foldLanes(
    f,
    mapped(determinants, (determinant) => determinant.mantissas.value),
    f32x4.mul,
  );
  const exponents = foldLanes(
    f,
    mapped(determinants, (determinant) => determinant.exponents.value),
    i32x4.add,
  );
  const logs = logDeterminant(f, mantissas, exponents, columns);
  return f32x4.sub(f32x4.const(-form.dimension * HALF_LOG_2PI), f32x4.add(logs, half));
}
