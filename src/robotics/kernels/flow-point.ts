import source from "../../../shaders/robotics/flow-point.wgsl?raw";
import { math } from "../../arithmetic/math-wgsl.ts";
import { InputError } from "../../core/errors.ts";
import { callable } from "../../engine/callable.ts";
import { cpuWork } from "../../engine/cpu/work.ts";
import { checkAlike, checkLive, gridOfEach, rowsOf } from "../../engine/each.ts";
import { floats } from "../../engine/operand.ts";
import {
  defineKernel,
  definePlan,
  elements,
  type Machine,
  type Operand,
  type PlanOf,
  pass,
  showShape,
} from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";
import { sameShape } from "../../engine/tensor-checks.ts";

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).flowPointReference }));

export const kernel = defineKernel({
  name: "flow-point",
  code: `${math}\n${source}`,
  bindings: {
    x: "read",
    noise: "read",
    time: "read",
    y: "read_write",
    velocity: "read_write",
    fault: "read_write",
  },
  params: { count: "u32", per: "u32", zero: "u32" },
});

/** Points of the paths from data to noise, and the velocities there. */
export interface FlowPoints {
  readonly point: Tensor;
  /** ε - a: what the network is to predict. */
  readonly velocity: Tensor;
}

/**
 * π0's paths on the GPU: x_t = t ε + (1 - t) a, and u = ε - a; t = 1 is noise and t = 0 data (the paper has τ = 1 - t).
 *
 * @param actions - f32 `[*b, horizon, dimensions]`
 * @param noise - f32 of the same shape, standard normal
 * @param time - f32 `[*b]`, such as `pi0.time()` samples
 * @returns f32 tensors of the actions' shape, to the bit what f32 arithmetic gives
 * @throws InputError for shapes or tensors that do not fit; for a time outside [0, 1], or NaN, at the next read
 */
export const flowPoint = callable(
  (encoder, actions: Tensor, noise: Tensor, time: Tensor): FlowPoints => {
    checkLive({ actions, noise, time }, WHERE);
    const plan = planFlowPoint(actions, noise, time, actions.engine.machine);
    return actions.engine.run(plan, { x: actions, noise, time }, { encoder });
  },
  (machine) => [planFlowPoint(floats([64, 50, 32]), floats([64, 50, 32]), floats([64]), machine)],
);

const WHERE = "flowPoint";

export function planFlowPoint(
  x: Operand,
  noise: Operand,
  time: Operand,
  machine: Machine,
): PlanOf<"point" | "velocity"> {
  const { columns, shape } = rowsOf(x, "actions", WHERE);
  checkAlike(noise, x, "noise", "actions", WHERE);
  const batch = shape.slice(0, -1);
  if (shape.length === 0 || time.dtype !== "f32" || !sameShape(time.shape, batch)) {
    throw new InputError(
      `${WHERE}: actions must be f32 [*b, horizon, dimensions] and time f32 [*b], got ${showShape(x)} and ${showShape(time)}`,
    );
  }
  const count = elements(x.shape);
  const per = (shape.at(-1) ?? 0) * columns;
  const work = cpu({ count, per });
  const outputs = { point: floats(x.shape), velocity: floats(x.shape) };
  if (count === 0) return definePlan({ name: WHERE, outputs, passes: [], cpu: work });
  return definePlan({
    name: WHERE,
    outputs,
    scratch: { fault: 4 },
    clears: ["fault"],
    checks: [{ buffer: "fault", message: `${WHERE}: time must be from 0 to 1; value {row} of it is not` }],
    passes: [
      pass(kernel, {
        bind: { x: "x", noise: "noise", time: "time", y: "point", velocity: "velocity", fault: "fault" },
        params: { count, per, zero: 0 },
        grid: gridOfEach(count, machine.limits, WHERE),
      }),
    ],
    cpu: work,
  });
}
