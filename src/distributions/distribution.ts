import type { Engine } from "../engine/engine.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Expr } from "../expression/expr.ts";
import type { Variate } from "../sampling/integrand.ts";
import type { Affine } from "../sampling/sample-affine.ts";
import type { Growth, Side } from "./growth.ts";
import type { Means, Moments } from "./moments.ts";
import type { Refined } from "./refined.ts";
import type { SampleOptions } from "./sample-options.ts";

/** A point of a distribution: a number, or the coordinates of a vector. */
export type Point = number | readonly number[];

/** What `count` coordinates beside one another always add up to, of which this is the `place`-th. */
export interface FixedSum {
  readonly total: number;
  readonly place: number;
  readonly count: number;
}

/**
 * Where a coordinate's values lie: between two bounds (infinite ones included), on some whole numbers, whose sum with those beside them may be
 * fixed, or, as one of `count` shares that add up to 1 and the `place`-th of them, from 0 to 1.
 */
export type Support =
  | { readonly kind: "interval"; readonly low: number; readonly high: number }
  | { readonly kind: "integers"; readonly low: number; readonly high: number; readonly sum?: FixedSum | undefined }
  | {
      readonly kind: "shares";
      readonly low: 0;
      readonly high: 1;
      readonly place: number;
      readonly count: number;
      /** The density where this share alone is 0. */
      readonly atZero: "none" | "finite" | "infinite";
      /** The density where this share and another are 0, unless it is as where each is alone. */
      readonly atZeros?: "infinite" | undefined;
    };

/**
 * Variates that are drawn again, all of them, until `accept` holds: a condition on variates and parameters. It may look at variates of another one
 * where it holds only with that one's condition: until then its own are drawn again as well.
 */
export interface Rejection {
  readonly variates: readonly number[];
  readonly accept: Expr;
}

/**
 * A distribution as formulas, from which come its samples on every backend, its density under importance sampling and its
 * derivatives. Parameters are named, so that other values of them need no new shader.
 */
export interface Model {
  /** Variate k is variable k of `event`. */
  readonly variates: readonly Variate[];
  /** What makes the variates those of a sample, where they are not as drawn; no variate is in two of these. */
  readonly rejections?: readonly Rejection[];
  /** The coordinates of a sample as formulas of its variates. */
  readonly event: readonly Expr[];
  /** Of each coordinate, what its f32 value does not hold, where that counts. */
  readonly refined?: readonly (Refined | undefined)[] | undefined;
  /** Log-density (or log-mass) in nats as a formula of the event's coordinates; -Infinity is not in it, see `support`. */
  readonly logDensity: Expr;
  /** The distribution's. */
  readonly support: readonly Support[];
  /** Values of the parameters that the formulas name. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The event as a map of its variates, all of them normal: in many dimensions its formula is too long for a shader. */
  readonly affine?: Affine;
  /** The event jumps as a parameter changes, so that no derivative of it says how an expectation changes. */
  readonly jumps?: boolean;
}

/** A value and its probability. */
export interface Atom {
  readonly value: Point;
  readonly probability: number;
}

/** A distribution by location and scale, and how others of its shape are made. */
export interface Placed {
  readonly location: number;
  readonly scale: number;
  at(location: number, scale: number): ScalarDistribution;
}

/** How P(k + 1) / P(k) changes with the whole number k: never up, or never down. */
export interface Fall {
  /** The limit of its logarithm: -Infinity where P ends, or falls faster than a geometric series. */
  readonly limit: number;
  /** Whether it goes up, so that log P is convex. */
  readonly isConvex: boolean;
}

/**
 * What a family knows of one of its distributions for divergences from others. Each member is asked only when it is needed, and one that is absent
 * is not known in closed form.
 */
export interface Knowledge<D extends Distribution = Distribution> {
  /** The same distribution as a member of a more general family, which knows all the rest. */
  general?(): Distribution;
  moments?(): Moments;
  /** E log q(X) of this q, by means under X's distribution, which q covers; undefined where they lack a closed form. */
  meanLog?(under: Means): number | undefined;
  /** How the log-density goes on towards an end of the support. */
  growth?(side: Side): Growth;
  /** Its location and scale, where it has them. */
  placed?(): Placed;
  /** Those of the distribution of -log X. */
  logPlaced?(): Placed;
  /** Those of the distribution of atanh X. */
  atanhPlaced?(): Placed;
  /** Where the density has a kink inside the support. */
  kinks?(): readonly number[];
  /** How its probabilities of whole numbers fall. */
  fall?(): Fall;
  // Asked of members of the same family only:
  /** KL(this || q), without the cancellation of moments; undefined for parameters that have no closed form. */
  kl?(q: D): number | undefined;
  /** Rényi's divergence of this from q, of an order other than 1. */
  renyi?(q: D, alpha: number): number | undefined;
  /** The logarithm of the largest p / q, this being p, which q covers. */
  mostOver?(q: D): number | undefined;
}

