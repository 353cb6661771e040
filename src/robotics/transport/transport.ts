import type { Engine } from "../../engine/engine.ts";
import { checkEngine } from "../../engine/engine.ts";
import type { Machine } from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { GaussianMixture } from "./gaussians.ts";
import type { PathPoint } from "./paths.ts";
import { planTransport } from "./plan.ts";
import { type DiffusionOptions, diffusionRun, type FlowOptions, flowRun, type TransportRun } from "./run.ts";
import { typicalTarget } from "./typical.ts";

/** The particles at the end of a transport, and the way there. */
export interface Transport {
  /** f32 [particles, d] */
  readonly samples: Tensor;
  /** f32 [records, particles, d]: the particles after each of the recorded numbers of steps. Absent where none is recorded. */
  readonly trajectory?: Tensor;
  /** The state before each step and after the last, steps + 1 in all: x is signal · action + noise · ε there. */
  readonly path: readonly PathPoint[];
  /** The time of each: of a flow 1 … 0, of a diffusion steps - 1 … 0 and -1 for the data. */
  readonly times: readonly number[];
}

/**
 * Carries particles from N(0, I) to a mixture of Gaussians by π0's flow (openpi, pi0.py): Euler's steps of x_t = t ε + (1 - t) a from t = 1 to
 * 0 along the exact velocity E[ε - a | x_t], so that nothing is trained and what is left of an error is the steps' own.
 *
 * The times are exactly 1 - s / steps; the original's f32 sum of -1 / steps is off by at most 7e-8 at ten steps.
 *
 * Particle i is a function of (seed, stream, offset + i): its noise is coordinates 0 … d - 1 of that sample's normals. Bits are
 * the same on every engine where `engine.numerics.exact` holds. The work is submitted in parts of some 50 ms; the CPU engine
 * does it in one, which takes seconds for a million particles.
 *
 * @param target - a mixture of normal or multivariateNormal components in up to 32 dimensions
 * @throws InputError for targets and options that do not fit, before any GPU work
 */
export const flowTransport = Object.assign(
  (engine: Engine, target: GaussianMixture, options: FlowOptions): Transport => run(engine, flowRun(target, options)),
  { preparations: (machine: Machine) => planTransport(flowRun(typicalTarget(), { particles: 1 }), machine) },
);

/**
 * Carries particles from N(0, I) to a mixture of Gaussians by Octo's DDPM (octo, action_heads.py; cosine schedule): for t = steps - 1 … 0,
 * x ← (x - (1 - α_t) / √(1 - ᾱ_t) ε̂) / √α_t + √β_t z, clipped to ± maxAction, z = 0 at t = 0, with the exact
 * ε̂ = E[ε | x_t].
 *
 * The schedule is computed in f64 and rounded once; the original computes it in f32. How many coordinates were clipped is not
 * reported: of ordinary targets it is one in a million draws.
 *
 * Particle i is a function of (seed, stream, offset + i): its noise at the start is coordinates 0 … d - 1 of that sample's normals, and
 * after step s, counted from 0, coordinates d (1 + s) … d (1 + s) + d - 1.
 *
 * @param target - a mixture of normal or multivariateNormal components in up to 32 dimensions
 * @throws InputError for targets and options that do not fit, before any GPU work
 */
export const diffusionTransport = Object.assign(
  (engine: Engine, target: GaussianMixture, options: DiffusionOptions): Transport =>
    run(engine, diffusionRun(target, options)),
  { preparations: (machine: Machine) => planTransport(diffusionRun(typicalTarget(), { particles: 1 }), machine) },
);

function run(engine: Engine, job: TransportRun): Transport {
  checkEngine(engine, job.where);
  const [first, ...rest] = planTransport(job, engine.machine);
  const { path } = job.walk;
  const { samples, trajectory } = engine.run<"samples" | "trajectory">(first, {});
  // On the CPU the first plan's reference does it all.
  if (engine.backend === "webgpu") for (const plan of rest) engine.run(plan, {}, { outs: { samples, trajectory } });
  if (job.records.length === 0) trajectory.dispose();
  const times = path.map(({ time }) => time);
  return { samples, ...(job.records.length > 0 ? { trajectory } : {}), path, times };
}
