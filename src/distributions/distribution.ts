import type { Variate } from "../expectation/integrand.ts";
import type { Expr } from "../expression/expr.ts";

/** A point of a distribution: a number, or the coordinates of a vector. */
export type Point = number | readonly number[];

/** Where a coordinate's values lie: between two bounds (infinite ones included), or on some whole numbers. */
export type Support =
  | { readonly kind: "interval"; readonly low: number; readonly high: number }
  | { readonly kind: "integers"; readonly low: number; readonly high: number };

/**
 * A distribution as formulas, from which come its samples on every backend, its density under importance sampling and its
 * derivatives. Parameters are named, so that other values of them need no new shader.
 */
export interface Model {
  /** Variate k is variable k of `event`. */
  readonly variates: readonly Variate[];
  /** The coordinates of a sample as formulas of its variates. */
  readonly event: readonly Expr[];
  /** Log-density (or log-mass) in nats as a formula of the event's coordinates; -Infinity is not in it, see `support`. */
  readonly logDensity: Expr;
  /** The distribution's. */
  readonly support: readonly Support[];
  /** Values of the parameters that the formulas name. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The event jumps as a parameter changes, so that no derivative of it says how an expectation changes. */
  readonly jumps?: boolean;
}

/** A value and its probability. */
export interface Atom {
  readonly value: Point;
  readonly probability: number;
}

/** A probability distribution: plain, immutable, made by the factories of this library. */
export interface Distribution {
  readonly name: string;
  /** `[]` for numbers, `[d]` for vectors. */
  readonly shape: readonly number[];
  readonly mean: Point;
  readonly variance: Point;
  /** Of each coordinate. Outside it the density is 0. */
  readonly support: readonly Support[];
  /** Log-density at x in nats, in f64; -Infinity outside the support. */
  logProb(x: Point): number;
  /** Entropy in nats. */
  entropy(): number;
  /** P(X <= x), of distributions of one number. */
  cdf?(x: number): number;
  /** The smallest x with P(X <= x) >= p, of distributions of one number. */
  icdf?(p: number): number;
  /** @internal */
  readonly model: Model;
  /** @internal Every value of positive probability, where there are finitely many. */
  readonly atoms?: readonly Atom[] | undefined;
  /** @internal The distributions that this is a mixture of, whose supports together are its own. */
  readonly parts?: readonly Distribution[] | undefined;
}

/** A distribution of numbers. */
export interface ScalarDistribution extends Distribution {
  readonly shape: readonly [];
  readonly mean: number;
  readonly variance: number;
  logProb(x: number): number;
  cdf(x: number): number;
  icdf(p: number): number;
}

/** A distribution of vectors of one length. */
export interface VectorDistribution extends Distribution {
  readonly shape: readonly [size: number];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  logProb(x: readonly number[]): number;
}
