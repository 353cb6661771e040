import { fallingIntegral } from "./quadrature.ts";

const LOG_2PI = Math.log(2 * Math.PI);

/** From this variance on the series is within 2e-17, and its sum would have thousands of terms. */
const LARGE = 1e4;

/** Most terms that are added up to either side. */
const MOST_TERMS = 2 ** 14;

/** From here on masses that are too many to be added up are smooth. */
const SMOOTH = 2 ** 12;

/**
 * The entropy of a binomial distribution, of the Poisson distribution that it becomes, or of a negative binomial one, which is a binomial one of
 * -count trials and probability -(1 - p) / p: -Σ P log P, or a series by 1 / variance.
 *
 * @param logMass - of whole numbers, and between them where it is smooth
 * @param evenness - p (1 - p) of the trials' probability, 0 for the Poisson distribution
 * @param high - the last value; the first is 0
 * @param std - the root of the variance, which may itself be beyond f64's range
 */
export function entropyOf(
  logMass: (k: number) => number,
  centre: number,
  variance: number,
  evenness: number,
  high: number,
  std = Math.sqrt(variance),
): number {
  if (variance === 0) return 0;
  if (variance / LARGE >= Math.max(1, Math.abs(evenness)) && Number.isFinite(variance))
    return largeEntropy(variance, evenness);
  const start = Math.min(Math.floor(centre), high);
  const above = summed(logMass, start, 1, high, 0);
  const all = above === undefined ? undefined : summed(logMass, start - 1, -1, 0, above);
  return all ?? longEntropy(logMass, centre, std);
}

function termAt(logMass: (k: number) => number, k: number): number {
  const log = logMass(k);
  const mass = Math.exp(log);
  return mass > 0 ? -mass * log : 0;
}

/** A sum and the terms from one on, until what is left does not count; undefined where they are too many. */
function summed(
  logMass: (k: number) => number,
  from: number,
  step: 1 | -1,
  end: number,
  before: number,
): number | undefined {
  let sum = before;
  for (let n = 0, k = from; step > 0 ? k <= end : k >= end; n++, k += step) {
    if (n === MOST_TERMS) return undefined;
    const term = termAt(logMass, k);
    sum += term;
    if (term <= sum * 1e-20 && logMass(k) < -1) break;
  }
  return sum;
}

/**
 * By Euler and Maclaurin's formula from `SMOOTH` on: masses that so many terms do not exhaust change by no more than parts of a thousand from one to
 * the next there, so that the terms left out are below 1e-12 of the first. The integral is in log k, in which they fall to either side.
 */
function longEntropy(logMass: (k: number) => number, centre: number, std: number): number {
  const at = (k: number) => termAt(logMass, k);
  const inLog = (t: number) => at(Math.exp(t)) * Math.exp(t);
  const [first, from] = [Math.log(SMOOTH), Math.log(Math.max(SMOOTH, centre))];
  const width = Math.min(0.5, std / centre);
  const integral = fallingIntegral(inLog, from, width, Infinity) + fallingIntegral(inLog, from, -width, first);
  let sum = integral + at(SMOOTH) / 2 - (at(SMOOTH + 1) - at(SMOOTH - 1)) / 24;
  for (let k = 0; k < SMOOTH; k++) sum += at(k);
  return sum;
}

/**
 * Of P. Jacquet and W. Szpankowski's series (1999), and at evenness 0 that of R. Evans, J. Boersma, N. Blachman and A. Jagers (1988), up to the third
 * power of 1 / variance: the fourth has coefficients from -9/80 to -0.002. Those of the evenness were fitted to sums of 60 digits.
 */
function largeEntropy(variance: number, evenness: number): number {
  const [t, u] = [1 / variance, evenness];
  const third = (-19 + u * (102 + u * (-120 + u * 4))) / 360;
  const second = (-1 + u * (4 - 2 * u)) / 24;
  return (LOG_2PI + 1 + Math.log(variance)) / 2 + t * ((4 * u - 1) / 12 + t * (second + t * third));
}
