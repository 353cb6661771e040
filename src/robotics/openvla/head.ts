import { InputError } from "../../core/errors.ts";
import { checkNamesOf, shown } from "../../core/options.ts";
import { Tensor } from "../../engine/tensor.ts";
import { lossOf } from "../../rows/cross-entropy.ts";
import { logSumExp } from "../../rows/log-sum-exp.ts";
import { rowStatistics } from "../../rows/row-statistics.ts";
import { DRAW_NAMES } from "../../rows/sample-rows.ts";
import { softmax } from "../../rows/softmax.ts";
import { readTargets } from "../../rows/targets.ts";
import { checkArray, checkRows } from "../checks.ts";
import { argmaxOf, checkHead, checkRowCall, drawOf, type TokenDrawOptions } from "../decoding.ts";
import { expectedValue } from "../kernels/expected-value.ts";
import { actionIds, actionTokenBeginIdx, decode, encodeAll, isAction, logitWidth } from "./tokenizer.ts";

/** Dimensions of an action, and so its tokens. */
export const actionDim = 7;

/** The token that ends an answer, which training predicts after the action (`predict_stop_token`). */
export const stopToken = 2;

/** The token that inference appends to the prompt (a blank of Llama 2's), where it is missing; no action. */
export const promptEnd = 29_871;

/** The label of a position that has no loss. */
export const ignoreIndex = -100;

/** Labels of action tokens; rows of positions. */
export type Labels = Tensor | readonly number[] | Int32Array;

export interface LabelOptions {
  /** Whether the stop token after the action is a label too. Default true, as in training. */
  readonly stopToken?: boolean | undefined;
  /** Positions a row, of which all but the last ones have no label. Default: as many as there are labels. */
  readonly positions?: number | undefined;
}

/** Labels of a batch of actions, and how many values were clipped. */
export interface ActionLabels {
  /** `[n, positions]`. */
  readonly labels: Int32Array;
  readonly clipped: number;
}

/**
 * The labels that OpenVLA is trained on: -100, then the 7 action tokens, then (unless `stopToken` is false) the stop token.
 *
 * @param actions - rows of 7 normalised values
 * @throws InputError for NaN, for lengths that do not fit, and for fewer positions than labels
 */
export function actionLabels(actions: ArrayLike<number>, options: LabelOptions = {}): ActionLabels {
  const where = "openvla.actionLabels";
  checkNamesOf(options, ["stopToken", "positions"], where);
  checkRows(actions, actionDim, "actions", where);
  const tail = options.stopToken === false ? 0 : 1;
  const { positions = actionDim + tail } = options;
  if (!Number.isInteger(positions) || positions < actionDim + tail) {
    throw new InputError(
      `${where}: positions must be a whole number from ${actionDim + tail}, got ${shown(positions)}`,
    );
  }
  const { ids, clipped } = encodeAll(actions);
  const labels = new Int32Array((actions.length / actionDim) * positions).fill(ignoreIndex);
  const first = positions - actionDim - tail;
  ids.forEach((id, k) => {
    const row = Math.floor(k / actionDim);
    labels[row * positions + first + (k % actionDim)] = id;
    if (tail === 1) labels[(row + 1) * positions - 1] = stopToken;
  });
  return { labels, clipped };
}

export interface ActionLossOptions {
  /**
   * "vocabulary" (default): the softmax is over all 32,064 logits, as OpenVLA's is. "actions": over the 256 action ids alone, which
   * is not OpenVLA's loss; it has no place for a stop token. Other labels are refused in an array; in a tensor their loss is Infinity.
   */
  readonly over?: "vocabulary" | "actions" | undefined;
  readonly reduction?: "mean" | "sum" | "none" | undefined;
}

/**
 * OpenVLA's loss: the cross-entropy of every labelled position of the batch, averaged over all of them, the stop tokens included. It is
 * not a sum over 7 dimensions of means: with a stop token an action counts 7/8 of it.
 *
 * @param logits - f32 `[..., positions, 32064]`
 * @param labels - `[..., positions]`, such as `actionLabels` gives: -100 where there is no loss
 * @returns f32 `[]`; with reduction "none" `[..., positions]`
 * @throws InputError for shapes, labels and options that do not fit
 */
export function actionLoss(logits: Tensor, labels: Labels, options: ActionLossOptions = {}): Tensor {
  const where = "openvla.actionLoss";
  checkHead(logits, [logitWidth], where);
  if (!(labels instanceof Tensor)) checkArray(labels, "labels", where);
  checkNamesOf(options, ["over", "reduction"], where);
  const { over, reduction } = options;
  const window = windowOf(over, where);
  const caller = { where, targets: "labels" };
  if (!window.classes) return lossOf(logits, labels, { ignoreIndex, reduction }, caller);
  const other =
    labels instanceof Tensor ? undefined : Array.from(labels).find((id) => id !== ignoreIndex && !isAction(id));
  if (other !== undefined) {
    throw new InputError(`${where}: over "actions" needs labels from 31744 to 31999 or -100, got ${other}`);
  }
  return lossOf(logits, labels, { ignoreIndex, reduction, ...window }, caller);
}

/** The metrics of a batch that OpenVLA's training logs. */
export interface ActionMetrics {
  /** Share of the action tokens that are the argmax of all logits. */
  readonly accuracy: number;
  /** Mean distance of the decoded argmax from the decoded label; NaN where a row of logits has no distribution, such as one with NaN. */
  readonly l1: number;
  /** Labels above 31743, over which both are averages: without any they are NaN. */
  readonly tokens: number;
}

