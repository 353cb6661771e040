import { css, svg } from "lit";

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Ticks and labels beneath a plot; `y` is the baseline. */
export function bottomAxis(ticks: readonly Tick[], y: number, from: number, to: number) {
  return svg`<g class="axis" aria-hidden="true">
    <line class="baseline" x1=${from} x2=${to} y1=${y} y2=${y}></line>
    ${ticks.map(
      ({ at, label }) => svg`<line class="tick" x1=${at} x2=${at} y1=${y} y2=${y + 5}></line>
        <text x=${at} y=${y + 18} text-anchor="middle">${label}</text>`,
    )}
  </g>`;
}

/** Hairlines across a plot with their labels at its left. */
export function leftAxis(ticks: readonly Tick[], from: number, to: number) {
  return svg`<g class="axis" aria-hidden="true">
    ${ticks.map(
      ({ at, label }) => svg`<line class="grid" x1=${from} x2=${to} y1=${at} y2=${at}></line>
        <text x=${from - 8} y=${at} dy="0.32em" text-anchor="end">${label}</text>`,
    )}
  </g>`;
}

export const axisStyles = css`
  svg {
    display: block;
    width: 100%;
    overflow: visible;
  }

  text {
    fill: var(--ink-soft);
    font: 400 var(--text-xs) / 1 var(--sans);
    font-variant-numeric: tabular-nums lining-nums;
  }

  .axis line {
    stroke: var(--rule-strong);
    stroke-width: 1;
    shape-rendering: crispEdges;
  }

  .axis line.grid {
    stroke: var(--rule);
  }
`;
