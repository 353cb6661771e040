import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { checkFlags } from "../rows/mask.ts";

/** Refuses what is no array of any kind. */
export function checkArray(values: ArrayLike<unknown>, name: string, where: string): void {
  if (typeof values === "object" && values !== null && Number.isSafeInteger(values.length) && values.length >= 0)
    return;
  throw new InputError(`${where}: ${name} must be an array, got ${shown(values)}`);
}

/** Refuses NaN, wherever it stands. */
export function checkNumbers(values: ArrayLike<number>, name: string, where: string): void {
  checkArray(values, name, where);
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as unknown;
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw new InputError(`${where}: ${name}[${k}] must be a number, got ${shown(value)}`);
    }
  }
}

/** Refuses NaN and infinities, wherever they stand. */
export function checkFiniteNumbers(values: ArrayLike<number>, name: string, where: string): void {
  checkArray(values, name, where);
  for (let k = 0; k < values.length; k++) {
    if (Number.isFinite(values[k])) continue;
    throw new InputError(`${where}: ${name}[${k}] must be a finite number, got ${shown(values[k])}`);
  }
}

/** Refuses what is no whole number. */
export function checkIds(ids: ArrayLike<number>, name: string, where: string): void {
  checkArray(ids, name, where);
  for (let k = 0; k < ids.length; k++) {
    if (!Number.isSafeInteger(ids[k])) {
      throw new InputError(`${where}: ${name}[${k}] must be a whole number, got ${shown(ids[k])}`);
    }
  }
}

/** Refuses an array of another length. */
export function checkLength(values: ArrayLike<unknown>, length: number, name: string, where: string): void {
  checkArray(values, name, where);
  if (values.length !== length) {
    throw new InputError(`${where}: ${name} must have ${length} values, got ${values.length}`);
  }
}

/** Refuses a mask of another length, or with values that are no flags. */
export function checkMask(mask: ArrayLike<number | boolean>, length: number, where: string): void {
  checkLength(mask, length, "mask", where);
  checkFlags(mask, "mask", where);
}

/** Refuses arrays that are no rows of `width` values. */
export function checkRows(values: ArrayLike<unknown>, width: number, name: string, where: string): void {
  checkArray(values, name, where);
  if (Number.isSafeInteger(width) && width > 0 && values.length % width === 0) return;
  throw new InputError(`${where}: ${name} must be rows of ${shown(width)} values, got ${values.length} values`);
}

/** Refuses ranges that are none of f32's, or empty. */
export function checkRange(range: readonly [low: number, high: number], name: string, where: string): void {
  checkLength(range, 2, name, where);
  const [low, high] = range;
  const width = Math.fround(Math.fround(high) - Math.fround(low));
  if (typeof low === "number" && typeof high === "number" && width > 0 && Number.isFinite(width)) return;
  throw new InputError(
    `${where}: ${name} must be [low, high], finite and low below high in f32, got [${shown(low)}, ${shown(high)}]`,
  );
}

/** Refuses what is no object at all, such as statistics that were looked up under a name that is not there. */
export function checkObject(value: unknown, name: string, needed: string, where: string): void {
  if (typeof value === "object" && value !== null) return;
  throw new InputError(`${where}: ${name} must be ${needed}, got ${shown(value)}`);
}

/** Refuses what cannot be called. */
export function checkFunction(value: unknown, name: string, where: string): void {
  if (typeof value === "function") return;
  throw new InputError(`${where}: ${name} must be a function, got ${shown(value)}`);
}

/** Two statistics of each dimension: finite, of one length, the second nowhere below what the first makes its least. */
export function checkStatistics(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  names: readonly [string, string],
  where: string,
): number {
  const [first, second] = names;
  checkFiniteNumbers(a, first, where);
  checkFiniteNumbers(b, second, where);
  checkLength(b, a.length, second, where);
  for (let d = 0; d < a.length; d++) {
    const least = second === "std" ? 0 : (a[d] as number);
    if ((b[d] as number) >= least) continue;
    const needed = second === "std" ? "0 or more" : `${first}[${d}] = ${least} or more`;
    throw new InputError(`${where}: ${second}[${d}] must be ${needed}, got ${b[d]}`);
  }
  return a.length;
}
