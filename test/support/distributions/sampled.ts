import type { ScalarDistribution, VectorDistribution } from "../../../src/index.ts";
import type { Projection } from "./description.ts";
import { numberFamilies, vectorFamilies } from "./families.ts";

/** Of the samples that the tests look at. */
export const SEED = 20_261_123;
export const SAMPLES = 1_000_000;
/** And in `npm test`. */
export const FEW_SAMPLES = 2 ** 16;

/** Every family of numbers, and every way that a family has of drawing. */
export const scalars: readonly ScalarDistribution[] = numberFamilies.flatMap(({ sampled }) => sampled);

/** Vectors, and what is looked at of each. */
export const vectors: readonly (readonly [VectorDistribution, readonly Projection[]])[] = vectorFamilies.flatMap(
  ({ sampled }) => sampled,
);
