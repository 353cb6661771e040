import { scaleLinear } from "d3-scale";
import { bins, decode } from "../../src/robotics/openvla/openvla.ts";
import type { Tick } from "../shared/chart/axis.ts";
import { signed } from "../shared/format.ts";
import { idOf } from "./logits.ts";

/** The horizontal axis that the three charts of the figure share: actions from −1 to 1, and the 256th bin beyond. */
export interface Plane {
  readonly left: number;
  readonly right: number;
  /** Where an action lies, in pixels. */
  readonly action: (action: number) => number;
  /** The left edge of a bin, in pixels; 256 is the right edge of the last. */
  readonly edge: (bin: number) => number;
  /** The bin under a point. */
  readonly binAt: (x: number) => number;
  readonly actionAt: (x: number) => number;
  readonly ticks: readonly Tick[];
}

const binWidth = 2 / 255;

export function planeOf(width: number): Plane {
  const left = 46;
  const right = Math.max(left + 100, width - 12);
  const action = scaleLinear([-1, 1 + binWidth], [left, right]);
  const clamped = (bin: number) => Math.min(bins - 1, Math.max(0, bin));
  return {
    left,
    right,
    action,
    edge: (bin) => action(-1 + bin * binWidth),
    binAt: (x) => clamped(Math.floor((action.invert(x) + 1) / binWidth)),
    actionAt: (x) => Math.min(1, Math.max(-1, Math.round(action.invert(x) * 1000) / 1000)),
    ticks: [-1, -0.5, 0, 0.5, 1].map((at) => ({ at: action(at), label: signed(at, at % 1 === 0 ? 0 : 1) })),
  };
}

/** The action that a bin decodes to: its centre, but for the 256th, which has the centre of the 255th. */
export function actionOfBin(bin: number): number {
  return decode(idOf(bin));
}

/** The horizontal position of a pointer within an element. */
export function pointerX(event: PointerEvent): number {
  return event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
}

export function pointerY(event: PointerEvent): number {
  return event.clientY - (event.currentTarget as Element).getBoundingClientRect().top;
}
