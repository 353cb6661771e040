import inRegisters from "../../shaders/lib/in-registers.wgsl?raw";
import place from "../../shaders/lib/place.wgsl?raw";
import rowParams from "../../shaders/lib/row/row-params.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { remember } from "../core/memo.ts";
import { defineKernel, grid, type Kernel, type Pass, pass, specialise } from "../engine/plan.ts";
import { type InRegistersShape, inRegistersCode, storesVec4s } from "./in-registers-code.ts";
import { type InRegistersLayout, inRegistersLayout, tunedFor } from "./layout.ts";
import { rowArithmetic } from "./row-arithmetic.ts";
import { type Elements, elementsOf, halfConstants, inRegistersAccess, keyOf } from "./row-elements.ts";
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

/** A kernel over rows of few classes before their number is known. */
export interface InRegistersProgram {
  readonly name: string;
  readonly source: string;
  readonly bindings: Readonly<Record<string, "read" | "read_write">>;
  /** What `Row` carries besides (shaders/lib/row/extra-*.wgsl). */
  readonly extra: string;
  readonly writesRows?: boolean;
}

const assembled = new WeakMap<InRegistersProgram, Map<string, Kernel<string, RowParam>>>();

function assemble(program: InRegistersProgram, shape: InRegistersShape, call: RowCall): Kernel<string, RowParam> {
  const variants = remember(assembled, program, () => new Map<string, Kernel<string, RowParam>>());
  const writesRows = program.writesRows === true;
  const all = elementsOf(call);
  const reads: Elements = { ...all, width: shape.vec4s ? "vec4" : "scalar" };
  const writes: Elements = {
    ...all,
    width: storesVec4s(shape, writesRows) ? "vec4" : "scalar",
    y: writesRows ? all.y : "f32",
  };
  return remember(variants, `${shape.columns} ${shape.group} ${keyOf(reads)} ${keyOf(writes)}`, () => {
    const code = [
      inRegistersAccess(reads, writes),
      math,
      rowParams,
      program.extra,
      row,
      place,
      inRegisters,
      inRegistersCode(shape, writesRows),
      program.source,
    ].join("\n");
    return defineKernel({ name: program.name, code, bindings: program.bindings, params: ROW_PARAMS });
  });
}

/** A dispatch a chunk of rows, and another for rows that are left over from whole vec4s. */
export function planInRegisters(program: InRegistersProgram, call: RowCall): RowPasses {
  const passes: Pass[] = [];
  let records = 0;
  const add = (chunk: RowChunk, whole: boolean): number => {
    const layout = layoutOf(program, call, chunk, whole);
    const rows = Math.floor(chunk.rows / layout.group) * layout.group;
    if (rows > 0) {
      passes.push(inRegistersPass(program, call, layout, { ...chunk, rows }, records));
      records += layout.threads;
    }
    return rows;
  };
  for (const chunk of chunksOf(call)) {
    const done = add(chunk, true);
    if (done < chunk.rows) add({ first: chunk.first + done, rows: chunk.rows - done }, false);
  }
  return { passes, scratch: {}, records };
}

function layoutOf(program: InRegistersProgram, call: RowCall, chunk: RowChunk, whole: boolean): InRegistersLayout {
  const { window, machine } = call;
  const columns = window.end - window.begin;
  const source = sourceOf(call, chunk);
  const target = program.writesRows ? targetOf(call, chunk) : undefined;
  const start = target?.base ?? chunk.first;
  const aligned = window.classes === columns && source.base % 4 === 0 && start % 4 === 0;
  const writesRows = program.writesRows === true;
  const tuned = tunedFor(machine, call.function, window.rows, columns);
  return inRegistersLayout(chunk.rows, columns, { whole: whole && aligned, writesRows, tuned }, machine);
}

function inRegistersPass(
  program: InRegistersProgram,
  call: RowCall,
  { group, vec4s, width, run, threads }: InRegistersLayout,
  chunk: RowChunk,
  record: number,
): Pass {
  const { window, machine } = call;
  const source = sourceOf(call, chunk);
  const target = program.writesRows ? targetOf(call, chunk) : undefined;
  const bind = chunkBindings(call, chunk, source.range);
  if (target) bind.y = target.range;
  const columns = window.end - window.begin;
  const kernel = specialise(assemble(program, { columns, group, vec4s }, call), {
    ...halfConstants(call),
    MASKED: false,
    ENTROPY: false,
    REDUCED: false,
    ...rowArithmetic(machine),
    STRIDED: !machine.software,
    SPLIT: false,
    WG: width,
    LANES: 1,
    ...call.constants,
  });
  return pass(kernel, {
    bind: pickBindings(kernel, bind),
    params: { ...chunkParams(call, chunk, source.base, target?.base ?? record), run, threads },
    grid: grid(Math.ceil(threads / width), machine.limits, call.where),
  });
}
