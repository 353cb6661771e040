import targetInRegisters from "../../shaders/lib/in-registers-target.wgsl?raw";
import loss from "../../shaders/lib/loss.wgsl?raw";
import extraLinear from "../../shaders/lib/row/extra-linear.wgsl?raw";
import rowProbability from "../../shaders/lib/row/row-probability.wgsl?raw";
import source from "../../shaders/rows/cross-entropy.wgsl?raw";
import gradientSource from "../../shaders/rows/cross-entropy-gradient.wgsl?raw";
import gradientInRegistersSource from "../../shaders/rows/gradient-in-registers.wgsl?raw";
import inRegistersSource from "../../shaders/rows/loss-in-registers.wgsl?raw";
import { InputError } from "../core/errors.ts";
import { callable, TYPICAL_SHAPES, tunable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import type { Machine, Plan, PlanOf } from "../engine/plan.ts";
import { definePlan } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { checkTensor } from "../engine/tensor-checks.ts";
import {
  type CrossEntropyOptions,
  type GradientOptions,
  LOSS_NAMES,
  type ReadLoss,
  readLoss,
} from "./cross-entropy-options.ts";
import { planReduceLoss, RECORD, type Reduction } from "./reduce-loss.ts";
import { knownWithout } from "./row-call.ts";
import { type CheckedRows, checkResult, checkRows, classShape, readDtype, readRows, rowShape } from "./row-options.ts";
import type { RowCall, RowPasses } from "./row-ranges.ts";
import { isInRegisters, planFinish, planRows, planStates, type RowProgram, rowState, withMask } from "./rows.ts";
import { readTargets, type TargetKind, type Targets } from "./targets.ts";
import { rowTuning } from "./tuning.ts";

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
  inRegisters: {
    name: "loss-in-registers",
    source: loss + targetInRegisters + inRegistersSource,
    bindings: { x: "read", mask: "read", targets: "read", weight: "read", y: "read_write", fault: "read_write" },
    extra: extraLinear,
  },
};

const gradientProgram: RowProgram = {
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
  inRegisters: {
    name: "gradient-in-registers",
    source: loss + targetInRegisters + gradientInRegistersSource,
    bindings: { x: "read", mask: "read", targets: "read", weight: "read", sums: "read", y: "read_write" },
    extra: extraLinear,
    writesRows: true,
  },
};

/**
 * Cross-entropy of each row of logits against its target: H(t, q) = -Σ t log q, q = softmax(x / T), in nats.
 *
 * @param logits - f32, f16 or bf16 `[..., classes]`
 * @param targets - class ids, one a row, or probabilities of the logits' shape
 * @returns f32 `[]` for the mean (Σ loss / Σ weight of the rows' targets, as PyTorch) or the sum; `[...]` for "none"
 * @throws InputError for options, shapes or ids that do not fit; for ids in a GPU tensor, at the next read
 *
 * A target that is masked, outside the window or of logit -Inf has loss +Inf; a row that a mask hides whole has
 * loss and weight 0; the mean over no row at all is NaN. Semantics: PyTorch's `cross_entropy`, but that smoothing
 * spreads only over classes that are kept and have a logit above -Inf: a share of what cannot be would make every loss +Inf, as it
 * does in PyTorch. z-loss as in PaLM, not scaled by weights.
 */
export const crossEntropy = tunable(
  callable(
    (encoder, logits: Tensor, targets: Targets, options: CrossEntropyOptions = {}): Tensor => {
      return lossOf(logits, targets, options, { where: "crossEntropy", targets: "targets" }, encoder);
    },
    (machine) => TYPICAL_SHAPES.map((shape) => planCrossEntropy(typical("crossEntropy", shape), machine)),
  ),
  rowTuning("crossEntropy", program, (x, ids) => [lossOf(x, ids, {}, { where: "crossEntropy", targets: "targets" })]),
);

/** Whose refusals they are: the function that was called, and its name for the targets. */
interface Caller {
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
  const call = checkLoss(caller, logits, targets, options, [...LOSS_NAMES, "out"]);
  const outs = call.out ? { loss: call.out } : {};
  return logits.engine.run(planCrossEntropy(call, logits.engine.machine), call.inputs, { outs, encoder }).loss;
}

