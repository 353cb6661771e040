import { EULER } from "../../arithmetic/coefficients.ts";
import { SERIES_FROM, varianceOfManyNoises } from "./gumbel-shares-series.ts";

// Means over shares y = softmax((log p + g) / t) of independent standard Gumbel variates g, t being the temperature. With weights
// w[j] = exp((log p[j] + g[j]) / t) and 1/S = the integral of exp(-z S) over z, S their sum, every mean is an integral over z of
// products of one class's transforms, E exp(-z w[j]) and its first two derivatives, so that any number of classes is one integral of
// integrals (W. Feller, An Introduction to Probability Theory and Its Applications II, XIII; for choices among classes with Gumbel
// noise J. Yellott 1977). All of them depend on one function of log z alone, shifted from class to class.
//
// E exp(-exp(s + g / t)) is the same as E exp(-exp(t s + t g)), since it is the probability that one Gumbel variate exceeds another:
// of the two, that whose noise is the smaller multiple of g is smooth on the scale of its variable, x below. The trapezoidal rule is
// then exact to f64's rounding: integrands are analytic within about pi / 2 of the line.

export interface SharesMoments {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  /** E log y of each share. */
  readonly meanLog: readonly number[];
}

const STEP = 0.25;
/** exp(-exp(6.6)) is below f64's numbers. */
const LEAST_NOISE = -6.6;
/** exp(-exp(3.8)) next to 1, as is exp(-45). */
const [FADED, NOTHING] = [3.8, 45];
/** Classes further below the most probable one have shares below f64's numbers, unless the temperature is high. */
const FURTHEST = -800;
/** No product is left from here on: exp(-2 exp(9 / 2)). */
const END = 9;
const NEGLIGIBLE = 1e-18;

/** @param logs - logarithms of probabilities that add up to 1 */
export function momentsOfGumbelShares(logs: readonly number[], temperature: number): SharesMoments {
  const isCold = temperature < 1;
  // The variable is x = slope · log z.
  const slope = isCold ? temperature : 1;
  const places = isCold ? logs : logs.map((log) => log / temperature);
  const top = places.reduce((most, place) => Math.max(most, place), Number.NEGATIVE_INFINITY);
  const shifts = places.map((place) => Math.max(place - top, FURTHEST));
  const noise = isCold ? temperature : 1 / temperature;
  const transforms = transformsOf(noise, slope, Math.min(...shifts) - NOTHING - Math.log(logs.length));
  const sums = shifts.map(() => ({ share: 0, square: 0, rest: 0, both: 0 }));
  let place = 0;
  for (let x = END; ; x -= STEP) {
    const at = shifts.map((shift) => transforms(x + shift));
    const product = at.reduce((all, { value }) => all * value, 1);
    if (product === 0) continue;
    const first = at.map(({ value, first }) => first / value);
    const second = at.map(({ value, second }) => second / value);
    const [firsts, seconds, pairs] = [othersOf(first), othersOf(second), pairsOfOthers(first)];
    let counts = false;
    sums.forEach((sum, k) => {
      const [own, others] = [first[k] ?? 0, firsts[k] ?? 0];
      const terms = {
        share: product * own,
        square: product * (second[k] ?? 0),
        rest: product * ((seconds[k] ?? 0) + 2 * slope * (pairs[k] ?? 0)),
        both: product * slope * own * others,
      };
      place -= x * terms.share;
      for (const name of ["share", "square", "rest", "both"] as const) {
        sum[name] += terms[name];
        counts ||= terms[name] > NEGLIGIBLE * sum[name];
      }
    });
    if (!counts) break;
  }
  // E log S on the scale of x, by E of -x, which is log S less a Gumbel variate.
  const logSum = STEP * place + top - slope * EULER;
  return {
    mean: sums.map(({ share }) => STEP * share),
    // E y² E (1 - y)² - (E y (1 - y))²: small where y is near 0 or near 1 too.
    variance:
      temperature >= SERIES_FROM
        ? varianceOfManyNoises(logs, temperature)
        : sums.map(({ square, rest, both }) => STEP ** 2 * (square * rest - both ** 2)),
    meanLog: places.map((own) => (own + (isCold ? 1 : 1 / temperature) * EULER - logSum) / slope),
  };
}

/** E exp(-u), E u exp(-u) and E (slope u² + (1 - slope) u) exp(-u), u = exp(x + noise g), the last two of which are z times derivatives' sizes. */
interface Transforms {
  readonly value: number;
  readonly first: number;
  readonly second: number;
}

function transformsOf(noise: number, slope: number, least: number): (x: number) => Transforms {
  // Where exp(-g), times what u grows by, no longer counts, or u is large.
  const most = (x: number) =>
    Math.min((FADED - x) / noise, 2 * noise < 1 ? NOTHING / (1 - 2 * noise) : Number.POSITIVE_INFINITY);
  const count = Math.ceil((most(least) - LEAST_NOISE) / STEP);
  const weights = new Float64Array(count);
  const growths = new Float64Array(count);
  const rest = 1 - slope;
  for (let i = 0; i < count; i++) {
    const g = LEAST_NOISE + i * STEP;
    weights[i] = STEP * Math.exp(-g - Math.exp(-g));
    growths[i] = Math.exp(noise * g);
  }
  return (x) => {
    const size = Math.exp(x);
    const stop = Math.min(count, Math.ceil((most(x) - LEAST_NOISE) / STEP));
    let [value, first, second] = [0, 0, 0];
    for (let i = 0; i < stop; i++) {
      const u = size * (growths[i] as number);
      const weight = (weights[i] as number) * Math.exp(-u);
      value += weight;
      first += weight * u;
      second += weight * u * (slope * u + rest);
    }
    return { value, first, second };
  };
}

/** Sums of all but one, without subtracting it. */
function othersOf(values: readonly number[]): readonly number[] {
  const after = new Float64Array(values.length + 1);
  for (let k = values.length - 1; k >= 0; k--) after[k] = (after[k + 1] as number) + (values[k] as number);
  let before = 0;
  return values.map((value, k) => {
    const others = before + (after[k + 1] as number);
    before += value;
    return others;
  });
}

/** Sums of products of two of all but one. */
function pairsOfOthers(values: readonly number[]): readonly number[] {
  const [after, pairsAfter] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1)];
  for (let k = values.length - 1; k >= 0; k--) {
    const value = values[k] as number;
    pairsAfter[k] = (pairsAfter[k + 1] as number) + value * (after[k + 1] as number);
    after[k] = (after[k + 1] as number) + value;
  }
  let [before, pairsBefore] = [0, 0];
  return values.map((value, k) => {
    const pairs = pairsBefore + (pairsAfter[k + 1] as number) + before * (after[k + 1] as number);
    pairsBefore += value * before;
    before += value;
    return pairs;
  });
}
