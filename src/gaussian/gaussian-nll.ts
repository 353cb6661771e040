import source from "../../shaders/gaussian/gaussian-nll.wgsl?raw";
import bits from "../../shaders/lib/gaussian-bits.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { LEAST_NORMAL, MOST_INVERTIBLE } from "../arithmetic/range.ts";
import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { callable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floatsOf } from "../engine/each.ts";
import { floats } from "../engine/operand.ts";
import {
  defineKernel,
  definePlan,
  elements,
  grid,
  type Machine,
  type Operand,
  type PlanOf,
  pass,
  showShape,
  specialise,
} from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { checkTensor, sameShape } from "../engine/tensor-checks.ts";
import { planSums } from "./sums.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/gaussian-nll.ts")).gaussianNllReference }));

export const kernel = defineKernel({
  name: "gaussian-nll",
  code: [math, bits, source].join("\n"),
  bindings: { input: "read", goal: "read", variance: "read", y: "read_write", faults: "read_write" },
  params: { count: "u32", run: "u32", columns: "u32", eps: "f32", constant: "f32", zero: "u32" },
});

export interface GaussianNllOptions {
  /** Whether to add log(2π) / 2. Default false. */
  readonly full?: boolean | undefined;
  /** The least variance; smaller ones count as it. From 2^-126 on; default 1e-6. */
  readonly eps?: number | undefined;
  /** "mean" (default) or "sum" over all values, or "none". */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
}

/** A tensor, or on the host all values row by row. */
export type GaussianNllValues = Tensor | ArrayLike<number>;

const WHERE = "gaussianNll";

/**
 * Gaussian negative log-likelihood: ½ (log v + (input - target)² / v), v = max(variance, eps), with PyTorch's
 * `gaussian_nll_loss` semantics.
 *
 * @param input - f32 `[..., d]`: the predicted means
 * @param target - of the same shape
 * @param variance - a number; or of the input's shape; or one a row, `[..., 1]` or `[...]`
 * @returns f32 `[]` for "mean" and "sum", else the input's shape
 * @throws InputError for options and shapes that do not fit, and for a negative variance (of one in a GPU buffer at the next
 * read, which names its place)
 *
 * NaN gives NaN, an infinite value +Inf; the mean over no value at all is NaN.
 */
export const gaussianNll = callable(
  (
    encoder,
    input: Tensor,
    target: GaussianNllValues,
    variance: GaussianNllValues | number,
    options: GaussianNllOptions = {},
  ): Tensor => {
    checkTensor(input, input, "input", WHERE);
    const inputs: Record<string, Tensor> = { input };
    for (const [name, given] of Object.entries({ goal: target, variance })) {
      if (!(given instanceof Tensor)) continue;
      checkTensor(given, input, name === "goal" ? "target" : name, WHERE);
      inputs[name] = given;
    }
    return input.engine.run(planGaussianNll(input, target, variance, options, input.engine.machine), inputs, {
      encoder,
    }).y;
  },
  (machine) => {
    const x = floats([64, 7]);
    return (["mean", "none"] as const).map((reduction) => planGaussianNll(x, x, x, { reduction }, machine));
  },
);

/** A variance a value, a row, or for all (shaders/gaussian/gaussian-nll.wgsl). */
const SHARES = { value: 0, row: 1, all: 2 } as const;

type Values = Operand | ArrayLike<number>;

/** `count` values in rows of `columns`, how they share variances, the least variance, and what is added to each loss. */
export interface GaussianNllReference {
  readonly count: number;
  readonly columns: number;
  readonly share: keyof typeof SHARES;
  readonly eps: number;
  readonly constant: number;
  readonly reduction: "mean" | "sum" | "none";
}

