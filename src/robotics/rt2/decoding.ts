import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import type { Tensor } from "../../engine/tensor.ts";
import { checkFunction, checkIds, checkNumbers } from "../checks.ts";
import { argmaxOf, checkHead, drawOf, type TokenDrawOptions } from "../decoding.ts";
import { bins } from "./text.ts";

/** Which tokens of a language model mean the numbers 0 to 255. */
export interface ActionVocabulary {
  /** Tokens of the whole vocabulary. */
  readonly classes: number;
  /** The token id of each number. */
  readonly ids: Int32Array;
  /** 1 for each token that means a number: what decoding is constrained to. */
  readonly mask: Uint8Array;
  /** The number that a token means; -1 for none. */
  readonly numberOf: Int32Array;
}

/**
 * A vocabulary in which whole numbers have tokens of their own, as up to 1,000 in PaLI-X.
 *
 * @param classes - tokens of the whole vocabulary
 * @param idOf - the token id of a number from 0 to 255
 * @throws InputError unless these are 256 different ids below `classes`
 */
export function integerVocabulary(classes: number, idOf: (number: number) => number): ActionVocabulary {
  const where = "rt2.integerVocabulary";
  checkFunction(idOf, "idOf", where);
  const ids = Array.from({ length: bins }, (_, k) => idOf(k));
  return vocabulary(classes, ids, where);
}

/**
 * A vocabulary without such tokens, as PaLM-E's: the 256 least frequent tokens get the new meaning. Which of them means which number
 * the paper does not say; here the least frequent one means 0, and of equally frequent ones the smaller id comes first.
 *
 * @param frequencies - how often each token of the vocabulary occurs
 * @throws InputError for NaN and for less than 256 tokens
 */
export function leastFrequentVocabulary(frequencies: ArrayLike<number>): ActionVocabulary {
  const where = "rt2.leastFrequentVocabulary";
  checkNumbers(frequencies, "frequencies", where);
  const order = Array.from({ length: frequencies.length }, (_, id) => id);
  order.sort((a, b) => (frequencies[a] as number) - (frequencies[b] as number) || a - b);
  if (order.length < bins) {
    throw new InputError(`${where}: frequencies must be of at least ${bins} tokens, got ${order.length}`);
  }
  return vocabulary(order.length, order.slice(0, bins), where);
}

/** Far more tokens than any vocabulary has. */
const MOST_CLASSES = 2 ** 24;

function vocabulary(classes: number, ids: readonly number[], where: string): ActionVocabulary {
  if (!Number.isInteger(classes) || classes < bins || classes > MOST_CLASSES) {
    throw new InputError(`${where}: classes must be a whole number from ${bins} to ${MOST_CLASSES}, got ${classes}`);
  }
  checkIds(ids, "ids", where);
  const mask = new Uint8Array(classes);
  const numberOf = new Int32Array(classes).fill(-1);
  ids.forEach((id, number) => {
    if (id < 0 || id >= classes || mask[id] === 1) {
      throw new InputError(
        `${where}: ids must be ${bins} different ones from 0 to ${classes - 1}, got ${id} for ${number}`,
      );
    }
    mask[id] = 1;
    numberOf[id] = number;
  });
  return { classes, ids: Int32Array.from(ids), mask, numberOf };
}

function checkVocabulary(vocabulary: ActionVocabulary, where: string): ActionVocabulary {
  if (vocabulary?.mask instanceof Uint8Array && vocabulary.numberOf instanceof Int32Array) return vocabulary;
  const needed = "one of integerVocabulary or leastFrequentVocabulary";
  throw new InputError(`${where}: vocabulary must be ${needed}, got ${shown(vocabulary)}`);
}

/**
 * The likeliest action token of each row: RT-2 lets no other token be chosen (OpenVLA does).
 *
 * @param logits - f32, f16 or bf16 `[..., classes]` of the vocabulary
 * @returns i32 token ids `[...]`, for `numbersOf`; -1 for a row without a distribution
 */
export function greedyTokens(logits: Tensor, vocabulary: ActionVocabulary): Tensor {
  const { mask, classes } = checkVocabulary(vocabulary, "rt2.greedyTokens");
  checkHead(logits, [classes], "rt2.greedyTokens");
  return argmaxOf(logits, { mask });
}

/**
 * An action token drawn from each row's softmax over the action tokens; row r takes sample offset + r of the seed's stream.
 *
 * @param logits - f32, f16 or bf16 `[..., classes]` of the vocabulary
 * @returns i32 token ids `[...]`, for `numbersOf`; -1 for a row without a distribution
 */
export function sampleTokens(logits: Tensor, vocabulary: ActionVocabulary, options: TokenDrawOptions): Tensor {
  const { mask, classes } = checkVocabulary(vocabulary, "rt2.sampleTokens");
  checkHead(logits, [classes], "rt2.sampleTokens");
  return drawOf(logits, { mask }, options, "rt2.sampleTokens");
}

/**
 * The numbers that token ids mean, -1 for none.
 *
 * @throws InputError for what is no whole number, with its place
 */
export function numbersOf(ids: ArrayLike<number>, vocabulary: ActionVocabulary): Int32Array {
  const { numberOf } = checkVocabulary(vocabulary, "rt2.numbersOf");
  checkIds(ids, "ids", "rt2.numbersOf");
  return Int32Array.from(ids, (id) => numberOf[id] ?? -1);
}
