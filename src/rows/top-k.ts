import place from "../../shaders/lib/place.wgsl?raw";
import rowParams from "../../shaders/lib/row/row-params.wgsl?raw";
import source from "../../shaders/rows/top-k.wgsl?raw";
import { remember } from "../core/memo.ts";
import { checkWhole } from "../core/options.ts";
import { callable, TYPICAL_SHAPES } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import {
  defineKernel,
  definePlan,
  grid,
  type Machine,
  type Pass,
  type PlanOf,
  pass,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { chooseLayout, type Layout } from "./layout.ts";
import { knownWithout } from "./row-call.ts";
import { accessOf, elementsOf, halfConstants, keyOf } from "./row-elements.ts";
import { type CheckedRows, checkRows, ROW_NAMES, type RowOptions, readRows, rowShape } from "./row-options.ts";
import {
  chunkBindings,
  chunkParams,
  chunksOf,
  pickBindings,
  ROW_PARAMS,
  type RowCall,
  type RowChunk,
  type RowPasses,
  rangeOf,
  sourceOf,
  stepOf,
} from "./row-ranges.ts";
import { checkScratch, withMask } from "./rows.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./reference/top-k.ts")).topKReference }));

const kernels = new Map<string, ReturnType<typeof kernelOf>>();

const kernelOf = (access: string) =>
  defineKernel({
    name: "top-k",
    code: [rowParams, place, access, source].join("\n"),
    bindings: { x: "read", mask: "read", parts: "read", y: "read_write", ids: "read_write" },
    params: ROW_PARAMS,
  });

/**
 * The k largest logits of each row, largest first, equal ones by id.
 *
 * @param x - f32, f16 or bf16 `[..., classes]`
 * @param k - how many, from 1 to 64
 * @returns `values`, f32 `[..., k]`, the logits over the temperature, and `ids`, i32 `[..., k]`, their classes in the full row
 * @throws InputError for k, options, shapes or tensors that do not fit
 *
 * A class that the mask hides or whose logit is -Inf is impossible, and is not taken: places for which there is no class have value
 * -Inf and id -1. A row with a NaN or +Inf has no order: all its values are NaN, and its ids -1. Values and ids are exact: the order
 * is that of the logits before they are divided, -0 is equal to 0, and values at temperature 1 have the logits' bits.
 */
export const topK = callable(
  (encoder, x: Tensor, k: number, options: RowOptions = {}): { values: Tensor; ids: Tensor } => {
    const rows = checkRows(x, options, ROW_NAMES, WHERE);
    const call = { ...rows, k: checkWhole(k, 1, MOST, WHERE, "k") };
    return x.engine.run(planTopK(call, x.engine.machine), call.inputs, { encoder });
  },
  (machine) =>
    [8, MOST].flatMap((k) =>
      TYPICAL_SHAPES.map((shape) => planTopK({ ...readRows(floats(shape), {}, WHERE), k }, machine)),
    ),
);

const WHERE = "topK";

const MOST = 64;

/** A checked call. */
interface CheckedTopK extends CheckedRows {
  readonly k: number;
}

export function planTopK(rows: CheckedTopK, machine: Machine): PlanOf<"values" | "ids"> {
  const { window, k } = rows;
  const shape = [...rowShape(rows), k];
  return definePlan({
    name: WHERE,
    outputs: { values: { shape, dtype: "f32" }, ids: { shape, dtype: "i32" } },
    ...knownWithout(window, {
      values: new Float32Array(window.rows * k).fill(Number.NEGATIVE_INFINITY),
      ids: new Int32Array(window.rows * k).fill(-1),
    }),
    ...withMask(rows, machine, planSelection(rows, machine)),
    cpu: cpu({ ...window, k }),
  });
}

/** One dispatch a chunk of rows; where rows are split, one that selects from each segment and one that selects from those. */
function planSelection(rows: CheckedTopK, machine: Machine): RowPasses {
  const { window, k } = rows;
  const call: RowCall = { ...rows, machine };
  const layout = layoutOf(rows, window.end - window.begin, machine);
  const chunks = chunksOf(call, k);
  const { segments } = layout;
  if (segments === 1) {
    return { passes: chunks.map((chunk) => selectionPass(call, chunk, layout, { k })), scratch: {} };
  }
  const whole = { ...call, bind: { ...call.bind, parts: "parts" } };
  const merging = { ...layoutOf(rows, segments * k, machine), segments: 1, span: window.end - window.begin };
  const parts = window.rows * segments * k * 8;
  checkScratch(call, parts);
  return {
    passes: [
      ...chunks.map((chunk) => selectionPass(call, chunk, layout, { k, part: true })),
      ...chunks.map((chunk) => selectionPass(whole, chunk, merging, { k, parts: segments })),
    ],
    scratch: { parts },
  };
}

/** Bytes that a lane takes in workgroup memory: its best, four places in the list, and its part of what a row has. */
const LANE_BYTES = 48;

/** Columns up to which one lane of a software adapter, which pays for barriers, had better take classes one by one. */
const ALONE = 1_024;

/**
 * Twice as many lanes as classes are wanted or more, so that the k-th best of their bests leaves few besides: in two sizes, as each
 * is a pipeline to compile.
 */
function layoutOf({ window, k }: CheckedTopK, columns: number, machine: Machine): Layout {
  const alone = machine.software && (k <= 2 || columns <= ALONE);
  const leastLanes = alone ? 1 : k <= 8 ? 16 : 128;
  // One lane may go through its share k times.
  const needs = { leastLanes, mostPerLane: Math.floor(65_536 / k) };
  return chooseLayout(window.rows, columns, LANE_BYTES, machine, needs);
}

function selectionPass(
  call: RowCall,
  chunk: RowChunk,
  { width, lanes, segments, span }: Layout,
  { k, part = false, parts = 0 }: { k: number; part?: boolean; parts?: number },
): Pass {
  const { window, machine } = call;
  const { range, base } = sourceOf(call, chunk);
  const rows = { stride: k, begin: 0, columns: k };
  const step = stepOf(["f32"], machine.limits);
  const resultsOf = (name: string) => rangeOf({ byteOffset: 0, dtype: "f32" }, name, chunk, rows, step);
  const values = resultsOf("values");
  const elements = elementsOf(call);
  const kernel = remember(kernels, keyOf(elements), () => kernelOf(accessOf(elements, {})));
  const variant = specialise(kernel, {
    ...halfConstants(call),
    MASKED: window.mask !== "none",
    SPLIT: segments > 1,
    PART: part,
    MERGE: parts > 0,
    WG: width,
    LANES: lanes,
  });
  return pass(variant, {
    bind: pickBindings(variant, {
      ...chunkBindings(call, chunk, range),
      y: part ? "parts" : values.range,
      ids: resultsOf("ids").range,
    }),
    params: { ...chunkParams(call, chunk, base, values.base), segments, span, parts, own: k },
    grid: grid(Math.ceil((chunk.rows * segments * lanes) / width), machine.limits, call.where),
  });
}
