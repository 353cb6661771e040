import extraNone from "../../shaders/lib/extra-none.wgsl?raw";
import lanesMany from "../../shaders/lib/lanes-many.wgsl?raw";
import lanesOne from "../../shaders/lib/lanes-one.wgsl?raw";
import loadScalar from "../../shaders/lib/load-scalar.wgsl?raw";
import loadVec4 from "../../shaders/lib/load-vec4.wgsl?raw";
import math from "../../shaders/lib/math.wgsl?raw";
import place from "../../shaders/lib/place.wgsl?raw";
import row from "../../shaders/lib/row.wgsl?raw";
import rowParams from "../../shaders/lib/row-params.wgsl?raw";
import rowSweep from "../../shaders/lib/row-sweep.wgsl?raw";
import stateParts from "../../shaders/lib/state-parts.wgsl?raw";
import stateRow from "../../shaders/lib/state-row.wgsl?raw";
import stateWhole from "../../shaders/lib/state-whole.wgsl?raw";
import storeScalar from "../../shaders/lib/store-scalar.wgsl?raw";
import storeVec4 from "../../shaders/lib/store-vec4.wgsl?raw";
import wordsScalar from "../../shaders/lib/words-scalar.wgsl?raw";
import wordsVec4 from "../../shaders/lib/words-vec4.wgsl?raw";
import partSource from "../../shaders/row-part.wgsl?raw";
import { UnsupportedError } from "../engine/errors.ts";
import { remember } from "../engine/memo.ts";
import {
  type Constants,
  defineKernel,
  grid,
  type Kernel,
  type Limits,
  type Machine,
  type Operand,
  type Pass,
  pass,
  type Range,
  specialise,
} from "../engine/plan.ts";
import { CHUNK, chooseLayout, type Layout } from "./layout.ts";
import { maskWords, planPackMask } from "./mask.ts";
import type { Window } from "./row-options.ts";

/** `struct Params` of shaders/lib/row-params.wgsl. */
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
  apart: "u32",
  start: "u32",
  ignore: "i32",
  rate: "f32",
  floor: "f32",
  smoothing: "f32",
  zloss: "f32",
  zero: "u32",
} as const;

export type RowParam = keyof typeof ROW_PARAMS;

/** A state's shader pieces: what is kept of a row, and the kernel that writes it for a segment. */
export interface RowState {
  readonly code: (words: "vec4" | "scalar") => string;
  /** Bytes of `struct State`. */
  readonly bytes: number;
  readonly part: Pick<RowProgram, "name" | "source" | "bindings">;
}

/** The state of one row of logits, with what a kernel wants besides. */
export function rowState(extra: string, extraWords: number): RowState {
  return {
    code: (words) =>
      [math, rowParams, extra, row, rowSweep, stateRow, place, words === "vec4" ? loadVec4 : loadScalar].join("\n"),
    bytes: (ROW_WORDS + extraWords) * 4,
    part: {
      name: "row-part",
      source: partSource,
      bindings: { x: "read", mask: "read", targets: "read", weight: "read", y: "read_write" },
    },
  };
}

/** Words of `struct Row` without its extra. */
export const ROW_WORDS = 7;

export const plainState = rowState(extraNone, 1);

/** A kernel over rows before its layout is chosen. */
export interface RowProgram<B extends string = string> {
  readonly name: string;
  readonly source: string;
  readonly bindings: Readonly<Record<B, "read" | "read_write">>;
  readonly state: RowState;
  /** The kernel writes a row of results, a segment an item. */
  readonly writesRows?: boolean;
}

const assembled = new WeakMap<RowProgram, Map<string, Kernel<string, RowParam>>>();

function assemble(program: RowProgram, words: "vec4" | "scalar", lanes: "one" | "many", state: "whole" | "parts") {
  const variants = remember(assembled, program, () => new Map<string, Kernel<string, RowParam>>());
  return remember(variants, `${words} ${lanes} ${state}`, () => {
    const code = [
      words === "vec4" ? wordsVec4 : wordsScalar,
      program.state.code(words),
      lanes === "one" ? lanesOne : lanesMany,
      state === "whole" ? stateWhole : stateParts,
      program.writesRows ? (words === "vec4" ? storeVec4 : storeScalar) : "",
      program.source,
    ].join("\n");
    return defineKernel({ name: program.name, code, bindings: program.bindings, params: ROW_PARAMS });
  });
}