/**
 * The cross-entropy and its gradient with respect to the logits; options and semantics of `crossEntropy`.
 *
 * @returns `loss` as from `crossEntropy`, and `gradient`, f32 or what `dtype` says, of the logits' shape (`[..., end - begin]` with a
 * `classes` window): of the mean or sum, or with "none" of each row's own loss
 *
 * The gradient is finite where the loss is not: at a target that is masked or of logit -Inf the others are pushed down by their
 * probabilities, as in PyTorch, and the target's own logit has gradient 0, where PyTorch has -1: no step moves a logit from -Inf,
 * and one that a mask hides must not be moved.
 */
export const crossEntropyWithGradient = tunable(
  callable(
    (encoder, logits: Tensor, targets: Targets, options: GradientOptions = {}) =>
      lossWithGradient(encoder, logits, targets, options),
    (machine) => TYPICAL_SHAPES.map((shape) => planWithGradient(typical(WITH_GRADIENT, shape), machine)),
  ),
  rowTuning("crossEntropyWithGradient", gradientProgram, (x, ids) =>
    Object.values(lossWithGradient(undefined, x, ids, {})),
  ),
);

function lossWithGradient(
  encoder: GPUCommandEncoder | undefined,
  logits: Tensor,
  targets: Targets,
  options: GradientOptions,
): { loss: Tensor; gradient: Tensor } {
  const caller = { where: WITH_GRADIENT, targets: "targets" };
  const checked = checkLoss(caller, logits, targets, options, [...LOSS_NAMES, "dtype"]);
  const call = { ...checked, dtype: readDtype(options.dtype, undefined, WITH_GRADIENT) };
  return logits.engine.run(planWithGradient(call, logits.engine.machine), call.inputs, { encoder });
}

const WITH_GRADIENT = "crossEntropyWithGradient";

/** A checked call with its targets. */
export interface CheckedLoss extends CheckedRows {
  readonly loss: ReadLoss;
  readonly targets: TargetKind;
  /** What the caller calls them. */
  readonly targetsName: string;
}

function checkLoss(
  { where, targets: name }: Caller,
  logits: Tensor,
  targets: Targets,
  options: CrossEntropyOptions,
  names: readonly string[],
): CheckedLoss {
  const rows = checkRows(logits, options, names, where);
  const loss = readLoss(logits, options, where);
  const read = readTargets(targets, logits, loss.ignoreIndex, where, name);
  if (read.soft && options.ignoreIndex !== undefined) {
    throw new InputError(`${where}: ignoreIndex needs class ids as ${name}, got probabilities`);
  }
  const inputs: Record<string, Tensor> = { ...rows.inputs, ...read.inputs };
  const uploads: Record<string, Plan["uploads"][string]> = { ...rows.uploads, ...read.uploads };
  if (options.weight instanceof Tensor) inputs.weight = options.weight;
  else if (options.weight) uploads.weight = Float32Array.from(options.weight);
  if (inputs.targets) checkTensor(inputs.targets, logits, name, where);
  if (inputs.weight) checkTensor(inputs.weight, logits, "weight", where);
  const call = { ...rows, loss, targets: read, targetsName: name, inputs, uploads };
  checkResult(call, lossShape(call));
  return call;
}

/** A call with class ids and no options, to prepare for. */
function typical(where: string, shape: readonly number[]): CheckedLoss {
  const x = floats(shape);
  const targets = { soft: false, unchecked: false };
  return { ...readRows(x, {}, where), loss: readLoss(x, {}, where), targets, targetsName: "targets" };
}

function lossShape(call: CheckedLoss): readonly number[] {
  return call.loss.reduction === "none" ? rowShape(call) : [];
}

