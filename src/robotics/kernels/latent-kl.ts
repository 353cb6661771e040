import latent from "../../../shaders/lib/latent.wgsl?raw";
import gradientSource from "../../../shaders/robotics/latent-gradient.wgsl?raw";
import source from "../../../shaders/robotics/latent-kl.wgsl?raw";
import sumSource from "../../../shaders/robotics/latent-sum.wgsl?raw";
import { math } from "../../arithmetic/math-wgsl.ts";
import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
import { callable } from "../../engine/callable.ts";
import { cpuWork } from "../../engine/cpu/work.ts";
import { checkAlike, checkLive, gridOfEach, MOST_TRIPS } from "../../engine/each.ts";
import { floats } from "../../engine/operand.ts";
import {
  defineKernel,
  definePlan,
  type Machine,
  type Operand,
  type Pass,
  type PlanOf,
  pass,
  showShape,
} from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";

const latentCpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).latentKlReference }));
const balancedCpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).balancedKlReference }));

export const kernel = defineKernel({
  name: "latent-kl",
  code: [math, latent, source].join("\n"),
  bindings: { posterior: "read", prior: "read", y: "read_write" },
  params: { rows: "u32", classes: "u32", keep: "f32", share: "f32", zero: "u32" },
});

const sumKernel = defineKernel({
  name: "latent-sum",
  code: sumSource,
  bindings: { x: "read", total: "read_write", y: "read_write" },
  params: { rows: "u32", stoch: "u32", free: "f32" },
});

const gradientKernel = defineKernel({
  name: "latent-gradient",
  code: [math, latent, gradientSource].join("\n"),
  bindings: { posterior: "read", prior: "read", total: "read", y: "read_write", z: "read_write" },
  params: {
    rows: "u32",
    classes: "u32",
    stoch: "u32",
    keep: "f32",
    share: "f32",
    free: "f32",
    dynamics: "f32",
    representation: "f32",
    zero: "u32",
  },
});

export interface LatentOptions {
  /** Share of the uniform distribution in posterior and prior, 1e-6 to 1. Default 0.01. */
  readonly unimix?: number | undefined;
  /** Divergences below it count as it. Default 1. */
  readonly freeNats?: number | undefined;
}

const LATENT_NAMES = ["unimix", "freeNats"] as const;

export interface BalanceOptions extends LatentOptions {
  /** Scale of the loss that trains the prior. Default 1. */
  readonly dynamicsScale?: number | undefined;
  /** Scale of the loss that trains the posterior. Default 0.1. */
  readonly representationScale?: number | undefined;
}

/**
 * KL divergence of DreamerV3's latent states: of each state's `stoch` categoricals KL(post ‖ prior), added up, then
 * max(·, freeNats). Posterior and prior are 0.99 softmax(logits) + 0.01 / classes.
 *
 * @param posterior - logits, f32 `[..., stoch, classes]`
 * @param prior - f32 of the same shape
 * @returns f32 `[...]` in nats: the value of the dynamics loss and of the representation loss alike, which differ in their gradients
 * @throws InputError for options, shapes or tensors that do not fit
 */
export const latentKl = callable(
  (encoder, posterior: Tensor, prior: Tensor, options: LatentOptions = {}): Tensor => {
    checkLive({ posterior, prior }, "latentKl");
    checkNamesOf(options, LATENT_NAMES, "latentKl");
    const plan = planLatentKl(posterior, prior, options, posterior.engine.machine);
    return posterior.engine.run(plan, { posterior, prior }, { encoder }).y;
  },
  (machine) => [planLatentKl(floats([64, 32, 64]), floats([64, 32, 64]), {}, machine)],
);

/** Values and gradients of the balanced loss, a state at a time. */
export interface BalancedKl {
  /** max(KL, freeNats): f32 `[...]`, of which the loss is (dynamicsScale + representationScale) times as much. */
  readonly divergence: Tensor;
  /** Gradient of each state's loss with respect to the posterior's logits: the representation loss alone has one. */
  readonly posteriorGradient: Tensor;
  /** With respect to the prior's logits: the dynamics loss alone has one. */
  readonly priorGradient: Tensor;
}

/**
 * DreamerV3's balanced KL loss, dynamicsScale · max(KL(sg(post) ‖ prior), freeNats) + representationScale · max(KL(post ‖ sg(prior)),
 * freeNats), where sg(·) stops gradients: both terms have one value, but the first teaches the prior and the second, more gently, the posterior.
 *
 * @param posterior - logits, f32 `[..., stoch, classes]`
 * @param prior - f32 of the same shape
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * Gradients are 0 where the divergence is below freeNats, and halved where it equals it, as JAX has it.
 */
