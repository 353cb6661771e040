import source from "../../../shaders/robotics/diffusion-point.wgsl?raw";
import { math } from "../../arithmetic/math-wgsl.ts";
import { LARGEST } from "../../arithmetic/range.ts";
import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
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

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).diffusionPointReference }));

export const kernel = defineKernel({
  name: "diffusion-point",
  code: `${math}\n${source}`,
  bindings: {
    x: "read",
    noise: "read",
    times: "read",
    scales: "read",
    y: "read_write",
    fault: "read_write",
  },
  params: { count: "u32", per: "u32", steps: "u32", most: "f32", zero: "u32" },
});

export interface DiffusionPointOptions {
  /** Actions are clipped to ± this first. 5, Octo's, by default; Infinity for none. */
  readonly maxAction?: number | undefined;
}

/** √ᾱ and √(1 - ᾱ) of each step of a diffusion. */
export interface Scales {
  readonly signalScales: readonly number[];
  readonly noiseScales: readonly number[];
}

/**
 * Actions with the noise of a diffusion step: √ᾱ_t clip(a, ±maxAction) + √(1 - ᾱ_t) ε.
 *
 * @param actions - f32 `[..., dimensions]`
 * @param noise - f32 of the same shape, standard normal
 * @param steps - u32 or i32, whose shape is the first axes of the actions': the step of every value after them
 * @param schedule - such as `octo.cosineSchedule()`
 * @returns f32 of the actions' shape
 * @throws InputError for options, schedules, shapes or tensors that do not fit; for a step that the schedule does not have, at the next read
 */
export const diffusionPoint = callable(
  (
    encoder,
    actions: Tensor,
    noise: Tensor,
    steps: Tensor,
    schedule: Scales,
    options: DiffusionPointOptions = {},
  ): Tensor => {
    checkLive({ actions, noise, steps }, WHERE);
    checkNamesOf(options, ["maxAction"], WHERE);
    const plan = planDiffusionPoint(actions, noise, steps, schedule, options, actions.engine.machine);
    return actions.engine.run(plan, { x: actions, noise, times: steps }, { encoder }).y;
  },
  (machine) => {
    const [x, steps] = [floats([64, 2, 28]), { ...floats([64, 2]), dtype: "u32" } as const];
    return [planDiffusionPoint(x, x, steps, { signalScales: [1], noiseScales: [0] }, {}, machine)];
  },
);

const WHERE = "diffusionPoint";

export function planDiffusionPoint(
  x: Operand,
  noise: Operand,
  steps: Operand,
  schedule: Scales,
  { maxAction = 5 }: DiffusionPointOptions,
  machine: Machine,
): PlanOf<"y"> {
  rowsOf(x, "actions", WHERE);
  checkAlike(noise, x, "noise", "actions", WHERE);
  const leads = steps.shape.length <= x.shape.length && steps.shape.every((size, k) => size === x.shape[k]);
  if (steps.dtype === "f32" || !leads) {
    throw new InputError(
      `${WHERE}: steps must be u32 or i32 and have the first axes of the actions' ${showShape(x)}, got ${showShape(steps)}`,
    );
  }
  if (!(typeof maxAction === "number" && maxAction > 0)) {
    throw new InputError(`${WHERE}: maxAction must be a number above 0, got ${shown(maxAction)}`);
  }
  const scales = scalesOf(schedule);
  const most = Math.min(maxAction, LARGEST);
  const count = elements(x.shape);
  const per = elements(x.shape.slice(steps.shape.length));
  const known = scales.length / 2;
  const work = cpu({ count, per, steps: known, most });
  const outputs = { y: floats(x.shape) };
  if (count === 0) return definePlan({ name: WHERE, outputs, passes: [], cpu: work });
  const message = `${WHERE}: steps must be from 0 to ${known - 1}; value {row} of them is not`;
  return definePlan({
    name: WHERE,
    outputs,
    scratch: { fault: 4 },
    uploads: { scales },
    clears: ["fault"],
    checks: [{ buffer: "fault", message }],
    passes: [
      pass(kernel, {
        bind: { x: "x", noise: "noise", times: "times", scales: "scales", y: "y", fault: "fault" },
        params: { count, per, steps: known, most, zero: 0 },
        grid: gridOfEach(count, machine.limits, WHERE),
      }),
    ],
    cpu: work,
  });
}

/** Both scales of each step, one step after another. */
function scalesOf(schedule: Scales): Float32Array {
  const { signalScales, noiseScales } = schedule ?? {};
  const steps = Array.isArray(signalScales) ? signalScales.length : 0;
  if (steps === 0 || !Array.isArray(noiseScales) || noiseScales.length !== steps) {
    throw new InputError(`${WHERE}: schedule must have as many signalScales as noiseScales, at least one`);
  }
  const scales = Float32Array.from([...signalScales.keys()].flatMap((t) => [signalScales[t], noiseScales[t]]));
  if (scales.every((scale) => Number.isFinite(scale))) return scales;
  throw new InputError(`${WHERE}: signalScales and noiseScales must be finite numbers, got one that is not`);
}