/**
 * Accuracy and L1 error of greedy decoding (prismatic/training/strategies/base_strategy.py): over labels above 31743, so
 * without the stop token.
 *
 * @param logits - f32 `[..., positions, 32064]`
 * @param labels - `[..., positions]`
 * @throws InputError for shapes and labels that do not fit
 */
export async function actionMetrics(logits: Tensor, labels: Labels): Promise<ActionMetrics> {
  const where = "openvla.actionMetrics";
  checkHead(logits, [logitWidth], where);
  if (!(labels instanceof Tensor)) checkArray(labels, "labels", where);
  checkRowCall(logits, {}, where);
  readTargets(labels, logits, ignoreIndex, where, "labels");
  const { argmax, ...others } = rowStatistics(logits, labels, { ignoreIndex });
  for (const tensor of Object.values(others)) tensor.dispose();
  const predicted = await argmax.read().finally(() => argmax.dispose());
  const given = labels instanceof Tensor ? await labels.read() : labels;
  let [tokens, correct, distance] = [0, 0, 0];
  predicted.forEach((id, row) => {
    const label = given[row] as number;
    if (label <= actionTokenBeginIdx) return;
    tokens += 1;
    if (id === label) correct += 1;
    // A row without a distribution has argmax -1, which would decode to +0.996.
    distance += id < 0 ? Number.NaN : Math.abs(decode(id) - decode(label));
  });
  return { accuracy: correct / tokens, l1: distance / tokens, tokens };
}

export interface DecodeOptions {
  /** "vocabulary" (default): any token may be chosen, as in OpenVLA. "actions": one of the 256 action ids. */
  readonly over?: "vocabulary" | "actions" | undefined;
  readonly temperature?: number | undefined;
}

/**
 * The largest logit of each row: OpenVLA's decoding, which nothing keeps from choosing a token that is no action.
 *
 * @param logits - f32 `[..., 32064]`
 * @returns i32 token ids `[...]`, for `decodeAll`; -1 for a row without a distribution
 */
export function greedyTokens(logits: Tensor, options: Pick<DecodeOptions, "over"> = {}): Tensor {
  const where = "openvla.greedyTokens";
  checkHead(logits, [logitWidth], where);
  checkNamesOf(options, ["over"], where);
  const window = windowOf(options.over, where);
  checkRowCall(logits, window, where);
  return argmaxOf(logits, window);
}

/**
 * A token drawn from each row's softmax; row r takes sample offset + r of the seed's stream.
 *
 * @param logits - f32 `[..., 32064]`
 * @returns i32 token ids `[...]`, for `decodeAll`; -1 for a row without a distribution
 */
export function sampleTokens(logits: Tensor, options: DecodeOptions & TokenDrawOptions): Tensor {
  const where = "openvla.sampleTokens";
  checkHead(logits, [logitWidth], where);
  checkNamesOf(options, [...DRAW_NAMES, "temperature", "over"], where);
  const { over, ...draw } = options;
  return drawOf(logits, windowOf(over, where), draw, where);
}

/**
 * The expected action of each row, under the softmax over the 256 action ids. Between two modes it lies where neither is: no
 * fault of the head, which fits both, but of this way to decode it. Equal logits mean 0.0039, because two ids mean +0.996.
 *
 * @param logits - f32 `[..., 32064]`
 * @returns f32 `[...]`
 */
export function meanActions(logits: Tensor, options: Pick<DecodeOptions, "temperature"> = {}): Tensor {
  const where = "openvla.meanActions";
  checkHead(logits, [logitWidth], where);
  checkNamesOf(options, ["temperature"], where);
  const rows = { classes: actionIds, temperature: options.temperature };
  checkRowCall(logits, rows, where);
  const q = softmax(logits, rows);
  const mean = expectedValue(q, ACTIONS);
  q.dispose();
  return mean;
}

/**
 * How much probability each row's softmax gives to tokens that are no action.
 *
 * @param logits - f32 `[..., 32064]`
 * @returns one number a row, accurate also where next to nothing lies outside
 */
export async function massOutside(logits: Tensor): Promise<Float64Array> {
  checkHead(logits, [logitWidth], "openvla.massOutside");
  const windows = [[0, actionIds[0]], actionIds, [actionIds[1], logitWidth]] as const;
  const tensors = windows.map((classes) => logSumExp(logits, { classes }));
  const reads = tensors.map((tensor) => tensor.read().finally(() => tensor.dispose()));
  const [below, inside, above] = await Promise.all(reads);
  return Float64Array.from(inside ?? [], (within, row) => {
    const ratio = Math.exp((below?.[row] ?? 0) - within) + Math.exp((above?.[row] ?? 0) - within);
    return ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio);
  });
}

/** What each action id decodes to, from id 31744 on. */
const ACTIONS = Float32Array.from({ length: actionIds[1] - actionIds[0] }, (_, k) => decode(actionIds[0] + k));

function windowOf(over: DecodeOptions["over"] = "vocabulary", where: string): { classes?: readonly [number, number] } {
  if (over === "actions") return { classes: actionIds };
  if (over === "vocabulary") return {};
  throw new InputError(`${where}: over must be "vocabulary" or "actions", got ${shown(over)}`);
}
