import { UnsupportedError } from "../../../src/core/errors.ts";
import type { Distribution, ScalarDistribution } from "../../../src/distributions/index.ts";
import * as factories from "../../../src/distributions/index.ts";
import type { NumberFamily, VectorFamily } from "./description.ts";

const found = import.meta.glob<NumberFamily | VectorFamily>("./families/*.ts", { eager: true, import: "default" });

/** All that are described in `families/`. */
export const families: readonly (NumberFamily | VectorFamily)[] = Object.values(found);
export const numberFamilies: readonly NumberFamily[] = families.filter((family) => family.of === "numbers");
export const vectorFamilies: readonly VectorFamily[] = families.filter((family) => family.of === "vectors");

/** A factory's name and what it is called with. */
export type Family = readonly [name: string, ...parameters: number[]];

const byName: Readonly<Record<string, unknown>> = factories;

/** A distribution of numbers by its factory's name. */
export function made([name, ...parameters]: Family): ScalarDistribution {
  const factory = byName[name];
  if (typeof factory !== "function") throw new RangeError(`no family ${name}`);
  return factory(...parameters);
}

export function shown([name, ...parameters]: Family): string {
  return `${name}(${parameters.join(", ")})`;
}

/** Whether engines draw and weigh it: of some parameters samples are whole numbers beyond f32's, which is refused. */
export function isDrawn(of: Distribution): boolean {
  try {
    return of.model !== undefined;
  } catch (error) {
    if (error instanceof UnsupportedError) return false;
    throw error;
  }
}

/** A distribution among others, in words. */
export function title({ name, mean, variance }: Distribution): string {
  const words = (value: number | readonly number[]) =>
    [value]
      .flat()
      .map((one) => one.toPrecision(4))
      .join(", ");
  return `${name} of mean ${words(mean)}, variance ${words(variance)}`;
}