const partPrograms = new WeakMap<RowState, RowProgram>();

/** The program that writes the states of a row's segments. */
function partProgram(state: RowState): RowProgram {
  return remember(partPrograms, state, () => ({ ...state.part, state }));
}

/** What a call over rows is, apart from its kernel. */
export interface RowCall {
  readonly where: string;
  readonly window: Window;
  readonly x: Operand;
  readonly machine: Machine;
  readonly constants?: Constants;
  readonly params?: Partial<Record<RowParam, number>>;
  /** Buffers of the kernel's other bindings: name of the binding → name of the buffer. */
  readonly bind?: Readonly<Record<string, string>>;
  /** Operands of the logits' shape that are cut into the same ranges of rows: binding → operand. */
  readonly alike?: Readonly<Record<string, Operand>>;
  /** Where the rows of results go, for a kernel that writes rows. */
  readonly y?: Operand;
}

/** A range of rows that fits one binding. */
interface Chunk {
  readonly first: number;
  readonly rows: number;
}

/** Terms below exp(-86) of the largest count as exp(-86): beyond it, exponents leave the normal range. */
const EXPONENT_FLOOR = -86;

/** Passes of a program, and the scratch they need. */
export interface RowPasses {
  readonly passes: readonly Pass[];
  readonly scratch: Readonly<Record<string, number>>;
}

/** The layout of a call: by shape, and by the machine. */
function layoutOf(state: RowState, call: RowCall): Layout {
  const { window, machine } = call;
  return chooseLayout(window.rows, window.end - window.begin, state.bytes, machine);
}

/** One dispatch a chunk of rows that reads each row whole; where rows are split, two. */
export function planRows(program: RowProgram, call: RowCall): RowPasses {
  const layout = layoutOf(program.state, call);
  if (layout.segments === 1) {
    return { passes: chunksOf(call).map((chunk) => rowPass(program, call, layout, chunk, "whole")), scratch: {} };
  }
  const states = planStates(program.state, call);
  const finish = planFinish(program, call);
  return { passes: [...states.passes, ...finish], scratch: states.scratch };
}

/** Writes the state of every segment of every row to the scratch buffer "parts". */
export function planStates(state: RowState, call: RowCall): RowPasses {
  const layout = layoutOf(state, call);
  const bytes = call.window.rows * layout.segments * state.bytes;
  const most = call.machine.limits.maxStorageBufferBindingSize;
  if (bytes > most) {
    throw new UnsupportedError(
      "limits",
      `${call.where}: ${call.window.rows} rows need ${bytes} bytes of intermediate results, this device binds ${most}; use smaller batches`,
    );
  }
  const part: RowCall = { ...call, bind: { ...call.bind, y: "parts" } };
  const program = partProgram(state);
  return {
    passes: chunksOf(call).map((chunk) => rowPass(program, part, layout, chunk, "whole")),
    scratch: { parts: bytes },
  };
}

/** Passes of a program that reads the states that `planStates` wrote. */
export function planFinish(program: RowProgram, call: RowCall): readonly Pass[] {
  const { segments, span, ...rest } = layoutOf(program.state, call);
  // A kernel that writes rows goes on segment by segment; one that writes a value a row needs one item a row.
  const layout = program.writesRows ? { ...rest, segments, span } : { ...rest, segments: 1, span: call.window.end };
  return chunksOf(call).map((chunk) => rowPass(program, call, layout, chunk, "parts", segments));
}

