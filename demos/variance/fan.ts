/** Running means of one replicate at the checkpoints. */
export type Means = Float64Array;

/** Sizes at which a running mean is kept: all up to 8, then eight an octave. */
export function checkpoints(most: number): readonly number[] {
  const sizes = [1, 2, 3, 4, 5, 6, 7];
  for (let octave = 8; octave < most; octave *= 2) {
    for (let eighth = 0; eighth < 8; eighth++) sizes.push(octave + (octave / 8) * eighth);
  }
  return [...sizes.filter((size) => size < most), most];
}

/** Means of the first n values, for each n of a rising list. */
export function runningMeans(values: ArrayLike<number>, at: readonly number[]): Means {
  const means = new Float64Array(at.length);
  let total = 0;
  let next = 0;
  for (let i = 0; i < values.length && next < at.length; i++) {
    total += values[i] ?? Number.NaN;
    if (i + 1 === at[next]) means[next++] = total / (i + 1);
  }
  return means.subarray(0, next);
}

/** Replicates with one more checkpoint each. */
export function extended(fan: readonly Means[], means: readonly number[]): readonly Means[] {
  return fan.map((one, i) => Float64Array.of(...one, means[i] ?? Number.NaN));
}

/** The share of replicates that an interval of ± z·σ/√n holds at a checkpoint. */
export function coverage(means: readonly Means[], index: number, centre: number, halfWidth: number): number {
  const inside = means.filter((one) => Math.abs((one[index] ?? Number.NaN) - centre) <= halfWidth).length;
  return inside / means.length;
}
