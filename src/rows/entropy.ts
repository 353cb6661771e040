import source from "../../shaders/rows/entropy.wgsl?raw";
import { callable, tunable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { RowOutOptions } from "./row-options.ts";
import { type RowValue, rowValuePreparations, runRowValue, valueInRegisters } from "./row-value.ts";
import { plainState } from "./rows.ts";
import { rowTuning } from "./tuning.ts";

export const value: RowValue = {
  name: "entropy",
  program: {
    name: "entropy",
    source,
    bindings: { x: "read", mask: "read", parts: "read", y: "read_write" },
    state: plainState,
    inRegisters: valueInRegisters,
  },
  cpu: cpuWork(() => import("./cpu/rows.ts").then(({ entropy }) => entropy)),
  constants: { ENTROPY: true },
  ofNothing: 0,
};

/**
 * Entropy of the softmax of each row of logits: y[r] = -Σ p log p, with 0 log 0 = 0.
 *
 * @param x - f32, f16 or bf16 `[..., classes]`
 * @returns f32 `[...]` in nats
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * A row with a NaN or +Inf, or with no finite logit, has none (NaN); a row that a mask hides whole has 0.
 */
export const entropy = tunable(
  callable(
    (encoder, x: Tensor, options: RowOutOptions = {}): Tensor => runRowValue(value, encoder, x, options),
    (machine) => rowValuePreparations(value, machine),
  ),
  rowTuning(value.name, value.program, (x) => [runRowValue(value, undefined, x, {})]),
);
