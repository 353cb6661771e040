/** A logarithmic scale, and the powers of ten to mark on it. */
export interface Scale {
  at(value: number): number;
  /** Exponents of the powers of ten within, thinned out where there are many. */
  readonly decades: readonly number[];
}

/** A scale whose ends are powers of ten around the values. */
export function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const logs = values.map(Math.log10);
  const low = Math.floor(Math.min(...logs) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs) - 1e-9));
  const every = Math.max(1, Math.ceil(((high - low) * 24) / Math.abs(to - from)));
  const decades = Array.from({ length: high - low + 1 }, (_, k) => low + k).filter((e) => (e - low) % every === 0);
  return { at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), decades };
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as it stands at an axis: 0.01, 0.1, 1, 10, 100, and from there 10³. */
export function power(exponent: number): string {
  if (exponent >= -2 && exponent <= 2) return String(Number(`1e${exponent}`));
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
