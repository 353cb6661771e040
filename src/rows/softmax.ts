import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import rowProbability from "../../shaders/lib/row/row-probability.wgsl?raw";
import narrowSource from "../../shaders/rows/narrow-softmax.wgsl?raw";
import source from "../../shaders/rows/softmax.wgsl?raw";
import { checkNamesOf } from "../core/options.ts";
import { callable, TYPICAL_SHAPES } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import type { Machine, Operand, Plan, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkLogits, checkTensors, fresh, maskData, rowReference, type Uploads } from "./row-call.ts";
import { ROW_NAMES, type RowOptions, type RowOutOptions, readWindow } from "./row-options.ts";
import { plainState, planMask, planRows, type RowProgram } from "./rows.ts";

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
  narrow: {
    name: "narrow-softmax",
    source: narrowSource,
    bindings: { x: "read", mask: "read", y: "read_write" },
    extra: extraNone,
    writesRows: true,
  },
};

/**
 * Softmax of each row of logits: y[r, c] = exp(x[r, c] / T) / Σ exp(x[r, :] / T).
 *
 * @param x - f32 `[..., classes]`
 * @returns f32, the logits' shape; with a `classes` window `[..., end - begin]`
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * A row with a NaN or +Inf, or with no finite logit, is all NaN; a row that a mask hides whole is all 0.
 */
export const softmax = callable(
  (encoder, x: Tensor, options: RowOutOptions = {}): Tensor => run("softmax", encoder, x, options),
  (machine) => preparations("softmax", machine),
);

/**
 * Logarithm of the softmax of each row of logits: y[r, c] = x[r, c] / T - log Σ exp(x[r, :] / T).
 *
 * @param x - f32 `[..., classes]`
 * @returns f32 in nats, the logits' shape; with a `classes` window `[..., end - begin]`
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * Masked and -Inf classes are -Inf; a row with a NaN or +Inf, or with no finite logit, is all NaN.
 */
export const logSoftmax = callable(
  (encoder, x: Tensor, options: RowOutOptions = {}): Tensor => run("logSoftmax", encoder, x, options),
  (machine) => preparations("logSoftmax", machine),
);

type Name = "softmax" | "logSoftmax";

function run(name: Name, encoder: GPUCommandEncoder | undefined, x: Tensor, options: RowOutOptions): Tensor {
  checkLogits(x, "logits", name);
  checkNamesOf(options, [...ROW_NAMES, "out"], name);
  const window = readWindow(x, options, name);
  const mask = maskData(options, window, name);
  const plan = planSoftmax(name, x, options, x.engine.machine, mask.uploads, options.out);
  checkTensors(x, options, plan.outputs.y, name);
  const outs = options.out ? { y: options.out } : {};
  return x.engine.run(plan, { x, ...mask.inputs }, { outs, encoder }).y;
}

export function planSoftmax(
  name: Name,
  x: Operand,
  options: RowOptions,
  machine: Machine,
  uploads: Uploads = {},
  out?: Operand,
): PlanOf<"y"> {
  const window = readWindow(x, options, name);
  const shape = [...x.shape.slice(0, -1), window.end - window.begin];
  const mask = planMask(window, machine, name);
  const y = out ?? fresh(shape);
  const constants = { LOG: name === "logSoftmax" };
  const rows = planRows(program, { where: name, window, x, machine, y, constants });
  return definePlan({
    name,
    outputs: { y: fresh(shape) },
    scratch: { ...mask.scratch, ...rows.scratch },
    uploads,
    clears: mask.clears,
    checks: mask.checks,
    passes: [...mask.passes, ...rows.passes],
    cpu: cpu[name](rowReference(window)),
  });
}

function preparations(name: Name, machine: Machine): readonly Plan[] {
  return TYPICAL_SHAPES.map((shape) => planSoftmax(name, fresh(shape), {}, machine));
}
