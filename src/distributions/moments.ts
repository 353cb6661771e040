/**
 * Means under a distribution that log-densities of other families are made of, besides its mean and variance. What is absent has no
 * closed form; what diverges is infinite.
 */
export interface Moments {
  /** An end of the support and how far beyond it the mean lies, which may be less than f64 tells of the mean itself. */
  readonly offset?: { readonly end: number; readonly by: number };
  /** E max(c - X, 0), for c within the support */
  readonly below?: (c: number) => number;
  /** E log X */
  readonly logarithm?: number;
  /** log E X - E log X, which is never negative, where the mean is finite */
  readonly logGap?: number;
  /** E log(X / c), of a family that knows it better than by E log X */
  readonly logOver?: (c: number) => number;
  /** Var log X */
  readonly logVariance?: number;
  /** E (X / s)^k */
  readonly power?: (k: number, s: number) => number;
  /** E exp(t (X - c)) */
  readonly exponential?: (t: number, c: number) => number;
  /** E log((1 - X) / (1 - c)) */
  readonly complementOver?: (c: number) => number;
  /** E log(1 + ((X - c) / s)²) */
  readonly logSquare?: (c: number, s: number) => number | undefined;
  /** E (1 - cos(X - c)) */
  readonly versine?: (c: number) => number;
}

/** The means that log-densities ask for, with the distribution's mean and variance. */
export interface Means extends Omit<Moments, "logOver"> {
  readonly mean: number;
  /** E (X - c)² */
  readonly square: (c: number) => number;
  /** E |X - c| */
  readonly absolute: (c: number) => number | undefined;
  /** E log(X / c) */
  readonly logOver: (c: number) => number | undefined;
  /** E (log X - c)² */
  readonly logarithmSquare: (c: number) => number | undefined;
}

/** A sum of which a part may have no closed form. */
export function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** A coefficient of 0 needs no mean. */
export function times(coefficient: number, mean: number | undefined): number | undefined {
  if (coefficient === 0) return 0;
  return mean === undefined ? undefined : coefficient * mean;
}
