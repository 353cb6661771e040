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
export const edges: readonly number[] = Array.from({ length: bins }, (_, i) =>
  i === bins - 1 ? 1 : i * (2 / 255) - 1,
);

/** The 255 midpoints of neighbouring edges, which are the actions that a token can mean. */
export const centres: readonly number[] = edges.slice(1).map((right, i) => ((edges[i] ?? right) + right) / 2);

/** The token id of an action; the action is clipped to [-1, 1] first. */
export function encode(action: number): number {
  if (Number.isNaN(action)) throw new RangeError("openvla.encode: action must be a number, got NaN");
  return vocabularySize - digitize(Math.min(1, Math.max(-1, action)));
}

/**
 * The action that a token id decodes to. Nothing masks the head: an id below the action ids decodes to the largest
 * action, +0.996, and one above them to the smallest, -0.996.
 */
export function decode(id: number): number {
  if (!Number.isInteger(id)) throw new RangeError(`openvla.decode: id must be an integer, got ${id}`);
  const bin = Math.min(centres.length - 1, Math.max(0, vocabularySize - id - 1));
  return centres[bin] ?? 0;
}

/** Whether an id is one of the 256 that mean an action. */
export function isAction(id: number): boolean {
  return id >= actionIds[0] && id < actionIds[1];
}

/** `numpy.digitize(action, edges)` for an action in [-1, 1]: the number of edges that are not above it, 1 to 256. */
function digitize(action: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 1) <= action) low = middle + 1;
    else high = middle;
  }
  return low;
}
