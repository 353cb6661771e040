import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { axisStyles, bottomAxis, leftAxis } from "../shared/chart/axis.ts";
import { brokenLine, decadeTicks, dots, logScale } from "../shared/chart/log-axis.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { halfWidthOf } from "../shared/settle.ts";
import { cursorLayer, cursorStyles } from "./cursor-layer.ts";
import { marker, methodNames, slopeInWords } from "./methods.ts";
import type { Picture } from "./picture.ts";
import { type Plane, planeOf } from "./plane.ts";
import type { MethodLadder } from "./source.ts";

const top = 30;
const bottom = 40;
const z = 1.959964;

/**
 * Standard error and true error against N, both axes logarithmic, with the slope −1/2; the other methods' standard
 * errors over it; at the right, how many digits an error fixes.
 *
 * @event rung-hover - The reader looks at a size; `detail` is N, or undefined.
 */
@customElement("error-chart")
export class ErrorChart extends LitElement {
  static override styles = [
    axisStyles,
    cursorStyles,
    css`
      :host {
        display: block;
        touch-action: pan-y;
      }

      .slope {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.25;
        stroke-dasharray: 2 4;
        stroke-linecap: round;
      }

      .noise {
        fill: none;
        stroke: var(--noise);
        stroke-width: 2.5;
        stroke-linecap: round;
        stroke-opacity: 0.4;
      }

      .se {
        fill: none;
        stroke-width: 2.25;
      }

      .webgpu {
        stroke: var(--gpu);
      }

      .cpu {
        stroke: var(--cpu);
      }

      .dot.webgpu {
        fill: var(--gpu);
        stroke: none;
      }

      .dot.cpu {
        fill: var(--cpu);
        stroke: none;
      }

      .error circle {
        fill: var(--paper);
        stroke: var(--ink);
        stroke-width: 1.4;
      }

      .error path {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1;
        stroke-opacity: 0.35;
      }

      .digit {
        stroke: var(--rule-strong);
        stroke-width: 1;
        stroke-dasharray: 1 3;
        stroke-linecap: round;
      }

      .name {
        fill: var(--ink);
        font-weight: 600;
      }

      .halo {
        stroke: var(--paper);
        stroke-width: 4;
        stroke-linejoin: round;
        paint-order: stroke;
      }

      .method {
        fill: none;
        stroke: currentColor;
        stroke-width: 1.75;
      }

      .mark {
        fill: var(--paper);
        stroke: currentColor;
        stroke-width: 1.75;
      }

      .label {
        fill: currentColor;
        font-weight: 600;
      }

      .antithetic {
        color: var(--method-antithetic);
      }

      .control {
        color: var(--method-control);
      }

      .stratified {
        color: var(--method-stratified);
      }

      .sobol {
        color: var(--method-sobol);
      }
    `,
  ];

  readonly #size = new SizeController(this);

  @query("svg") readonly chart!: SVGSVGElement | null;

  @property({ attribute: false }) picture: Picture | undefined;

  @property({ attribute: false }) cursor: number | undefined;

  @property() reading = "";

  override render() {
    const { picture } = this;
    if (!picture) return html``;
    const { width } = this.#size;
    const plane = planeOf(width, picture.most);
    const height = plane.narrow ? 300 : 380;
    const base = height - bottom;
    const [least, most] = errorRange(picture);
    const y = logScale([least, most], [base, top]);
    return html`<svg height=${height} viewBox="0 0 ${width} ${height}">
      <defs>
        <clipPath id="plot"><rect x=${plane.left - 6} y=${top} width=${plane.right - plane.left + 12} height=${base - top}></rect></clipPath>
      </defs>
      ${leftAxis(decadeTicks(y, least, most, 20), plane.stripLeft, plane.right)} ${this.#digits(picture, plane, y, least, most)}
      <g clip-path="url(#plot)">
        ${this.#scatter(picture, plane, y)} ${this.#slope(picture, plane, y)}
        ${picture.ladders.map((ladder) => this.#method(ladder, plane, y))} ${this.#main(picture, plane, y)}
      </g>
      ${this.#infinity(picture, plane)} ${this.#labels(picture, plane, y, base)}
      ${bottomAxis(decadeTicks(plane.x, 1, picture.most, 34), base, plane.left, plane.right)}
      <text class="axis-title" x=${plane.right} y=${base + 35} text-anchor="end">samples N</text>
      ${cursorLayer(this, plane, picture, { top, base, cursor: this.cursor, reading: this.reading })}
    </svg>`;
  }

