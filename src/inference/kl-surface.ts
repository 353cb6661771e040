import source from "../../shaders/inference/kl-surface.wgsl?raw";
import { elementaryWgsl } from "../arithmetic/elementary-wgsl.ts";
import { math } from "../arithmetic/math-wgsl.ts";
import { InputError } from "../core/errors.ts";
import { checkNamesOf } from "../core/options.ts";
import { checkLocation, checkScale, listOf } from "../distributions/checks.ts";
import type { ScalarDistribution } from "../distributions/distribution.ts";
import { mixture } from "../distributions/families/mixture.ts";
import { normal } from "../distributions/families/normal.ts";
import { LOG_2PI } from "../distributions/formulas.ts";
import { integrate } from "../distributions/special/adaptive.ts";
import { splits } from "../divergences/mean-between.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import { KernelCache } from "../engine/kernel-cache.ts";
import {
  defineKernel,
  definePlan,
  grid,
  type Kernel,
  type Machine,
  type PlanOf,
  pass,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { lowerUnchecked, type Program, signature } from "../expression/program.ts";
import { emitProgram } from "../expression/wgsl.ts";
import { checkTarget } from "./fit-checks.ts";
import type { KlDirection } from "./fit-objective.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/kl-surface.ts")).klSurfaceReference }));

export interface KlSurfaceOptions {
  /** "forward": KL(p‖q); "reverse": KL(q‖p), of the target p and q = N(mean, std²). */
  readonly direction: KlDirection;
  /** Means of q, along the last axis. */
  readonly means: ArrayLike<number>;
  /** Standard deviations of q, along the first axis. */
  readonly stds: ArrayLike<number>;
}

const WHERE = "klSurface";
/** Most cells: each is a sum over `NODES` values of the target's log-density. */
const MOST_CELLS = 65_536;

/**
 * The divergence of a target of numbers and each normal distribution of a grid, as one tensor: a map of what `fitGaussian` descends.
 *
 * Reverse, E_q[log p] is a sum over 640 nodes, the midpoint rule between -6.5 and 6.5 stds of q, in one dispatch: of a smooth log-density
 * its error is below f32's, at a kink it is at most std² / 29,000 times q's density and the change of slope there. Forward, KL(p‖q) depends on
 * p's mean, variance and entropy alone, and is taken in closed form, in f64, on the host.
 *
 * @returns f32 `[stds, means]` in nats
 * @throws InputError for options that do not fit, more than 65,536 cells, a target without a density; forward one without a finite variance,
 *   reverse one that is 0 anywhere
 */
export const klSurface = Object.assign(surface, {
  /** @internal */
  preparations: (machine: Machine) => [
    planSurface(mixture([0.5, 0.5], [normal(-1, 0.2), normal(1, 0.2)]), { means: [0], stds: [1] }, machine),
  ],
});

function surface(engine: Engine, target: ScalarDistribution, options: KlSurfaceOptions): Tensor {
  checkEngine(engine, WHERE);
  checkNamesOf(options, ["direction", "means", "stds"], WHERE);
  const { direction } = options;
  checkTarget(target, direction, WHERE);
  if (target.shape.length > 0) {
    throw new InputError(`${WHERE}: target must be a distribution of numbers, got ${target.name}, which is of vectors`);
  }
  const axes = axesOf(options);
  if (direction === "reverse") return engine.run(planSurface(target, axes, engine.machine), {}).y;
  return engine.tensor(forwardSurface(target, axes), [axes.stds.length, axes.means.length]);
}

/** The grid's means and stds. */
interface Axes {
  readonly means: readonly number[];
  readonly stds: readonly number[];
}

function axesOf(options: KlSurfaceOptions): Axes {
  const means = listOf(options.means, "means", WHERE);
  const stds = listOf(options.stds, "stds", WHERE);
  for (const [k, mean] of means.entries()) checkLocation(mean, `means[${k}]`, WHERE);
  for (const [k, std] of stds.entries()) checkScale(std, `stds[${k}]`, WHERE);
  if (means.length * stds.length <= MOST_CELLS) return { means, stds };
  throw new InputError(
    `${WHERE}: means times stds must be at most ${MOST_CELLS} cells, got ${means.length} x ${stds.length}`,
  );
}

