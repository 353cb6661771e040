import type { Seed } from "../random/seed.ts";
import type { GeneratorName } from "../random/words.ts";

/** Which samples: the same ones that `expectation` with these options sums. */
export interface SampleOptions {
  /** A whole number from 0 to 2^64 - 1; 0 by default. */
  readonly seed?: Seed;
  /** From 0 to 2^32 - 1; 0 by default. */
  readonly stream?: number;
  /** Index of the first sample; 0 by default. */
  readonly offset?: number;
  readonly generator?: GeneratorName;
}
