import { philoxQuads } from "./philox.ts";
import { threefryQuads } from "./threefry.ts";

export const GENERATORS = ["threefry4x32-20", "philox4x32-10"] as const;

export type GeneratorName = (typeof GENERATORS)[number];

/** The quicker of the two on both software GPUs, and the one without multiplications. */
export const DEFAULT_GENERATOR: GeneratorName = "threefry4x32-20";

/** Which sequence of words: sample i's word is a pure function of this, its coordinate, its purpose and i. */
export interface Address {
  readonly generator: GeneratorName;
  /** The words of the seed, the lower one first. */
  readonly seed: readonly [lo: number, hi: number];
  readonly stream: number;
}

/** Sets of words that a coordinate has: the value's own, and those that refine it. */
export const PURPOSE = { value: 0, refinement: 1 } as const;

const QUADS = { "threefry4x32-20": threefryQuads, "philox4x32-10": philoxQuads } as const;

const quad = new Uint32Array(4);

/**
 * Random words of consecutive samples: out[k] is the word of sample first + k.
 *
 * Sample i's word is word i mod 4 of the generator's output at counter
 * (⌊i/4⌋ lo, ⌊i/4⌋ hi, stream, coordinate + 2^16 purpose).
 *
 * @param coordinate - below 2^16, and so is the purpose
 * @param first - a safe integer >= 0
 */
export function fillWords(
  out: Uint32Array,
  address: Address,
  coordinate: number,
  purpose: number,
  first: number,
): void {
  const fill = QUADS[address.generator];
  const [k0, k1] = address.seed;
  const { stream } = address;
  const c3 = coordinate + purpose * 2 ** 16;
  const skip = first % 4;
  const index = (first - skip) / 4;
  const low = index % 2 ** 32;
  const high = (index - low) / 2 ** 32;

  const head = skip === 0 ? 0 : Math.min(4 - skip, out.length);
  if (head > 0) {
    fill(quad, 0, 1, low, high, stream, c3, k0, k1);
    for (let k = 0; k < head; k++) out[k] = quad[skip + k] as number;
  }
  const used = head > 0 ? 1 : 0;
  const whole = (out.length - head) >> 2;
  fill(out, head, whole, low + used, high + carry(low, used), stream, c3, k0, k1);

  const done = head + 4 * whole;
  if (done < out.length) {
    const passed = used + whole;
    fill(quad, 0, 1, low + passed, high + carry(low, passed), stream, c3, k0, k1);
    for (let k = done; k < out.length; k++) out[k] = quad[k - done] as number;
  }
}

function carry(low: number, add: number): number {
  return low + add >= 2 ** 32 ? 1 : 0;
}
