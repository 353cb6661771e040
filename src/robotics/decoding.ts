import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { elements, showShape } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { checkLogits } from "../rows/row-call.ts";
import { isLogits, type RowOptions, readWindow } from "../rows/row-options.ts";
import { rowStatistics } from "../rows/row-statistics.ts";
import { DRAW_NAMES, type DrawOptions, readDraw, sampleRows } from "../rows/sample-rows.ts";
import { softmax } from "../rows/softmax.ts";

// What heads that give logits of tokens share.

/** Refuses what is no tensor whose last axes have these sizes. */
export function checkHead(logits: Tensor, sizes: readonly number[], where: string): void {
  const isTensor = logits instanceof Tensor;
  if (isTensor && isLogits(logits.dtype) && sizes.every((size, k) => logits.shape.at(k - sizes.length) === size))
    return;
  const got = isTensor ? showShape(logits) : shown(logits);
  throw new InputError(`${where}: logits must be a tensor of f32, f16 or bf16 [..., ${sizes.join(", ")}], got ${got}`);
}

/** Refuses what a row function would, in the name of the function that calls it. */
export function checkRowCall(logits: Tensor, options: RowOptions, where: string): void {
  checkLogits(logits, "logits", where);
  readWindow(logits, options, where);
}

/** The largest logit's id in each row: i32, -1 for a row without a distribution. */
export function argmaxOf(logits: Tensor, options: RowOptions = {}): Tensor {
  const { argmax, ...others } = rowStatistics(logits, undefined, options);
  for (const tensor of Object.values(others)) tensor.dispose();
  return argmax;
}

/** Which random numbers a token is drawn with, and how sharply. */
export interface TokenDrawOptions extends Omit<DrawOptions, "firstClass"> {
  /** Logits are divided by it first. Default 1. */
  readonly temperature?: number | undefined;
}

/** An id drawn from each row's softmax: i32, -1 for a row without a distribution. */
export function drawOf(logits: Tensor, rows: RowOptions, draw: TokenDrawOptions, where: string): Tensor {
  // Before there is a softmax, which nobody would dispose of.
  checkNamesOf(draw, [...DRAW_NAMES, "temperature"], where);
  checkRowCall(logits, { ...rows, temperature: draw.temperature }, where);
  readDraw(draw, elements(logits.shape.slice(0, -1)), where);
  const { seed, stream, offset, generator, temperature } = draw;
  const q = softmax(logits, { ...rows, temperature });
  const ids = sampleRows(q, { seed, stream, offset, generator, firstClass: rows.classes?.[0] ?? 0 });
  q.dispose();
  return ids;
}
