import { area, curveStepAfter, line } from "d3-shape";

type Scale = (value: number) => number;

/** The outline of a histogram as one path: bar i reaches from left(i) to left(i + 1). */
export function steps(values: ArrayLike<number>, left: Scale, y: Scale, base: number): string {
  return (
    area<number>()
      .x((_, i) => left(i))
      .y0(base)
      .y1((value) => y(value))
      .curve(curveStepAfter)(closed(values)) ?? ""
  );
}

/** The same without the base line: only the tops. */
export function stepLine(values: ArrayLike<number>, left: Scale, y: Scale): string {
  return (
    line<number>()
      .x((_, i) => left(i))
      .y((value) => y(value))
      .curve(curveStepAfter)(closed(values)) ?? ""
  );
}

/** The smallest of 1, 2 or 5 times a power of ten that is not below the value: an axis that seldom moves. */
export function niceCeiling(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function closed(values: ArrayLike<number>): number[] {
  const points = Array.from(values);
  points.push(points.at(-1) ?? 0);
  return points;
}