/** A probability distribution: plain, immutable, made by the factories of this library. */
export interface Distribution {
  readonly name: string;
  /** `[]` for numbers, `[d]` for vectors. */
  readonly shape: readonly number[];
  readonly mean: Point;
  readonly variance: Point;
  /** The square root of the variance, also where that is beyond f64. */
  readonly standardDeviation: Point;
  /**
   * Where the density, or the mass, is largest: an end where it is infinite there, and the smallest of several. Of a mixture of numbers it is found
   * numerically, to about 1e-8 of its peak's width; absent where vectors have none.
   */
  readonly mode?: Point;
  /** Of each coordinate. Outside it the density is 0. */
  readonly support: readonly Support[];
  /** Log-density at x in nats, in f64; -Infinity outside the support. */
  logProb(x: number | ArrayLike<number>): number;
  /**
   * Log-densities of the points in x, on the engine of x: f32 `[...]` to `[...]`, or `[..., size]` to `[...]` for vectors of that
   * size. -Infinity outside the support, NaN where a coordinate is NaN.
   *
   * @throws InputError for another shape or dtype
   */
  logProb(x: Tensor): Tensor;
  /**
   * Samples on the GPU: f32 `[count]`, or `[count, size]` of vectors. Sample i is that of index offset + i, which `sampleAt` gives as
   * well and `expectation` sums: it depends on seed, stream and index alone.
   *
   * @throws InputError for a count or options that do not fit
   */
  sample(engine: Engine, count: number, options?: SampleOptions): Tensor;
  /** Entropy in nats. */
  entropy(): number;
  /** P(X <= x), of distributions of one number. */
  cdf?(x: number): number;
  /** P(X > x), with its own digits where it is small, of distributions of one number. */
  survival?(x: number): number;
  /** log P(X <= x) and log P(X > x), also where these are too small for f64, of distributions of one number. */
  logCdf?(x: number): number;
  logSurvival?(x: number): number;
  /** The smallest x with P(X <= x) >= p, of distributions of one number. */
  icdf?(p: number): number;
  /** @internal */
  readonly model: Model;
  /** @internal Every value of positive probability, where there are finitely many. */
  readonly atoms?: readonly Atom[] | undefined;
  /** @internal */
  readonly known?: Knowledge | undefined;
  /** @internal The distributions that this is a mixture of, whose supports together are its own. */
  readonly parts?: readonly Distribution[] | undefined;
}

/** A distribution of numbers. */
export interface ScalarDistribution extends Distribution {
  readonly shape: readonly [];
  readonly mean: number;
  readonly variance: number;
  readonly standardDeviation: number;
  readonly mode: number;
  /** The smallest x with P(X <= x) >= 1/2. */
  readonly median: number;
  logProb(x: number): number;
  logProb(x: Tensor): Tensor;
  /**
   * P(X <= x) of each number in x, on the engine of x: f32 `[...]` to `[...]`, and likewise `survival`, `logCdf` and `logSurvival`. The host makes a
   * table of the function when it is first asked of a tensor, in some hundredths of a second. Relative errors are below 4e-6 wherever the result is a
   * normal f32. NaN where x is NaN.
   *
   * @throws InputError for another dtype
   */
  cdf(x: Tensor): Tensor;
  cdf(x: number): number;
  survival(x: Tensor): Tensor;
  survival(x: number): number;
  logCdf(x: Tensor): Tensor;
  logCdf(x: number): number;
  logSurvival(x: Tensor): Tensor;
  logSurvival(x: number): number;
  /**
   * The quantiles of each number in p, on the engine of p: f32 `[...]` to `[...]`. Relative errors are below 4e-6. Whole numbers are those of exactly that p, rounded
   * to f32, where all are fewer than 2^15 or where they are below 2^15; larger ones among more may be the number beside. NaN where p is NaN.
   *
   * @throws InputError for another dtype, and, at the next read, for a p that is not from 0 to 1
   */
  icdf(p: Tensor): Tensor;
  icdf(p: number): number;
}

/** A distribution of vectors of one length. */
export interface VectorDistribution extends Distribution {
  readonly shape: readonly [size: number];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly standardDeviation: readonly number[];
  readonly mode?: readonly number[];
  logProb(x: ArrayLike<number>): number;
  logProb(x: Tensor): Tensor;
}