export const balancedKl = callable(
  (encoder, posterior: Tensor, prior: Tensor, options: BalanceOptions = {}): BalancedKl => {
    checkLive({ posterior, prior }, "balancedKl");
    checkNamesOf(options, [...LATENT_NAMES, "dynamicsScale", "representationScale"], "balancedKl");
    const plan = planBalancedKl(posterior, prior, options, posterior.engine.machine);
    return posterior.engine.run(plan, { posterior, prior }, { encoder });
  },
  (machine) => [planBalancedKl(floats([64, 32, 64]), floats([64, 32, 64]), {}, machine)],
);

interface Sizes {
  readonly states: number;
  readonly stoch: number;
  readonly classes: number;
}

interface ReadLatent extends Sizes {
  readonly unimix: number;
  readonly free: number;
  readonly dynamics: number;
  readonly representation: number;
}

export function planLatentKl(p: Operand, q: Operand, options: LatentOptions, machine: Machine): PlanOf<"y"> {
  const where = "latentKl";
  const read = readLatent(p, q, options, where);
  const { states } = read;
  const work = latentCpu(read);
  const outputs = { y: floats(p.shape.slice(0, -2)) };
  if (states === 0) return definePlan({ name: where, outputs, passes: [], cpu: work });
  const scratch = { parts: states * read.stoch * 4, total: states * 4 };
  const passes = planDivergences(read, "y", machine, where);
  return definePlan({ name: where, outputs, scratch, passes, cpu: work });
}

export function planBalancedKl(
  p: Operand,
  q: Operand,
  options: BalanceOptions,
  machine: Machine,
): PlanOf<keyof BalancedKl> {
  const where = "balancedKl";
  const read = readLatent(p, q, options, where);
  const { states, stoch, classes, free, dynamics, representation } = read;
  const work = balancedCpu(read);
  const outputs = {
    divergence: floats(p.shape.slice(0, -2)),
    posteriorGradient: floats(p.shape),
    priorGradient: floats(p.shape),
  };
  if (states === 0) return definePlan({ name: where, outputs, passes: [], cpu: work });
  const rows = states * stoch;
  return definePlan({
    name: where,
    outputs,
    scratch: { parts: rows * 4, total: states * 4 },
    passes: [
      ...planDivergences(read, "divergence", machine, where),
      pass(gradientKernel, {
        bind: { posterior: "posterior", prior: "prior", total: "total", y: "posteriorGradient", z: "priorGradient" },
        params: { rows, classes, stoch, ...mixing(read), free, dynamics, representation, zero: 0 },
        grid: gridOfEach(rows, machine.limits, where),
      }),
    ],
    cpu: work,
  });
}

/** Passes that leave the divergences in `total`, and those with free nats in `y`. */
function planDivergences(read: ReadLatent, y: string, machine: Machine, where: string): readonly Pass[] {
  const { states, stoch, classes, free } = read;
  const rows = states * stoch;
  return [
    pass(kernel, {
      bind: { posterior: "posterior", prior: "prior", y: "parts" },
      params: { rows, classes, ...mixing(read), zero: 0 },
      grid: gridOfEach(rows, machine.limits, where),
    }),
    pass(sumKernel, {
      bind: { x: "parts", total: "total", y },
      params: { rows: states, stoch, free },
      grid: gridOfEach(states, machine.limits, where),
    }),
  ];
}

function mixing({ unimix, classes }: ReadLatent): { keep: number; share: number } {
  return { keep: 1 - unimix, share: unimix / classes };
}

function readLatent(p: Operand, q: Operand, options: BalanceOptions, where: string): ReadLatent {
  const sizes = sizesOf(p, where);
  checkAlike(q, p, "prior", "posterior", where);
  const { unimix = 0.01, freeNats = 1, dynamicsScale = 1, representationScale = 0.1 } = options;
  if (!(typeof unimix === "number" && unimix >= 1e-6 && unimix <= 1)) {
    throw new InputError(`${where}: unimix must be from 1e-6 to 1, got ${shown(unimix)}`);
  }
  const named = Object.entries({ freeNats, dynamicsScale, representationScale });
  for (const [name, value] of named) {
    if (typeof value === "number" && value >= 0 && value <= 1e30) continue;
    throw new InputError(`${where}: ${name} must be a number from 0 to 1e30, got ${shown(value)}`);
  }
  return { ...sizes, unimix, free: freeNats, dynamics: dynamicsScale, representation: representationScale };
}

function sizesOf(p: Operand, where: string): Sizes {
  const [stoch = 0, classes = 0] = p.shape.slice(-2);
  const fits = stoch > 0 && classes > 0 && stoch <= MOST_TRIPS && classes <= MOST_TRIPS;
  if (p.dtype !== "f32" || p.shape.length < 2 || !fits) {
    throw new InputError(
      `${where}: posterior must be f32 [..., stoch, classes], both from 1 to ${MOST_TRIPS}, got ${showShape(p)}`,
    );
  }
  return { states: p.shape.slice(0, -2).reduce((product, size) => product * size, 1), stoch, classes };
}
