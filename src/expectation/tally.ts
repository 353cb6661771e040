import { InputError, IntegrityError } from "../core/errors.ts";
import { type RecordLayout, recordLayout, type Tallies } from "../sampling/integrand.ts";
import { ExactSum, toNumber } from "./exact-sum.ts";

/** The sums of one replicate: exact, so that the order in which blocks arrive cannot matter. */
export class Tally {
  readonly #outputs: number;
  readonly #tallies: Tallies;
  readonly #layout: RecordLayout;
  readonly #shifts: readonly number[];
  readonly #sums: ExactSum[];
  readonly #peaks: number[];
  readonly #nonFinite: number[];
  #count = 0;

  constructor(outputs: number, tallies: Tallies, shifts: readonly number[]) {
    this.#outputs = outputs;
    this.#tallies = tallies;
    this.#shifts = shifts;
    this.#layout = recordLayout(outputs, tallies);
    this.#sums = Array.from({ length: this.#layout.floats }, () => new ExactSum());
    this.#peaks = tallies.peaks.map(() => 0);
    this.#nonFinite = Array.from({ length: outputs }, () => 0);
  }

  /** Draws folded so far. */
  get count(): number {
    return this.#count;
  }

  nonFinite(output: number): number {
    return this.#nonFinite[output] as number;
  }

