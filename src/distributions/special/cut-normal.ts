import { double } from "../../arithmetic/double.ts";
import { fallingMass, HALF_ROOT_2PI } from "./mills.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf } from "./root.ts";
import { ofLower, ofUpper, swapped, type Tails } from "./tails.ts";

/** Where a standard normal distribution is cut, in the distance t from a base: its density there is of the order of exp(-t (from + t / 2)). */
export interface Cut {
  /** How far from 0 the base lies: the nearer end, or 0 itself where it is inside. */
  readonly from: number;
  /** Range of t. One of its ends is 0 where the base is an end. */
  readonly first: number;
  readonly last: number;
  /** Distances are counted downwards, from the upper end. */
  readonly mirrored: boolean;
}

export interface CutNormal extends Cut {
  /** Of t, as all that follows. */
  readonly mean: number;
  readonly variance: number;
  readonly entropy: number;
  /** The logarithm of the integral of exp(-t (from + t / 2)). */
  readonly logMass: number;
  logDensity(t: number): number;
  /** What lies below and above the t that is `before` beyond the first and `beyond` before the last. */
  tails(t: number, before: number, beyond: number): Tails;
  /** The t of a probability from 0 to 1. */
  quantile(p: number): number;
  /** The same as a distance from the base or from an end, whichever it is near to. */
  place(p: number): CutInterval;
}

/** A t, as what it has beyond the base or beyond the first t, or as what it lacks of the last. */
export interface CutInterval {
  readonly from: "base" | "first" | "last";
  readonly distance: number;
}

export function cutNormal(cut: Cut): CutNormal {
  const { from, first, last, mirrored } = cut;
  const power = (t: number) => (Number.isFinite(t) ? -t * (from + t / 2) : Number.NEGATIVE_INFINITY);
  // The logarithm of ∫ exp(power) between two distances, which are `width` apart
  const logBetween = (a: number, b: number, width: number): number => {
    if (width <= 0) return Number.NEGATIVE_INFINITY;
    if (from + a >= 0) return power(a) + Math.log(fallingMass(from + a, width));
    if (b <= 0) return power(b) + Math.log(fallingMass(-b, width));
    return Math.log(HALF_ROOT_2PI * (double.erf(b * Math.SQRT1_2) - double.erf(a * Math.SQRT1_2)));
  };
  const logMass = logBetween(first, last, last - first);
  const mass = Math.exp(logMass);
  const width = 2 / (1 + from / 2);
  const sideMoment = (n: number, end: number) =>
    end === 0 ? 0 : fallingIntegral((t) => Math.abs(t) ** n * Math.exp(power(t)), 0, Math.sign(end) * width, end);
  // Odd moments are negative below the base, where it is inside.
  const mean = (sideMoment(1, last) - sideMoment(1, first)) / mass;
  const square = (sideMoment(2, last) + sideMoment(2, first)) / mass;
  const tails = (t: number, before: number, beyond: number): Tails => {
    const logBefore = logBetween(first, t, before) - logMass;
    const logBeyond = logBetween(t, last, beyond) - logMass;
    const made = logBefore < logBeyond ? ofLower(logBefore) : ofUpper(logBeyond);
    return mirrored ? swapped(made) : made;
  };
  const targetOf = (p: number) => {
    const [before, beyond] = mirrored ? [1 - p, p] : [p, 1 - p];
    const upper = beyond < before;
    return { before, beyond, upper, target: Math.log(upper ? beyond : before) + logMass };
  };
  const quantile = (p: number): number => {
    const { before, beyond, upper, target } = targetOf(p);
    // So near to the base, where it is an end, that the density is the same all the way.
    const near = !upper && first === 0 ? Math.exp(target) : Number.POSITIVE_INFINITY;
    if (near * (from + near) < 1e-17) return near;
    const move = (t: number): readonly [number, number] => {
      const log = upper ? logBetween(t, last, last - t) : logBetween(first, t, t - first);
      return [upper ? target - log : log - target, Math.exp(power(t) - log)];
    };
    // Beyond 40 there is less than any f64.
    return rootOf(move, Math.max(first, -40), Math.min(last, 40), guess(from, first, before, beyond));
  };
  const place = (p: number): CutInterval => {
    const t = quantile(p);
    const { upper, target } = targetOf(p);
    const end = upper ? last : first;
    let distance = Math.abs(end - t);
    if (end === 0 || !(distance < Math.abs(end) / 16)) return { from: "base", distance: t };
    if (distance === 0) distance = Math.exp(target - power(end));
    // Newton's steps in the logarithm of the distance, from one that lost digits to the end
    for (let step = 0; step < 3 && distance > 1e-290; step++) {
      const inner = upper ? end - distance : end + distance;
      const log = upper ? logBetween(inner, end, distance) : logBetween(end, inner, distance);
      distance *= Math.exp((target - log) / (distance * Math.exp(power(inner) - log)));
    }
    return { from: upper ? "last" : "first", distance };
  };
  return {
    ...cut,
    mean,
    variance: square - mean * mean,
    entropy: logMass + from * mean + square / 2,
    logMass,
    logDensity: (t) => power(t) - logMass,
    tails,
    quantile,
    place,
  };
}

// A normal quantile, or, where the base is an end, what an infinite tail's would be.
function guess(from: number, first: number, before: number, beyond: number): number {
  if (first < 0) return double.normalQuantile(before);
  const y = before < 0.5 ? -Math.log1p(-before) : -Math.log(beyond);
  return (2 * y) / (from + Math.sqrt(from * from + 2 * y));
}
