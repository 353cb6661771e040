/** The least, the quartiles and the median of some numbers. */
export interface Spread {
  readonly least: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Least, median and quartiles, between neighbours where a quantile falls between two values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    least: sorted[0] ?? Number.NaN,
    low: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, 0.75),
  };
}

export function medianOf(values: readonly number[]): number {
  return spreadOf(values).median;
}

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Times by the round that they were taken in. */
export interface Rounds {
  readonly rounds: readonly number[];
  readonly times: readonly number[];
}

/**
 * How many times as long `theirs` takes as `ours`: the spread over the rounds that both took part in, so that what
 * disturbs a round disturbs both sides of its ratio.
 */
export function ratioOf(theirs: Rounds, ours: Rounds): Spread | undefined {
  const byRound = new Map(ours.rounds.map((round, k) => [round, ours.times[k] as number]));
  const ratios = theirs.rounds.flatMap((round, k) => {
    const own = byRound.get(round);
    return own === undefined ? [] : [(theirs.times[k] as number) / own];
  });
  return ratios.length > 0 ? spreadOf(ratios) : undefined;
}

/** A number with so many digits that count. */
export function rounded(value: number, digits = 4): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
