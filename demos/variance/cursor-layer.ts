import { css, nothing, svg } from "lit";
import type { Picture } from "./picture.ts";
import type { Plane } from "./plane.ts";

interface Look {
  readonly top: number;
  readonly base: number;
  readonly cursor: number | undefined;
  readonly reading: string;
}

export const cursorStyles = css`
  .cursor-line {
    stroke: var(--ink);
    stroke-width: 1;
    stroke-opacity: 0.5;
    pointer-events: none;
  }

  .glass {
    fill: transparent;
  }

  .glass:focus {
    outline: none;
  }

  .glass:focus-visible {
    stroke: var(--focus);
    stroke-width: 2;
  }
`;

/** A pane over a chart that finds the rung under the pointer, or steps through the rungs by the arrow keys. */
export function cursorLayer(host: HTMLElement, plane: Plane, { rungs }: Picture, look: Look) {
  const { top, base, cursor, reading } = look;
  const sizes = rungs.map(({ samples }) => samples);
  const send = (detail: number | undefined) => {
    if (detail !== cursor) host.dispatchEvent(new CustomEvent("rung-hover", { detail, bubbles: true, composed: true }));
  };
  const hover = (event: PointerEvent) => {
    const x = event.clientX - (event.currentTarget as SVGElement).getBoundingClientRect().left + plane.left;
    const log = Math.log(plane.samplesAt(x));
    const distance = (size: number) => Math.abs(Math.log(size) - log);
    send(sizes.reduce((best, size) => (distance(size) < distance(best) ? size : best), sizes[0] ?? 1));
  };
  const step = (event: KeyboardEvent) => {
    const at = cursor === undefined ? sizes.length - 1 : sizes.indexOf(cursor);
    const moves: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at - 1,
      ArrowUp: at + 1,
      PageDown: at - 5,
      PageUp: at + 5,
      Home: 0,
      End: sizes.length - 1,
    };
    const to = moves[event.key];
    if (event.key === "Escape") send(undefined);
    else if (to !== undefined) send(sizes[Math.min(sizes.length - 1, Math.max(0, to))]);
    else return;
    event.preventDefault();
  };
  const position = cursor === undefined ? sizes.length - 1 : sizes.indexOf(cursor);
  return svg`${
    cursor === undefined
      ? nothing
      : svg`<line class="cursor-line" x1=${plane.x(cursor)} x2=${plane.x(cursor)} y1=${top} y2=${base}></line>`
  }<rect class="glass handle" x=${plane.left} width=${Math.max(0, plane.right - plane.left)} y=${top} height=${base - top}
      tabindex="0" role="slider" aria-label="Samples N" aria-valuemin="0" aria-valuemax=${Math.max(0, sizes.length - 1)}
      aria-valuenow=${Math.max(0, position)} aria-valuetext=${reading || "no cursor"}
      @pointermove=${hover} @pointerleave=${() => send(undefined)} @keydown=${step}></rect>`;
}
