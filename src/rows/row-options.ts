import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { elements, type Operand, type Spec, showList, showShape } from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { sameShape } from "../engine/tensor-checks.ts";

/**
 * Which classes to keep, one flag a class or one a logit: true or 1 = kept, false or 0 = hidden. In a tensor of u32 or i32 all but 0
 * keep. Anything else is refused, such as a mask of 0 and -Infinity that is meant to be added.
 */
export type Mask = Tensor | ArrayLike<number | boolean>;

/** Options that every function over rows of logits takes. */
export interface RowOptions {
  /** Logits are divided by it first; finite, from 2^-100 to 2^100. Default 1. */
  readonly temperature?: number | undefined;
  /** Only columns begin ≤ c < end are read and written. Default: all of them. */
  readonly classes?: readonly [begin: number, end: number] | undefined;
  /** Classes that a mask hides have probability 0. Shape [classes] or the logits'. */
  readonly mask?: Mask | undefined;
}

/** Row options, and a tensor to write the result into. */
export interface RowOutOptions extends RowOptions {
  readonly out?: Tensor | undefined;
}

/** The names of the options that every row function takes. */
export const ROW_NAMES = ["temperature", "classes", "mask"] as const;

/** Row options after validation. */
export interface Window {
  readonly rows: number;
  /** Of the full row. */
  readonly classes: number;
  readonly begin: number;
  readonly end: number;
  readonly rate: number;
  /** What the mask looks like, if there is one. */
  readonly mask: "none" | "shared" | "full";
  readonly maskTensor: boolean;
  /** Whether it is a tensor of f32, whose values a kernel must check. */
  readonly maskFloats: boolean;
}

/** Checks the logits and the options that every row function takes; `where` names the function. */
export function readWindow(logits: Operand, options: RowOptions, where: string): Window {
  const { shape } = logits;
  const classes = shape.at(-1);
  if (logits.dtype !== "f32" || classes === undefined) {
    throw new InputError(`${where}: logits must be f32 [..., classes], got ${showShape(logits)}`);
  }
  const rows = elements(shape.slice(0, -1));
  const [begin, end] = readClasses(options.classes, classes, where);
  const rate = readRate(options.temperature, where);
  const mask = readMask(options.mask, logits, classes, where);
  const maskTensor = options.mask instanceof Tensor;
  const maskFloats = options.mask instanceof Tensor && options.mask.dtype === "f32";
  return { rows, classes, begin, end, rate, mask, maskTensor, maskFloats };
}

function readClasses(window: RowOptions["classes"], classes: number, where: string): readonly [number, number] {
  if (window === undefined) return [0, classes];
  if (!Array.isArray(window)) {
    throw new InputError(`${where}: classes must be [begin, end), got ${shown(window)}`);
  }
  const [begin, end] = window;
  const whole = Number.isSafeInteger(begin) && Number.isSafeInteger(end);
  if (window.length !== 2 || !whole || begin < 0 || begin >= end || end > classes) {
    throw new InputError(
      `${where}: classes must be [begin, end) with 0 <= begin < end <= ${classes}, got ${showList(window)}`,
    );
  }
  return [begin, end];
}

function readRate(temperature: number | undefined, where: string): number {
  if (temperature === undefined) return 1;
  if (!(typeof temperature === "number" && temperature >= 2 ** -100 && temperature <= 2 ** 100)) {
    throw new InputError(
      `${where}: temperature must be a finite number from 2^-100 to 2^100, got ${shown(temperature)}`,
    );
  }
  return Math.fround(1 / temperature);
}

function readMask(mask: Mask | undefined, logits: Spec, classes: number, where: string): Window["mask"] {
  if (mask === undefined) return "none";
  if (mask instanceof Tensor) {
    if (sameShape(mask.shape, [classes])) return "shared";
    if (sameShape(mask.shape, logits.shape)) return "full";
    throw new InputError(
      `${where}: mask must have shape [${classes}] or [${logits.shape.join(", ")}], got ${showShape(mask)}`,
    );
  }
  if (typeof mask !== "object" || mask === null) {
    throw new InputError(`${where}: mask must be a tensor or an array of flags, got ${shown(mask)}`);
  }
  // A batch of one row fits both readings, which then mean the same.
  if (mask.length === classes) return "shared";
  if (mask.length === elements(logits.shape)) return "full";
  throw new InputError(
    `${where}: mask must have ${classes} flags (one a class) or ${elements(logits.shape)} (one a logit), got ${mask.length}`,
  );
}
