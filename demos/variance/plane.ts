import { logScale } from "../shared/chart/log-axis.ts";

/** Where samples lie across both charts, so that they stand under one another. */
export interface Plane {
  readonly width: number;
  /** Of the strip that shows single samples. */
  readonly stripLeft: number;
  readonly stripRight: number;
  /** N = 1. */
  readonly left: number;
  readonly right: number;
  readonly x: (samples: number) => number;
  readonly samplesAt: (x: number) => number;
  readonly narrow: boolean;
}

/** Narrower than this, an element is not laid out yet. */
const narrowest = 260;

export function planeOf(available: number, most: number): Plane {
  const width = Math.max(narrowest, available);
  const narrow = width < 520;
  const stripLeft = narrow ? 38 : 52;
  const stripRight = stripLeft + (narrow ? 40 : 88);
  const left = stripRight + (narrow ? 10 : 16);
  const right = width - (narrow ? 46 : 92);
  const scale = logScale([1, most], [left, right]);
  return {
    width,
    stripLeft,
    stripRight,
    left,
    right,
    x: (samples) => scale(samples),
    samplesAt: (x) => scale.invert(Math.min(right, Math.max(left, x))),
    narrow,
  };
}
