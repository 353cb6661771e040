import { scaleLog } from "d3-scale";
import type { Tick } from "./axis.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as it stands at an axis: 0.01, 0.1, 1, 10, 100, and from there 10³. */
export function powerLabel(exponent: number): string {
  if (exponent >= -2 && exponent <= 2) return String(Number(`1e${exponent}`));
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** Ticks at the powers of ten of a logarithmic scale, every second or third where they would touch. */
export function decadeTicks(scale: (value: number) => number, least: number, most: number, room: number): Tick[] {
  const [first, last] = [Math.ceil(Math.log10(least) - 1e-9), Math.floor(Math.log10(most) + 1e-9)];
  const apart = Math.abs(scale(10) - scale(1)) || 1;
  const every = Math.max(1, Math.ceil(room / apart));
  const ticks: Tick[] = [];
  for (let e = first; e <= last; e++) {
    if (e % every === 0) ticks.push({ at: scale(10 ** e), label: powerLabel(e) });
  }
  return ticks;
}

/** A path through points, broken where one is not finite. */
export function brokenLine(points: Iterable<readonly [x: number, y: number]>): string {
  let path = "";
  let pen = "M";
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = "M";
      continue;
    }
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** Dots as one path; stroked with round ends it costs as much as one element. */
export function dots(points: Iterable<readonly [x: number, y: number]>): string {
  let path = "";
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) path += `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
  }
  return path;
}

export const logScale = (domain: readonly [number, number], range: readonly [number, number]) =>
  scaleLog([...domain], [...range]);
