import fractions from "../../shaders/lib/fractions.wgsl?raw";
import source from "../../shaders/returns/lambda-return.wgsl?raw";
import { InputError } from "../core/errors.ts";
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

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/advantages.ts")).lambdaReturnReference }));

export const kernel = defineKernel({
  name: "lambda-return",
  code: fractions + source,
  bindings: {
    rewards: "read",
    values: "read",
    terminals: "read",
    lasts: "read",
    returns: "read_write",
    fault: "read_write",
  },
  params: { columns: "u32", first: "u32", steps: "u32", total: "u32", discount: "f32", lambda: "f32" },
});

export interface LambdaReturnOptions {
  /** Of the future, from 0 to 1; 1 - 1/333 by default (a horizon of 333 steps). */
  readonly discount?: number;
  /** Weight of the longer returns, from 0 (one step) to 1 (to the end); 0.95 by default. */
  readonly lambda?: number;
}

/** Shape and discounts of a call: `[steps, columns]`, the discount and λ. */
export interface LambdaReturnReference {
  readonly steps: number;
  readonly columns: number;
  readonly discount: number;
  readonly lambda: number;
}

const WHERE = "lambdaReturn";

/**
 * λ-returns as DreamerV3 has them (D. Hafner and others, arXiv:2301.04104), in each column, time along the first axis:
 * R[t] = r[t+1] + (1 - c) l V[t+1] + c l R[t+1], l = (1 - terminal[t+1]) discount, c = (1 - last[t+1]) λ, and R[steps] = V[steps].
 *
 * Row t is what was observed on arriving at step t, so that row 0 of rewards, terminals and lasts does not count. terminal ends
 * the future; last ends the sequence only, and V stands for what would have come.
 *
 * @param rewards - f32 `[steps + 1, ...]`
 * @param values - f32 of the same shape: those to bootstrap from
 * @param terminals - f32 from 0 to 1 (a predicted probability, say), or u32 or i32 flags, of the same shape
 * @param lasts - the same, of terminals' dtype or flags beside flags
 * @returns f32 `[steps, ...]`
 * @throws InputError for options, shapes or tensors that do not fit; at the next read for f32 fractions outside 0 to 1
 */
export const lambdaReturn = callable(
  (
    encoder,
    rewards: Tensor,
    values: Tensor,
    terminals: Tensor,
    lasts: Tensor,
    options: LambdaReturnOptions = {},
  ): Tensor => {
    const engine = engineOf({ rewards, values, terminals, lasts }, WHERE);
    const plan = planLambdaReturn({ rewards, values, terminals, lasts }, options, engine.machine);
    return engine.run(plan, { rewards, values, terminals, lasts }, { encoder }).returns;
  },
  (machine) => {
    const { more } = TYPICAL;
    return [more, { ...more, dtype: "u32" as const }].map((flags) =>
      planLambdaReturn({ rewards: more, values: more, terminals: flags, lasts: flags }, {}, machine),
    );
  },
);

export function planLambdaReturn(
  { rewards, values, terminals, lasts }: Readonly<Record<"rewards" | "values" | "terminals" | "lasts", Operand>>,
  options: LambdaReturnOptions,
  machine: Machine,
): PlanOf<"returns"> {
  checkNamesOf(options, ["discount", "lambda"], WHERE);
  const { discount = 1 - 1 / 333, lambda = 0.95 } = options;
  const { steps: rows, columns } = timelineOf(rewards, "rewards", WHERE);
  if (rows === 0) throw new InputError(`${WHERE}: rewards must have a row more than there are steps, got none`);
  checkOperand(values, rewards.shape, ["f32"], "values", WHERE);
  checkOperand(terminals, rewards.shape, FLAGS, "terminals", WHERE);
  const alike = terminals.dtype === "f32" ? (["f32"] as const) : (["u32", "i32"] as const);
  checkOperand(lasts, rewards.shape, alike, "lasts", WHERE);
  checkShare(discount, "discount", WHERE);
  checkShare(lambda, "lambda", WHERE);
  const steps = rows - 1;
  const variant = specialise(kernel, { FRACTIONS: terminals.dtype === "f32" });
  const stretches = columns === 0 ? [] : stretchesOf(steps);
  const reference: LambdaReturnReference = { steps, columns, discount, lambda };
  return definePlan({
    name: WHERE,
    outputs: { returns: { shape: [steps, ...rewards.shape.slice(1)], dtype: "f32" } },
    scratch: { fault: 4 },
    clears: ["fault"],
    checks: [{ buffer: "fault", message: `${WHERE}: terminals and lasts must be from 0 to 1; element {row} is not` }],
    passes: stretches.map((stretch) =>
      pass(variant, {
        bind: {
          rewards: "rewards",
          values: "values",
          terminals: "terminals",
          lasts: "lasts",
          returns: "returns",
          fault: "fault",
        },
        params: { columns, ...stretch, total: steps, discount, lambda },
        grid: grid(groupsOf(columns), machine.limits, WHERE),
      }),
    ),
    cpu: cpu(reference),
  });
}
