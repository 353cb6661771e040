import { pearson } from "./special.ts";
import type { Statistic } from "./statistic.ts";

const CELLS = 100;

/** Gap: words between two words whose four highest (or lowest) bits are 0; geometric, 99 and more in one cell. */
export function gap(): Statistic {
  const high = new Gaps(28);
  const low = new Gaps(0);
  return {
    add(words) {
      high.add(words);
      low.add(words);
    },
    results: () => [
      { test: "gap, high bits", p: high.p() },
      { test: "gap, low bits", p: low.p() },
    ],
  };
}

class Gaps {
  readonly #counts = new Float64Array(CELLS);
  readonly #shift: number;
  #length = 0;
  #total = 0;

  constructor(shift: number) {
    this.#shift = shift;
  }

  add(words: Uint32Array): void {
    let length = this.#length;
    const shift = this.#shift;
    for (let k = 0; k < words.length; k++) {
      if ((((words[k] as number) >>> shift) & 15) !== 0) length++;
      else {
        const cell = Math.min(length, CELLS - 1);
        this.#counts[cell] = (this.#counts[cell] ?? 0) + 1;
        this.#total++;
        length = 0;
      }
    }
    this.#length = length;
  }

  p(): number {
    const rest = 15 / 16;
    return pearson(this.#counts, (cell) => rest ** cell * (cell < CELLS - 1 ? 1 - rest : 1), this.#total);
  }
}
