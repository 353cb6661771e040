import { pearson } from "./special.ts";
import type { Statistic } from "./statistic.ts";

/** Binary matrix rank: `size` rows of `size` bits, a multiple of 32, from consecutive words. */
export function matrixRank(size: number): Statistic {
  const wide = size / 32;
  const counts = new Float64Array(size + 1);
  const matrix = new Uint32Array(size * wide);
  let total = 0;
  return {
    add(words) {
      for (let start = 0; start + matrix.length <= words.length; start += matrix.length, total++) {
        matrix.set(words.subarray(start, start + matrix.length));
        const rank = rankOf(matrix, size, wide);
        counts[rank] = (counts[rank] ?? 0) + 1;
      }
    },
    results: () => [
      { test: `rank of ${size} x ${size}`, p: pearson(counts, (rank) => rankProbability(rank, size), total) },
    ],
  };
}

/** P(rank r) of a random square matrix of n rows over GF(2): 2^(r (2n - r) - n²) Π (1 - 2^(i - n))² / (1 - 2^(i - r)). */
export function rankProbability(rank: number, n: number): number {
  let log2 = rank * (2 * n - rank) - n * n;
  for (let i = 0; i < rank; i++) log2 += 2 * Math.log2(1 - 2 ** (i - n)) - Math.log2(1 - 2 ** (i - rank));
  return 2 ** log2;
}

/** The rank over GF(2); `matrix` is used up. */
export function rankOf(matrix: Uint32Array, size: number, wide: number): number {
  // Where the row begins whose first one is in this column.
  const leaders = new Int32Array(size).fill(-1);
  let rank = 0;
  for (let at = 0; at < size * wide; at += wide) rank += reduce(matrix, leaders, at, wide);
  return rank;
}

/** Takes the rows so far off the row at `at`; 1 if something is left, which then leads a column. */
function reduce(matrix: Uint32Array, leaders: Int32Array, at: number, wide: number): 0 | 1 {
  for (let word = 0; word < wide; word++) {
    let rest = (matrix[at + word] as number) | 0;
    while (rest !== 0) {
      const column = 32 * word + Math.clz32(rest);
      const leader = leaders[column] as number;
      if (leader < 0) {
        leaders[column] = at;
        matrix[at + word] = rest;
        return 1;
      }
      rest ^= matrix[leader + word] as number;
      for (let k = word + 1; k < wide; k++)
        matrix[at + k] = (matrix[at + k] as number) ^ (matrix[leader + k] as number);
    }
  }
  return 0;
}
