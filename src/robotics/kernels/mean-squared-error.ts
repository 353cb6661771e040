import source from "../../../shaders/robotics/mean-squared-error.wgsl?raw";
import { math } from "../../arithmetic/math-wgsl.ts";
import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
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
  specialise,
} from "../../engine/plan.ts";
import type { Tensor } from "../../engine/tensor.ts";
import { checkFlags } from "../../rows/mask.ts";
import { planReduceLoss, RECORD } from "../../rows/reduce-loss.ts";
import type { Uploads } from "../../rows/row-call.ts";

const cpu = cpuWork(async () => ({ reference: (await import("../cpu/kernels.ts")).meanSquaredErrorReference }));

export const kernel = defineKernel({
  name: "mean-squared-error",
  code: `${math}\n${source}`,
  bindings: { x: "read", other: "read", mask: "read", y: "read_write" },
  params: { rows: "u32", columns: "u32", scale: "f32", zero: "u32" },
});

export interface SquaredErrorOptions {
  /** "rows" (default): the mean over the last axis; "mean": over all values. */
  readonly reduction?: "rows" | "mean" | undefined;
  /** One flag a value, true or 1 = counts, false or 0 = does not; with "mean" only. Default: all. */
  readonly mask?: ArrayLike<number | boolean> | undefined;
  /** The mean is that of the values that count, but these are taken for no less than this share of all. Default 0. */
  readonly leastShare?: number | undefined;
  /** Multiplies the result. Default 1. */
  readonly scale?: number | undefined;
}

/**
 * Mean squared error of predictions: the mean of (predicted - target)² over the last axis, or over everything.
 *
 * @param predicted - f32 `[..., columns]`
 * @param target - f32 of the same shape
 * @returns f32 `[...]`, or `[]` with reduction "mean"; the mean over nothing is NaN, unless `leastShare` makes it 0
 * @throws InputError for options, shapes or tensors that do not fit
 */
export const meanSquaredError = callable(
  (encoder, predicted: Tensor, target: Tensor, options: SquaredErrorOptions = {}): Tensor => {
    checkLive({ predicted, target }, WHERE);
    const plan = planMeanSquaredError(predicted, target, options, predicted.engine.machine);
    return predicted.engine.run(plan, { x: predicted, other: target }, { encoder }).loss;
  },
  (machine) =>
    (["rows", "mean"] as const).map((reduction) => {
      return planMeanSquaredError(floats([64, 50, 32]), floats([64, 50, 32]), { reduction }, machine);
    }),
);

const WHERE = "meanSquaredError";

export function planMeanSquaredError(
  x: Operand,
  other: Operand,
  options: SquaredErrorOptions,
  machine: Machine,
): PlanOf<"loss"> {
  const { rows, columns, shape } = rowsOf(x, "predicted", WHERE);
  checkAlike(other, x, "target", "predicted", WHERE);
  if (columns > MOST_TRIPS)
    throw new InputError(`${WHERE}: rows must have at most ${MOST_TRIPS} values, got ${columns}`);
  const { factor, uploads } = readOptions(options, x);
  const reduced = options.reduction === "mean";
  const masked = uploads.mask !== undefined;
  const count = rows * columns;
  const empty = reduced ? Float32Array.of(factor * 0) : new Float32Array(rows).fill(factor * 0);
  const work = cpu({ rows, columns, reduced, masked, scale: factor });
  const outputs = { loss: floats(reduced ? [] : shape) };
  if (count === 0 || !Number.isFinite(factor))
    return definePlan({ name: WHERE, outputs, known: { loss: empty }, passes: [], cpu: work });
  const sum = reduced ? planReduceLoss(rows, false, machine, WHERE) : { passes: [], scratch: {} };
  return definePlan({
    name: WHERE,
    outputs,
    scratch: reduced ? { records: rows * RECORD, ...sum.scratch } : {},
    uploads,
    passes: [
      pass(specialise(kernel, { REDUCED: reduced, MASKED: masked }), {
        bind: { x: "x", other: "other", mask: masked ? "mask" : "x", y: reduced ? "records" : "loss" },
        params: { rows, columns, scale: factor, zero: 0 },
        grid: gridOfEach(rows, machine.limits, WHERE),
      }),
      ...sum.passes,
    ],
    cpu: work,
  });
}

/** What each squared error is multiplied by, and the mask as words. */
function readOptions(options: SquaredErrorOptions, x: Operand): { factor: number; uploads: Uploads } {
  checkNamesOf(options, ["reduction", "mask", "leastShare", "scale"], WHERE);
  const { reduction = "rows", mask, leastShare = 0, scale = 1 } = options;
  if (reduction !== "rows" && reduction !== "mean") {
    throw new InputError(`${WHERE}: reduction must be "rows" or "mean", got ${shown(reduction)}`);
  }
  if (typeof scale !== "number" || !Number.isFinite(Math.fround(scale))) {
    throw new InputError(`${WHERE}: scale must be a finite number that f32 can hold, got ${shown(scale)}`);
  }
  if (!(typeof leastShare === "number" && leastShare >= 0 && leastShare <= 1)) {
    throw new InputError(`${WHERE}: leastShare must be from 0 to 1, got ${shown(leastShare)}`);
  }
  if (reduction === "rows") {
    if (mask !== undefined) throw new InputError(`${WHERE}: mask needs reduction "mean", got "rows"`);
    return { factor: scale / (x.shape.at(-1) ?? 1), uploads: {} };
  }
  const count = elements(x.shape);
  if (mask === undefined) return { factor: scale / count, uploads: {} };
  if (typeof mask !== "object" || mask === null) {
    throw new InputError(`${WHERE}: mask must be an array of flags, got ${shown(mask)}`);
  }
  if (mask.length !== count) throw new InputError(`${WHERE}: mask must have ${count} flags, got ${mask.length}`);
  checkFlags(mask, "mask", WHERE);
  const flags = Uint32Array.from(mask, (flag) => (flag ? 1 : 0));
  const kept = flags.reduce((sum, flag) => sum + flag, 0);
  return { factor: scale / Math.max(kept, leastShare * count), uploads: { mask: flags } };
}
