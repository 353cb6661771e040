import { fixed, scientific, thousands } from "../shared/format.ts";

/** A rate such as "1.24 billion samples/s". */
export function rateInWords(rate: number): string {
  return `${countInWords(Number(rate.toPrecision(3)))} samples/s`;
}

/** A count in words that can be said aloud: to three digits from a million on. */
export function countInWords(count: number): string {
  const [unit, name] = (
    [
      [1e12, " trillion"],
      [1e9, " billion"],
      [1e6, " million"],
    ] as const
  ).find(([one]) => count >= one * 0.9995) ?? [1, ""];
  const value = count / unit;
  if (unit === 1) return thousands(Math.round(value));
  return `${String(Number(value.toPrecision(3)))}${name}`;
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 90) return `${fixed(seconds, seconds < 10 ? 1 : 0)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${fixed(seconds / 3600, 1)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** A small number so that two digits of it are seen. */
export function small(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value)) return fixed(value, 0);
  if (size < 1e-4 || size >= 1e5) return scientific(value);
  return fixed(value, Math.max(0, 1 - Math.floor(Math.log10(size))));
}