function rowPass(
  program: RowProgram,
  call: RowCall,
  layout: Layout,
  chunk: Chunk,
  state: "whole" | "parts",
  parts = 1,
): Pass {
  const { window, x, y, machine } = call;
  const { limits } = machine;
  const columns = window.end - window.begin;
  const words = quadAligned(window, columns) ? "vec4" : "scalar";
  const source = rangeOf(x, "x", chunk, window.classes, window.begin, columns, limits);
  const bind: Record<string, string | Range> = {
    // A binding that this variant does not read still needs something that fits.
    mask: source.range,
    targets: source.range,
    weight: source.range,
    parts: source.range,
  };
  if (window.mask !== "none") bind.mask = "maskBits";
  if (state === "parts") bind.parts = "parts";
  Object.assign(bind, call.bind, { x: source.range });
  for (const [name, operand] of Object.entries(call.alike ?? {})) {
    bind[name] = rangeOf(operand, name, chunk, window.classes, window.begin, columns, limits).range;
  }
  let start = 0;
  if (y && program.writesRows) {
    const target = rangeOf(y, call.bind?.y ?? "y", chunk, columns, 0, columns, limits);
    bind.y = target.range;
    start = target.base;
  }
  const masked = window.mask !== "none";
  const flags = {
    MASKED: masked,
    ENTROPY: false,
    STRICT: !machine.software,
    QUICK: !masked && layout.span >= CHUNK * layout.lanes,
    SPLIT: layout.segments > 1,
    WG: layout.width,
    LANES: layout.lanes,
  };
  const kernel = specialise(assemble(program, words, layout.lanes === 1 ? "one" : "many", state), {
    ...flags,
    ...call.constants,
  });
  const wanted = Object.keys(kernel.bindings);
  return pass(kernel, {
    bind: Object.fromEntries(wanted.map((name) => [name, bind[name] ?? name])),
    params: {
      rows: chunk.rows,
      first: chunk.first,
      base: source.base,
      stride: window.classes,
      begin: window.begin,
      columns,
      classes: window.classes,
      segments: layout.segments,
      span: layout.span,
      parts,
      apart: window.mask === "full" ? maskWords(window.classes) * 32 : 0,
      start,
      ignore: 0,
      rate: window.rate,
      floor: EXPONENT_FLOOR / window.rate,
      smoothing: 0,
      zloss: 0,
      zero: 0,
      ...call.params,
    },
    grid: grid(Math.ceil((chunk.rows * layout.segments * layout.lanes) / layout.width), limits, call.where),
  });
}

/** Whether every row's window starts and ends on a multiple of four values, in and out. */
function quadAligned(window: Window, columns: number): boolean {
  return window.classes % 4 === 0 && window.begin % 4 === 0 && columns % 4 === 0;
}

/** The bytes of a chunk of rows, from the last place before them where a binding may start. */
function rangeOf(
  operand: Operand,
  buffer: string,
  chunk: Chunk,
  stride: number,
  begin: number,
  columns: number,
  limits: Limits,
): { range: Range; base: number } {
  const from = operand.byteOffset + (chunk.first * stride + begin) * 4;
  const end = operand.byteOffset + ((chunk.first + chunk.rows - 1) * stride + begin + columns) * 4;
  const step = limits.minStorageBufferOffsetAlignment;
  const offset = Math.floor(from / step) * step;
  return { range: { buffer, offset, size: end - offset }, base: (from - offset) / 4 };
}

/** Cuts the rows so that every operand of a chunk fits one binding. */
function chunksOf(call: RowCall): readonly Chunk[] {
  const { window, machine, where } = call;
  if (window.rows === 0 || window.classes === 0) return [];
  const { maxStorageBufferBindingSize: most, minStorageBufferOffsetAlignment: step } = machine.limits;
  const rowBytes = window.classes * 4;
  const lastBytes = (window.end - window.begin) * 4;
  const fit = 1 + Math.floor((most - step - lastBytes) / rowBytes);
  if (fit < 1) {
    throw new UnsupportedError(
      "limits",
      `${where}: a row of ${window.end - window.begin} classes exceeds this device's largest binding of ${most} bytes`,
    );
  }
  const chunks: Chunk[] = [];
  for (let first = 0; first < window.rows; first += fit) {
    chunks.push({ first, rows: Math.min(fit, window.rows - first) });
  }
  return chunks;
}

/** The scratch, uploads and passes that turn the caller's mask into bits. */
export function planMask(window: Window, machine: Machine): RowPasses {
  if (!window.maskTensor || window.rows * window.classes === 0) return { passes: [], scratch: {} };
  const rows = window.mask === "full" ? window.rows : 1;
  return {
    passes: [planPackMask(rows, window.classes, machine.limits)],
    scratch: { maskBits: (rows * maskWords(window.classes) + 1) * 4 },
  };
}
