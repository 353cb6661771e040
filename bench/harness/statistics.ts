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

/** Of heats: the median of their medians, so that each heat counts once; the rest over all values. */
export function spreadOfHeats(heats: readonly (readonly number[])[]): Spread {
  const counted = heats.filter(({ length }) => length > 0);
  return { ...spreadOf(counted.flat()), median: medianOf(counted.map(medianOf)) };
}

/**
 * How many times as long `theirs` takes as `ours`, round by round of one race, so that what disturbs a round disturbs both
 * sides of its ratio. A side that takes part in fewer rounds is held against the other's median since its last turn.
 */
export function ratiosOf(theirs: Rounds, ours: Rounds): number[] {
  const rare = theirs.rounds.length <= ours.rounds.length;
  const pairs = rare ? pairsOf(theirs, ours) : pairsOf(ours, theirs);
  return pairs.map(([few, many]) => (rare ? few / many : many / few));
}

function pairsOf(few: Rounds, many: Rounds): [few: number, many: number][] {
  return few.rounds.flatMap((round, k): [number, number][] => {
    const last = few.rounds[k - 1] ?? -1;
    const since = many.times.filter((_, i) => (many.rounds[i] as number) > last && (many.rounds[i] as number) <= round);
    return since.length > 0 ? [[few.times[k] as number, medianOf(since)]] : [];
  });
}

/** A number with so many digits that count. */
export function rounded(value: number, digits = 4): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
