import { LARGEST_BELOW_1, LEAST_NORMAL } from "../arithmetic/range.ts";
import { call, type Expr, number, parameter } from "../expression/expr.ts";
import { GUARD_0, GUARD_1 } from "../expression/guards.ts";
import { add, div, mul, select, sub } from "../expression/simplify.ts";

// What f32 cannot hold of a sample. The sample itself is one f32 number; what formulas make of it may need more: its distance
// from a location that has no f32 near it, or its logarithm where the sample is beyond f32's range.

/** origin + scale · unit: a quantity as two numbers of the host's, in f64, and a formula of the variates. */
export interface Shifted {
  readonly origin: number;
  readonly scale: number;
  readonly unit: Expr;
  /** Where `unit` is a sum of multiples of variates: those, so that formulas in which they cancel lose nothing. */
  readonly terms?: readonly Term[];
  /** log |unit|, where that may be too large for f32; `unit` is then the largest number instead. */
  readonly logSize?: Expr;
  /** Of the order of the standard deviation; the scale's size where it is left out. */
  readonly spread?: number;
}

/** A multiple of a unit; `spread` is of the order of the multiple's standard deviation. */
export interface Term {
  readonly scale: number;
  readonly unit: Expr;
  readonly spread: number;
}

/** Quantities that belong to a coordinate of a sample, where its f32 value is too coarse for them; x is the coordinate before it is rounded. */
export interface Refined {
  /** x */
  readonly shifted?: Shifted;
  /** log x */
  readonly log?: Shifted;
  /** log(1 - x) */
  readonly logOther?: Shifted;
  /** log(1 + x) */
  readonly log1p?: Shifted;
  /** Some samples are outside the logarithms' domain, where these are NaN. */
  readonly partial?: boolean;
  /**
   * Numbers that stand for samples which f32 cannot hold, such as 2^-126 for all below it: the probability of such samples, and numbers
   * beyond that one, to see whether a function tells them apart.
   */
  readonly clamped?: readonly Clamped[];
  /** The spacing of f32 numbers at the samples, in units of their spread, where they are too coarse and nothing better is known. */
  readonly coarseness?: number;
}

/** Samples that are replaced by the nearest number that f32 holds. */
export interface Clamped {
  readonly at: number;
  readonly probability: number;
  /** Samples from `at` outwards. */
  readonly beyond: readonly number[];
}

/** Probabilities below this are too small for any run to meet. */
export const NEVER_MET = 2 ** -40;

/** Next to a number whose logarithm is above this, locations do not count. */
export const FAR = 60;

/** Logarithms of the least and of the largest f32. */
export const [LOG_LEAST, LOG_MOST] = [-126 * Math.LN2, 128 * Math.LN2];

/** Samples below 2^-126, which are replaced by it. */
export function clampedAtLeast(probability: number): readonly Clamped[] {
  if (!(probability > NEVER_MET)) return [];
  return [{ at: LEAST_NORMAL, probability, beyond: [2 ** -140, 2 ** -200, 2 ** -400, 2 ** -1000] }];
}

/** Samples below 2^-126, which become 0. */
export function clampedToZero(probability: number): readonly Clamped[] {
  return clampedAtLeast(probability).map((one) => ({ ...one, at: 0 }));
}

/** Samples nearer to 1 than 2^-24, which are replaced by 1 - 2^-24. */
export function clampedBelowOne(probability: number): readonly Clamped[] {
  if (!(probability > NEVER_MET)) return [];
  return [{ at: LARGEST_BELOW_1, probability, beyond: [1 - 2 ** -27, 1 - 2 ** -32, 1 - 2 ** -42, 1 - 2 ** -52] }];
}

/** Samples nearer to -1 than 2^-24, which are replaced by -1 + 2^-24. */
export function clampedAboveMinusOne(probability: number): readonly Clamped[] {
  return clampedBelowOne(probability).map(({ at, beyond }) => ({
    at: -at,
    probability,
    beyond: beyond.map((x) => -x),
  }));
}