  #digits({ centre }: Picture, plane: Plane, y: (value: number) => number, least: number, most: number) {
    if (centre === 0) return nothing;
    const lines = [];
    for (let digits = 1; digits <= 9; digits++) {
      const error = halfWidthOf(centre, digits) / z;
      if (error < least * 1.2 || error > most) continue;
      const words = plane.narrow ? `${digits}` : `${digits} digit${digits === 1 ? "" : "s"}`;
      lines.push(svg`<line class="digit" x1=${plane.left} x2=${plane.right + 4} y1=${y(error)} y2=${y(error)}></line>
        <text class=${digits === 3 ? "name" : ""} x=${plane.right + 8} y=${y(error)} dy="0.32em">${words}</text>`);
    }
    return svg`${lines}<text x=${plane.right + 8} y=${top - 16}>${plane.narrow ? "digits" : "fixes"}</text>`;
  }

  /** Errors of the replicates, an octave apart. */
  #scatter({ fan, checkpoints, truth }: Picture, plane: Plane, y: (value: number) => number) {
    if (!truth) return nothing;
    const draw = () =>
      fan.flatMap((means) =>
        Array.from(means).flatMap((mean, i) => {
          const n = checkpoints[i] ?? 0;
          return Number.isInteger(Math.log2(n)) ? [[plane.x(n), y(Math.abs(mean - truth.mean))] as const] : [];
        }),
      );
    // A run redraws the chart many times a second; these dots seldom change with it.
    const still = [fan, truth.mean, plane.width, plane.x(2), y(1), y(2)];
    return guard(still, () => svg`<path class="noise" d=${dots(draw())}></path>`);
  }

  #slope({ deviation, most }: Picture, plane: Plane, y: (value: number) => number) {
    if (!deviation) return nothing;
    return svg`<path class="slope" d=${brokenLine([
      [plane.x(1), y(deviation)],
      [plane.x(most), y(deviation / Math.sqrt(most))],
    ])}></path>`;
  }

  #main({ rungs, truth, backend }: Picture, plane: Plane, y: (value: number) => number) {
    const se = rungs
      .filter(({ estimate }) => Number.isFinite(estimate.standardError) && estimate.standardError > 0)
      .map(({ samples, estimate }) => [plane.x(samples), y(estimate.standardError)] as const);
    const off = truth
      ? rungs
          .map(({ samples, estimate }) => [plane.x(samples), y(Math.abs(estimate.mean - truth.mean))] as const)
          .filter(([, at]) => Number.isFinite(at))
      : [];
    return svg`<g class="error"><path d=${brokenLine(off)}></path>${off.map(([cx, cy]) => svg`<circle cx=${cx} cy=${cy} r="3.2"></circle>`)}</g>
      <path class="se ${backend}" d=${brokenLine(se)}></path>
      ${se.map(([cx, cy]) => svg`<circle class="dot ${backend}" cx=${cx} cy=${cy} r="2.6"></circle>`)}`;
  }

  #method({ method, rows }: MethodLadder, plane: Plane, y: (value: number) => number) {
    const points = rows
      .filter(({ variance }) => variance > 0)
      .map(({ samples, variance }) => [plane.x(samples), y(Math.sqrt(variance))] as const);
    return svg`<g class=${method}><path class="method" d=${brokenLine(points)}></path>
      ${points.map(([x, at]) => svg`<path class="mark" d=${marker(method, x, at)}></path>`)}</g>`;
  }

  /** At N = 1 the standard error is not merely large. */
  #infinity({ rungs }: Picture, plane: Plane) {
    if (rungs.length === 0) return nothing;
    const x = plane.left;
    return svg`<path class="slope" d="M${x} ${top + 26}V${top + 6}m-4 6l4 -6l4 6"></path>
      <text class="name" x=${plane.stripLeft} y=${top - 16}>N = 1: ∞, no error bar exists</text>`;
  }

  /** What was measured of each method, in the corner that errors leave empty, and the name of the slope. */
  #labels({ ladders, deviation, most }: Picture, plane: Plane, y: (value: number) => number, base: number) {
    const x = plane.left + 10;
    const first = base - 14 - 17 * (ladders.length - 1);
    const at = most ** 0.66;
    // A phone has no corner left; there the legend says it.
    const measured = plane.narrow ? [] : ladders;
    return svg`${measured.length > 0 ? svg`<text class="halo" x=${x} y=${first - 19} dy="0.32em">measured slope</text>` : nothing}
      ${measured.map((ladder, i) => {
        const { method } = ladder;
        const row = first + 17 * i;
        return svg`<g class=${method}><path class="mark" d=${marker(method, x + 5, row)}></path>
          <text class="label halo" x=${x + 16} y=${row} dy="0.32em">${slopeInWords(ladder)} ${methodNames[method]}</text></g>`;
      })}${
        deviation
          ? svg`<text class="halo" x=${plane.x(at) + 10} y=${y(deviation / Math.sqrt(at)) - 12}>slope −½</text>`
          : nothing
      }`;
  }
}

/** Whole decades that hold every error, but no more than the slope's own below. */
function errorRange({ rungs, deviation, most, ladders, centre }: Picture): readonly [number, number] {
  const errors = rungs.map(({ estimate }) => estimate.standardError).filter((one) => one > 0 && Number.isFinite(one));
  const spread = deviation || Math.max(...errors, Math.abs(centre) || 1);
  const methods = ladders
    .flatMap(({ rows }) => rows.map(({ variance }) => Math.sqrt(variance)))
    .filter((one) => one > 0);
  const largest = Math.max(spread * 1.6, ...errors);
  const least = Math.min(spread / Math.sqrt(most) / 2, ...methods.map((one) => one / 1.5));
  return [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(largest))];
}
