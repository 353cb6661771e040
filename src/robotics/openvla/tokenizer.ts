import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { checkIds, checkNumbers } from "../checks.ts";
import { clip, digitize, linspace } from "../numpy.ts";

/**
 * OpenVLA's action tokenizer, equal to prismatic/vla/action_tokenizer.py to the last bit of an f64.
 *
 * 256 edges make 255 bins between them; `numpy.digitize` adds a 256th that only the action 1 itself reaches, and
 * that decodes like the 255th. Ids count downwards: the larger the action, the smaller its token id.
 */

/** Tokens of the Llama 2 tokenizer, to which the padding ids are added. */
export const vocabularySize = 32_000;

/** Columns of a row of logits: the vocabulary, padded by 64 ids that name no token. */
export const logitWidth = 32_064;

/** The ids that mean an action, as a half-open window of the logits. */
export const actionIds = [31_744, 32_000] as const;

/** The last id below the action ids; OpenVLA counts a token as an action when its id is greater. */
export const actionTokenBeginIdx = 31_743;

/** How many ids mean an action. */
export const bins = 256;

/** The bin edges, `numpy.linspace(-1, 1, 256)`. */
export const edges: readonly number[] = linspace(-1, 1, bins);

/** The 255 midpoints of neighbouring edges, which are the actions that a token can mean. */
export const centres: readonly number[] = edges.slice(1).map((right, i) => ((edges[i] ?? right) + right) / 2);

/**
 * The token id of an action; the action is clipped to [-1, 1] first.
 *
 * @throws InputError for NaN
 */
export function encode(action: number): number {
  if (typeof action !== "number" || Number.isNaN(action)) {
    throw new InputError(`openvla.encode: action must be a number, got ${shown(action)}`);
  }
  return vocabularySize - digitize(clip(action, -1, 1), edges);
}

/**
 * The action that a token id decodes to. Nothing masks the head: an id below the action ids decodes to the largest
 * action, +0.996, and one above them to the smallest, -0.996.
 *
 * @throws InputError for what is no whole number
 */
export function decode(id: number): number {
  if (!Number.isInteger(id)) throw new InputError(`openvla.decode: id must be an integer, got ${shown(id)}`);
  return centres[clip(vocabularySize - id - 1, 0, centres.length - 1)] ?? 0;
}

/** Whether an id is one of the 256 that mean an action. */
export function isAction(id: number): boolean {
  return id >= actionIds[0] && id < actionIds[1];
}

/** Token ids of many actions, and how many of those lay outside [-1, 1]. */
export interface EncodedActions {
  readonly ids: Int32Array;
  /** Actions that were clipped to -1 or 1. */
  readonly clipped: number;
}

/**
 * `encode` of every action of an array.
 *
 * @throws InputError for NaN, with its place
 */
export function encodeAll(actions: ArrayLike<number>): EncodedActions {
  checkNumbers(actions, "actions", "openvla.encodeAll");
  const ids = new Int32Array(actions.length);
  let clipped = 0;
  for (let k = 0; k < actions.length; k++) {
    const action = actions[k] as number;
    ids[k] = encode(action);
    if (Math.abs(action) > 1) clipped += 1;
  }
  return { ids, clipped };
}

/** Actions of many token ids, and which of those mean none. */
export interface DecodedActions {
  readonly actions: Float64Array;
  /** 1 for an id outside the action ids, whose action is the end of the range that the original gives it. */
  readonly outside: Uint8Array;
  /** How many those are. */
  readonly outsideCount: number;
}

/**
 * `decode` of every id of an array.
 *
 * @throws InputError for what is no whole number, with its place
 */
export function decodeAll(ids: ArrayLike<number>): DecodedActions {
  checkIds(ids, "ids", "openvla.decodeAll");
  const actions = Float64Array.from(ids, decode);
  const outside = Uint8Array.from(ids, (id) => (isAction(id) ? 0 : 1));
  return { actions, outside, outsideCount: outside.reduce((sum, one) => sum + one, 0) };
}
