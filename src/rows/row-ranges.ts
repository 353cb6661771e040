import { UnsupportedError } from "../core/errors.ts";
import type { Constants, Kernel, Limits, Machine, Operand, Pass, Range } from "../engine/plan.ts";
import { maskWords } from "./mask.ts";
import type { CheckedRows, Window } from "./row-options.ts";

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

/** The bytes of a chunk of rows, from the last place before them where a binding may start. */
export function rangeOf(
  { byteOffset }: Pick<Operand, "byteOffset">,
  buffer: string,
  chunk: RowChunk,
  stride: number,
  begin: number,
  columns: number,
  limits: Limits,
): { range: Range; base: number } {
  const from = byteOffset + (chunk.first * stride + begin) * 4;
  const end = byteOffset + ((chunk.first + chunk.rows - 1) * stride + begin + columns) * 4;
  const step = limits.minStorageBufferOffsetAlignment;
  const offset = Math.floor(from / step) * step;
  return { range: { buffer, offset, size: end - offset }, base: (from - offset) / 4 };
}

/** The same of the rows that a kernel writes: in the caller's `out`, or from the start of a buffer of their own. */
export function targetOf({ out, bind, window, machine }: RowCall, chunk: RowChunk): { range: Range; base: number } {
  const columns = window.end - window.begin;
  return rangeOf(out ?? { byteOffset: 0 }, bind?.y ?? "y", chunk, columns, 0, columns, machine.limits);
}

/** And of the logits that it reads. */
export function sourceOf({ x, window, machine }: RowCall, chunk: RowChunk): { range: Range; base: number } {
  return rangeOf(x, "x", chunk, window.classes, window.begin, window.end - window.begin, machine.limits);
}

/** Cuts the rows so that every operand of a chunk fits one binding; `results` are what a kernel writes a row, where that may be more than it reads. */
export function chunksOf(call: RowCall, results = 0): readonly RowChunk[] {
  const { window, machine, where } = call;
  if (window.rows === 0 || window.classes === 0) return [];
  const { maxStorageBufferBindingSize: most, minStorageBufferOffsetAlignment: step } = machine.limits;
  const rowBytes = Math.max(window.classes, results) * 4;
  const lastBytes = Math.max(window.end - window.begin, results) * 4;
  const fit = 1 + Math.floor((most - step - lastBytes) / rowBytes);
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

/** How a chunk's rows are read and written: four values at once where every row's window starts and ends on a multiple of four. */
export function wordsOf({ classes, begin, end }: Window): "vec4" | "scalar" {
  return classes % 4 === 0 && begin % 4 === 0 && end % 4 === 0 ? "vec4" : "scalar";
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
  const { window, machine } = call;
  const bind: Record<string, string | Range> = { mask: source, targets: source, weight: source, parts: source };
  if (window.mask !== "none") bind.mask = "maskBits";
  Object.assign(bind, call.bind, { x: source });
  for (const [name, operand] of Object.entries(call.alike ?? {})) {
    const columns = window.end - window.begin;
    bind[name] = rangeOf(operand, name, chunk, window.classes, window.begin, columns, machine.limits).range;
  }
  return bind;
}
