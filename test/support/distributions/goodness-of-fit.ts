import { spacingAt } from "../../../src/distributions/refined.ts";
import { gammaTails } from "../../../src/distributions/special/incomplete-gamma.ts";

/** How probable it is that samples of a distribution are at least as far from it as these are. */

/** Looks at the distribution function, which moves by 2.4e-4 between them; of 10^6 samples a distance of 2.2e-3 has p = 1e-4. */
const LOOKS = 4_096;

/**
 * Kolmogorov and Smirnov's test: the largest distance of the samples' distribution function from `cdf`, looked at at some of the samples,
 * which can only make the distance smaller, and the asymptotic probability of that distance (NR 14.3). A sample stands for numbers up to one f32
 * beside it, so that it may be the nearest to what f32 does not hold, next to 1 for example. Sorts the samples.
 */
export function kolmogorovSmirnov(samples: Float32Array, cdf: (x: number) => number): number {
  samples.sort();
  const n = samples.length;
  const stride = Math.ceil(n / LOOKS);
  let distance = 0;
  for (let k = stride - 1; k < n; k += stride) {
    const x = samples[k] as number;
    // The last of equal samples counts: clamped samples of a density, and values that f32 cannot tell apart.
    while (k + 1 < n && samples[k + 1] === x) k++;
    const reached = (k + 1) / n;
    const spacing = Number.isFinite(x) ? spacingAt(x) : 0;
    distance = Math.max(distance, reached - cdf(x + spacing), cdf(x - spacing) - reached);
  }
  const lambda = Math.sqrt(n) * distance;
  if (lambda < 0.3) return 1; // 1 - 1e-5
  let [sum, sign] = [0, 2];
  for (let k = 1; k < 100; k++) {
    sum += sign * Math.exp(-2 * k * k * lambda * lambda);
    sign = -sign;
  }
  return Math.min(1, Math.max(0, sum));
}

/** Values that are expected fewer times than this are counted together. */
const LEAST_EXPECTED = 50;

/** Pearson's chi-squared test of whole numbers, whose probabilities are differences of `cdf`. */
export function chiSquared(samples: Float32Array, cdf: (k: number) => number): number {
  samples.sort();
  const n = samples.length;
  let [statistic, cells, place, before] = [0, 0, 0, 0];
  for (let k = samples[0] as number; place < n; k++) {
    const upTo = cdf(k);
    const left = 1 - upTo;
    const expected = n * (upTo - before);
    // A cell must leave enough for the last one, which takes all that is left.
    const last = n * left < LEAST_EXPECTED;
    if (expected < LEAST_EXPECTED && !last) continue;
    let count = 0;
    while (place < n && (last || (samples[place] as number) <= k)) {
      place++;
      count++;
    }
    const wanted = last ? n * (1 - before) : expected;
    statistic += (count - wanted) ** 2 / wanted;
    cells++;
    before = upTo;
    if (last) break;
  }
  return cells < 2 ? Number(statistic < 1e-9 * n) : gammaTails((cells - 1) / 2, statistic / 2).upper;
}

/** The 32-bit FNV-1a hash of numbers' bits, a word at a time. */
export function hashOf(values: Float32Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
