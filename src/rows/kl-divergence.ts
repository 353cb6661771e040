import place from "../../shaders/lib/place.wgsl?raw";
import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import pairScalar from "../../shaders/lib/row/load-pair-scalar.wgsl?raw";
import pairVec4 from "../../shaders/lib/row/load-pair-vec4.wgsl?raw";
import loadScalar from "../../shaders/lib/row/load-scalar.wgsl?raw";
import loadVec4 from "../../shaders/lib/row/load-vec4.wgsl?raw";
import pair from "../../shaders/lib/row/pair.wgsl?raw";
import row from "../../shaders/lib/row/row.wgsl?raw";
import rowParams from "../../shaders/lib/row/row-params.wgsl?raw";
import source from "../../shaders/rows/kl-divergence.wgsl?raw";
import partSource from "../../shaders/rows/pair-part.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { InputError } from "../core/errors.ts";
import { checkNamesOf } from "../core/options.ts";
import { callable, TYPICAL_SHAPES } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { definePlan, type Machine, type Operand, type PlanOf, showShape } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkOut, checkTensor, sameShape } from "../engine/tensor-checks.ts";
import {
  checkLogits,
  checkTensors,
  filled,
  fresh,
  knownWithout,
  maskData,
  rowReference,
  type Uploads,
} from "./row-call.ts";
import { ROW_NAMES, type RowOptions, type RowOutOptions, readWindow } from "./row-options.ts";
import { planMask, planRows, ROW_WORDS, type RowProgram, type RowState } from "./rows.ts";

const cpu = cpuWork(() => import("./cpu/rows.ts").then(({ klDivergence }) => klDivergence));

const state: RowState = {
  code: (words) => {
    const loads = words === "vec4" ? [loadVec4, pairVec4] : [loadScalar, pairScalar];
    return [math, rowParams, extraNone, row, pair, place, ...loads].join("\n");
  },
  bytes: (2 * (ROW_WORDS + 1) + 3) * 4,
  part: {
    name: "pair-part",
    source: partSource,
    bindings: { x: "read", other: "read", mask: "read", y: "read_write" },
  },
};

export const program: RowProgram = {
  name: "kl-divergence",
  source,
  bindings: { x: "read", other: "read", mask: "read", parts: "read", y: "read_write" },
  state,
};

/**
 * Kullback–Leibler divergence of each pair of rows: y[r] = Σ p log(p / q), p = softmax(pLogits[r, :] / T) and q the
 * same of `qLogits`.
 *
 * @param pLogits - f32 `[..., classes]`
 * @param qLogits - f32 of the same shape
 * @returns f32 `[...]` in nats, never below 0
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * 0 · log 0 is 0; p > 0 where q = 0 gives +Inf; a row with a NaN or +Inf, or with no finite logit, gives NaN; a row
 * that a mask hides whole gives 0. The options (one temperature, window and mask) apply to both.
 */
export const klDivergence = callable(
  (encoder, pLogits: Tensor, qLogits: Tensor, options: RowOutOptions = {}): Tensor => {
    const where = "klDivergence";
    checkLogits(pLogits, "pLogits", where);
    checkTensor(qLogits, pLogits, "qLogits", where);
    checkNamesOf(options, [...ROW_NAMES, "out"], where);
    const mask = maskData(options, readWindow(pLogits, options, where), where);
    const plan = planKlDivergence(pLogits, qLogits, options, pLogits.engine.machine, mask.uploads);
    checkTensors(pLogits, options, plan.outputs.y, where);
    if (options.out) checkOut(options.out, plan.outputs.y, [pLogits, qLogits], where);
    const outs = options.out ? { y: options.out } : {};
    return pLogits.engine.run(plan, { x: pLogits, other: qLogits, ...mask.inputs }, { outs, encoder }).y;
  },
  (machine) => TYPICAL_SHAPES.map((shape) => planKlDivergence(fresh(shape), fresh(shape), {}, machine)),
);

export function planKlDivergence(
  p: Operand,
  q: Operand,
  options: RowOptions,
  machine: Machine,
  uploads: Uploads = {},
): PlanOf<"y"> {
  const where = "klDivergence";
  const window = readWindow(p, options, where);
  if (q.dtype !== "f32" || !sameShape(p.shape, q.shape)) {
    throw new InputError(`${where}: qLogits must be ${showShape(p)} like pLogits, got ${showShape(q)}`);
  }
  const mask = planMask(window, machine, where);
  const rows = planRows(program, { where, window, x: p, machine, alike: { other: q } });
  return definePlan({
    name: where,
    outputs: { y: fresh(p.shape.slice(0, -1)) },
    scratch: { ...mask.scratch, ...rows.scratch },
    uploads,
    clears: mask.clears,
    checks: mask.checks,
    ...knownWithout(window, { y: filled(window.rows, 0) }),
    passes: [...mask.passes, ...rows.passes],
    cpu: cpu(rowReference(window)),
  });
}
