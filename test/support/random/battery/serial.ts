import { pearson } from "./special.ts";
import type { Statistic } from "./statistic.ts";

/** Serial: pairs and triples of words that do not overlap, by their highest and by their lowest bits; 4,096 cells. */
export function serial(): Statistic {
  const pairsHigh = new Float64Array(4_096);
  const pairsLow = new Float64Array(4_096);
  const triplesHigh = new Float64Array(4_096);
  const triplesLow = new Float64Array(4_096);
  let pairs = 0;
  let triples = 0;
  const uniform = () => 1 / 4_096;
  return {
    add(words) {
      for (let k = 0; k + 1 < words.length; k += 2, pairs++) {
        const a = words[k] as number;
        const b = words[k + 1] as number;
        increment(pairsHigh, ((a >>> 26) << 6) | (b >>> 26));
        increment(pairsLow, ((a & 63) << 6) | (b & 63));
      }
      for (let k = 0; k + 2 < words.length; k += 3, triples++) {
        const a = words[k] as number;
        const b = words[k + 1] as number;
        const c = words[k + 2] as number;
        increment(triplesHigh, ((a >>> 28) << 8) | ((b >>> 28) << 4) | (c >>> 28));
        increment(triplesLow, ((a & 15) << 8) | ((b & 15) << 4) | (c & 15));
      }
    },
    results: () => [
      { test: "serial pairs, high bits", p: pearson(pairsHigh, uniform, pairs) },
      { test: "serial pairs, low bits", p: pearson(pairsLow, uniform, pairs) },
      { test: "serial triples, high bits", p: pearson(triplesHigh, uniform, triples) },
      { test: "serial triples, low bits", p: pearson(triplesLow, uniform, triples) },
    ],
  };
}

function increment(counts: Float64Array, cell: number): void {
  counts[cell] = (counts[cell] as number) + 1;
}
