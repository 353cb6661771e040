import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import source from "../../shaders/rows/value-in-registers.wgsl?raw";
import { TYPICAL_SHAPES } from "../engine/callable.ts";
import type { CpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import type { Constants, Machine, Plan, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { InRegistersProgram } from "./in-registers.ts";
import { knownWithout, type RowReference } from "./row-call.ts";
import {
  type CheckedRows,
  checkResult,
  checkRows,
  ROW_OUT_NAMES,
  type RowOutOptions,
  readRows,
  rowShape,
} from "./row-options.ts";
import { planRows, type RowProgram, withMask } from "./rows.ts";

/** The values of rows of few classes, one shader for all. */
export const valueInRegisters: InRegistersProgram = {
  name: "value-in-registers",
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
  const rows = checkRows(x, options, ROW_OUT_NAMES, value.name);
  checkResult(rows, rowShape(rows));
  const outs = rows.out ? { y: rows.out } : {};
  return x.engine.run(planRowValue(value, rows, x.engine.machine), rows.inputs, { outs, encoder }).y;
}

export function planRowValue(value: RowValue, rows: CheckedRows, machine: Machine): PlanOf<"y"> {
  const { name, program, constants } = value;
  return definePlan({
    name,
    outputs: { y: { shape: rowShape(rows), dtype: "f32" } },
    ...knownWithout(rows.window, { y: new Float32Array(rows.window.rows).fill(value.ofNothing) }),
    ...withMask(rows, machine, planRows(program, { ...rows, machine, function: name, constants })),
    cpu: value.cpu(rows.window),
  });
}

export function rowValuePreparations(value: RowValue, machine: Machine): readonly Plan[] {
  return TYPICAL_SHAPES.map((shape) => planRowValue(value, readRows(floats(shape), {}, value.name), machine));
}
