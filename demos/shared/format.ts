const minus = "\u2212";
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number with a fixed count of decimals and a true minus sign. */
export function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${minus}∞`;
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? minus + text : text;
}

/** The same with a sign always shown, as actions have it; zero has none. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A number in scientific notation, such as 3.1 × 10⁻⁸. */
export function scientific(value: number, digits = 2): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return fixed(value, 0);
  const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  const raised = [...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : (superscripts[Number(c)] ?? c))).join("");
  return `${mantissa.replace("-", minus)} × 10${raised}`;
}

/** A probability as a percentage with three significant digits, in scientific notation once it is tiny. */
export function percent(probability: number): string {
  if (Number.isNaN(probability)) return "NaN";
  if (probability === 0) return "0 %";
  if (probability < 1e-5) return scientific(probability);
  const value = 100 * probability;
  if (value > 99.9 && value < 100) return `${fixed(Math.floor(value * 1000) / 1000, 3)} %`;
  const decimals = Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(value))));
  return `${fixed(value, decimals)} %`;
}

/** An integer with commas between its thousands. */
export function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
