import place from "../../shaders/lib/place.wgsl?raw";
import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import lanesMany from "../../shaders/lib/row/lanes-many.wgsl?raw";
import lanesOne from "../../shaders/lib/row/lanes-one.wgsl?raw";
import lanesSubgroups from "../../shaders/lib/row/lanes-subgroups.wgsl?raw";
import lanesTree from "../../shaders/lib/row/lanes-tree.wgsl?raw";
import rowParams from "../../shaders/lib/row/row-params.wgsl?raw";
import rowSweep from "../../shaders/lib/row/row-sweep.wgsl?raw";
import stateParts from "../../shaders/lib/row/state-parts.wgsl?raw";
import stateRow from "../../shaders/lib/row/state-row.wgsl?raw";
import stateWhole from "../../shaders/lib/row/state-whole.wgsl?raw";
import partSource from "../../shaders/rows/row-part.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { UnsupportedError } from "../core/errors.ts";
import { remember } from "../core/memo.ts";
import {
  defineKernel,
  grid,
  isHalf,
  type Kernel,
  type Machine,
  type Pass,
  type Plan,
  pass,
  specialise,
} from "../engine/plan.ts";
import { exchangeCode } from "./exchange.ts";
import { type InRegistersProgram, planInRegisters } from "./in-registers.ts";
import {
  CHUNK,
  chooseLayout,
  fitsRegisters,
  inRegistersLayout,
  type Layout,
  mostInRegisters,
  tunedFor,
} from "./layout.ts";
import { MASK_FAULT, maskCheck, maskWords, planPackMask } from "./mask.ts";
import { rowArithmetic } from "./row-arithmetic.ts";
import { accessOf, type Elements, elementsOf, halfConstants, keyOf } from "./row-elements.ts";
import type { CheckedRows } from "./row-options.ts";
import {
  chunkBindings,
  chunkParams,
  chunksOf,
  pickBindings,
  ROW_PARAMS,
  type RowCall,
  type RowChunk,
  type RowParam,
  type RowPasses,
  sourceOf,
  targetOf,
} from "./row-ranges.ts";
import { row } from "./row-wgsl.ts";

/** A state's shader pieces: what is kept of a row, and the kernel that writes it for a segment. */
export interface RowState {
  readonly code: string;
  /** Whether it is of two rows, which are read side by side. */
  readonly pair?: boolean;
  /** Bytes of `struct State`. */
  readonly bytes: number;
  readonly part: Pick<RowProgram, "name" | "source" | "bindings">;
}

