import { UnsupportedError } from "../core/errors.ts";
import {
  bytesOf,
  type Constants,
  type Dtype,
  inWords,
  isHalf,
  type Kernel,
  type Limits,
  type Machine,
  type Operand,
  type Pass,
  type Range,
} from "../engine/plan.ts";
import { maskWords } from "./mask.ts";
import type { CheckedRows } from "./row-options.ts";

/** `struct Params` of shaders/lib/row/row-params.wgsl. */
export const ROW_PARAMS = {
  rows: "u32",
  first: "u32",
  base: "u32",
  stride: "u32",
  begin: "u32",
  columns: "u32",
  classes: "u32",
  segments: "u32",
  span: "u32",
  parts: "u32",
  maskStride: "u32",
  start: "u32",
  ignore: "i32",
  rate: "f32",
  floor: "f32",
  smoothing: "f32",
  zloss: "f32",
  run: "u32",
  threads: "u32",
  own: "u32",
  zero: "u32",
} as const;

export type RowParam = keyof typeof ROW_PARAMS;

/** A checked call on a machine, and what its kernel is told besides: constants, params, buffers. */
export interface RowCall extends CheckedRows {
  readonly machine: Machine;
  /** The function whose layout a tuning may name, whoever calls it. */
  readonly function?: string;
  readonly constants?: Constants;
  readonly params?: Partial<Record<RowParam, number>>;
  /** Whether the program's kernel for few classes, if it has one, can do what the call asks. */
  readonly inRegisters?: boolean;
  /** Buffers of the kernel's other bindings: name of the binding → name of the buffer. */
  readonly bind?: Readonly<Record<string, string>>;
  /** Operands of the logits' shape that are cut into the same ranges of rows: binding → operand. */
  readonly alike?: Readonly<Record<string, Operand>>;
}

/** A range of rows that fits one binding. */
export interface RowChunk {
  readonly first: number;
  readonly rows: number;
}

/** Terms below exp(-86) of the largest count as exp(-86): beyond it, exponents leave the normal range. */
const EXPONENT_FLOOR = -86;

/** Passes of a program, and the scratch they need. */
export interface RowPasses {
  readonly passes: readonly Pass[];
  readonly scratch: Readonly<Record<string, number>>;
  /** Records that a program of sums writes, where they are not one a row. */
  readonly records?: number;
}

/** Columns [begin, begin + columns) of rows that follow one another `stride` elements apart. */
interface Columns {
  readonly stride: number;
  readonly begin: number;
  readonly columns: number;
}

/** A chunk's bytes in a buffer, from the last place before them where a binding may start, and the element that they begin with. */
interface BoundRows {
  readonly range: Range;
  readonly base: number;
}

/** Where a chunk of an operand's rows is; bindings start on multiples of `step` elements. */
export function rangeOf(
  { byteOffset, dtype }: Pick<Operand, "byteOffset" | "dtype">,
  buffer: string,
  { first, rows }: RowChunk,
  { stride, begin, columns }: Columns,
  step: number,
): BoundRows {
  const size = bytesOf(dtype);
  const from = first * stride + begin;
  const start = Math.floor(from / step) * step;
  const end = from + (rows - 1) * stride + columns;
  return {
    range: { buffer, offset: byteOffset + start * size, size: inWords((end - start) * size) },
    base: from - start,
  };
}

/** Elements from one place where a binding of these may start to the next: of operands that are read at one place, the same of all. */
export function stepOf(dtypes: readonly Dtype[], { minStorageBufferOffsetAlignment }: Limits): number {
  return minStorageBufferOffsetAlignment / Math.min(...dtypes.map(bytesOf));
}

/** What is read of a chunk: the logits, or an operand that is like them. */
function readRange(call: RowCall, chunk: RowChunk, operand: Operand, name: string): BoundRows {
  const { classes, begin, end } = call.window;
  return rangeOf(
    operand,
    name,
    chunk,
    { stride: classes, begin, columns: end - begin },
    stepOf(readDtypes(call), call.machine.limits),
  );
}

function readDtypes({ x, alike = {} }: RowCall): readonly Dtype[] {
  return [x.dtype, ...Object.values(alike).map(({ dtype }) => dtype)];
}