/** -H(p) - E_p[log q], E_p[(x - mean)²] = Var(p) + (E_p[x] - mean)² */
function forwardSurface(target: ScalarDistribution, { means, stds }: Axes): Float32Array {
  const fixed = LOG_2PI / 2 - entropyOf(target);
  const cells = stds.flatMap((std) =>
    means.map((mean) => fixed + Math.log(std) + (target.variance + (target.mean - mean) ** 2) / (2 * std * std)),
  );
  return Float32Array.from(cells);
}

/** The entropy in f64; a mixture's, which has no closed form, as an integral between its parts' quantiles. */
function entropyOf(target: ScalarDistribution): number {
  if (target.name !== "mixture") return target.entropy();
  const density = (x: number) => target.logProb(x);
  const points = [...new Set(splits(target).filter(Number.isFinite))].sort((a, b) => a - b);
  const surprise = (x: number) => {
    const log = density(x);
    return log === Number.NEGATIVE_INFINITY ? 0 : -Math.exp(log) * log;
  };
  return integrate(surprise, points, 1e-9).value;
}

const WIDTH = 64;
const GROUP = 32;
export const NODES = 640;
/** The nodes reach from -REACH to REACH stds. */
const REACH = 6.5;

/** Nodes of the standard normal distribution, each followed by its weight; the weights add up to 1. */
export function normalNodes(): Float64Array {
  const nodes = Float64Array.from({ length: NODES }, (_, k) => ((2 * k + 1) / NODES - 1) * REACH);
  const weights = nodes.map((node) => Math.exp(-0.5 * node * node));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float64Array.from({ length: 2 * NODES }, (_, k) =>
    k % 2 === 0 ? (nodes[k / 2] ?? 0) : (weights[(k - 1) / 2] ?? 0) / sum,
  );
}

/** The surface's axes, and the target's log-density as a program of x with the values of its parameters. */
export interface SurfaceReference extends Axes {
  readonly program: Program;
  readonly parameters: readonly number[];
}

export function planSurface(target: ScalarDistribution, axes: Axes, machine: Machine): PlanOf<"y"> {
  const { means, stds } = axes;
  const { model } = target;
  const program = lowerUnchecked([model.logDensity], WHERE);
  const values = program.parameters.map((name) => model.parameters[name] ?? Number.NaN);
  const cells = means.length * stds.length;
  return definePlan({
    name: WHERE,
    outputs: { y: { shape: [stds.length, means.length], dtype: "f32" } },
    uploads: {
      grid: Float32Array.from([...means, ...stds]),
      nodes: Float32Array.from(normalNodes()),
      parameters: Float32Array.from(values.length > 0 ? values : [0]),
    },
    passes: [
      pass(kernelOf(program), {
        bind: { grid: "grid", nodes: "nodes", parameters: "parameters", y: "y" },
        params: { means: means.length, cells, groups: NODES / GROUP, zero: 0 },
        grid: grid(Math.ceil(cells / WIDTH), machine.limits, WHERE),
      }),
    ],
    cpu: cpu({ ...axes, program, parameters: values }),
  });
}

type SurfaceKernel = Kernel<"grid" | "nodes" | "parameters" | "y", "means" | "cells" | "groups" | "zero">;

const kernels = new KernelCache<SurfaceKernel>();

function kernelOf(program: Program): SurfaceKernel {
  return kernels.get(signature(program), () => {
    const { code, functions } = emitProgram(program, "log_density");
    const given = program.parameters.map((_, k) => `parameters[${k}u]`).join(", ");
    const args = ["z", ...(given === "" ? [] : [`log_density_In(${given})`]), "params.zero"];
    const log = `fn log_target(z: f32) -> f32 { return log_density(${args.join(", ")}).y0; }`;
    const kernel = defineKernel({
      name: "kl-surface",
      code: [math, elementaryWgsl(functions), code, log, source].join("\n"),
      bindings: { grid: "read", nodes: "read", parameters: "read", y: "read_write" },
      params: { means: "u32", cells: "u32", groups: "u32", zero: "u32" },
    });
    return specialise(kernel, { WG: WIDTH });
  });
}
