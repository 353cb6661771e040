import extraRanks from "../../shaders/lib/row/extra-ranks.wgsl?raw";
import source from "../../shaders/rows/row-statistics.wgsl?raw";
import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { callable, TYPICAL_SHAPES } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import {
  type Dtype,
  definePlan,
  elements,
  type Machine,
  type Operand,
  type Output,
  type PlanOf,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkTensor } from "../engine/tensor-checks.ts";
import { isWord } from "./cross-entropy-options.ts";
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
import { ROW_NAMES, type RowOptions, readWindow } from "./row-options.ts";
import { planMask, planRows, type RowProgram, rowState } from "./rows.ts";
import { readTargets, type TargetKind, type Targets } from "./targets.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./reference/statistics.ts")).statisticsReference }));

export const program: RowProgram = {
  name: "row-statistics",
  source,
  bindings: {
    x: "read",
    mask: "read",
    targets: "read",
    parts: "read",
    y: "read_write",
    valid: "read_write",
    fault: "read_write",
  },
  state: rowState(extraRanks, 5),
};

export interface StatisticsOptions extends RowOptions {
  /** Rows with this target count for nothing. Default -100. */
  readonly ignoreIndex?: number | undefined;
}

/** The planes of the result, in the shader's order. */
const FIELDS = {
  loss: "f32",
  logSumExp: "f32",
  entropy: "f32",
  margin: "f32",
  probability: "f32",
  argmax: "i32",
  rank: "i32",
  status: "u32",
} as const satisfies Record<string, Dtype>;

type Field = keyof typeof FIELDS;

export type RowStatistics = Readonly<Record<Field | "validCount", Tensor>>;

/**
 * Everything a report on rows of logits needs, in one reading of them.
 *
 * @param logits - f32 `[..., classes]`
 * @param targets - class ids, one a row; without them each row's argmax stands for its target
 * @returns tensors `[...]`: `loss`, `logSumExp` and `entropy` (f32, nats); `margin` (f32: largest minus second largest
 * logit, over the temperature); `probability` (f32, of the target); `argmax` (i32; the smallest id of the largest
 * logit, -1 for a row without a distribution); `rank` (i32; how many classes come before the target, 0 for the best,
 * -1 where it has none); `status` (u32: 0, or 1 NaN, 4 +Inf, 2 no class with a finite logit); and `validCount`
 * (u32 `[]`: rows that are neither ignored nor masked whole). An ignored row has loss 0, probability NaN and rank -1.
 * @throws InputError for options, shapes or ids that do not fit; for ids in a GPU tensor, at the next read
 */
export const rowStatistics = callable(
  (encoder, logits: Tensor, targets?: Targets, options: StatisticsOptions = {}): RowStatistics => {
    const where = "rowStatistics";
    checkLogits(logits, "logits", where);
    checkNamesOf(options, [...ROW_NAMES, "ignoreIndex"], where);
    checkIgnored(options, where);
    const mask = maskData(options, readWindow(logits, options, where), where);
    const read = targets === undefined ? undefined : readTargets(targets, logits, options.ignoreIndex ?? -100, where);
    if (read?.soft) throw new InputError(`${where}: targets must be class ids (i32, u32 or a list), got probabilities`);
    if (read?.inputs.targets) checkTensor(read.inputs.targets, logits, "targets", where);
    const uploads = { ...mask.uploads, ...read?.uploads };
    const plan = planRowStatistics(logits, read, options, logits.engine.machine, uploads);
    checkTensors(logits, options, plan.outputs.loss, where);
    return logits.engine.run(plan, { x: logits, ...mask.inputs, ...read?.inputs }, { encoder });
  },
  (machine) => TYPICAL_SHAPES.map((shape) => planRowStatistics(fresh(shape), undefined, {}, machine)),
);

export function planRowStatistics(
  x: Operand,
  targets: TargetKind | undefined,
  options: StatisticsOptions,
  machine: Machine,
  uploads: Uploads = {},
): PlanOf<Field | "validCount"> {
  const where = "rowStatistics";
  const window = readWindow(x, options, where);
  const ignore = options.ignoreIndex ?? -100;
  const shape = x.shape.slice(0, -1);
  // Each plane starts where a binding may start.
  const plane = Math.ceil(Math.max(1, elements(shape)) / 64) * 64;
  const names = Object.keys(FIELDS) as Field[];
  const planes = names.map((name, k): [Field, Output] => [
    name,
    { shape, dtype: FIELDS[name], arena: "y", byteOffset: k * plane * 4 },
  ]);
  const mask = planMask(window, machine, where);
  const rows = planRows(program, {
    where,
    window,
    x,
    machine,
    bind: { y: "y", valid: "validCount", fault: "fault", ...(targets ? { targets: "targets" } : {}) },
    constants: { ENTROPY: true, TARGETED: targets !== undefined },
    params: { ignore, start: plane },
  });
  const message = `${where}: targets must be class ids in [0, ${window.classes}) or ignoreIndex ${ignore}; row {row} has neither`;
  return definePlan({
    name: where,
    outputs: {
      ...(Object.fromEntries(planes) as Record<Field, Output>),
      validCount: { shape: [], dtype: "u32" },
    },
    arenas: { y: names.length * plane * 4 },
    scratch: { fault: 4, ...mask.scratch, ...rows.scratch },
    uploads,
    clears: ["fault", "validCount", ...mask.clears],
    checks: [...mask.checks, ...(targets?.unchecked ? [{ buffer: "fault", message }] : [])],
    ...knownWithout(window, nothing(window.rows)),
    passes: [...mask.passes, ...rows.passes],
    cpu: cpu({ ...rowReference(window), ignoreIndex: ignore, targeted: targets !== undefined }),
  });
}

function checkIgnored({ ignoreIndex = -100 }: StatisticsOptions, where: string): void {
  if (isWord(ignoreIndex)) return;
  throw new InputError(`${where}: ignoreIndex must be a 32-bit whole number, got ${shown(ignoreIndex)}`);
}

/** The statistics of rows without classes. */
function nothing(rows: number): Record<Field | "validCount", Float32Array | Int32Array | Uint32Array> {
  const none = new Int32Array(rows).fill(-1);
  return {
    loss: filled(rows, 0),
    logSumExp: filled(rows, Number.NEGATIVE_INFINITY),
    entropy: filled(rows, 0),
    margin: filled(rows, Number.NaN),
    probability: filled(rows, 0),
    argmax: none,
    rank: none,
    status: new Uint32Array(rows).fill(2),
    validCount: new Uint32Array(1),
  };
}
