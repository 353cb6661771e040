/** P(X <= x) and P(X > x), each with its relative accuracy, and their logarithms, also where f64 has no such probability. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
  readonly logLower: number;
  readonly logUpper: number;
}

/** Both tails from P(X <= x) = exp(log) factor, which is not near 1 unless it is 1. */
export function ofLower(log: number, factor = 1): Tails {
  const lower = Math.min(Math.exp(log) * factor, 1);
  return { lower, upper: 1 - lower, logLower: Math.min(log + Math.log(factor), 0), logUpper: Math.log1p(-lower) };
}

/** Both tails from P(X > x) = exp(log) factor, which is not near 1 unless it is 1. */
export function ofUpper(log: number, factor = 1): Tails {
  return swapped(ofLower(log, factor));
}

/** Both tails from P(X > x) = exp(-hazard); the hazard's logarithm counts where it is below f64. */
export function ofHazard(hazard: number, logHazard: number): Tails {
  const lower = -Math.expm1(-hazard);
  const upper = Math.exp(-hazard);
  const logLower = hazard < 1e-290 ? logHazard : lower < 0.5 ? Math.log(lower) : Math.log1p(-upper);
  return { lower, upper, logLower, logUpper: -hazard };
}

/** Both tails from P(X <= x) and P(X > x), each with its relative accuracy. */
export function ofBoth(lower: number, upper: number): Tails {
  const logOf = (own: number, other: number) => (other < 0.5 ? Math.log1p(-other) : Math.log(own));
  return { lower, upper, logLower: logOf(lower, upper), logUpper: logOf(upper, lower) };
}

/** The tails of -X at -x. */
export function swapped({ lower, upper, logLower, logUpper }: Tails): Tails {
  return { lower: upper, upper: lower, logLower: logUpper, logUpper: logLower };
}

export const NOTHING_BELOW: Tails = Object.freeze({
  lower: 0,
  upper: 1,
  logLower: Number.NEGATIVE_INFINITY,
  logUpper: 0,
});

export const NOTHING_BEYOND: Tails = Object.freeze(swapped(NOTHING_BELOW));

/** log Σ exp(terms) */
export function logSumExp(terms: readonly number[]): number {
  const peak = terms.reduce((most, term) => Math.max(most, term), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(peak)) return peak;
  return peak + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - peak), 0));
}
