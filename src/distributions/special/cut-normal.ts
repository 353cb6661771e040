import { double } from "../../arithmetic/double.ts";
import { fallingMass, HALF_ROOT_2PI } from "./mills.ts";
import { fallingIntegral } from "./quadrature.ts";
import { rootOf } from "./root.ts";

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
  /** The probability of what lies before t, or beyond it where distances are counted downwards. */
  below(t: number): number;
  /** The t of a probability from 0 to 1. */
  quantile(p: number): number;
}

export function cutNormal(cut: Cut): CutNormal {
  const { from, first, last, mirrored } = cut;
  const power = (t: number) => (Number.isFinite(t) ? -t * (from + t / 2) : Number.NEGATIVE_INFINITY);
  // ∫ exp(power) between two distances, with its relative accuracy
  const between = (a: number, b: number): number => {
    if (b <= a) return 0;
    if (from + a >= 0) return Math.exp(power(a)) * fallingMass(from + a, b - a);
    if (b <= 0) return Math.exp(power(b)) * fallingMass(-b, b - a);
    return HALF_ROOT_2PI * (double.erf(b * Math.SQRT1_2) - double.erf(a * Math.SQRT1_2));
  };
  const mass = between(first, last);
  const logMass = Math.log(mass);
  const width = 2 / (1 + from / 2);
  const sideMoment = (n: number, end: number) =>
    end === 0 ? 0 : fallingIntegral((t) => Math.abs(t) ** n * Math.exp(power(t)), 0, Math.sign(end) * width, end);
  // Odd moments are negative below the base, where it is inside.
  const mean = (sideMoment(1, last) - sideMoment(1, first)) / mass;
  const square = (sideMoment(2, last) + sideMoment(2, first)) / mass;
  return {
    ...cut,
    mean,
    variance: square - mean * mean,
    entropy: logMass + from * mean + square / 2,
    logMass,
    logDensity: (t) => power(t) - logMass,
    below: (t) => (mirrored ? between(t, last) : between(first, t)) / mass,
    quantile(p) {
      const [before, beyond] = mirrored ? [1 - p, p] : [p, 1 - p];
      const upper = beyond < before;
      const target = Math.log(upper ? beyond : before) + logMass;
      const move = (t: number): readonly [number, number] => {
        const tail = upper ? between(t, last) : between(first, t);
        const distance = upper ? target - Math.log(tail) : Math.log(tail) - target;
        return [distance, Math.exp(power(t)) / tail];
      };
      // Beyond 40 there is less than any f64.
      return rootOf(move, Math.max(first, -40), Math.min(last, 40), guess(from, first, before, beyond));
    },
  };
}

// A normal quantile, or, where the base is an end, what an infinite tail's would be.
function guess(from: number, first: number, before: number, beyond: number): number {
  if (first < 0) return double.normalQuantile(before);
  const y = before < 0.5 ? -Math.log1p(-before) : -Math.log(beyond);
  return (2 * y) / (from + Math.sqrt(from * from + 2 * y));
}