/** The state of one row of logits, with what a kernel wants besides. */
export function rowState(extra: string, extraWords: number): RowState {
  return {
    code: [math, rowParams, extra, row, rowSweep, stateRow, place].join("\n"),
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
  /** The kernel that does the same for rows of few classes. */
  readonly inRegisters?: InRegistersProgram;
}

const assembled = new WeakMap<RowProgram, Map<string, Kernel<string, RowParam>>>();

/** How lanes that share an item join what they found. */
type Lanes = "one" | "many" | "subgroups";

const LANES: Readonly<Record<Lanes, string>> = {
  one: lanesOne,
  many: lanesTree + lanesMany,
  subgroups: lanesTree + lanesSubgroups,
};

function assemble(program: RowProgram, elements: Elements, lanes: Lanes, state: "whole" | "parts") {
  const variants = remember(assembled, program, () => new Map<string, Kernel<string, RowParam>>());
  return remember(variants, `${keyOf(elements)} ${lanes} ${state}`, () => {
    const { pair = false } = program.state;
    const code = [
      accessOf(elements, { pair, writes: program.writesRows === true }),
      program.state.code,
      lanes === "subgroups" ? exchangeCode(program.state.code) : "",
      LANES[lanes],
      state === "whole" ? stateWhole : stateParts,
      program.source,
    ].join("\n");
    const directives = lanes === "subgroups" ? SUBGROUP_DIRECTIVES : "";
    return defineKernel({ name: program.name, directives, code, bindings: program.bindings, params: ROW_PARAMS });
  });
}

/** All lanes of a workgroup come to where states are joined, which no compiler sees. */
const SUBGROUP_DIRECTIVES = "enable subgroups;\ndiagnostic(off, subgroup_uniformity);";

const partPrograms = new WeakMap<RowState, RowProgram>();

/** The program that writes the states of a row's segments. */
function partProgram(state: RowState): RowProgram {
  return remember(partPrograms, state, () => ({ ...state.part, state }));
}

/** The layout of a call: by shape, and by the machine. */
function layoutOf(state: RowState, call: RowCall): Layout {
  const { window, machine } = call;
  const columns = window.end - window.begin;
  const tuned = tunedFor(machine, call.function, window.rows, columns);
  return chooseLayout(window.rows, columns, state.bytes, machine, { tuned });
}

/** Whether a call's rows are few enough classes wide, many enough, and ask for nothing else. */
export function isInRegisters({
  function: name,
  window,
  machine,
  inRegisters = true,
  dtype = "f32",
}: RowCall): boolean {
  const columns = window.end - window.begin;
  const whole = window.classes === columns;
  const tuned = tunedFor(machine, name, window.rows, columns);
  const wanted = tuned
    ? tuned.run !== undefined && columns <= mostInRegisters(columns, whole, machine)
    : fitsRegisters(window.rows, columns, whole, machine);
  const fits = inRegisters && window.mask === "none" && wanted;
  // Halves are written in whole words, or by the general kernel.
  return (
    fits && (!isHalf(dtype) || inRegistersLayout(window.rows, columns, { whole, writesRows: true }, machine).vec4s)
  );
}

/** One dispatch a chunk of rows that reads each row whole; where rows are split, two; where classes are few, another kernel. */
export function planRows(program: RowProgram, call: RowCall): RowPasses {
  if (program.inRegisters && isInRegisters(call)) return planInRegisters(program.inRegisters, call);
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
  checkScratch(call, bytes);
  const part: RowCall = { ...call, bind: { ...call.bind, y: "parts" } };
  const program = partProgram(state);
  return {
    passes: chunksOf(call).map((chunk) => rowPass(program, part, layout, chunk, "whole")),
    scratch: { parts: bytes },
  };
}

/** Throws UnsupportedError where intermediate results of all rows do not fit one binding. */
export function checkScratch({ where, window, machine }: RowCall, bytes: number): void {
  const most = machine.limits.maxStorageBufferBindingSize;
  if (bytes <= most) return;
  throw new UnsupportedError(
    "limits",
    `${where}: ${window.rows} rows need ${bytes} bytes of intermediate results, this device binds ${most}; use smaller batches`,
  );
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
  chunk: RowChunk,
  state: "whole" | "parts",
  parts = 1,
): Pass {
  const { window, machine } = call;
  const { limits } = machine;
  const source = sourceOf(call, chunk);
  const bind = chunkBindings(call, chunk, source.range);
  if (state === "parts") bind.parts = "parts";
  let start = 0;
  if (program.writesRows) {
    const target = targetOf(call, chunk);
    bind.y = target.range;
    start = target.base;
  }
  const masked = window.mask !== "none";
  const flags = {
    MASKED: masked,
    ENTROPY: false,
    ...rowArithmetic(machine),
    QUICK: !masked && layout.span >= CHUNK * layout.lanes,
    SPLIT: layout.segments > 1,
    WG: layout.width,
    LANES: layout.lanes,
  };
  const kernel = specialise(assemble(program, elementsOf(call), lanesOf(layout, machine), state), {
    ...flags,
    ...halfConstants(call),
    ...call.constants,
  });
  return pass(kernel, {
    bind: pickBindings(kernel, bind),
    params: {
      ...chunkParams(call, chunk, source.base, start),
      segments: layout.segments,
      span: layout.span,
      parts,
    },
    grid: grid(Math.ceil((chunk.rows * layout.segments * layout.lanes) / layout.width), limits, call.where),
  });
}

function lanesOf({ lanes }: Layout, { subgroups }: Machine): Lanes {
  if (lanes === 1) return "one";
  return subgroups ? "subgroups" : "many";
}

/** What a plan says of its work on rows: where the mask is a tensor, it is packed into bits first, and told of if it holds no flags. */
export function withMask(
  { window, where, uploads }: CheckedRows,
  machine: Machine,
  { passes, scratch }: RowPasses,
): Pick<Plan, "uploads" | "scratch" | "clears" | "checks" | "passes"> {
  const { mask, maskTensor, maskFloats, classes } = window;
  if (!maskTensor || window.rows * classes === 0) return { uploads, scratch, clears: [], checks: [], passes };
  const rows = mask === "full" ? window.rows : 1;
  return {
    uploads,
    scratch: { maskBits: (rows * maskWords(classes) + 1) * 4, [MASK_FAULT]: 4, ...scratch },
    clears: [MASK_FAULT],
    checks: maskFloats ? [maskCheck(classes, mask === "shared", where)] : [],
    passes: [planPackMask(rows, classes, maskFloats, machine.limits), ...passes],
  };
}
