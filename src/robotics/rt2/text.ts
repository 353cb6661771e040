import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { checkIds, checkLength, checkNumbers, checkObject, checkRange } from "../checks.ts";
import { decodeValue, encodeValue } from "../rt1/tokenizer.ts";

/** Whole numbers of an action: terminate, three of position, three of rotation, gripper. */
export const numbersPerAction = 8;

/** How many values each number of an action can have, 0 to 255. */
export const bins = 256;

/** An RT-2 action as numbers, before they are put into bins. */
export interface Action {
  /** 1 ends the episode, 0 does not. */
  readonly terminate: 0 | 1;
  /** Δx, Δy, Δz, Δrx, Δry, Δrz and the gripper's opening. */
  readonly values: ArrayLike<number>;
}

export type Range = readonly [low: number, high: number];

/** The eight whole numbers of an action, and how many of its values were clipped. */
export interface EncodedAction {
  readonly numbers: Int32Array;
  readonly clipped: number;
}

/** RT-1's ranges of Δx … gripper. */
const RANGES: readonly Range[] = [
  [-1, 1],
  [-1, 1],
  [-1, 1],
  [-Math.PI / 2, Math.PI / 2],
  [-Math.PI / 2, Math.PI / 2],
  [-Math.PI / 2, Math.PI / 2],
  [-1, 1],
];

/**
 * The eight whole numbers of an action: terminate, then each value in 256 uniform bins, as RT-1 has them. RT-2's code was not published:
 * that the bins are RT-1's is the paper's word, the ranges are the robot's own.
 *
 * @param ranges - seven; default RT-1's
 * @throws InputError for NaN, for lengths that do not fit, and for ranges that are none
 */
export function encode(action: Action, ranges: readonly Range[] = RANGES): EncodedAction {
  const where = "rt2.encode";
  checkObject(action, "action", "{ terminate, values }", where);
  const { terminate, values } = action;
  if (terminate !== 0 && terminate !== 1) {
    throw new InputError(`${where}: terminate must be 0 or 1, got ${shown(terminate)}`);
  }
  checkLength(values, numbersPerAction - 1, "values", where);
  checkRanges(ranges, where);
  checkNumbers(values, "values", where);
  let clipped = 0;
  const tokens = ranges.map((range, k) => {
    // In f32, as they are encoded: f32's π/2 is not beyond π/2.
    const value = Math.fround(values[k] as number);
    if (value < Math.fround(range[0]) || value > Math.fround(range[1])) clipped += 1;
    return encodeValue(value, range);
  });
  return { numbers: Int32Array.of(terminate, ...tokens), clipped };
}

/** An action that whole numbers mean. */
export interface DecodedAction {
  /** The first number; anything but 0 and 1 means nothing. */
  readonly terminate: number;
  /** Left edges of the bins, as RT-1 decodes. */
  readonly values: Float64Array;
}

/**
 * The action of eight whole numbers.
 *
 * @param ranges - seven; default RT-1's
 * @throws InputError unless they are eight numbers from 0 to 255, and for ranges that are none
 */
export function decode(numbers: ArrayLike<number>, ranges: readonly Range[] = RANGES): DecodedAction {
  checkAction(numbers, "rt2.decode");
  checkRanges(ranges, "rt2.decode");
  const values = Float64Array.from(ranges, (range, k) => decodeValue(numbers[k + 1] as number, range));
  return { terminate: numbers[0] as number, values };
}

/**
 * The string that RT-2 is trained to say, such as "1 128 91 241 5 101 127 217".
 *
 * @throws InputError unless they are eight numbers from 0 to 255
 */
export function format(numbers: ArrayLike<number>): string {
  checkAction(numbers, "rt2.format");
  return Array.from(numbers).join(" ");
}

/**
 * The eight numbers of such a string.
 *
 * @throws InputError for anything else
 */
export function parse(text: string): Int32Array {
  const words = typeof text === "string" ? text.trim().split(/\s+/) : [];
  const numbers = words.map((word) => (/^\d{1,3}$/.test(word) ? Number(word) : Number.NaN));
  const bad = numbers.findIndex((value) => !(value < bins));
  if (numbers.length !== numbersPerAction || bad >= 0) {
    const got = bad >= 0 ? JSON.stringify(words[bad]?.slice(0, 24)) : `${numbers.length} words`;
    throw new InputError(`rt2.parse: text must be ${numbersPerAction} whole numbers from 0 to ${bins - 1}, got ${got}`);
  }
  return Int32Array.from(numbers);
}

function checkRanges(ranges: readonly Range[], where: string): void {
  checkLength(ranges, numbersPerAction - 1, "ranges", where);
  for (const [k, range] of Array.from(ranges).entries()) checkRange(range, `ranges[${k}]`, where);
}

function checkAction(numbers: ArrayLike<number>, where: string): void {
  checkLength(numbers, numbersPerAction, "numbers", where);
  checkIds(numbers, "numbers", where);
  const bad = Array.from(numbers).find((value) => value < 0 || value >= bins);
  if (bad !== undefined) throw new InputError(`${where}: numbers must be from 0 to ${bins - 1}, got ${bad}`);
}