/** The rows that a kernel writes of a chunk: in the caller's `out`, or from the start of a buffer of their own. */
export function targetOf({ out, dtype = "f32", bind, window, machine }: RowCall, chunk: RowChunk): BoundRows {
  const columns = window.end - window.begin;
  const rows = { stride: columns, begin: 0, columns };
  const target = { byteOffset: out?.byteOffset ?? 0, dtype };
  return rangeOf(target, bind?.y ?? "y", chunk, rows, stepOf([dtype], machine.limits));
}

/** The logits that it reads. */
export function sourceOf(call: RowCall, chunk: RowChunk): BoundRows {
  return readRange(call, chunk, call.x, "x");
}

/** Cuts the rows so that every operand of a chunk fits one binding; `results` are what a kernel writes a row, where that may be more than it reads. */
export function chunksOf(call: RowCall, results = 0): readonly RowChunk[] {
  const { window, machine, where } = call;
  if (window.rows === 0 || window.classes === 0) return [];
  const most = machine.limits.maxStorageBufferBindingSize;
  const columns = window.end - window.begin;
  const reads = readDtypes(call);
  const fits = reads.map((dtype) =>
    rowsIn(most, { stride: window.classes, columns }, bytesOf(dtype), stepOf(reads, machine.limits)),
  );
  const written = call.dtype ? { size: bytesOf(call.dtype), columns } : { size: 4, columns: results };
  if (written.columns > 0) {
    const { size, columns: width } = written;
    fits.push(
      rowsIn(most, { stride: width, columns: width }, size, machine.limits.minStorageBufferOffsetAlignment / size),
    );
  }
  const all = Math.min(...fits);
  // Halves of rows that follow one another: so that each chunk of them starts with a whole word.
  const fit = call.dtype && isHalf(call.dtype) && all > 4 ? all - (all % 4) : all;
  if (fit < 1) {
    throw new UnsupportedError(
      "limits",
      `${where}: a row of ${window.end - window.begin} classes exceeds this device's largest binding of ${most} bytes`,
    );
  }
  const chunks: RowChunk[] = [];
  for (let first = 0; first < window.rows; first += fit) {
    chunks.push({ first, rows: Math.min(fit, window.rows - first) });
  }
  return chunks;
}

/** How many rows a binding holds, wherever they start, of elements of so many bytes. */
function rowsIn(most: number, { stride, columns }: Omit<Columns, "begin">, size: number, step: number): number {
  return 1 + Math.floor((most - (step + columns) * size) / (stride * size));
}

/** The params of a dispatch over a chunk, but for how its layout shares out rows. */
export function chunkParams(call: RowCall, chunk: RowChunk, base: number, start: number): Record<RowParam, number> {
  const { window } = call;
  return {
    rows: chunk.rows,
    first: chunk.first,
    base,
    stride: window.classes,
    begin: window.begin,
    columns: window.end - window.begin,
    classes: window.classes,
    segments: 1,
    span: window.end - window.begin,
    parts: 1,
    maskStride: window.mask === "full" ? maskWords(window.classes) * 32 : 0,
    start,
    ignore: 0,
    rate: window.rate,
    floor: EXPONENT_FLOOR / window.rate,
    smoothing: 0,
    zloss: 0,
    run: 1,
    threads: 1,
    own: 0,
    zero: 0,
    ...call.params,
  };
}

/** Of the bindings, those that a kernel names. */
export function pickBindings(
  kernel: Kernel,
  bind: Readonly<Record<string, string | Range>>,
): Readonly<Record<string, string | Range>> {
  return Object.fromEntries(Object.keys(kernel.bindings).map((name) => [name, bind[name] ?? name]));
}

/** The bindings that kernels over rows share: a binding that a variant does not read still needs something that fits. */
export function chunkBindings(call: RowCall, chunk: RowChunk, source: Range): Record<string, string | Range> {
  const { window } = call;
  const bind: Record<string, string | Range> = { mask: source, targets: source, weight: source, parts: source };
  if (window.mask !== "none") bind.mask = "maskBits";
  Object.assign(bind, call.bind, { x: source });
  for (const [name, operand] of Object.entries(call.alike ?? {})) {
    bind[name] = readRange(call, chunk, operand, name).range;
  }
  return bind;
}