export function planGaussianNll(
  input: Operand,
  target: Values,
  variance: Values | number,
  options: GaussianNllOptions,
  machine: Machine,
): PlanOf<"y"> {
  if (input.dtype !== "f32") throw new InputError(`${WHERE}: input must be f32 [..., d], got ${showShape(input)}`);
  const { eps, constant, reduction } = readOptions(options);
  const count = elements(input.shape);
  const columns = input.shape.at(-1) ?? 1;
  const uploads: Record<string, Float32Array> = {};
  if (!isOperand(target)) uploads.goal = readTarget(target, input);
  else if (target.dtype !== "f32" || !sameShape(target.shape, input.shape)) {
    throw new InputError(`${WHERE}: target must be ${showShape(input)} like input, got ${showShape(target)}`);
  }
  const share = readShare(variance, input);
  if (typeof variance === "number") uploads.variance = Float32Array.of(variance);
  else if (!isOperand(variance)) uploads.variance = floatsOf(variance, "variance", WHERE);
  uploads.variance?.forEach(checkVariance);
  const reduced = reduction !== "none";
  const run = machine.software || reduced ? RUN : 1;
  const threads = Math.ceil(count / run);
  const WG = machine.software ? 16 : 64;
  const losses = pass(specialise(kernel, { WG, REDUCED: reduced, SHARE: SHARES[share] }), {
    bind: { input: "input", goal: "goal", variance: "variance", y: reduced ? "losses" : "y", faults: "faults" },
    params: { count, run, columns, eps, constant, zero: 0 },
    grid: grid(Math.ceil(threads / WG), machine.limits, WHERE),
  });
  const scale = reduction === "mean" ? 1 / count : 1;
  const from = { from: "losses", to: "y", rows: threads, columns: 1, scale };
  const total = reduced && count > 0 ? planSums(from, machine, WHERE) : { passes: [], scratch: {} };
  const nothing = reduced ? { known: { y: new Float32Array(1).fill(reduction === "mean" ? Number.NaN : 0) } } : {};
  const place = { value: "value {row}", row: "row {row}", all: "it" }[share];
  return definePlan({
    name: WHERE,
    outputs: { y: floats(reduced ? [] : input.shape) },
    scratch: { faults: 4, ...(reduced ? { losses: 4 * threads } : {}), ...total.scratch },
    uploads,
    clears: ["faults"],
    checks: isOperand(variance)
      ? [{ buffer: "faults", message: `${WHERE}: variance must not be negative; that of ${place} is` }]
      : [],
    ...(count === 0 ? nothing : {}),
    passes: count === 0 ? [] : [losses, ...total.passes],
    cpu: cpu({ count, columns, share, eps, constant, reduction }),
  });
}

/** Values an invocation. */
const RUN = 64;

function readOptions(options: GaussianNllOptions) {
  checkNamesOf(options, ["full", "eps", "reduction"], WHERE);
  const { full = false, eps = 1e-6, reduction = "mean" } = options;
  if (typeof full !== "boolean") {
    throw new InputError(`${WHERE}: full must be true or false, got ${shown(full)}`);
  }
  if (!(typeof eps === "number" && eps >= LEAST_NORMAL && eps <= MOST_INVERTIBLE)) {
    throw new InputError(`${WHERE}: eps must be a number from 2^-126 to 2^126, got ${shown(eps)}`);
  }
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none") {
    throw new InputError(`${WHERE}: reduction must be "mean", "sum" or "none", got ${shown(reduction)}`);
  }
  return { eps, constant: full ? 0.5 * Math.log(2 * Math.PI) : 0, reduction };
}

function isOperand(values: Values | number): values is Operand {
  return typeof values === "object" && values !== null && "dtype" in values;
}

function readTarget(target: ArrayLike<number>, input: Operand): Float32Array {
  const needed = elements(input.shape);
  if (typeof target === "object" && target !== null && target.length === needed) {
    return floatsOf(target, "target", WHERE);
  }
  const got = typeof target === "object" && target !== null ? `${target.length} values` : typeof target;
  throw new InputError(`${WHERE}: target must be ${needed} values, [${input.shape.join(", ")}] like input, got ${got}`);
}

function readShare(variance: Values | number, input: Operand): keyof typeof SHARES {
  if (typeof variance === "number") return "all";
  const { shape } = input;
  const rows = shape.slice(0, -1);
  const needed = `a number, [${shape.join(", ")}], or one a row, [${[...rows, 1].join(", ")}] or [${rows.join(", ")}]`;
  if (isOperand(variance)) {
    if (variance.dtype === "f32") {
      if (sameShape(variance.shape, shape)) return "value";
      if (sameShape(variance.shape, [...rows, 1]) || sameShape(variance.shape, rows)) return "row";
    }
    throw new InputError(`${WHERE}: variance must be f32: ${needed}, got ${showShape(variance)}`);
  }
  if (typeof variance === "object" && variance !== null) {
    if (variance.length === elements(shape)) return "value";
    if (variance.length === elements(rows)) return "row";
  }
  const got = typeof variance === "object" && variance !== null ? `${variance.length} values` : typeof variance;
  throw new InputError(`${WHERE}: variance must be ${needed}, got ${got}`);
}

function checkVariance(value: number, k: number): void {
  if (value < 0) throw new InputError(`${WHERE}: variance must not be negative, got ${value} at ${k}`);
}
