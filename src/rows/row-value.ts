import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import source from "../../shaders/rows/narrow-value.wgsl?raw";
import { checkNamesOf } from "../core/options.ts";
import { TYPICAL_SHAPES } from "../engine/callable.ts";
import type { CpuWork } from "../engine/cpu/work.ts";
import type { Constants, Machine, Operand, Plan, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { NarrowProgram } from "./in-registers.ts";
import {
  checkLogits,
  checkTensors,
  filled,
  fresh,
  knownWithout,
  maskData,
  type RowReference,
  rowReference,
  type Uploads,
} from "./row-call.ts";
import { ROW_NAMES, type RowOptions, type RowOutOptions, readWindow } from "./row-options.ts";
import { planMask, planRows, type RowProgram } from "./rows.ts";

/** The values of rows of few classes, one shader for all. */
export const narrowValue: NarrowProgram = {
  name: "narrow-value",
  source,
  bindings: { x: "read", mask: "read", y: "read_write" },
  extra: extraNone,
};

/** A function of one f32 a row that needs nothing but the logits. */
export interface RowValue {
  readonly name: string;
  readonly program: RowProgram;
  readonly constants: Constants;
  readonly cpu: (options: RowReference) => CpuWork;
  /** The value of a row without classes. */
  readonly ofNothing: number;
}

export function runRowValue(
  value: RowValue,
  encoder: GPUCommandEncoder | undefined,
  x: Tensor,
  options: RowOutOptions,
): Tensor {
  checkLogits(x, "logits", value.name);
  checkNamesOf(options, [...ROW_NAMES, "out"], value.name);
  const mask = maskData(options, readWindow(x, options, value.name), value.name);
  const plan = planRowValue(value, x, options, x.engine.machine, mask.uploads);
  checkTensors(x, options, plan.outputs.y, value.name);
  const outs = options.out ? { y: options.out } : {};
  return x.engine.run(plan, { x, ...mask.inputs }, { outs, encoder }).y;
}

export function planRowValue(
  value: RowValue,
  x: Operand,
  options: RowOptions,
  machine: Machine,
  uploads: Uploads = {},
): PlanOf<"y"> {
  const { name, program, constants } = value;
  const window = readWindow(x, options, name);
  const mask = planMask(window, machine, name);
  const rows = planRows(program, { where: name, window, x, machine, constants });
  return definePlan({
    name,
    outputs: { y: fresh(x.shape.slice(0, -1)) },
    scratch: { ...mask.scratch, ...rows.scratch },
    uploads,
    clears: mask.clears,
    checks: mask.checks,
    ...knownWithout(window, { y: filled(window.rows, value.ofNothing) }),
    passes: [...mask.passes, ...rows.passes],
    cpu: value.cpu(rowReference(window)),
  });
}

export function rowValuePreparations(value: RowValue, machine: Machine): readonly Plan[] {
  return TYPICAL_SHAPES.map((shape) => planRowValue(value, fresh(shape), {}, machine));
}
