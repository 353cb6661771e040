import source from "../../shaders/rows/log-sum-exp.wgsl?raw";
import { callable, tunable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { RowOutOptions } from "./row-options.ts";
import { type RowValue, rowValuePreparations, runRowValue, valueInRegisters } from "./row-value.ts";
import { plainState } from "./rows.ts";
import { rowTuning } from "./tuning.ts";

export const value: RowValue = {
  name: "logSumExp",
  program: {
    name: "log-sum-exp",
    source,
    bindings: { x: "read", mask: "read", parts: "read", y: "read_write" },
    state: plainState,
    inRegisters: valueInRegisters,
  },
  cpu: cpuWork(() => import("./cpu/rows.ts").then(({ logSumExp }) => logSumExp)),
  constants: {},
  ofNothing: Number.NEGATIVE_INFINITY,
};

/**
 * Log-sum-exp of each row of logits: y[r] = log Σ exp(x[r, :] / T), without overflow.
 *
 * @param x - f32, f16 or bf16 `[..., classes]`
 * @returns f32 `[...]` in nats
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * No class kept, or all of them -Inf: -Inf. A +Inf: +Inf. A NaN: NaN.
 */
export const logSumExp = tunable(
  callable(
    (encoder, x: Tensor, options: RowOutOptions = {}): Tensor => runRowValue(value, encoder, x, options),
    (machine) => rowValuePreparations(value, machine),
  ),
  rowTuning(value.name, value.program, (x) => [runRowValue(value, undefined, x, {})]),
);
