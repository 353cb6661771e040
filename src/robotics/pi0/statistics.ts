import { InputError } from "../../core/errors.ts";
import { checkNamesOf } from "../../core/options.ts";
import { checkFiniteNumbers, checkRows } from "../checks.ts";
import { linspace, searchSorted } from "../numpy.ts";

/** Bins of the histograms from which percentiles are read. */
const BINS = 5_000;

/** How far the first histogram reaches beyond the values seen. */
const PADDING = 1e-10;

/** What openpi normalises by, a value a dimension. */
export interface Statistics {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly q01: Float64Array;
  readonly q99: Float64Array;
}

/** A histogram: counts[k] values from edges[k] to below edges[k + 1], the last end included. */
interface Histogram {
  edges: number[];
  counts: Float64Array;
}

/**
 * openpi's RunningStats (src/openpi/shared/normalize.py) in f64: mean and mean of squares, and a histogram of 5,000 bins a
 * dimension, from which the percentiles are read as left edges. Batches that widen the range have the counts moved to new bins by
 * their old left edges.
 *
 * openpi's released code pads the first range by 1e-10 and later ones not, so that when a later batch raises the maximum alone, the
 * counts of the lowest bin fall below the new first edge and are lost. That is kept, unless `padded` says otherwise.
 *
 * With all values at once the percentiles are within one bin, a 5,000th of the range, of the exact ones.
 */
export class RunningStatistics {
  readonly #padded: boolean;
  #count = 0;
  #mean = new Float64Array(0);
  #meanOfSquares = new Float64Array(0);
  #min = new Float64Array(0);
  #max = new Float64Array(0);
  #histograms: Histogram[] = [];

  constructor(options: { readonly padded?: boolean } = {}) {
    checkNamesOf(options, ["padded"], "pi0.RunningStatistics");
    this.#padded = options.padded ?? false;
  }

  /** How many vectors were seen. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes a batch of vectors.
   *
   * @param values - rows of `width` values
   * @throws InputError for numbers that are not finite, for lengths that do not fit, and for a width other than the first batch's
   */
  update(values: ArrayLike<number>, width: number): void {
    const where = "pi0.RunningStatistics.update";
    checkRows(values, width, "values", where);
    checkFiniteNumbers(values, "values", where);
    if (values.length === 0) throw new InputError(`${where}: values must be at least one vector, got none`);
    const columns = Array.from({ length: width }, (_, d) => columnOf(values, width, d));
    if (this.#count === 0) this.#begin(columns);
    else if (width !== this.#mean.length) {
      throw new InputError(`${where}: width must be ${this.#mean.length} as in the first batch, got ${width}`);
    } else this.#widen(columns);
    const rows = values.length / width;
    this.#count += rows;
    const share = rows / this.#count;
    columns.forEach((column, d) => {
      const mean = this.#mean[d] as number;
      const squares = this.#meanOfSquares[d] as number;
      this.#mean[d] = mean + (meanOf(column) - mean) * share;
      this.#meanOfSquares[d] = squares + (meanOf(column.map((x) => x * x)) - squares) * share;
      tally(this.#histograms[d] as Histogram, column);
    });
  }

  /**
   * The statistics of all batches so far.
   *
   * @throws InputError before two vectors were seen
   */
  statistics(): Statistics {
    if (this.#count < 2) {
      throw new InputError(`pi0.RunningStatistics.statistics: needed at least 2 vectors, got ${this.#count}`);
    }
    const quantile = (q: number) =>
      Float64Array.from(this.#histograms, ({ edges, counts }) => {
        let sum = 0;
        const sums = counts.map((count) => {
          sum += count;
          return sum;
        });
        return edges[searchSorted(sums, q * this.#count)] as number;
      });
    return {
      mean: this.#mean.slice(),
      std: this.#meanOfSquares.map((squares, d) => Math.sqrt(Math.max(0, squares - (this.#mean[d] as number) ** 2))),
      q01: quantile(0.01),
      q99: quantile(0.99),
    };
  }

  #begin(columns: readonly Float64Array[]): void {
    this.#mean = Float64Array.from(columns, meanOf);
    this.#meanOfSquares = Float64Array.from(columns, (column) => meanOf(column.map((x) => x * x)));
    this.#min = Float64Array.from(columns, leastOf);
    this.#max = Float64Array.from(columns, greatestOf);
    this.#histograms = columns.map((_, d) => ({
      edges: linspace((this.#min[d] as number) - PADDING, (this.#max[d] as number) + PADDING, BINS + 1),
      counts: new Float64Array(BINS),
    }));
  }

  /** Any dimension that grew has all of them move to new bins, as in the original. */
  #widen(columns: readonly Float64Array[]): void {
    const lows = columns.map(leastOf);
    const highs = columns.map(greatestOf);
    const grew =
      lows.some((low, d) => low < (this.#min[d] as number)) || highs.some((high, d) => high > (this.#max[d] as number));
    this.#min = this.#min.map((low, d) => Math.min(low, lows[d] as number));
    this.#max = this.#max.map((high, d) => Math.max(high, highs[d] as number));
    if (!grew) return;
    const padding = this.#padded ? PADDING : 0;
    this.#histograms = this.#histograms.map((old, d) => {
      const edges = linspace((this.#min[d] as number) - padding, (this.#max[d] as number) + padding, BINS + 1);
      const moved = { edges, counts: new Float64Array(BINS) };
      tally(moved, old.edges.slice(0, -1), old.counts);
      return moved;
    });
  }
}

/** Adds values to a histogram as `numpy.histogram` does: what lies outside the edges is left out. */
function tally({ edges, counts }: Histogram, values: ArrayLike<number>, weights?: ArrayLike<number>): void {
  const last = edges.length - 2;
  for (let k = 0; k < values.length; k++) {
    const x = values[k] as number;
    if (x < (edges[0] as number) || x > (edges[last + 1] as number)) continue;
    const next = searchSorted(edges, x);
    const bin = Math.min(edges[next] === x ? next : next - 1, last);
    counts[bin] = (counts[bin] as number) + (weights ? (weights[k] as number) : 1);
  }
}

function columnOf(values: ArrayLike<number>, width: number, d: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) => values[row * width + d] as number);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function leastOf(values: Float64Array): number {
  return values.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY);
}

function greatestOf(values: Float64Array): number {
  return values.reduce((greatest, x) => Math.max(greatest, x), Number.NEGATIVE_INFINITY);
}
