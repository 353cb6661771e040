import { InputError } from "../../core/errors.ts";
import { checkIds, checkLength, checkNumbers, checkObject, checkRange } from "../checks.ts";
import { clip } from "../numpy.ts";

const f32 = Math.fround;

/** Values that a token of a continuous dimension can have. */
export const bins = 256;

/** An RT-1 action; every list is of f32 numbers. */
export interface Action {
  /** One-hot of 3 modes: terminate the episode, move arm and gripper, move the base. */
  readonly terminate: ArrayLike<number>;
  /** x, y, z. */
  readonly worldVector: ArrayLike<number>;
  /** Roll, pitch, yaw in radians. */
  readonly rotationDelta: ArrayLike<number>;
  readonly gripperClosedness: ArrayLike<number>;
  /** In radians. */
  readonly baseRotation: ArrayLike<number>;
  readonly baseDisplacement: ArrayLike<number>;
}

type Field = keyof Action;

/** Fields in the order of their tokens. */
const FIELDS = [
  ["terminate", 3],
  ["worldVector", 3],
  ["rotationDelta", 3],
  ["gripperClosedness", 1],
  ["baseRotation", 1],
  ["baseDisplacement", 2],
] as const satisfies readonly (readonly [Field, number])[];

/** Tokens of an action: one for the mode, then one a continuous dimension. */
export const tokensPerAction = 11;

/** A tokenizer's ranges, by field. */
export interface Variant {
  readonly name: "rt1" | "rt1x";
  readonly ranges: Readonly<Record<Exclude<Field, "terminate">, readonly [low: number, high: number]>>;
  /** What a mode token above 2 means: mode 0 (TensorFlow's RT-1), or none of the three (JAX's RT-1-X). */
  readonly unknownMode: "first" | "none";
}

const HALF_PI = Math.PI / 2;

/** RT-1 (robotics_transformer/tokenizers/action_tokenizer.py). Its docstring says ±π for rotations; the code has ±π/2. */
export const rt1: Variant = {
  name: "rt1",
  ranges: {
    worldVector: [-1, 1],
    rotationDelta: [-HALF_PI, HALF_PI],
    gripperClosedness: [-1, 1],
    baseRotation: [-Math.PI, Math.PI],
    baseDisplacement: [-1, 1],
  },
  unknownMode: "first",
};

/** RT-1-X (open_x_embodiment/models/rt1.py): a world vector of ±2. */
export const rt1x: Variant = {
  name: "rt1x",
  ranges: { ...rt1.ranges, worldVector: [-2, 2] },
  unknownMode: "none",
};

/** Tokens of an action, and how many of its values were clipped. */
export interface Encoded {
  readonly tokens: Int32Array;
  readonly clipped: number;
}

/**
 * The 11 tokens of an action. A value is clipped to its range and truncated, not rounded, in f32: token = ⌊(a - low) / (high - low) · 255⌋.
 * So token 255 means the upper end alone, and 255 bins share the range.
 *
 * @throws InputError for NaN and for lengths that do not fit; with `rt1` also unless `terminate` adds up to 1, as the original asserts
 */
export function encode(action: Action, variant: Variant = rt1): Encoded {
  const where = "rt1.encode";
  checkObject(action, "action", "an action", where);
  checkVariant(variant, where);
  const tokens: number[] = [];
  let clipped = 0;
  for (const [field, size] of FIELDS) {
    const values = action[field];
    checkLength(values, size, field, where);
    checkNumbers(values, field, where);
    if (field === "terminate") {
      tokens.push(modeOf(values, variant));
      continue;
    }
    const range = variant.ranges[field];
    for (let k = 0; k < size; k++) {
      const value = f32(values[k] as number);
      tokens.push(encodeValue(value, range));
      if (value < f32(range[0]) || value > f32(range[1])) clipped += 1;
    }
  }
  return { tokens: Int32Array.from(tokens), clipped };
}

function modeOf(terminate: ArrayLike<number>, variant: Variant): number {
  const [a = 0, b = 0, c = 0] = Array.from(terminate);
  if (variant.name === "rt1" && a + b + c !== 1) {
    throw new InputError(`rt1.encode: terminate must add up to 1, got ${a} + ${b} + ${c}`);
  }
  if (a >= b && a >= c) return 0;
  return b >= c ? 1 : 2;
}

/**
 * The token of one value of a range.
 *
 * @throws InputError for NaN, and a range that is none
 */
export function encodeValue(value: number, range: readonly [low: number, high: number]): number {
  checkNumbers([value], "value", "rt1.encodeValue");
  checkRange(range, "range", "rt1.encodeValue");
  const [low, high] = range;
  const inside = clip(f32(value), f32(low), f32(high));
  return Math.trunc(f32(f32(f32(inside - f32(low)) / f32(high - low)) * (bins - 1)));
}

/**
 * The value that a token means: the left edge of its bin, in f32. It is half a bin too low on average, 0.0039 on [-1, 1], and up
 * to a whole bin, 0.0078; OpenVLA's centres halve the error and lose the bias.
 *
 * @throws InputError for what is no whole number, and a range that is none
 */
export function decodeValue(token: number, range: readonly [low: number, high: number]): number {
  checkIds([token], "token", "rt1.decodeValue");
  checkRange(range, "range", "rt1.decodeValue");
  const [low, high] = range;
  return f32(f32(f32(f32(token) / (bins - 1)) * f32(high - low)) + f32(low));
}

/** A decoded action, and how many of its tokens were outside the vocabulary. */
export interface Decoded {
  readonly action: Readonly<Record<Field, readonly number[]>>;
  /** Mode tokens above 2 and other tokens outside 0 … 255; these decode by the same formula. */
  readonly outside: number;
}

/**
 * The action of 11 tokens.
 *
 * @throws InputError unless there are 11 whole numbers
 */
export function decode(tokens: ArrayLike<number>, variant: Variant = rt1): Decoded {
  const where = "rt1.decode";
  checkVariant(variant, where);
  checkLength(tokens, tokensPerAction, "tokens", where);
  checkIds(tokens, "tokens", where);
  const action: Partial<Record<Field, readonly number[]>> = {};
  let [at, outside] = [0, 0];
  for (const [field, size] of FIELDS) {
    if (field === "terminate") {
      const token = tokens[at++] as number;
      const known = token >= 0 && token < size;
      const mode = known || variant.unknownMode === "none" || token < 0 ? token : 0;
      action.terminate = Array.from({ length: size }, (_, k) => (k === mode ? 1 : 0));
      outside += known ? 0 : 1;
      continue;
    }
    const values: number[] = [];
    for (let k = 0; k < size; k++) {
      const token = tokens[at++] as number;
      values.push(decodeValue(token, variant.ranges[field]));
      outside += token >= 0 && token < bins ? 0 : 1;
    }
    action[field] = values;
  }
  return { action: action as Decoded["action"], outside };
}

function checkVariant(variant: Variant, where: string): void {
  checkObject(variant, "variant", "rt1.rt1, rt1.rt1x or ranges of your own", where);
  checkObject(variant.ranges, "variant.ranges", "a range of each field", where);
}
