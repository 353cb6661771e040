import { UnsupportedError } from "../core/errors.ts";
import type { Distribution, ScalarDistribution } from "../distributions/distribution.ts";
import { integrate } from "../distributions/special/adaptive.ts";
import { reduced } from "./reduced.ts";

/** What the sums and integrals of this file are within. */
export const TOLERANCE = 1e-10;

/** A term of a sum that does not count beside what the others come to, or beside 1. */
const NOTHING = 1e-16;

/** Most whole numbers that are summed over. */
const MOST_VALUES = 1_000_000;

/** Farther out nothing is integrated. */
const FAR = 1e300;

/** Levels whose quantiles split the integrals, so that no narrow peak lies between two nodes unseen. */
const LEVELS = [1e-12, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-4, 1 - 1e-8, 1 - 1e-12];

/**
 * The mean of h(log q / p) under the even mixture of p and q, for a bounded h: a sum where both have finitely many values or are of
 * whole numbers, else an integral within `TOLERANCE`, or `HIDDEN` where that much lies next to an end other than 0; undefined for vectors without atoms.
 */
export function meanBetween(
  p: Distribution,
  q: Distribution,
  h: (t: number) => number,
  where: string,
): number | undefined {
  if (p.atoms && q.atoms) return overValues(p, q, h);
  if (p.shape.length > 0) return undefined;
  const [first, second] = [p as ScalarDistribution, q as ScalarDistribution];
  if (p.support[0]?.kind === "integers") return overIntegers(first, second, h, where);
  const [a, b] = reduced(first, second);
  return 0.5 * (overQuantiles(a, a, b, h, where) + overQuantiles(b, a, b, h, where));
}

function overValues(p: Distribution, q: Distribution, h: (t: number) => number): number {
  const masses = new Map<string, [number, number]>();
  for (const [side, { atoms = [] }] of [p, q].entries()) {
    for (const { value, probability } of atoms) {
      const key = String(value);
      const both = masses.get(key) ?? [0, 0];
      both[side] = probability;
      masses.set(key, both);
    }
  }
  return [...masses.values()].reduce((sum, [a, b]) => sum + 0.5 * (a + b) * h(ratioOf(a, b)), 0);
}

/** log(b / a), without the rounding of b / a where they are close. */
function ratioOf(a: number, b: number): number {
  return a > 0 && b > 0.5 * a && b < 2 * a ? Math.log1p((b - a) / a) : Math.log(b) - Math.log(a);
}

function overIntegers(p: ScalarDistribution, q: ScalarDistribution, h: (t: number) => number, where: string): number {
  const low = Math.min(p.icdf(2 ** -60), q.icdf(2 ** -60));
  const high = Math.max(p.icdf(1 - 2 ** -53), q.icdf(1 - 2 ** -53));
  const term = (k: number) => {
    const [a, b] = [p.logProb(k), q.logProb(k)];
    const mass = 0.5 * (Math.exp(a) + Math.exp(b));
    return mass > 0 ? mass * h(b - a) : 0;
  };
  let sum = 0;
  let count = high - low;
  for (let k = low; k <= high && count < MOST_VALUES; k++) sum += term(k);
  // Where h has no bound, what is unlikely under both may count.
  for (const [end, step] of [
    [high, 1],
    [low, -1],
  ] as const) {
    for (let k = end + step; count < MOST_VALUES; k += step, count++) {
      const own = term(k);
      if (!(Math.abs(own) > NOTHING * (1 + Math.abs(sum)))) break;
      sum += own;
    }
  }
  if (count < MOST_VALUES) return sum;
  throw new UnsupportedError(
    "limits",
    `${where}: ${p.name} and ${q.name} have more than ${MOST_VALUES} likely values; divergenceEstimate(engine, p, q, …) estimates it`,
  );
}

