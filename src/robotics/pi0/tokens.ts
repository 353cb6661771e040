import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { checkIds, checkNumbers } from "../checks.ts";
import { digitize, linspace } from "../numpy.ts";

/** The left edges of 256 bins of [-1, 1]: numpy.linspace(-1, 1, 257)[:-1]. */
const LEFT_EDGES = linspace(-1, 1, 257).slice(0, -1);

/** Bins of normalised states, and how many of the states lay outside [-1, 1]. */
export interface DigitizedState {
  /** 0 to 255, and -1 below -1; everything from 127/128 up is 255. */
  readonly bins: Int32Array;
  readonly outside: number;
}

/**
 * π0.5's state as whole numbers, which its prompt spells out: numpy.digitize(state, linspace(-1, 1, 257)[:-1]) - 1. The state is
 * not clipped, so that what lies below -1 becomes -1.
 *
 * @param state - normalised values
 * @throws InputError for NaN, with its place
 */
export function digitizeState(state: ArrayLike<number>): DigitizedState {
  checkNumbers(state, "state", "pi0.digitizeState");
  let outside = 0;
  const bins = Int32Array.from(state, (x) => {
    if (Math.abs(x) > 1) outside += 1;
    return digitize(x, LEFT_EDGES) - 1;
  });
  return { bins, outside };
}

/** The last ids of PaliGemma's vocabulary, which are special and mean no action. */
const SKIPPED = 128;

/** How many tokens PaliGemma's vocabulary has. */
export const vocabularySize = 257_152;

/**
 * Between FAST's action tokens and PaliGemma's ids, vocabulary - 1 - 128 - token: the map is its own inverse.
 *
 * @throws InputError for what is no whole number, with its place, and a vocabulary of less than 129 tokens
 */
export function fastTokens(tokens: ArrayLike<number>, vocabulary: number = vocabularySize): Int32Array {
  const where = "pi0.fastTokens";
  checkIds(tokens, "tokens", where);
  if (!Number.isInteger(vocabulary) || vocabulary <= SKIPPED) {
    throw new InputError(`${where}: vocabulary must be a whole number above ${SKIPPED}, got ${shown(vocabulary)}`);
  }
  return Int32Array.from(tokens, (token) => vocabulary - 1 - SKIPPED - token);
}
