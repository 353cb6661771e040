import { poissonUpper } from "./special.ts";
import type { Statistic } from "./statistic.ts";

const BIRTHDAYS = 4_096;
const DAYS = 2 ** 32;

/**
 * Birthday spacings (Marsaglia): 4,096 words as days of a year of 2^32, and how many pairs of the spacings between
 * neighbours are equal.
 *
 * The pairs are counted, and not the spacings that occur again, because their mean is then known: of the m + 1 spacings of
 * m uniform points two are within dx with probability (m / 2) dx (their law is Dirichlet's), and (m - 1)(m - 2)/2 pairs
 * lie between points, so that the mean is m (m - 1)(m - 2) / (4 n), near 4. Its variance exceeds a Poisson's by 0.5 %.
 */
export function birthdaySpacings(): Statistic {
  const days = new Uint32Array(BIRTHDAYS);
  const spacings = new Uint32Array(BIRTHDAYS - 1);
  let equal = 0;
  let years = 0;
  return {
    add(words) {
      for (let start = 0; start + BIRTHDAYS <= words.length; start += BIRTHDAYS, years++) {
        days.set(words.subarray(start, start + BIRTHDAYS));
        days.sort();
        for (let k = 0; k < spacings.length; k++) spacings[k] = (days[k + 1] as number) - (days[k] as number);
        equal += equalPairs(spacings.sort());
      }
    },
    results() {
      const mean = (BIRTHDAYS * (BIRTHDAYS - 1) * (BIRTHDAYS - 2)) / (4 * DAYS);
      return [{ test: "birthday spacings", p: poissonUpper(equal, years * mean) }];
    },
  };
}

function equalPairs(sorted: Uint32Array): number {
  let pairs = 0;
  let alike = 0;
  for (let k = 1; k < sorted.length; k++) {
    alike = sorted[k] === sorted[k - 1] ? alike + 1 : 0;
    pairs += alike;
  }
  return pairs;
}
