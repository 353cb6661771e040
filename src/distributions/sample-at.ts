import { InputError } from "../core/errors.ts";
import { remember } from "../core/memo.ts";
import { checkNamesOf, checkWhole, MOST_SAMPLES } from "../core/options.ts";
import { type Seed, seedWords } from "../random/seed.ts";
import { DEFAULT_GENERATOR, type GeneratorName } from "../random/words.ts";
import { type Drawer, drawer } from "../sampling/draws.ts";
import type { Distribution, Point } from "./distribution.ts";
import { eventIntegrand } from "./event.ts";

export interface SampleAddress {
  readonly seed: Seed;
  /** 0 by default. */
  readonly stream?: number;
  /** From 0 to 2^53 - 1. */
  readonly index: number;
  readonly generator?: GeneratorName;
}

/**
 * Sample `index` of a distribution, on the CPU: the bits that every engine draws there (where `engine.numerics.exact`).
 *
 * @returns a number, or the coordinates of a vector
 * @throws InputError for an address outside its range
 */
export function sampleAt<D extends Distribution>(distribution: D, address: SampleAddress): D["mean"];
export function sampleAt(distribution: Distribution, address: SampleAddress): Point {
  const where = "sampleAt";
  if (!distribution?.model) throw new InputError(`${where}: needed a distribution, such as normal(0, 1)`);
  checkNamesOf(address, ["seed", "stream", "index", "generator"], where);
  const { seed, stream = 0, index, generator = DEFAULT_GENERATOR } = address;
  checkWhole(stream, 0, 2 ** 32 - 1, where, "stream");
  checkWhole(index, 0, MOST_SAMPLES - 1, where, "index");
  const draw = remember(drawers, distribution, () => eventDrawer(distribution));
  const lane = index % 4;
  const { outputs } = draw({ generator, seed: seedWords(seed, where), stream }, index - lane, 4);
  const event = outputs.map((values) => values[lane] as number);
  return distribution.shape.length === 0 ? (event[0] as number) : event;
}

const drawers = new WeakMap<Distribution, Drawer>();

function eventDrawer(distribution: Distribution): Drawer {
  return drawer(eventIntegrand(distribution, "sampleAt"), "f32", 4);
}
