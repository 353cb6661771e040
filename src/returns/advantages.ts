import fractions from "../../shaders/lib/fractions.wgsl?raw";
import source from "../../shaders/returns/generalized-advantage-estimation.wgsl?raw";
import { checkNamesOf } from "../core/options.ts";
import { callable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import {
  defineKernel,
  definePlan,
  grid,
  type Machine,
  type Operand,
  type PlanOf,
  pass,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkOperand, checkShare, engineOf, FLAGS, groupsOf, stretchesOf, TYPICAL, timelineOf } from "./time-major.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/advantages.ts")).advantagesReference }));

export const kernel = defineKernel({
  name: "generalized-advantage-estimation",
  code: fractions + source,
  bindings: {
    rewards: "read",
    values: "read",
    dones: "read",
    advantages: "read_write",
    returns: "read_write",
    fault: "read_write",
  },
  params: { columns: "u32", first: "u32", steps: "u32", total: "u32", gamma: "f32", decay: "f32" },
});

export interface AdvantageOptions {
  /** Discount of the future, from 0 to 1; 0.99 by default. */
  readonly gamma?: number;
  /** How far temporal differences are trusted beyond one step, from 0 (not) to 1; 0.95 by default. */
  readonly lambda?: number;
}

/** Shape and discounts of a call: `[steps, columns]`, γ and λ. */
export interface AdvantageReference {
  readonly steps: number;
  readonly columns: number;
  readonly gamma: number;
  readonly lambda: number;
}

const WHERE = "generalizedAdvantageEstimation";

/**
 * Generalised advantage estimation (J. Schulman and others, arXiv:1506.02438) in each column, time along the first axis:
 * δ[t] = r[t] + γ V[t+1] (1 - done[t]) - V[t], A[t] = δ[t] + γ λ (1 - done[t]) A[t+1].
 *
 * done[t] says that the episode ended with step t, so that V[t+1] and A[t+1] are another episode's and do not count. Of CleanRL's
 * `dones` and Stable-Baselines3's `episode_starts`, which mark the first step of an episode, it is entry t + 1. Where an episode
 * was cut off by a time limit, add γ V of its last observation to its last reward, as Stable-Baselines3 does.
 *
 * @param rewards - f32 `[steps, ...]`
 * @param values - f32 `[steps + 1, ...]`; the last row is of the observation after the last step
 * @param dones - f32 from 0 to 1, or u32 or i32 flags, `[steps, ...]`
 * @returns f32 `[steps, ...]`: `advantages`, and `returns` = advantages + values, the targets of the value function
 * @throws InputError for options, shapes or tensors that do not fit; at the next read for f32 dones outside 0 to 1
 */
export const generalizedAdvantageEstimation = callable(
  (
    encoder,
    rewards: Tensor,
    values: Tensor,
    dones: Tensor,
    options: AdvantageOptions = {},
  ): { advantages: Tensor; returns: Tensor } => {
    const engine = engineOf({ rewards, values, dones }, WHERE);
    const plan = planAdvantages(rewards, values, dones, options, engine.machine);
    return engine.run(plan, { rewards, values, dones }, { encoder });
  },
  (machine) => {
    const flags: Operand = { ...TYPICAL.steps, dtype: "u32" };
    return [TYPICAL.steps, flags].map((dones) => planAdvantages(TYPICAL.steps, TYPICAL.more, dones, {}, machine));
  },
);

export function planAdvantages(
  rewards: Operand,
  values: Operand,
  dones: Operand,
  options: AdvantageOptions,
  machine: Machine,
): PlanOf<"advantages" | "returns"> {
  checkNamesOf(options, ["gamma", "lambda"], WHERE);
  const { gamma = 0.99, lambda = 0.95 } = options;
  const { steps, columns } = timelineOf(rewards, "rewards", WHERE);
  const rest = rewards.shape.slice(1);
  checkOperand(values, [steps + 1, ...rest], ["f32"], "values", WHERE);
  checkOperand(dones, rewards.shape, FLAGS, "dones", WHERE);
  checkShare(gamma, "gamma", WHERE);
  checkShare(lambda, "lambda", WHERE);
  const variant = specialise(kernel, { FRACTIONS: dones.dtype === "f32" });
  const stretches = columns === 0 ? [] : stretchesOf(steps);
  const reference: AdvantageReference = { steps, columns, gamma, lambda };
  const output = { shape: rewards.shape, dtype: "f32" } as const;
  return definePlan({
    name: WHERE,
    outputs: { advantages: output, returns: output },
    scratch: { fault: 4 },
    clears: ["fault"],
    checks: [{ buffer: "fault", message: `${WHERE}: dones must be from 0 to 1; element {row} is not` }],
    passes: stretches.map((stretch) =>
      pass(variant, {
        bind: {
          rewards: "rewards",
          values: "values",
          dones: "dones",
          advantages: "advantages",
          returns: "returns",
          fault: "fault",
        },
        params: { columns, ...stretch, total: steps, gamma, decay: gamma * lambda },
        grid: grid(groupsOf(columns), machine.limits, WHERE),
      }),
    ),
    cpu: cpu(reference),
  });
}
