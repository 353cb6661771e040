import { InputError } from "../../core/errors.ts";
import { checkChoice, checkNamesOf, checkWhole, MOST_SAMPLES, shown } from "../../core/options.ts";
import { type Seed, seedWords } from "../../random/seed.ts";
import { type Address, DEFAULT_GENERATOR, GENERATORS, type GeneratorName } from "../../random/words.ts";
import { type GaussianMixture, type Gaussians, gaussiansOf } from "./gaussians.ts";
import { axesOf } from "./maps.ts";
import { diffusionWalk, FLOW_STEPS, flowWalk, MAX_ACTION, MOST_STEPS, type Walk } from "./paths.ts";

/** What a call of flowTransport takes besides its target. */
export interface FlowOptions {
  /** How many: 1 to 2^31. */
  readonly particles: number;
  /** Euler steps, 1 to 1,000; 10 by default. */
  readonly steps?: number;
  /** A whole number from 0 to 2^64 - 1; 0 by default. */
  readonly seed?: Seed;
  /** Which of the seed's independent streams, 0 to 2^32 - 1; 0 by default. */
  readonly stream?: number;
  /** Index of the first particle; 0 by default. */
  readonly offset?: number;
  readonly generator?: GeneratorName;
  /** After how many steps the particles are kept in `trajectory`, ascending: 0 is the noise, `steps` the samples. */
  readonly record?: readonly number[];
}

/** What a call of diffusionTransport takes besides its target: 20 steps by default. */
export interface DiffusionOptions extends FlowOptions {
  /** Each coordinate is clipped to ± this after each step; 5 by default, Infinity for no clipping. */
  readonly maxAction?: number;
}

/** A transport as plain data: the maps of its steps, the particles' address, and the steps to record. */
export interface TransportRun {
  readonly where: string;
  readonly gaussians: Gaussians;
  readonly axes: Float64Array;
  readonly walk: Walk;
  /** Whether steps add fresh noise and clip. */
  readonly noisy: boolean;
  readonly address: Address;
  readonly offset: number;
  readonly particles: number;
  readonly records: readonly number[];
}

const FLOW_NAMES = ["particles", "steps", "seed", "stream", "offset", "generator", "record"];

export function flowRun(target: GaussianMixture, options: FlowOptions): TransportRun {
  const where = "flowTransport";
  checkNamesOf(options, FLOW_NAMES, where);
  const { steps = FLOW_STEPS, ...rest } = options;
  checkWhole(steps, 1, MOST_STEPS, where, "steps");
  const gaussians = gaussiansOf(target, where);
  return jobOf(where, gaussians, rest, flowWalk(gaussians, steps), false);
}

export function diffusionRun(target: GaussianMixture, options: DiffusionOptions): TransportRun {
  const where = "diffusionTransport";
  checkNamesOf(options, [...FLOW_NAMES, "maxAction"], where);
  const { steps = 20, maxAction = MAX_ACTION, ...rest } = options;
  checkWhole(steps, 1, MOST_STEPS, where, "steps");
  checkMaxAction(maxAction, where);
  const gaussians = gaussiansOf(target, where);
  return jobOf(where, gaussians, rest, diffusionWalk(gaussians, steps, maxAction), true);
}

export function checkMaxAction(maxAction: unknown, where: string): void {
  if (typeof maxAction === "number" && maxAction > 0) return;
  throw new InputError(`${where}: maxAction must be a positive number, or Infinity, got ${shown(maxAction)}`);
}

function jobOf(where: string, gaussians: Gaussians, options: FlowOptions, walk: Walk, noisy: boolean): TransportRun {
  const { particles, seed = 0, stream = 0, offset = 0, generator = DEFAULT_GENERATOR, record = [] } = options;
  checkWhole(particles, 1, 2 ** 31, where, "particles");
  checkWhole(stream, 0, 2 ** 32 - 1, where, "stream");
  checkWhole(offset, 0, MOST_SAMPLES - particles, where, "offset");
  checkChoice(generator, GENERATORS, where, "generator");
  if (!Array.isArray(record)) throw new InputError(`${where}: record must be a list of numbers of steps`);
  record.forEach((steps, r) => {
    checkWhole(steps, 0, walk.maps.length, where, `record[${r}]`);
    if (r > 0 && steps <= (record[r - 1] as number)) {
      throw new InputError(`${where}: record must ascend, got ${steps} after ${record[r - 1]}`);
    }
  });
  const address = { generator, seed: seedWords(seed, where), stream };
  return { where, gaussians, axes: axesOf(gaussians), walk, noisy, address, offset, particles, records: [...record] };
}
