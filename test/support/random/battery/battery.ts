import { birthdaySpacings } from "./birthday.ts";
import { monobit, perBit, runs } from "./bits.ts";
import { gap } from "./gap.ts";
import { hammingWeights } from "./hamming.ts";
import { matrixRank } from "./rank.ts";
import { serial } from "./serial.ts";
import type { Source } from "./sources.ts";
import { BLOCK, type Result } from "./statistic.ts";

/** p-values outside [LEAST, 1 - LEAST] are a failure. */
export const LEAST = 1e-6;

/** Every test's p-value for the next words of a source: at least 2^20 of them, in whole blocks of 2^16. */
export function battery(source: Source, bytes: number): readonly Result[] {
  const statistics = [
    monobit(),
    runs(),
    perBit(),
    serial(),
    gap(),
    birthdaySpacings(),
    matrixRank(32),
    matrixRank(256),
    hammingWeights(),
  ];
  const block = new Uint32Array(BLOCK);
  for (let done = 0; done < bytes; done += 4 * BLOCK) {
    source(block);
    for (const statistic of statistics) statistic.add(block);
  }
  return statistics.flatMap((statistic) => statistic.results());
}

/** The results that random words would not have. */
export function failures(results: readonly Result[]): readonly Result[] {
  return results.filter(({ p }) => !(p >= LEAST && p <= 1 - LEAST));
}
