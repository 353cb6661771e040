import { scaleLinear } from "d3-scale";
import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { encode } from "../../src/robotics/openvla/openvla.ts";
import { axisStyles, bottomAxis, leftAxis } from "../shared/chart/axis.ts";
import { niceCeiling, stepLine, steps } from "../shared/chart/shapes.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { percent, signed } from "../shared/format.ts";
import { binOf } from "./logits.ts";
import { type Plane, planeOf, pointerX } from "./plane.ts";

const top = 34;
const bottom = 26;

/**
 * The probability of each of the 256 action bins of one dimension, with the demonstrated action as a flag that can be
 * dragged or moved with the arrow keys.
 *
 * @event target-change - The reader moved the flag; `detail` is the action.
 * @event bin-hover - The pointer is over a bin, or has left (undefined).
 */
@customElement("pmf-chart")
export class PmfChart extends LitElement {
  static override styles = [
    axisStyles,
    css`
      :host {
        display: block;
        touch-action: pan-y;
      }

      .area {
        fill: var(--model-wash);
      }

      .outline {
        fill: none;
        stroke: var(--model);
        stroke-width: 1.5;
        stroke-linejoin: round;
      }

      .cursor {
        fill: var(--ink);
        fill-opacity: 0.14;
      }

      .target line {
        stroke: var(--target);
        stroke-width: 2;
        stroke-dasharray: 5 4;
      }

      .target path {
        fill: var(--target);
      }

      .target text {
        fill: var(--target-ink);
        font-weight: 600;
      }

      .handle {
        fill: transparent;
        cursor: ew-resize;
        touch-action: none;
      }

      .handle:focus {
        outline: none;
      }

      .handle:focus-visible {
        stroke: var(--focus);
        stroke-width: 2;
      }
    `,
  ];

  readonly #size = new SizeController(this);

  @query("svg") readonly chart!: SVGSVGElement;

  /** q of the 256 bins, −1 first. */
  @property({ attribute: false }) pmf: Float32Array = new Float32Array(256);

  /** The demonstrated action. */
  @property({ type: Number }) target = 0;

  /** The bin that the reader looks at. */
  @property({ attribute: false }) cursor: number | undefined;

  /** Names the dimension. */
  @property() symbol = "";

  override render() {
    const { width } = this.#size;
    const height = width < 460 ? 210 : 260;
    const plane = planeOf(width);
    const base = height - bottom;
    const ceiling = niceCeiling(Math.max(0.002, ...this.pmf));
    const y = scaleLinear([0, ceiling], [base, top]);
    const ticks = [0, 0.5, 1].map((share) => ({
      at: y(share * ceiling),
      label: share === 0 ? "0" : percentTick(share * ceiling),
    }));
    return html`<svg
      height=${height}
      viewBox="0 0 ${width} ${height}"
      @pointermove=${(event: PointerEvent) => this.#hover(plane.binAt(pointerX(event)))}
      @pointerleave=${() => this.#hover(undefined)}
    >
      ${leftAxis(ticks, plane.left, plane.right)}
      ${
        this.cursor === undefined
          ? nothing
          : svg`<rect class="cursor" x=${plane.edge(this.cursor)} width=${plane.edge(1) - plane.edge(0)} y=${top} height=${base - top}></rect>`
      }
      <path class="area" d=${steps(this.pmf, plane.edge, y, base)}></path>
      <path class="outline" d=${stepLine(this.pmf, plane.edge, y)}></path>
      ${bottomAxis(plane.ticks, base, plane.left, plane.right)} ${this.#flag(plane, base)}
    </svg>`;
  }

  #flag(plane: Plane, base: number) {
    const x = plane.action(this.target);
    const onTheLeft = x > (plane.left + plane.right) / 2;
    const q = this.pmf[binOf(encode(this.target))] ?? 0;
    return svg`<g class="target">
      <line x1=${x} x2=${x} y1=${14} y2=${base}></line>
      <path d="M${x} 22 l-8 -12 h16 z"></path>
      <text x=${x + (onTheLeft ? -14 : 14)} y="14" dy="0.32em" text-anchor=${onTheLeft ? "end" : "start"}>demonstrated a* = ${signed(this.target, 3)}</text>
      <rect class="handle" x=${x - 22} y="0" width="44" height=${top + 10} rx="4"
        tabindex="0" role="slider" aria-label="Demonstrated action, ${this.symbol}"
        aria-valuemin="-1" aria-valuemax="1" aria-valuenow=${this.target}
        aria-valuetext="${signed(this.target, 3)}, probability ${percent(q)}"
        @pointerdown=${this.#grab} @pointermove=${this.#drag} @keydown=${this.#key}></rect>
    </g>`;
  }

  #grab(event: PointerEvent): void {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
    const x = event.clientX - this.chart.getBoundingClientRect().left;
    this.#move(planeOf(this.#size.width).actionAt(x));
  }

  #key(event: KeyboardEvent): void {
    const bin = 2 / 255;
    const steps: Record<string, number> = {
      ArrowLeft: -bin,
      ArrowRight: bin,
      ArrowDown: -bin,
      ArrowUp: bin,
      PageDown: -0.1,
      PageUp: 0.1,
    };
    const step = steps[event.key];
    if (event.key === "Home") this.#move(-1);
    else if (event.key === "End") this.#move(1);
    else if (step !== undefined) this.#move(this.target + step);
    else return;
    event.preventDefault();
  }

  #move(action: number): void {
    const detail = Math.min(1, Math.max(-1, Math.round(action * 1000) / 1000));
    if (detail !== this.target) this.dispatchEvent(new CustomEvent("target-change", { detail }));
  }

  #hover(bin: number | undefined): void {
    if (bin !== this.cursor) this.dispatchEvent(new CustomEvent("bin-hover", { detail: bin }));
  }
}

function percentTick(probability: number): string {
  return `${Number((100 * probability).toPrecision(2))} %`;
}