/** The spacing of f32 numbers at x. */
export function spacingAt(x: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), LEAST_NORMAL))) - 23);
}

/** By how much, in units of the spread, a location may be off before averages show it: a third of a standard error at 10^12 samples. */
const MOST_OFF = 2 ** -21;
/** Spacings, in units of the spread, up to which rounding adds less than a part in 10^7 to a variance. */
const MOST_SPACING = 2 ** -11;
/** Spreads whose multiples, or what is left of differences, leave f32's range. */
const [LEAST_SPREAD, MOST_SPREAD] = [2 ** -100, 2 ** 100];

/** Whether f32 is too coarse for samples of this spread around this location. */
export function isCoarse(location: number, spread: number): boolean {
  const off = Math.abs(location - Math.fround(location));
  return (
    off > MOST_OFF * spread ||
    spacingAt(location) > MOST_SPACING * spread ||
    spread < LEAST_SPREAD ||
    spread > MOST_SPREAD
  );
}

/** A location as two parameters that f32 holds, `nameWhole` and `nameRest`, and x - location as a formula. */
export interface Location {
  /** x - location */
  readonly distance: (x: Expr) => Expr;
  /** location + offset, rounded once where the location is much larger than the offset */
  readonly plus: (offset: Expr) => Expr;
  readonly parameters: (location: number) => Readonly<Record<string, number>>;
}

export function locationNamed(name: string): Location {
  const [whole, rest] = [parameter(`${name}Whole`), parameter(`${name}Rest`)];
  return {
    distance: (x) => sub(sub(x, whole), rest),
    plus: (offset) => add(whole, add(rest, offset)),
    parameters(location) {
      const high = Math.fround(location);
      const low = location - high;
      return { [`${name}Whole`]: high, [`${name}Rest`]: Math.abs(low) < LEAST_NORMAL ? 0 : low };
    },
  };
}

/** The event of a family of locations and scales: location + scale · unit. */
export interface Located {
  readonly event: readonly Expr[];
  readonly refined?: readonly Refined[];
}

/**
 * @param plain - the event where f32 is fine enough for the location
 * @param scale - its parameter
 * @param beyond - log |unit|, where that may be too large for f32, and what stands for such samples
 */
export function located(
  plain: Expr,
  location: Location,
  scale: Expr,
  unit: Expr,
  [origin, spread]: readonly [location: number, scale: number],
  beyond?: { readonly logSize: Expr; readonly clamped: readonly Clamped[] },
): Located {
  const coarse = isCoarse(origin, spread);
  const shifted = { origin, scale: spread, unit, ...(beyond ? { logSize: beyond.logSize } : {}) };
  return {
    event: [coarse ? location.plus(mul(scale, unit)) : plain],
    ...(coarse || beyond ? { refined: [{ shifted, ...(beyond ? { clamped: beyond.clamped } : {}) }] } : {}),
  };
}

/** log(x / c) as densities write it: rewriting/logarithms.ts knows the form, and keeps the quotient in range. */
export function logOfRatio(x: Expr, c: Expr): Expr {
  return call("log", div(x, c));
}

/** x of a density that has log x in it: a sample that is 0 as an f32 stands for one that is not. */
export function above0(x: Expr): Expr {
  return call("max", x, GUARD_0);
}

/** 1 - x of a density that has log(1 - x) in it, alike. */
export function below1(x: Expr): Expr {
  return call("max", sub(number(1), x), GUARD_1);
}

/** log(1 + (x / scale)²) = 2 log m + log1p(r²), m = max(d, 1), r = min(d, 1 / d) of d = |x| / scale: no square overflows. */
export function heavyGrowth(x: Expr, scale: Expr): Expr {
  const size = call("abs", x);
  const distance = div(size, scale);
  const far = call("gt", distance, number(1));
  const ratio = select(far, div(number(1), distance), distance);
  return add(select(far, mul(number(2), logOfRatio(size, scale)), number(0)), call("log1p", mul(ratio, ratio)));
}
