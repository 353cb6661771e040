import source from "../../../shaders/robotics/expected-value.wgsl?raw";
import { math } from "../../arithmetic/math-wgsl.ts";
import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { callable } from "../../engine/callable.ts";
import { cpuWork } from "../../engine/cpu/work.ts";
import { checkLive, gridOfEach, MOST_TRIPS, rowsOf } from "../../engine/each.ts";
import { floats } from "../../engine/operand.ts";
import { defineKernel, definePlan, type Machine, type Operand, type PlanOf, pass } from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).expectedValueReference }));

export const kernel = defineKernel({
  name: "expected-value",
  code: `${math}\n${source}`,
  bindings: { x: "read", values: "read", y: "read_write" },
  params: { rows: "u32", columns: "u32", zero: "u32" },
});

/**
 * Expected value of a class's value under each row of probabilities: y[r] = Σ probabilities[r, c] · values[c].
 *
 * Terms are added in pairs from both ends, so that equal probabilities of values that are symmetric about 0 give 0 exactly.
 *
 * @param probabilities - f32 `[..., classes]`, such as `softmax` gives
 * @param values - one f32 number a class
 * @returns f32 `[...]`
 * @throws InputError for shapes or tensors that do not fit, and for values that are not finite in f32
 */
export const expectedValue = callable(
  (encoder, probabilities: Tensor, values: ArrayLike<number>): Tensor => {
    checkLive({ probabilities }, WHERE);
    const plan = planExpectedValue(probabilities, values, probabilities.engine.machine);
    return probabilities.engine.run(plan, { x: probabilities }, { encoder }).y;
  },
  (machine) => [planExpectedValue(floats([64, 255]), new Float32Array(255), machine)],
);

const WHERE = "expectedValue";

export function planExpectedValue(x: Operand, values: ArrayLike<number>, machine: Machine): PlanOf<"y"> {
  const { rows, columns, shape } = rowsOf(x, "probabilities", WHERE);
  if (typeof values !== "object" || values === null || values.length !== columns) {
    throw new InputError(`${WHERE}: values must be ${columns} numbers (one a class), got ${values?.length}`);
  }
  for (let k = 0; k < columns; k++) {
    const value = values[k];
    if (typeof value === "number" && Number.isFinite(Math.fround(value))) continue;
    throw new InputError(`${WHERE}: values[${k}] must be a finite number that f32 can hold, got ${shown(value)}`);
  }
  const own = Float32Array.from(values);
  if (columns > 2 * MOST_TRIPS) {
    throw new InputError(`${WHERE}: rows must have at most ${2 * MOST_TRIPS} classes, got ${columns}`);
  }
  const work = cpu({ rows, columns });
  const outputs = { y: floats(shape) };
  if (rows * columns === 0) {
    return definePlan({ name: WHERE, outputs, known: { y: new Float32Array(rows) }, passes: [], cpu: work });
  }
  return definePlan({
    name: WHERE,
    outputs,
    uploads: { values: own },
    passes: [
      pass(kernel, {
        bind: { x: "x", values: "values", y: "y" },
        params: { rows, columns, zero: 0 },
        grid: gridOfEach(rows, machine.limits, WHERE),
      }),
    ],
    cpu: work,
  });
}
