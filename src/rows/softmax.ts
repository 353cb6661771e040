import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import rowProbability from "../../shaders/lib/row/row-probability.wgsl?raw";
import source from "../../shaders/rows/softmax.wgsl?raw";
import inRegistersSource from "../../shaders/rows/softmax-in-registers.wgsl?raw";
import { callable, TYPICAL_SHAPES, tunable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import type { Machine, Plan, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import {
  type CheckedRows,
  checkClassRows,
  checkResult,
  classShape,
  ROW_CLASS_NAMES,
  type RowClassOptions,
  readRows,
} from "./row-options.ts";
import { plainState, planRows, type RowProgram, withMask } from "./rows.ts";
import { rowTuning } from "./tuning.ts";

const cpu = {
  softmax: cpuWork(() => import("./cpu/rows.ts").then(({ softmax }) => softmax)),
  logSoftmax: cpuWork(() => import("./cpu/rows.ts").then(({ logSoftmax }) => logSoftmax)),
};

export const program: RowProgram = {
  name: "softmax",
  source: rowProbability + source,
  bindings: { x: "read", mask: "read", parts: "read", y: "read_write" },
  state: plainState,
  writesRows: true,
  inRegisters: {
    name: "softmax-in-registers",
    source: inRegistersSource,
    bindings: { x: "read", mask: "read", y: "read_write" },
    extra: extraNone,
    writesRows: true,
  },
};

/**
 * Softmax of each row of logits: y[r, c] = exp(x[r, c] / T) / Σ exp(x[r, :] / T).
 *
 * @param x - f32, f16 or bf16 `[..., classes]`
 * @returns f32, or what `dtype` or `out` says, the logits' shape; with a `classes` window `[..., end - begin]`
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * A row with a NaN or +Inf, or with no finite logit, is all NaN; a row that a mask hides whole is all 0.
 */
export const softmax = tunable(
  callable(
    (encoder, x: Tensor, options: RowClassOptions = {}): Tensor => run("softmax", encoder, x, options),
    (machine) => preparations("softmax", machine),
  ),
  rowTuning("softmax", program, (x) => [run("softmax", undefined, x, {})]),
);

/**
 * Logarithm of the softmax of each row of logits: y[r, c] = x[r, c] / T - log Σ exp(x[r, :] / T).
 *
 * @param x - f32, f16 or bf16 `[..., classes]`
 * @returns f32, or what `dtype` or `out` says, in nats, the logits' shape; with a `classes` window `[..., end - begin]`
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * Masked and -Inf classes are -Inf; a row with a NaN or +Inf, or with no finite logit, is all NaN.
 */
export const logSoftmax = tunable(
  callable(
    (encoder, x: Tensor, options: RowClassOptions = {}): Tensor => run("logSoftmax", encoder, x, options),
    (machine) => preparations("logSoftmax", machine),
  ),
  rowTuning("logSoftmax", program, (x) => [run("logSoftmax", undefined, x, {})]),
);

type Name = "softmax" | "logSoftmax";

function run(name: Name, encoder: GPUCommandEncoder | undefined, x: Tensor, options: RowClassOptions): Tensor {
  const rows = checkClassRows(x, options, ROW_CLASS_NAMES, name);
  checkResult(rows, classShape(rows));
  const outs = rows.out ? { y: rows.out } : {};
  return x.engine.run(planSoftmax(name, rows, x.engine.machine), rows.inputs, { outs, encoder }).y;
}

export function planSoftmax(name: Name, rows: CheckedRows, machine: Machine): PlanOf<"y"> {
  const work = planRows(program, { ...rows, machine, function: name, constants: { LOG: name === "logSoftmax" } });
  return definePlan({
    name,
    outputs: { y: { shape: classShape(rows), dtype: rows.dtype ?? "f32" } },
    ...withMask(rows, machine, work),
    cpu: cpu[name](rows.window),
  });
}

function preparations(name: Name, machine: Machine): readonly Plan[] {
  return TYPICAL_SHAPES.map((shape) => planSoftmax(name, readRows(floats(shape), {}, name), machine));
}
