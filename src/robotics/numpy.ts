// What NumPy computes, to the last bit: the originals' tokenizers are defined by it.

/** `numpy.linspace(start, stop, count)` in f64. */
export function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, k) => (k === count - 1 ? stop : k * step + start));
}

/** How many of ascending `edges` are not above x: `numpy.digitize(x, edges)`. */
export function digitize(x: number, edges: ArrayLike<number>): number {
  return firstWhere(edges, (edge) => edge > x);
}

/** The first place in ascending `values` that is not below x: `numpy.searchsorted(values, x)`. */
export function searchSorted(values: ArrayLike<number>, x: number): number {
  return firstWhere(values, (value) => value >= x);
}

/** The first place from which `holds` does, of values for which it holds from some place on. */
function firstWhere(values: ArrayLike<number>, holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(values[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `numpy.percentile(values, percent)`: linear between the two nearest of the sorted values. */
export function percentile(values: ArrayLike<number>, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (percent / 100) * (sorted.length - 1);
  const left = Math.floor(place);
  const a = sorted[left] as number;
  const b = sorted[Math.min(left + 1, sorted.length - 1)] as number;
  const t = place - left;
  // From the nearer end, so that neither end is missed by a rounding.
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}

export function clip(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
