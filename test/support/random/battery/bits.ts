import { chiSquareUpper, normalUpper } from "./special.ts";
import { type Statistic, weight } from "./statistic.ts";

/** Monobit: how many of all bits are ones, a binomial with p = 1/2. */
export function monobit(): Statistic {
  let ones = 0;
  let bits = 0;
  return {
    add(words) {
      for (let k = 0; k < words.length; k++) ones += weight((words[k] as number) | 0);
      bits += 32 * words.length;
    },
    results: () => [{ test: "monobit", p: normalUpper((ones - bits / 2) / Math.sqrt(bits / 4)) }],
  };
}

/** Runs: how often a bit differs from the one before it, lowest bit of a word first; a binomial with p = 1/2. */
export function runs(): Statistic {
  let changes = 0;
  let bits = -1;
  let before = 0;
  return {
    add(words) {
      // The first bit of all has none before it.
      if (bits < 0) before = (words[0] ?? 0) & 1;
      for (let k = 0; k < words.length; k++) {
        const word = (words[k] as number) | 0;
        changes += weight(word ^ ((word << 1) | before));
        before = word >>> 31;
      }
      bits += 32 * words.length;
    },
    results: () => [{ test: "runs", p: normalUpper((changes - bits / 2) / Math.sqrt(bits / 4)) }],
  };
}

/** Per bit: ones at each of the 32 places, and changes there from word to word; each a chi-square of 32 binomials. */
export function perBit(): Statistic {
  const ones = new PlaceCounts();
  const changes = new PlaceCounts();
  let before: number | undefined;
  return {
    add(words) {
      const turned = new Uint32Array(words.length);
      let last = before ?? 0;
      for (let k = 0; k < words.length; k++) {
        const word = words[k] as number;
        turned[k] = word ^ last;
        last = word;
      }
      ones.add(words);
      changes.add(before === undefined ? turned.subarray(1) : turned);
      before = last;
    },
    results: () => [
      { test: "per-bit frequency", p: ones.p() },
      { test: "per-bit changes", p: changes.p() },
    ],
  };
}

/** How many words have a one at each place. */
class PlaceCounts {
  readonly #counts = new Float64Array(32);
  #words = 0;

  add(words: Uint32Array): void {
    // Four places a sum, in bytes that 255 words cannot overflow.
    for (let start = 0; start < words.length; start += 255) {
      const part = words.subarray(start, start + 255);
      for (let shift = 0; shift < 8; shift++) {
        let sums = 0;
        for (let k = 0; k < part.length; k++) sums = (sums + (((part[k] as number) >>> shift) & 0x01010101)) | 0;
        for (let byte = 0; byte < 4; byte++) this.#tally(8 * byte + shift, (sums >>> (8 * byte)) & 0xff);
      }
    }
    this.#words += words.length;
  }

  #tally(place: number, ones: number): void {
    this.#counts[place] = (this.#counts[place] ?? 0) + ones;
  }

  p(): number {
    const chi = this.#counts.reduce((sum, ones) => sum + (ones - this.#words / 2) ** 2 / (this.#words / 4), 0);
    return chiSquareUpper(chi, 32);
  }
}
