/** From this variance on there are too many values to add up. */
const LARGE = 1e8;

/**
 * -Σ p log p over whole numbers from `centre` outwards, until what is left does not count, or undefined where these are too many.
 *
 * @param high - the last value; the first is 0
 */
export function entropyOf(
  logMass: (k: number) => number,
  centre: number,
  variance: number,
  high: number,
): number | undefined {
  if (variance >= LARGE) return undefined;
  const start = Math.min(Math.floor(centre), high);
  let sum = 0;
  const walk = (from: number, step: number, end: number) => {
    for (let k = from; step > 0 ? k <= end : k >= end; k += step) {
      const log = logMass(k);
      const term = -Math.exp(log) * log;
      sum += term;
      if (term < sum * 1e-20 && log < -1) break;
    }
  };
  walk(start, 1, high);
  walk(start - 1, -1, 0);
  return sum;
}
