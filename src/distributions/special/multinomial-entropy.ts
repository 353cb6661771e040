import { deviance, logBetaMass, stirlingRemainder } from "./deviance.ts";

const LOG_2PI = Math.log(2 * Math.PI);

/** A class of a multinomial distribution: its probability, and what all others have, with its own digits. */
export interface ClassShare {
  readonly p: number;
  readonly rest: number;
}

/** From this variance on the series is within 1e-16, and its sum would have thousands of terms. */
const LARGE = 1e4;

/**
 * The entropy of counts of classes that add up to n: with x a class's count and m = n p its mean, the sum over the classes of the means of
 * x log(x / m) - x + m + log x! - x log x + x, of 0 m, less what it is of n itself, log n! - n log n + n. The likeliest class takes that with it, so
 * that entropies of nearly nothing keep their digits.
 *
 * @param classes - those of positive probability
 */
export function multinomialEntropy(n: number, classes: readonly ClassShare[]): number {
  if (n === 0 || classes.length < 2) return 0;
  const likeliest = classes.reduce((most, one, k) => (one.p > (classes[most]?.p ?? 0) ? k : most), 0);
  return classes.reduce((sum, { p, rest }, k) => {
    const less = k === likeliest;
    if (n * p * rest < LARGE)
      return sum + meanOver(n, p, rest, less ? (x, others) => beside(x, others, n, rest) : (x) => above(x, n * p));
    return sum + seriesOf(n * p, p) - (less ? sizeOf(n) : 0);
  }, 0);
}

/** log n! - n log n + n */
function sizeOf(n: number): number {
  return stirlingRemainder(n) + (LOG_2PI + Math.log(n)) / 2;
}

function above(x: number, mean: number): number {
  return x === 0 ? mean : x * devianceOf(mean / x, (mean - x) / x) + sizeOf(x);
}

/** The same less that of n, whose count is x and that of the others n - x. */
function beside(x: number, others: number, n: number, rest: number): number {
  if (x === 0) return n - n * rest - sizeOf(n);
  const t = (others - n * rest) / x;
  // What is as large for x as for n is subtracted first.
  return x * devianceOf(1 + t, t) + (stirlingRemainder(x) - stirlingRemainder(n) - Math.log1p(others / x) / 2);
}

function devianceOf(ratio: number, t: number): number {
  return t < -0.5 ? t - Math.log(ratio) : deviance(t);
}

/** Masses below this share of the largest two's do not count. */
const NOTHING = -80;

/** The mean of a function of a binomial count and of the others', from the mean outwards. */
function meanOver(n: number, p: number, rest: number, of: (x: number, others: number) => number): number {
  // From the nearer end, where counts are few.
  const [chance, other, isOwn] = p < rest ? [p, rest, true] : [rest, p, false];
  const logMass = (k: number) => {
    if (k === 0) return n * Math.log1p(-chance);
    if (k === n) return n * Math.log(chance);
    return logBetaMass(k, n - k, chance, other) + Math.log(n / k) - Math.log(n - k);
  };
  const start = Math.min(Math.floor(n * chance), n - 1);
  const least = NOTHING + Math.min(logMass(start), logMass(start + 1));
  let sum = 0;
  for (const step of [1, -1]) {
    for (let k = step > 0 ? start : start - 1; k >= 0 && k <= n; k += step) {
      const log = logMass(k);
      if (log < least) break;
      sum += Math.exp(log) * (isOwn ? of(k, n - k) : of(n - k, k));
    }
  }
  return sum;
}

/** The mean of `above` by powers of 1 / mean, from Taylor's series of it at the mean and a binomial count's moments. */
function seriesOf(mean: number, p: number): number {
  const v = 1 / mean;
  const third = (-19 + p * (45 + p * (-30 + 3 * p * p))) / 360;
  const second = -((1 - p) ** 2) / 24;
  return (LOG_2PI + Math.log(mean) + 1 - p) / 2 + v * ((-1 + p * (3 - p)) / 12 + v * (second + v * third));
}
