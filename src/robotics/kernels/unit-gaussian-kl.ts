import drawSource from "../../../shaders/robotics/reparameterize.wgsl?raw";
import source from "../../../shaders/robotics/unit-gaussian-kl.wgsl?raw";
import { elementaryWgsl } from "../../arithmetic/elementary-wgsl.ts";
import { math } from "../../arithmetic/math-wgsl.ts";
import { InputError } from "../../core/errors.ts";
import { callable } from "../../engine/callable.ts";
import { cpuWork } from "../../engine/cpu/work.ts";
import { checkAlike, checkLive, gridOfEach, MOST_TRIPS, rowsOf } from "../../engine/each.ts";
import { floats } from "../../engine/operand.ts";
import {
  defineKernel,
  definePlan,
  elements,
  type Machine,
  type Operand,
  type PlanOf,
  pass,
} from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";

const klCpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).unitGaussianKlReference }));
const sampleCpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).reparameterizeReference }));

export const kernel = defineKernel({
  name: "unit-gaussian-kl",
  code: [math, elementaryWgsl(["exp", "expm1"]), source].join("\n"),
  bindings: { mean: "read", spread: "read", y: "read_write" },
  params: { rows: "u32", columns: "u32", zero: "u32" },
});

const drawKernel = defineKernel({
  name: "reparameterize",
  code: [math, elementaryWgsl(["exp"]), drawSource].join("\n"),
  bindings: { mean: "read", spread: "read", noise: "read", y: "read_write" },
  params: { count: "u32", zero: "u32" },
});

/**
 * KL(N(μ, σ²) ‖ N(0, I)) of each row: -½ Σ (1 + log σ² - μ² - σ²), in nats.
 *
 * @param mean - μ, f32 `[..., dimensions]`
 * @param logVariance - log σ², f32 of the same shape
 * @returns f32 `[...]`
 * @throws InputError for shapes or tensors that do not fit
 */
export const unitGaussianKl = callable(
  (encoder, mean: Tensor, logVariance: Tensor): Tensor => {
    checkLive({ mean, logVariance }, "unitGaussianKl");
    const plan = planUnitGaussianKl(mean, logVariance, mean.engine.machine);
    return mean.engine.run(plan, { mean, spread: logVariance }, { encoder }).y;
  },
  (machine) => [planUnitGaussianKl(floats([128, 20]), floats([128, 20]), machine)],
);

/**
 * The reparameterised sample z = μ + exp(½ log σ²) ε.
 *
 * @param mean - μ, f32 of any shape
 * @param logVariance - log σ², f32 of the same shape
 * @param noise - ε, standard normal, f32 of the same shape
 * @returns f32 of that shape
 * @throws InputError for shapes or tensors that do not fit
 */
export const reparameterize = callable(
  (encoder, mean: Tensor, logVariance: Tensor, noise: Tensor): Tensor => {
    checkLive({ mean, logVariance, noise }, "reparameterize");
    const plan = planReparameterize(mean, logVariance, noise, mean.engine.machine);
    return mean.engine.run(plan, { mean, spread: logVariance, noise }, { encoder }).y;
  },
  (machine) => [planReparameterize(floats([128, 20]), floats([128, 20]), floats([128, 20]), machine)],
);

export function planUnitGaussianKl(mean: Operand, spread: Operand, machine: Machine): PlanOf<"y"> {
  const where = "unitGaussianKl";
  const { rows, columns, shape } = rowsOf(mean, "mean", where);
  checkAlike(spread, mean, "logVariance", "mean", where);
  if (columns > MOST_TRIPS) {
    throw new InputError(`${where}: rows must have at most ${MOST_TRIPS} dimensions, got ${columns}`);
  }
  const work = klCpu({ rows, columns });
  const outputs = { y: floats(shape) };
  if (rows * columns === 0) {
    return definePlan({ name: where, outputs, known: { y: new Float32Array(rows) }, passes: [], cpu: work });
  }
  return definePlan({
    name: where,
    outputs,
    passes: [
      pass(kernel, {
        bind: { mean: "mean", spread: "spread", y: "y" },
        params: { rows, columns, zero: 0 },
        grid: gridOfEach(rows, machine.limits, where),
      }),
    ],
    cpu: work,
  });
}

export function planReparameterize(mean: Operand, spread: Operand, noise: Operand, machine: Machine): PlanOf<"y"> {
  const where = "reparameterize";
  rowsOf(mean, "mean", where);
  checkAlike(spread, mean, "logVariance", "mean", where);
  checkAlike(noise, mean, "noise", "mean", where);
  const count = elements(mean.shape);
  const work = sampleCpu({ count });
  const outputs = { y: floats(mean.shape) };
  if (count === 0) return definePlan({ name: where, outputs, passes: [], cpu: work });
  return definePlan({
    name: where,
    outputs,
    passes: [
      pass(drawKernel, {
        bind: { mean: "mean", spread: "spread", noise: "noise", y: "y" },
        params: { count, zero: 0 },
        grid: gridOfEach(count, machine.limits, where),
      }),
    ],
    cpu: work,
  });
}
