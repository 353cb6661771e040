import { LARGEST, LEAST_NORMAL } from "../arithmetic/range.ts";
import { InputError } from "../core/errors.ts";
import { shown as shownValue } from "../core/options.ts";
import { isTraced } from "../expression/traced.ts";

/** What a message shows of a value that is no number; of a traced one, that distributions take numbers. */
export function shown(value: unknown): string {
  return isTraced(value) ? "a traced value; distributions take numbers" : shownValue(value);
}

/** Refuses what is not a finite number of f32's range. */
export function checkLocation(value: number, name: string, where: string): void {
  if (typeof value === "number" && Math.abs(value) <= LARGEST) return;
  throw new InputError(`${where}: ${name} must be a finite number that f32 can hold, got ${shown(value)}`);
}

/** Refuses what is not a positive number of f32's range. */
export function checkScale(value: number, name: string, where: string): void {
  if (typeof value === "number" && value >= LEAST_NORMAL && value <= LARGEST) return;
  throw new InputError(
    `${where}: ${name} must be a positive number that f32 can hold, 1.2e-38 to 3.4e38, got ${shown(value)}`,
  );
}

/** Refuses what is neither 0 nor a positive number of f32's range. */
export function checkScaleOrZero(value: number, name: string, where: string): void {
  if (typeof value === "number" && (value === 0 || (value >= LEAST_NORMAL && value <= LARGEST))) return;
  throw new InputError(
    `${where}: ${name} must be 0 or a positive number that f32 can hold, 1.2e-38 to 3.4e38, got ${shown(value)}`,
  );
}

/** No array is longer. */
const MOST_ITEMS = 2 ** 32 - 1;

/** Refuses what is not an array of at least one item, and makes it a plain one. */
export function listOf<T>(items: ArrayLike<T>, name: string, where: string): readonly T[] {
  const isList =
    typeof items === "object" &&
    items !== null &&
    Number.isInteger(items.length) &&
    items.length > 0 &&
    items.length <= MOST_ITEMS;
  if (!isList) throw new InputError(`${where}: ${name} must be an array of at least one item, got ${shown(items)}`);
  return Array.from(items);
}

/** How far from 1 probabilities may add up to, which their roundings explain. */
const SLACK = 1e-6;

/** Refuses what are not probabilities that add up to 1, and makes their sum exact. */
export function probabilitiesOf(values: ArrayLike<number>, name: string, where: string): readonly number[] {
  const list = listOf(values, name, where);
  const bad = list.findIndex((p) => !(typeof p === "number" && p >= 0 && p <= 1 + SLACK));
  if (bad >= 0) {
    throw new InputError(`${where}: ${name} must be numbers from 0 to 1, got ${shown(list[bad])} at ${bad}`);
  }
  const sum = list.reduce((total, p) => total + p, 0);
  if (Math.abs(sum - 1) > SLACK) throw new InputError(`${where}: ${name} must add up to 1, got a sum of ${sum}`);
  return list.map((p) => p / sum);
}
