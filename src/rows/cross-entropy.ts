import loss from "../../shaders/lib/loss.wgsl?raw";
import narrowTarget from "../../shaders/lib/narrow-target.wgsl?raw";
import extraLinear from "../../shaders/lib/row/extra-linear.wgsl?raw";
import rowProbability from "../../shaders/lib/row/row-probability.wgsl?raw";
import source from "../../shaders/rows/cross-entropy.wgsl?raw";
import gradientSource from "../../shaders/rows/cross-entropy-gradient.wgsl?raw";
import narrowGradientSource from "../../shaders/rows/narrow-gradient.wgsl?raw";
import narrowSource from "../../shaders/rows/narrow-loss.wgsl?raw";
import { InputError } from "../core/errors.ts";
import { checkNamesOf } from "../core/options.ts";
import { callable, TYPICAL_SHAPES } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import type { Machine, Operand, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { checkTensor } from "../engine/tensor-checks.ts";
import {
  type CrossEntropyOptions,
  LOSS_NAMES,
  type LossOptions,
  type ReadLoss,
  readLoss,
} from "./cross-entropy-options.ts";
import { fitsNarrow } from "./in-registers.ts";
import { planReduceLoss, RECORD } from "./reduce-loss.ts";
import {
  checkLogits,
  checkTensors,
  filled,
  fresh,
  knownWithout,
  maskData,
  rowReference,
  type Uploads,
} from "./row-call.ts";
import { readWindow } from "./row-options.ts";
import type { RowCall } from "./row-ranges.ts";
import { type MaskWork, planFinish, planMask, planRows, planStates, type RowProgram, rowState } from "./rows.ts";
import { readTargets, type TargetKind, type Targets } from "./targets.ts";

const cpu = {
  crossEntropy: cpuWork(() => import("./cpu/rows.ts").then(({ crossEntropy }) => crossEntropy)),
  crossEntropyWithGradient: cpuWork(() => import("./cpu/rows.ts").then((m) => m.crossEntropyWithGradient)),
};

const state = rowState(extraLinear, 10);

export const program: RowProgram = {
  name: "cross-entropy",
  source: loss + source,
  bindings: {
    x: "read",
    mask: "read",
    targets: "read",
    weight: "read",
    parts: "read",
    y: "read_write",
    fault: "read_write",
  },
  state,
  narrow: {
    name: "narrow-loss",
    source: loss + narrowTarget + narrowSource,
    bindings: { x: "read", mask: "read", targets: "read", weight: "read", y: "read_write", fault: "read_write" },
    extra: extraLinear,
  },
};

export const gradientProgram: RowProgram = {
  name: "cross-entropy-gradient",
  source: loss + rowProbability + gradientSource,
  bindings: {
    x: "read",
    mask: "read",
    targets: "read",
    weight: "read",
    parts: "read",
    sums: "read",
    y: "read_write",
  },
  state,
  writesRows: true,
  narrow: {
    name: "narrow-gradient",
    source: loss + narrowTarget + narrowGradientSource,
    bindings: { x: "read", mask: "read", targets: "read", weight: "read", sums: "read", y: "read_write" },
    extra: extraLinear,
    writesRows: true,
  },
};

/**
 * Cross-entropy of each row of logits against its target: H(t, q) = -Σ t log q, q = softmax(x / T), in nats.
 *
 * @param logits - f32 `[..., classes]`
 * @param targets - class ids, one a row, or probabilities of the logits' shape
 * @returns f32 `[]` for the mean (Σ loss / Σ weight of the rows' targets, as PyTorch) or the sum; `[...]` for "none"
 * @throws InputError for options, shapes or ids that do not fit; for ids in a GPU tensor, at the next read
 *
 * A target that is masked, outside the window or of logit -Inf has loss +Inf; a row that a mask hides whole has
 * loss and weight 0; the mean over no row at all is NaN. Semantics: PyTorch's `cross_entropy`, but that smoothing
 * spreads only over classes that are kept and have a logit above -Inf: a share of what cannot be would make every loss +Inf, as it
 * does in PyTorch. z-loss as in PaLM, not scaled by weights.
 */
export const crossEntropy = callable(
  (encoder, logits: Tensor, targets: Targets, options: CrossEntropyOptions = {}): Tensor => {
    return lossOf(logits, targets, options, { where: "crossEntropy", targets: "targets" }, encoder);
  },
  (machine) =>
    TYPICAL_SHAPES.map((shape) => planCrossEntropy(fresh(shape), { soft: false, unchecked: false }, {}, machine)),
);

/** Whose refusals they are: the function that was called, and its name for the targets. */
export interface Caller {
  readonly where: string;
  readonly targets: string;
}

/** `crossEntropy` on behalf of another function. */
export function lossOf(
  logits: Tensor,
  targets: Targets,
  options: CrossEntropyOptions,
  caller: Caller,
  encoder?: GPUCommandEncoder,
): Tensor {
  const call = readCall(caller, logits, targets, options, [...LOSS_NAMES, "out"]);
  const plan = planCrossEntropy(logits, call.targets, options, logits.engine.machine, call.uploads, caller);
  checkTensors(logits, options, plan.outputs.loss, caller.where);
  const outs = options.out ? { loss: options.out } : {};
  return logits.engine.run(plan, call.inputs, { outs, encoder }).loss;
}

/**
 * The cross-entropy and its gradient with respect to the logits; options and semantics of `crossEntropy`.
 *
 * @returns `loss` as from `crossEntropy`, and `gradient`, f32 of the logits' shape (`[..., end - begin]` with a
 * `classes` window): of the mean or sum, or with "none" of each row's own loss
 *
 * The gradient is finite where the loss is not: at a target that is masked or of logit -Inf the others are pushed down by their
 * probabilities, as in PyTorch, and the target's own logit has gradient 0, where PyTorch has -1: no step moves a logit from -Inf,
 * and one that a mask hides must not be moved.
 */
export const crossEntropyWithGradient = callable(
  (encoder, logits: Tensor, targets: Targets, options: LossOptions = {}): { loss: Tensor; gradient: Tensor } => {
    const caller = { where: "crossEntropyWithGradient", targets: "targets" };
    const call = readCall(caller, logits, targets, options, LOSS_NAMES);
    const plan = planWithGradient(logits, call.targets, options, logits.engine.machine, call.uploads);
    checkTensors(logits, options, plan.outputs.loss, "crossEntropyWithGradient");
    return logits.engine.run(plan, call.inputs, { encoder });
  },
  (machine) =>
    TYPICAL_SHAPES.map((shape) => planWithGradient(fresh(shape), { soft: false, unchecked: false }, {}, machine)),
);

function readCall(
  { where, targets: name }: Caller,
  logits: Tensor,
  targets: Targets,
  options: CrossEntropyOptions,
  names: readonly string[],
) {
  checkLogits(logits, "logits", where);
  checkNamesOf(options, names, where);
  const window = readWindow(logits, options, where);
  const { ignoreIndex } = readLoss(logits, options, where);
  const read = readTargets(targets, logits, ignoreIndex, where, name);
  if (read.soft && options.ignoreIndex !== undefined) {
    throw new InputError(`${where}: ignoreIndex needs class ids as ${name}, got probabilities`);
  }
  const mask = maskData(options, window, where);
  const inputs: Record<string, Tensor> = { x: logits, ...mask.inputs, ...read.inputs };
  const uploads: Record<string, Uploads[string]> = { ...mask.uploads, ...read.uploads };
  if (options.weight instanceof Tensor) inputs.weight = options.weight;
  else if (options.weight) uploads.weight = Float32Array.from(options.weight);
  if (inputs.targets) checkTensor(inputs.targets, logits, name, where);
  if (inputs.weight) checkTensor(inputs.weight, logits, "weight", where);
  return { targets: read, inputs, uploads };
}

interface Parts {
  readonly read: ReadLoss;
  readonly call: RowCall;
  readonly mask: MaskWork;
  readonly shared: Omit<PlanOf<never>, "outputs" | "passes" | "scratch" | "arenas">;
  readonly scratch: Readonly<Record<string, number>>;
}

/** What the plans of both functions have in common. */
function describe(
  own: keyof typeof cpu,
  { where, targets: name }: Caller,
  x: Operand,
  targets: TargetKind,
  options: LossOptions,
  machine: Machine,
  uploads: Uploads,
): Parts {
  const window = readWindow(x, options, where);
  const read = readLoss(x, options, where);
  const mask = planMask(window, machine, where);
  const reduced = read.reduction !== "none";
  const bind: Record<string, string> = { y: reduced ? "records" : "loss", fault: "fault" };
  if (!targets.soft) bind.targets = "targets";
  if (read.weighted) bind.weight = "weight";
  const call: RowCall = {
    where,
    window,
    x,
    machine,
    bind,
    alike: targets.soft && targets.operand ? { targets: targets.operand } : {},
    constants: { SOFT: targets.soft, SMOOTH: read.smoothing > 0, WEIGHTED: read.weighted, ZLOSS: read.zLoss > 0 },
    narrow: !targets.soft && read.smoothing === 0,
    params: { ignore: read.ignoreIndex, smoothing: read.smoothing, zloss: read.zLoss },
  };
  const message = `${where}: ${name} must be class ids in [0, ${window.classes}) or ignoreIndex ${read.ignoreIndex}; row {row} has neither`;
  const scratch: Record<string, number> = { fault: 4 };
  if (reduced) scratch.records = Math.max(1, window.rows) * RECORD;
  const nothing = filled(reduced ? 1 : window.rows, read.reduction === "mean" ? Number.NaN : 0);
  const shared = {
    ...knownWithout(window, { loss: nothing }),
    name: own,
    uploads,
    clears: ["fault", ...mask.clears],
    checks: [...mask.checks, ...(targets.unchecked ? [{ buffer: "fault", message }] : [])],
    cpu: cpu[own]({ ...rowReference(window), ...read, soft: targets.soft }),
  };
  return { read, call, mask, shared, scratch };
}

export function planCrossEntropy(
  x: Operand,
  targets: TargetKind,
  options: LossOptions,
  machine: Machine,
  uploads: Uploads = {},
  caller: Caller = { where: "crossEntropy", targets: "targets" },
): PlanOf<"loss"> {
  const { where } = caller;
  const { read, call, mask, shared, scratch } = describe("crossEntropy", caller, x, targets, options, machine, uploads);
  const { window } = call;
  const reduced = read.reduction !== "none";
  const rows = planRows(program, { ...call, constants: { ...call.constants, REDUCED: reduced } });
  const total =
    reduced && window.classes > 0
      ? planReduceLoss(rows.records ?? window.rows, read.reduction === "mean", machine, where)
      : { passes: [], scratch: {} };
  return definePlan({
    ...shared,
    outputs: { loss: fresh(reduced ? [] : x.shape.slice(0, -1)) },
    scratch: { ...scratch, ...mask.scratch, ...rows.scratch, ...total.scratch },
    passes: [...mask.passes, ...rows.passes, ...total.passes],
  });
}

export function planWithGradient(
  x: Operand,
  targets: TargetKind,
  options: LossOptions,
  machine: Machine,
  uploads: Uploads = {},
): PlanOf<"loss" | "gradient"> {
  const where = "crossEntropyWithGradient";
  const { read, call, mask, shared, scratch } = describe(
    where,
    { where, targets: "targets" },
    x,
    targets,
    options,
    machine,
    uploads,
  );
  const { window } = call;
  const reduced = read.reduction !== "none";
  const mean = read.reduction === "mean";
  const gradient = fresh([...x.shape.slice(0, -1), window.end - window.begin]);
  const lossCall = { ...call, constants: { ...call.constants, REDUCED: reduced } };
  const narrow = fitsNarrow(call);
  const states = narrow ? planRows(program, lossCall) : planStates(state, call);
  const losses = narrow ? [] : planFinish(program, lossCall);
  const total =
    reduced && window.classes > 0
      ? planReduceLoss(states.records ?? window.rows, mean, machine, where)
      : { passes: [], scratch: {}, sums: "fault" };
  const gradientCall = {
    ...call,
    y: gradient,
    bind: { ...call.bind, y: "gradient", sums: total.sums },
    constants: { ...call.constants, MEAN: mean },
  };
  const gradients = narrow ? planRows(gradientProgram, gradientCall).passes : planFinish(gradientProgram, gradientCall);
  return definePlan({
    ...shared,
    outputs: { loss: fresh(reduced ? [] : x.shape.slice(0, -1)), gradient },
    scratch: { ...scratch, ...mask.scratch, ...states.scratch, ...total.scratch },
    passes: [...mask.passes, ...states.passes, ...losses, ...total.passes, ...gradients],
  });
}
