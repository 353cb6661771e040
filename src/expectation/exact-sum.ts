/** Bits of the unit in which exact sums are told: f32 values are whole multiples of 2^-149. */
const UNIT_EXPONENT = 149;

/**
 * A sum of f32 values without any rounding, so that the order of additions cannot matter.
 *
 * Each exponent has a bin that adds the 24-bit significands of its values as whole numbers; an f64 holds 2^29 of them
 * exactly, and bins are carried into one integer well before.
 */
export class ExactSum {
  readonly #bins = new Float64Array(256);
  #carried = 0n;
  #added = 0;
  /** NaN or an infinity was added, so there is no sum. */
  #broken = false;

  /** Adds the f32 value whose bits these are. */
  addBits(bits: number): void {
    const exponent = (bits >>> 23) & 255;
    const fraction = bits & 0x7fffff;
    if (exponent === 255) {
      this.#broken = true;
      return;
    }
    const significand = exponent === 0 ? fraction : fraction + 0x800000;
    const bin = exponent === 0 ? 1 : exponent;
    this.#bins[bin] = (this.#bins[bin] as number) + (bits < 0 || bits >= 2 ** 31 ? -significand : significand);
    this.#added += 1;
    if (this.#added >= 2 ** 28) this.#carry();
  }

  add(other: ExactSum): void {
    this.#broken ||= other.#broken;
    this.#carried += other.value;
  }

  /** The sum in units of 2^-149. */
  get value(): bigint {
    this.#carry();
    return this.#carried;
  }

  /** Whether everything added was finite. */
  get sound(): boolean {
    return !this.#broken;
  }

  /** Plain text that `parse` reads back. */
  toString(): string {
    return this.#broken ? "broken" : this.value.toString(16);
  }

  static parse(text: string): ExactSum | undefined {
    const sum = new ExactSum();
    if (text === "broken") {
      sum.#broken = true;
      return sum;
    }
    const match = /^(-?)([0-9a-f]{1,128})$/.exec(text);
    if (!match) return undefined;
    sum.#carried = BigInt(`0x${match[2]}`) * (match[1] === "-" ? -1n : 1n);
    return sum;
  }

  #carry(): void {
    if (this.#added === 0) return;
    this.#bins.forEach((significands, bin) => {
      if (significands !== 0) this.#carried += BigInt(significands) << BigInt(bin - 1);
    });
    this.#bins.fill(0);
    this.#added = 0;
  }
}

/** An integer in units of 2^-(149 units) as the nearest f64 (ties to even). */
export function toNumber(value: bigint, units = 1): number {
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  if (magnitude === 0n) return 0;
  const bits = magnitude.toString(2).length;
  // Number(bigint) rounds correctly, so the scaling after it must be exact: it is, unless the result is subnormal.
  const drop = Math.max(0, bits - 64);
  const sticky = drop > 0 && (magnitude & ((1n << BigInt(drop)) - 1n)) !== 0n ? 1n : 0n;
  const kept = Number((magnitude >> BigInt(drop)) | sticky);
  const scaled = scale(kept, drop - UNIT_EXPONENT * units);
  return negative ? -scaled : scaled;
}

/** x 2^exponent, also where 2^exponent alone is not a number. */
function scale(x: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return x * 2 ** half * 2 ** (exponent - half);
}
