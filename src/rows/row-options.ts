import { InputError } from "../core/errors.ts";
import { checkChoice, checkNamesOf, shown } from "../core/options.ts";
import {
  type Dtype,
  elements,
  FLOAT_DTYPES,
  type FloatDtype,
  isHalf,
  type Operand,
  type Plan,
  type Spec,
  showList,
  showShape,
} from "../engine/plan.ts";
import { Tensor } from "../engine/tensor.ts";
import { checkOut, checkTensor, sameShape } from "../engine/tensor-checks.ts";
import { checkFlags, packMask } from "./mask.ts";

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

/** The same of functions whose result has a number a class, of which half precision may be enough. */
export interface RowClassOptions extends RowOutOptions, ClassDtypeOptions {}

/** Of what type the numbers a class are that a function gives. */
export interface ClassDtypeOptions {
  /** Default: that of `out`, else "f32". To "f16" and "bf16" results are rounded at their end, to the nearest. */
  readonly dtype?: FloatDtype | undefined;
}

/** The names of the options that every row function takes. */
export const ROW_NAMES = ["temperature", "classes", "mask"] as const;

/** The same where there is an `out`. */
export const ROW_OUT_NAMES = [...ROW_NAMES, "out"] as const;

/** The same where the result has a number a class. */
export const ROW_CLASS_NAMES = [...ROW_OUT_NAMES, "dtype"] as const;

/** Which logits of which rows a call reads, and how. */
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

/** A call over rows of logits after its options were read: all that its plan and its run know of them. */
export interface CheckedRows {
  /** The function that was called, as messages name it. */
  readonly where: string;
  readonly x: Operand;
  readonly window: Window;
  /** What the plan reads of the caller's tensors, the logits as `x`. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** What it reads of the caller's arrays. */
  readonly uploads: Plan["uploads"];
  /** Where the result is to go, if not to a tensor of its own. */
  readonly out: Tensor | undefined;
  /** Of results that are numbers a class. */
  readonly dtype?: FloatDtype;
}

/** Checks a call of `where` whose options may have these names; `named` is what it calls the logits. */
export function checkRows(
  x: Tensor,
  options: RowOutOptions,
  names: readonly string[],
  where: string,
  named = "logits",
): CheckedRows {
  checkTensor(x, x, named, where);
  checkNamesOf(options, names, where);
  const rows = readRows(x, options, where, named);
  if (rows.inputs.mask) checkTensor(rows.inputs.mask, x, "mask", where);
  return rows;
}

/** The same of a function that gives numbers a class. */
export function checkClassRows(
  x: Tensor,
  options: RowClassOptions,
  names: readonly string[],
  where: string,
): CheckedRows & { readonly dtype: FloatDtype } {
  const rows = checkRows(x, options, names, where);
  return { ...rows, dtype: readDtype(options.dtype, rows.out, where) };
}

/** The type of numbers a class: what was asked for, else that of `out` if those are halves, else f32. */
export function readDtype(dtype: FloatDtype | undefined, out: Tensor | undefined, where: string): FloatDtype {
  if (dtype !== undefined) return checkChoice(dtype, FLOAT_DTYPES, where, "dtype");
  return out instanceof Tensor && isHalf(out.dtype) ? out.dtype : "f32";
}

/** Reads the options that every row function takes, of logits that need not be anywhere yet. */
export function readRows(x: Operand, options: RowOutOptions, where: string, named = "logits"): CheckedRows {
  const window = readWindow(x, options, where, named);
  const { mask, out } = options;
  const logits: Readonly<Record<string, Tensor>> = x instanceof Tensor ? { x } : {};
  if (mask === undefined) return { where, x, window, inputs: logits, uploads: {}, out };
  if (mask instanceof Tensor) return { where, x, window, inputs: { ...logits, mask }, uploads: {}, out };
  checkFlags(mask, "mask", where);
  return { where, x, window, inputs: logits, uploads: { maskBits: packMask(mask, window.classes) }, out };
}

/** Checks that the result, of this shape, can be written where the call wants it. */
export function checkResult({ out, inputs, where, dtype = "f32" }: CheckedRows, shape: readonly number[]): void {
  if (out !== undefined) checkOut(out, { shape, dtype }, Object.values(inputs), where);
}

/** The shape of a value a row. */
export function rowShape({ x }: CheckedRows): readonly number[] {
  return x.shape.slice(0, -1);
}

/** The shape of a value for each class of the window. */
export function classShape({ x, window }: CheckedRows): readonly number[] {
  return [...x.shape.slice(0, -1), window.end - window.begin];
}

/** Checks the logits and the options that every row function takes; `where` names the function. */
export function readWindow(logits: Operand, options: RowOptions, where: string, named = "logits"): Window {
  const { shape } = logits;
  const classes = shape.at(-1);
  if (!isLogits(logits.dtype) || classes === undefined) {
    throw new InputError(`${where}: ${named} must be f32, f16 or bf16 [..., classes], got ${showShape(logits)}`);
  }
  const rows = elements(shape.slice(0, -1));
  const [begin, end] = readClasses(options.classes, classes, where);
  const rate = readRate(options.temperature, where);
  const mask = readMask(options.mask, logits, classes, where);
  const maskTensor = options.mask instanceof Tensor;
  const maskFloats = options.mask instanceof Tensor && options.mask.dtype === "f32";
  return { rows, classes, begin, end, rate, mask, maskTensor, maskFloats };
}

/** Whether logits may be of this type. */
export function isLogits(dtype: Dtype): dtype is FloatDtype {
  return (FLOAT_DTYPES as readonly Dtype[]).includes(dtype);
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
    if (isHalf(mask.dtype)) {
      throw new InputError(`${where}: mask must hold flags of u32, i32 or f32, got ${showShape(mask)}`);
    }
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
