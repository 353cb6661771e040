import extraRanks from "../../shaders/lib/row/extra-ranks.wgsl?raw";
import source from "../../shaders/rows/row-statistics.wgsl?raw";
import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { callable, TYPICAL_SHAPES, tunable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import { type Dtype, definePlan, elements, type Machine, type Output, type PlanOf } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkTensor } from "../engine/tensor-checks.ts";
import { isWord } from "./cross-entropy-options.ts";
import { knownWithout } from "./row-call.ts";
import { type CheckedRows, checkRows, ROW_NAMES, type RowOptions, readRows, rowShape } from "./row-options.ts";
import { planRows, type RowProgram, rowState, withMask } from "./rows.ts";
import { ROW_NONE } from "./status.ts";
import { readTargets, type TargetKind, type Targets } from "./targets.ts";
import { rowTuning } from "./tuning.ts";

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
 * @param logits - f32, f16 or bf16 `[..., classes]`
 * @param targets - class ids, one a row; without them each row's argmax stands for its target
 * @returns tensors `[...]`: `loss`, `logSumExp` and `entropy` (f32, nats); `margin` (f32: largest minus second largest
 * logit, over the temperature); `probability` (f32, of the target); `argmax` (i32; the smallest id of the largest
 * logit, -1 for a row without a distribution); `rank` (i32; how many classes come before the target, 0 for the best,
 * -1 where it has none); `status` (u32: 0, or 1 NaN, 4 +Inf, 2 no class with a finite logit); and `validCount`
 * (u32 `[]`: rows that are neither ignored nor masked whole). An ignored row has loss 0, probability NaN and rank -1.
 * @throws InputError for options, shapes or ids that do not fit; for ids in a GPU tensor, at the next read
 */
export const rowStatistics = tunable(
  callable(
    (encoder, logits: Tensor, targets?: Targets, options: StatisticsOptions = {}): RowStatistics =>
      run(encoder, logits, targets, options),
    (machine) =>
      TYPICAL_SHAPES.map((shape) =>
        planRowStatistics({ ...readRows(floats(shape), {}, WHERE), ignoreIndex: -100, targets: undefined }, machine),
      ),
  ),
  rowTuning("rowStatistics", program, (x, ids) => Object.values(run(undefined, x, ids, {}))),
);

function run(
  encoder: GPUCommandEncoder | undefined,
  logits: Tensor,
  targets: Targets | undefined,
  options: StatisticsOptions,
): RowStatistics {
  const rows = checkStatistics(logits, targets, options);
  return logits.engine.run(planRowStatistics(rows, logits.engine.machine), rows.inputs, { encoder });
}

const WHERE = "rowStatistics";

/** A checked call, and its rows' targets if they have any. */
export interface CheckedStatistics extends CheckedRows {
  readonly ignoreIndex: number;
  readonly targets: TargetKind | undefined;
}

function checkStatistics(logits: Tensor, targets: Targets | undefined, options: StatisticsOptions): CheckedStatistics {
  const rows = checkRows(logits, options, [...ROW_NAMES, "ignoreIndex"], WHERE);
  const { ignoreIndex = -100 } = options;
  if (!isWord(ignoreIndex)) {
    throw new InputError(`${WHERE}: ignoreIndex must be a 32-bit whole number, got ${shown(ignoreIndex)}`);
  }
  if (targets === undefined) return { ...rows, ignoreIndex, targets };
  const { inputs, uploads, ...kind } = readTargets(targets, logits, ignoreIndex, WHERE);
  if (kind.soft) throw new InputError(`${WHERE}: targets must be class ids (i32, u32 or a list), got probabilities`);
  if (inputs.targets) checkTensor(inputs.targets, logits, "targets", WHERE);
  return {
    ...rows,
    ignoreIndex,
    targets: kind,
    inputs: { ...rows.inputs, ...inputs },
    uploads: { ...rows.uploads, ...uploads },
  };
}

export function planRowStatistics(rows: CheckedStatistics, machine: Machine): PlanOf<Field | "validCount"> {
  const { window, targets, ignoreIndex } = rows;
  const shape = rowShape(rows);
  // Each plane starts where a binding may start.
  const plane = Math.ceil(Math.max(1, elements(shape)) / 64) * 64;
  const names = Object.keys(FIELDS) as Field[];
  const planes = names.map((name, k): [Field, Output] => [
    name,
    { shape, dtype: FIELDS[name], arena: "y", byteOffset: k * plane * 4 },
  ]);
  const work = planRows(program, {
    ...rows,
    machine,
    function: WHERE,
    bind: { y: "y", valid: "validCount", fault: "fault", ...(targets ? { targets: "targets" } : {}) },
    constants: { ENTROPY: true, TARGETED: targets !== undefined },
    params: { ignore: ignoreIndex, start: plane },
  });
  const { scratch, clears, checks, ...rest } = withMask(rows, machine, work);
  const message = `${WHERE}: targets must be class ids in [0, ${window.classes}) or ignoreIndex ${ignoreIndex}; row {row} has neither`;
  return definePlan({
    name: WHERE,
    outputs: {
      ...(Object.fromEntries(planes) as Record<Field, Output>),
      validCount: { shape: [], dtype: "u32" },
    },
    arenas: { y: names.length * plane * 4 },
    ...knownWithout(window, nothing(window.rows)),
    ...rest,
    scratch: { fault: 4, ...scratch },
    clears: ["fault", "validCount", ...clears],
    checks: [...checks, ...(targets?.unchecked ? [{ buffer: "fault", message }] : [])],
    cpu: cpu({ ...window, ignoreIndex, targeted: targets !== undefined }),
  });
}

/** The statistics of rows without classes. */
function nothing(rows: number): Record<Field | "validCount", Float32Array | Int32Array | Uint32Array> {
  const none = new Int32Array(rows).fill(-1);
  return {
    loss: new Float32Array(rows),
    logSumExp: new Float32Array(rows).fill(Number.NEGATIVE_INFINITY),
    entropy: new Float32Array(rows),
    margin: new Float32Array(rows).fill(Number.NaN),
    probability: new Float32Array(rows),
    argmax: none,
    rank: none,
    status: new Uint32Array(rows).fill(ROW_NONE),
    validCount: new Uint32Array(1),
  };
}
