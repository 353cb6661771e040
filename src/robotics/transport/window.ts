import type { Limits, Range } from "../../engine/plan.ts";

/** A part of a buffer that a binding may start at, and where in it the part's first number stands. */
export interface Window {
  readonly range: Range;
  readonly into: number;
}

/** Numbers first … first + count - 1 of a buffer of 4-byte numbers. */
export function windowOf(buffer: string, first: number, count: number, limits: Limits): Window {
  const step = limits.minStorageBufferOffsetAlignment;
  const offset = Math.floor((first * 4) / step) * step;
  const into = first - offset / 4;
  return { range: { buffer, offset, size: (into + count) * 4 }, into };
}