/** The kernel's side of a call, the same in both plans. */
function rowCall(own: keyof typeof cpu, checked: CheckedLoss, machine: Machine): RowCall {
  const { loss, targets } = checked;
  const reduced = loss.reduction !== "none";
  const bind: Record<string, string> = { y: reduced ? "records" : "loss", fault: "fault" };
  if (!targets.soft) bind.targets = "targets";
  if (loss.weighted) bind.weight = "weight";
  return {
    ...checked,
    machine,
    function: own,
    bind,
    alike: targets.soft && targets.operand ? { targets: targets.operand } : {},
    constants: {
      SOFT: targets.soft,
      SMOOTH: loss.smoothing > 0,
      WEIGHTED: loss.weighted,
      ZLOSS: loss.zLoss > 0,
    },
    inRegisters: !targets.soft && loss.smoothing === 0,
    params: { ignore: loss.ignoreIndex, smoothing: loss.smoothing, zloss: loss.zLoss },
  };
}

/** What the plans of both functions say besides their outputs, of the work that they do. */
function lossPlan(own: keyof typeof cpu, checked: CheckedLoss, machine: Machine, work: RowPasses) {
  const { where, window, loss, targets, targetsName } = checked;
  const reduced = loss.reduction !== "none";
  const { scratch, clears, checks, ...rest } = withMask(checked, machine, work);
  const message = `${where}: ${targetsName} must be class ids in [0, ${window.classes}) or ignoreIndex ${loss.ignoreIndex}; row {row} has neither`;
  const records = reduced ? { records: Math.max(1, window.rows) * RECORD } : {};
  const nothing = new Float32Array(reduced ? 1 : window.rows).fill(loss.reduction === "mean" ? Number.NaN : 0);
  return {
    ...knownWithout(window, { loss: nothing }),
    ...rest,
    name: own,
    scratch: { fault: 4, ...records, ...scratch },
    clears: ["fault", ...clears],
    checks: [...checks, ...(targets.unchecked ? [{ buffer: "fault", message }] : [])],
    cpu: cpu[own]({ ...window, ...loss, soft: targets.soft }),
  };
}

/** Adds up the records of the rows, if the call wants a sum or mean and there are classes to lose by. */
function planTotal({ loss, window, where }: CheckedLoss, records: number | undefined, machine: Machine): Reduction {
  if (loss.reduction === "none" || window.classes === 0) return { passes: [], scratch: {}, sums: "fault" };
  return planReduceLoss(records ?? window.rows, loss.reduction === "mean", machine, where);
}

export function planCrossEntropy(checked: CheckedLoss, machine: Machine): PlanOf<"loss"> {
  const call = rowCall("crossEntropy", checked, machine);
  const reduced = checked.loss.reduction !== "none";
  const rows = planRows(program, { ...call, constants: { ...call.constants, REDUCED: reduced } });
  const total = planTotal(checked, rows.records, machine);
  const passes = [...rows.passes, ...total.passes];
  return definePlan({
    ...lossPlan("crossEntropy", checked, machine, { passes, scratch: { ...rows.scratch, ...total.scratch } }),
    outputs: { loss: { shape: lossShape(checked), dtype: "f32" } },
  });
}

export function planWithGradient(checked: CheckedLoss, machine: Machine): PlanOf<"loss" | "gradient"> {
  const call = rowCall(WITH_GRADIENT, checked, machine);
  const { reduction } = checked.loss;
  const lossCall = { ...call, constants: { ...call.constants, REDUCED: reduction !== "none" } };
  const inRegisters = isInRegisters(call);
  const states = inRegisters ? planRows(program, lossCall) : planStates(state, call);
  const losses = inRegisters ? [] : planFinish(program, lossCall);
  const total = planTotal(checked, states.records, machine);
  const gradientCall = {
    ...call,
    bind: { ...call.bind, y: "gradient", sums: total.sums },
    constants: { ...call.constants, MEAN: reduction === "mean" },
  };
  const gradients = inRegisters
    ? planRows(gradientProgram, gradientCall).passes
    : planFinish(gradientProgram, gradientCall);
  const passes = [...states.passes, ...losses, ...total.passes, ...gradients];
  return definePlan({
    ...lossPlan(WITH_GRADIENT, checked, machine, { passes, scratch: { ...states.scratch, ...total.scratch } }),
    outputs: {
      loss: { shape: lossShape(checked), dtype: "f32" },
      gradient: { shape: classShape(checked), dtype: checked.dtype ?? "f32" },
    },
  });
}
