import place from "../../shaders/lib/place.wgsl?raw";
import extraNone from "../../shaders/lib/row/extra-none.wgsl?raw";
import pair from "../../shaders/lib/row/pair.wgsl?raw";
import rowParams from "../../shaders/lib/row/row-params.wgsl?raw";
import source from "../../shaders/rows/kl-divergence.wgsl?raw";
import partSource from "../../shaders/rows/pair-part.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { InputError } from "../core/errors.ts";
import { callable, TYPICAL_SHAPES, tunable } from "../engine/callable.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { floats } from "../engine/operand.ts";
import { definePlan, type Machine, type Operand, type PlanOf, showShape } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkTensor, sameShape } from "../engine/tensor-checks.ts";
import { knownWithout } from "./row-call.ts";
import {
  type CheckedRows,
  checkResult,
  checkRows,
  isLogits,
  ROW_OUT_NAMES,
  type RowOutOptions,
  readRows,
  rowShape,
} from "./row-options.ts";
import { row } from "./row-wgsl.ts";
import { planRows, ROW_WORDS, type RowProgram, type RowState, withMask } from "./rows.ts";
import { rowTuning } from "./tuning.ts";

const cpu = cpuWork(() => import("./cpu/rows.ts").then(({ klDivergence }) => klDivergence));

const state: RowState = {
  code: [math, rowParams, extraNone, row, pair, place].join("\n"),
  pair: true,
  bytes: (2 * (ROW_WORDS + 1) + 3) * 4,
  part: {
    name: "pair-part",
    source: partSource,
    bindings: { x: "read", other: "read", mask: "read", y: "read_write" },
  },
};

export const program: RowProgram = {
  name: "kl-divergence",
  source,
  bindings: { x: "read", other: "read", mask: "read", parts: "read", y: "read_write" },
  state,
};

/**
 * Kullback–Leibler divergence of each pair of rows: y[r] = Σ p log(p / q), p = softmax(pLogits[r, :] / T) and q the
 * same of `qLogits`.
 *
 * @param pLogits - f32, f16 or bf16 `[..., classes]`
 * @param qLogits - f32, f16 or bf16, of the same shape
 * @returns f32 `[...]` in nats, never below 0
 * @throws InputError for options, shapes or tensors that do not fit
 *
 * 0 · log 0 is 0; p > 0 where q = 0 gives +Inf; a row with a NaN or +Inf, or with no finite logit, gives NaN; a row
 * that a mask hides whole gives 0. The options (one temperature, window and mask) apply to both.
 */
export const klDivergence = tunable(
  callable(
    (encoder, pLogits: Tensor, qLogits: Tensor, options: RowOutOptions = {}): Tensor =>
      run(encoder, pLogits, qLogits, options),
    (machine) =>
      TYPICAL_SHAPES.map((shape) =>
        planKlDivergence(pairOf(readRows(floats(shape), {}, WHERE), floats(shape)), machine),
      ),
  ),
  rowTuning("klDivergence", program, (x, _, other) => [run(undefined, x, other, {})]),
);

function run(encoder: GPUCommandEncoder | undefined, pLogits: Tensor, qLogits: Tensor, options: RowOutOptions): Tensor {
  const pair = checkPair(pLogits, qLogits, options);
  const outs = pair.out ? { y: pair.out } : {};
  return pLogits.engine.run(planKlDivergence(pair, pLogits.engine.machine), pair.inputs, { outs, encoder }).y;
}

const WHERE = "klDivergence";

/** Two checked batches of rows, x and other, of one shape. */
interface CheckedPair extends CheckedRows {
  readonly other: Operand;
}

function checkPair(pLogits: Tensor, qLogits: Tensor, options: RowOutOptions): CheckedPair {
  const p = checkRows(pLogits, options, ROW_OUT_NAMES, WHERE, "pLogits");
  checkTensor(qLogits, pLogits, "qLogits", WHERE);
  const pair = pairOf({ ...p, inputs: { ...p.inputs, other: qLogits } }, qLogits);
  checkResult(pair, rowShape(pair));
  return pair;
}

/** The rows with those that they are compared with. */
export function pairOf(p: CheckedRows, other: Operand): CheckedPair {
  if (isLogits(other.dtype) && sameShape(p.x.shape, other.shape)) return { ...p, other };
  const needed = `f32, f16 or bf16 [${p.x.shape.join(", ")}] like pLogits`;
  throw new InputError(`${WHERE}: qLogits must be ${needed}, got ${showShape(other)}`);
}

export function planKlDivergence(pair: CheckedPair, machine: Machine): PlanOf<"y"> {
  const { window, other } = pair;
  return definePlan({
    name: WHERE,
    outputs: { y: { shape: rowShape(pair), dtype: "f32" } },
    ...knownWithout(window, { y: new Float32Array(window.rows) }),
    ...withMask(pair, machine, planRows(program, { ...pair, machine, function: WHERE, alike: { other } })),
    cpu: cpu(window),
  });
}