/** The mean of h under one of the two, as an integral over its quantiles' levels: bounded, and blind to no peak of its own. */
function overQuantiles(
  under: ScalarDistribution,
  p: ScalarDistribution,
  q: ScalarDistribution,
  h: (t: number) => number,
  where: string,
): number {
  const beyond = massBeyond(under);
  if (beyond > TOLERANCE / 2) {
    throw new UnsupportedError(
      "limits",
      `${where}: ${under.name} has a probability of ${beyond.toPrecision(3)} beyond ${FAR}, the range of f64 that is integrated over; ` +
        "divergences of its logarithm are the same",
    );
  }
  const { low, high } = under.support[0] ?? { low: -Infinity, high: Infinity };
  const [first, last] = [nextTo(low, 1), nextTo(high, -1)];
  const hidden = Math.max(...hiddenNextToEnds(under));
  if (hidden > HIDDEN) {
    throw new UnsupportedError(
      "limits",
      `${where}: ${under.name} has a probability of ${hidden.toPrecision(3)} nearer to an end of its support than f64 has numbers; ` +
        "move that end to 0, where it has",
    );
  }
  const at = (u: number) => {
    const x = Math.max(first, -FAR, Math.min(under.icdf(u), last, FAR));
    const [a, b] = [p.logProb(x), q.logProb(x)];
    // A quantile that was rounded out of the support, or onto a pole of the density, has no share of the mean.
    return a === b || Number.isNaN(b - a) ? h(0) : h(b - a);
  };
  const levels = [...LEVELS, ...splits(p, q).map((x) => under.cdf(x))];
  const points = [0, ...[...new Set(levels)].filter((u) => u > 0 && u < 1).sort((a, b) => a - b), 1];
  const { value, error } = integrate(at, points, TOLERANCE / 2);
  if (error <= TOLERANCE) return value;
  throw new UnsupportedError(
    "limits",
    `${where}: the integral of ${p.name} and ${q.name} does not converge; divergenceEstimate(engine, p, q, …) estimates it`,
  );
}

/** So much may lie between an end of the support and the next number, whose ratio of densities is taken for it. */
const HIDDEN = 1e-6;

/** How much of a distribution lies between an end of its support, or of another range, and the next number; none beside 0. */
export function hiddenNextToEnds(
  of: ScalarDistribution,
  { low, high } = rangeOf(of),
): readonly [low: number, high: number] {
  const [first, last] = [nextTo(low, 1), nextTo(high, -1)];
  return [
    Number.isFinite(first) ? of.cdf(first) - of.cdf(low) : 0,
    Number.isFinite(last) ? of.survival(last) - of.survival(high) : 0,
  ];
}

function rangeOf({ support: [own] }: ScalarDistribution): { readonly low: number; readonly high: number } {
  return own ?? { low: -Infinity, high: Infinity };
}

/** Whether so much of ∫ p^α q^(1 - α) lies there that an integral over f64's numbers, of this size, lacks it. */
export function isHiddenNextToEnds(p: ScalarDistribution, q: ScalarDistribution, alpha: number, size: number): boolean {
  const ends = { low: Math.max(rangeOf(p).low, rangeOf(q).low), high: Math.min(rangeOf(p).high, rangeOf(q).high) };
  const [own, others] = [hiddenNextToEnds(p, ends), hiddenNextToEnds(q, ends)];
  return own.some((mass, k) => {
    const other = others[k] ?? 0;
    return mass > 0 && other > 0 && mass ** alpha * other ** (1 - alpha) > HIDDEN * size;
  });
}

/** The nearest number on one side of a finite one; of 0, itself. */
function nextTo(end: number, side: 1 | -1): number {
  return Number.isFinite(end) ? end + side * Math.abs(end) * Number.EPSILON : end;
}

/** The probability of what is farther from 0 than the integrals go. */
function massBeyond({ cdf, support }: ScalarDistribution): number {
  return cdf(-FAR) + (support[0]?.high === Infinity ? 1 - cdf(FAR) : 0);
}

/** Whether so much of either lies out of f64's range that integrals over levels miss it. */
export function isFarOut(p: ScalarDistribution, q: ScalarDistribution): boolean {
  return reduced(p, q).some((one) => massBeyond(one) > TOLERANCE / 2);
}

/** Where either's density has an end or, as quantiles say, its mass. */
export function splits(...distributions: readonly ScalarDistribution[]): readonly number[] {
  return distributions.flatMap((distribution) => {
    const { support, icdf, known, parts = [] } = distribution;
    const ends = support.flatMap(({ low, high }) => [low, high]);
    return [
      ...ends,
      ...(known?.kinks?.() ?? []),
      ...LEVELS.map(icdf),
      ...splits(...(parts as readonly ScalarDistribution[])),
    ];
  });
}