  /** Adds the record of a block; throws IntegrityError if it does not hold as many draws as were asked for. */
  fold(record: Uint32Array, asked: number, where: string): void {
    const layout = this.#layout;
    const got = record[layout.count];
    if (got !== asked) {
      throw new IntegrityError(`${where}: a block of ${asked} samples came back with ${got}; the device lost work`);
    }
    for (let word = 0; word < layout.floats; word++) (this.#sums[word] as ExactSum).addBits(record[word] as number);
    const view = new Float32Array(record.buffer, record.byteOffset, record.length);
    this.#peaks.forEach((peak, index) => {
      this.#peaks[index] = Math.max(peak, view[layout.peak(index)] as number);
    });
    for (let output = 0; output < this.#outputs; output++) {
      this.#nonFinite[output] = this.nonFinite(output) + (record[layout.nonFinite(output)] as number);
    }
    this.#count += asked;
  }

  /** Adds another tally of the same integrand and shifts. */
  add(other: Tally): void {
    this.#sums.forEach((sum, word) => {
      sum.add(other.#sums[word] as ExactSum);
    });
    this.#peaks.forEach((peak, index) => {
      this.#peaks[index] = Math.max(peak, other.#peaks[index] as number);
    });
    this.#nonFinite.forEach((count, output) => {
      this.#nonFinite[output] = count + other.nonFinite(output);
    });
    this.#count += other.#count;
  }

  copy(): Tally {
    const made = new Tally(this.#outputs, this.#tallies, this.#shifts);
    made.add(this);
    return made;
  }

  /** Draws whose value was finite. */
  finite(output: number): number {
    return this.#count - this.nonFinite(output);
  }

  /** Mean over the draws whose value was finite; NaN where there are none. */
  mean(output: number): number {
    const shift = this.#shifts[output] as number;
    return shift + this.#first(output) / this.finite(output);
  }

  /** Σ (d - mean d)² / (n - 1), from exact sums; NaN for one draw. */
  variance(output: number): number {
    const n = this.finite(output);
    if (n < 2) return Number.NaN;
    const second = this.#exact(this.#layout.second(output));
    const first = this.#exact(this.#layout.first(output));
    if (!second.sound || !first.sound) return Number.POSITIVE_INFINITY;
    const spread = BigInt(n) * (second.value << 149n) - first.value * first.value;
    return spread <= 0n ? 0 : toNumber(spread, 2) / n / (n - 1);
  }

  /** Whether the squares of d are so small that f32 loses them or their digits. */
  underflows(output: number): boolean {
    const second = this.#exact(this.#layout.second(output));
    const moved = this.#exact(this.#layout.first(output)).value !== 0n;
    return moved && second.sound && toNumber(second.value) < this.finite(output) * 2 ** -102;
  }

  /** Σ d² about the shift. */
  secondAboutShift(output: number): number {
    const sum = this.#exact(this.#layout.second(output));
    return sum.sound ? toNumber(sum.value) : Number.POSITIVE_INFINITY;
  }

  /** Skewness of the draws; NaN if their cubes left the range of f32, 0 where it was not tallied or cannot be told. */
  skewness(output: number): number {
    if (!this.#tallies.higher) return 0;
    const n = this.finite(output);
    const variance = this.variance(output);
    const third = this.#exact(this.#layout.third(output));
    if (!(variance > 0) || variance === Number.POSITIVE_INFINITY) return 0;
    if (!third.sound) return Number.NaN;
    const a = this.#first(output) / n;
    const b = this.secondAboutShift(output) / n;
    const c = toNumber(third.value) / n;
    return (c - 3 * a * b + 2 * a ** 3) / ((variance * (n - 1)) / n) ** 1.5;
  }

  /**
   * How concentrated the squared deviations are: Σ(d - mean)⁴ / (Σ(d - mean)²)², 1 over the number of draws that carry the
   * variance. 0 where it was not tallied or cannot be told.
   */
  concentration(output: number): number {
    if (!this.#tallies.higher) return 0;
    const n = this.finite(output);
    const [third, fourth] = [this.#exact(this.#layout.third(output)), this.#exact(this.#layout.fourth(output))];
    const variance = this.variance(output);
    if (!third.sound || !fourth.sound || !(variance > 0) || variance === Number.POSITIVE_INFINITY) return 0;
    const a = this.#first(output) / n;
    const b = this.secondAboutShift(output) / n;
    const c = toNumber(third.value) / n;
    const e = toNumber(fourth.value) / n;
    const central = e - 4 * a * c + 6 * a * a * b - 3 * a ** 4;
    return Math.max(0, central) / n / ((variance * (n - 1)) / n) ** 2;
  }

  /** Sample covariance of the outputs of a pair whose product is tallied. */
  covariance(pair: number): number {
    const [j, k] = this.#tallies.products[pair] as readonly [number, number];
    const product = this.#exact(this.#layout.product(pair));
    if (!product.sound || this.#count < 2) return Number.NaN;
    const spread = BigInt(this.#count) * (product.value << 149n);
    const means = this.#exact(this.#layout.first(j)).value * this.#exact(this.#layout.first(k)).value;
    return toNumber(spread - means, 2) / this.#count / (this.#count - 1);
  }

  /** The largest value of a peak output. */
  peak(index: number): number {
    return this.#peaks[index] as number;
  }

  /** Σ y and Σ y² of an output about 0. */
  raw(output: number): { readonly sum: number; readonly squares: number } {
    const shift = this.#shifts[output] as number;
    const n = this.finite(output);
    const first = this.#first(output);
    return {
      sum: n * shift + first,
      squares: this.secondAboutShift(output) + 2 * shift * first + n * shift * shift,
    };
  }

  /** Plain JSON that `restore` reads back. */
  save(): SavedTally {
    return {
      count: this.#count,
      sums: this.#sums.map(String),
      peaks: [...this.#peaks],
      nonFinite: [...this.#nonFinite],
    };
  }

  /** Takes the sums of a saved tally over; throws InputError for one that does not fit. */
  restore(saved: SavedTally, where: string): void {
    const sums = saved.sums.map((text) => ExactSum.parse(String(text)));
    const whole = (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 0;
    const fits =
      sums.length === this.#sums.length &&
      saved.peaks.length === this.#peaks.length &&
      saved.nonFinite.length === this.#nonFinite.length &&
      whole(saved.count) &&
      saved.nonFinite.every(whole) &&
      saved.peaks.every((peak) => typeof peak === "number" && peak >= 0);
    if (!fits || sums.includes(undefined)) throw new InputError(`${where}: the snapshot's sums are damaged`);
    sums.forEach((sum, word) => {
      this.#sums[word] = sum as ExactSum;
    });
    saved.peaks.forEach((peak, index) => {
      this.#peaks[index] = peak;
    });
    saved.nonFinite.forEach((count, output) => {
      this.#nonFinite[output] = count;
    });
    this.#count = saved.count;
  }

  #exact(word: number): ExactSum {
    return this.#sums[word] as ExactSum;
  }

  #first(output: number): number {
    const sum = this.#exact(this.#layout.first(output));
    return sum.sound ? toNumber(sum.value) : Number.NaN;
  }
}

export interface SavedTally {
  readonly count: number;
  readonly sums: readonly string[];
  readonly peaks: readonly number[];
  readonly nonFinite: readonly number[];
}
