import { fixed, scientific } from "./format.ts";

/** A number cut where its uncertainty begins. */
export interface Settled {
  /** Sign and digits that the interval fixes. */
  readonly ink: string;
  /** Digits that another seed would change. */
  readonly faded: string;
  /** A power of ten such as " × 10⁻⁷", or nothing. */
  readonly power: string;
  /** How many digits are fixed, from the first that is not 0. */
  readonly digits: number;
}

/** More than this many significant digits of an f64 say nothing. */
const mostDigits = 15;

/**
 * Cuts a number at the last digit that an interval of ± halfWidth fixes: the interval is no wider than one unit of
 * that digit. `extra` digits follow it, faded, unless the number of decimals is given. An unbounded or
 * unknown interval fixes none.
 */
export function settle(value: number, halfWidth: number, extra = 3, exactDecimals?: number): Settled {
  if (!Number.isFinite(value)) return { ink: "", faded: fixed(value, 0), power: "", digits: 0 };
  const size = Math.abs(value);
  if (exactDecimals === undefined && size !== 0 && (size >= 1e7 || size < 1e-5)) {
    const exponent = Math.floor(Math.log10(size));
    const cut = settle(value / 10 ** exponent, halfWidth / 10 ** exponent, extra);
    return { ...cut, power: scientific(10 ** exponent, 1).replace("1 ×", " ×") };
  }
  const place = lastPlace(halfWidth);
  const decimals = exactDecimals ?? decimalsOf(value, halfWidth, extra);
  const text = fixed(value, decimals);
  const digits = settledDigits(value, halfWidth);
  if (place === undefined) return { ink: "", faded: text, power: "", digits };
  const point = text.includes(".") ? text.indexOf(".") : text.length;
  const first = text.search(/\d/);
  const end = place > 0 ? point + 1 + place : point + place;
  const cut = end <= first ? 0 : Math.min(text.length, end);
  return { ink: text.slice(0, cut), faded: text.slice(cut), power: "", digits };
}

/** Decimals that show `extra` digits after the last fixed one. */
export function decimalsOf(value: number, halfWidth: number, extra: number): number {
  const leading = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return Math.max(0, Math.min((lastPlace(halfWidth) ?? -leading) + extra, mostDigits - 1 - leading));
}

/** Significant digits of a value that an interval of ± halfWidth fixes. */
export function settledDigits(value: number, halfWidth: number): number {
  const place = lastPlace(halfWidth);
  if (place === undefined || !Number.isFinite(value) || value === 0) return 0;
  return Math.max(0, Math.min(mostDigits, place + Math.floor(Math.log10(Math.abs(value))) + 1));
}

/** The half-width that fixes the n-th significant digit of a value. */
export function halfWidthOf(value: number, digits: number): number {
  return 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
}

/** The place, as a power of 1/10, of the last digit that the interval fixes; undefined where nothing is known. */
function lastPlace(halfWidth: number): number | undefined {
  if (!(halfWidth >= 0) || !Number.isFinite(halfWidth)) return undefined;
  // 1e-9: a half-width of exactly half a unit counts, whatever its last bit.
  return halfWidth === 0 ? mostDigits : Math.floor(-Math.log10(2 * halfWidth) + 1e-9);
}
