import moments from "../../shaders/lib/moments.wgsl?raw";
import momentsSource from "../../shaders/returns/advantage-moments.wgsl?raw";
import mergeSource from "../../shaders/returns/merge-moments.wgsl?raw";
import source from "../../shaders/returns/normalize-advantages.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { callable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import {
  defineKernel,
  definePlan,
  elements,
  grid,
  type Machine,
  type Operand,
  type Pass,
  type PlanOf,
  pass,
  showShape,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { engineOf } from "./time-major.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/advantages.ts")).normalizeAdvantagesReference }));

export const kernel = defineKernel({
  name: "normalize-advantages",
  code: math + moments + source,
  bindings: { advantages: "read", moments: "read", y: "read_write" },
  params: { total: "u32", size: "u32", epsilon: "f32", zero: "u32" },
});

const momentsKernel = defineKernel({
  name: "advantage-moments",
  code: math + moments + momentsSource,
  bindings: { advantages: "read", moments: "read_write" },
  params: { total: "u32", size: "u32", parts: "u32", items: "u32", zero: "u32" },
});

const mergeKernel = defineKernel({
  name: "merge-moments",
  code: moments + mergeSource,
  bindings: { moments: "read", joined: "read_write" },
  params: { count: "u32", parts: "u32", items: "u32" },
});

export interface NormalizeOptions {
  /** Added to the standard deviation; 1e-8 by default. */
  readonly epsilon?: number;
  /** Advantages, one after another, that are normalised together; all of them by default. A last minibatch may be smaller. */
  readonly minibatch?: number;
}

/** How many advantages there are, how many of them a minibatch has, and what is added to its standard deviation. */
export interface NormalizeReference {
  readonly total: number;
  readonly size: number;
  readonly epsilon: number;
}

const WHERE = "normalizeAdvantages";

/** Advantages of a stretch, and stretches that are joined at once. */
const LENGTH = 4_096;
const FAN = 256;
/** Bytes of a stretch's moments. */
const RECORD = 16;
/** Advantages of a workgroup of the last pass. */
const SPAN = 512;

/**
 * Advantages with mean 0 and standard deviation 1: (A - mean) / (std + ε), as PPO takes them, minibatch by minibatch.
 *
 * std is the unbiased one (n - 1), as in CleanRL and Stable-Baselines3. Both moments are of deviations, level by level, so that a
 * common offset costs no digits, and scaled by powers of two where squares would leave f32. Equal advantages give 0 (NaN where ε is 0); a minibatch with a NaN or an infinity gives NaN.
 *
 * @param advantages - f32 of any shape
 * @returns f32 of that shape
 * @throws InputError for options or tensors that do not fit, and for a minibatch of one advantage, which has no std
 */
export const normalizeAdvantages = callable(
  (encoder, advantages: Tensor, options: NormalizeOptions = {}): Tensor => {
    const engine = engineOf({ advantages }, WHERE);
    const plan = planNormalizeAdvantages(advantages, options, engine.machine);
    return engine.run(plan, { advantages }, { encoder }).y;
  },
  (machine) => [planNormalizeAdvantages({ shape: [128, 64], dtype: "f32", byteOffset: 0 }, {}, machine)],
);

export function planNormalizeAdvantages(advantages: Operand, options: NormalizeOptions, machine: Machine): PlanOf<"y"> {
  checkNamesOf(options, ["epsilon", "minibatch"], WHERE);
  const { epsilon = 1e-8 } = options;
  if (advantages.dtype !== "f32") {
    throw new InputError(`${WHERE}: advantages must be f32, got ${showShape(advantages)}`);
  }
  if (!(typeof epsilon === "number" && epsilon >= 0 && Number.isFinite(Math.fround(epsilon)))) {
    throw new InputError(`${WHERE}: epsilon must be a number >= 0 that f32 can hold, got ${shown(epsilon)}`);
  }
  const total = elements(advantages.shape);
  const size = readSize(options.minibatch, total);
  const minibatches = total === 0 ? 0 : Math.ceil(total / size);
  const found = planMoments(minibatches, size, total, machine);
  const last = pass(kernel, {
    bind: { advantages: "advantages", moments: found.moments, y: "y" },
    params: { total, size, epsilon, zero: 0 },
    grid: grid(Math.ceil(total / SPAN), machine.limits, WHERE),
  });
  return definePlan({
    name: WHERE,
    outputs: { y: { shape: advantages.shape, dtype: "f32" } },
    scratch: found.scratch,
    passes: total === 0 ? [] : [...found.passes, last],
    cpu: cpu({ total, size, epsilon }),
  });
}

function readSize(minibatch: number | undefined, total: number): number {
  const size = minibatch ?? total;
  if (minibatch !== undefined && !(Number.isSafeInteger(size) && size >= 2)) {
    throw new InputError(`${WHERE}: minibatch must be a whole number >= 2, got ${shown(minibatch)}`);
  }
  const rest = total % size;
  if (total === 1 || rest === 1) {
    const got = total === 1 ? "one" : `${total} in minibatches of ${size}, of which the last has one`;
    throw new InputError(`${WHERE}: a standard deviation needs two advantages, got ${got}`);
  }
  return Math.max(1, Math.min(size, total));
}

/** Moments of each minibatch: of stretches, then of FAN of those at a time, until one is left. */
function planMoments(minibatches: number, size: number, total: number, machine: Machine) {
  const scratch: Record<string, number> = {};
  const passes: Pass[] = [];
  // Barriers are dear on software GPUs.
  const WG = machine.software ? 4 : 256;
  let parts = Math.ceil(size / LENGTH);
  let moments = "moments0";
  scratch[moments] = Math.max(1, minibatches * parts) * RECORD;
  passes.push(
    pass(specialise(momentsKernel, { WG, LENGTH }), {
      bind: { advantages: "advantages", moments },
      params: { total, size, parts, items: minibatches * parts, zero: 0 },
      grid: grid(minibatches * parts, machine.limits, WHERE),
    }),
  );
  for (let level = 1; parts > 1; level++) {
    const [from, count] = [moments, parts];
    moments = `moments${level}`;
    parts = Math.ceil(count / FAN);
    scratch[moments] = minibatches * parts * RECORD;
    passes.push(
      pass(specialise(mergeKernel, { WG, LENGTH: FAN }), {
        bind: { moments: from, joined: moments },
        params: { count, parts, items: minibatches * parts },
        grid: grid(minibatches * parts, machine.limits, WHERE),
      }),
    );
  }
  return { scratch, passes, moments };
}
