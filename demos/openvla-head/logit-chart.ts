import { scaleLinear } from "d3-scale";
import { html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { bins } from "../../src/robotics/openvla/openvla.ts";
import { axisStyles, bottomAxis, leftAxis } from "../shared/chart/axis.ts";
import { stepLine } from "../shared/chart/shapes.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { fixed } from "../shared/format.ts";
import type { Stroke } from "./edits.ts";
import { logitChartStyles } from "./logit-chart.styles.ts";
import { clampLogit, type TextLevels } from "./logits.ts";
import { logitRange } from "./model.ts";
import { planeOf, pointerX, pointerY } from "./plane.ts";

const top = 10;
const bottom = 26;

/**
 * The 256 action logits of one dimension, which the reader draws with the pointer or raises with the arrow keys, over
 * a grey band where the logits of text lie.
 *
 * @event draw-stroke - The pen moved; `detail` is a Stroke.
 * @event raise-logit - The keys asked for `detail.amount` more at `detail.bin`.
 * @event bin-hover - The pointer or the keys are at a bin, or have left (undefined).
 */
@customElement("logit-chart")
export class LogitChart extends LitElement {
  static override styles = [axisStyles, logitChartStyles];

  readonly #size = new SizeController(this);
  #last: Stroke["from"] | undefined;

  /** The logits, −1 first. */
  @property({ attribute: false }) logits: Float32Array = new Float32Array(bins);

  /** Where the text logits of this row lie. */
  @property({ attribute: false }) text: TextLevels = { low: 0, high: 0, top: 0 };

  /** The bin that the reader looks at. */
  @property({ attribute: false }) cursor: number | undefined;

  /** Names the dimension. */
  @property() symbol = "";

  /** What the bin under the cursor says, for a screen reader. */
  @property() reading = "";

  override render() {
    const { width } = this.#size;
    const height = this.#height();
    const plane = planeOf(width);
    const y = this.#scale();
    const bin = this.cursor;
    const inside = (value: number) => y(Math.min(logitRange[1], Math.max(logitRange[0], value)));
    const ticks = [-10, 0, 10, 20].map((at) => ({ at: y(at), label: fixed(at, 0) }));
    return html`<svg height=${height} viewBox="0 0 ${width} ${height}">
      <rect
        class="band"
        x=${plane.left}
        width=${plane.right - plane.left}
        y=${inside(this.text.high)}
        height=${inside(this.text.low) - inside(this.text.high)}
      ></rect>
      ${leftAxis(ticks, plane.left, plane.right)}
      <line
        class="loudest"
        x1=${plane.left}
        x2=${plane.right}
        y1=${inside(this.text.top)}
        y2=${inside(this.text.top)}
      ></line>
      ${
        bin === undefined
          ? nothing
          : svg`<rect class="cursor" x=${plane.edge(bin)} width=${plane.edge(1) - plane.edge(0)} y=${top} height=${height - top - bottom}></rect>`
      }
      <path class="logits" d=${stepLine(this.logits, plane.edge, y)}></path>
      ${bottomAxis(plane.ticks, height - bottom, plane.left, plane.right)}
      ${
        bin === undefined
          ? nothing
          : svg`<circle class="dot handle" r="4" cx=${(plane.edge(bin) + plane.edge(bin + 1)) / 2} cy=${y(this.logits[bin] ?? 0)}></circle>`
      }
      <rect
        class="pen handle"
        x=${plane.left}
        width=${plane.right - plane.left}
        y=${top}
        height=${height - top - bottom}
        tabindex="0"
        role="slider"
        aria-roledescription="logit pen"
        aria-label="Logits of ${this.symbol}: left and right choose a bin, up and down change its logit"
        aria-valuemin="0"
        aria-valuemax="255"
        aria-valuenow=${bin ?? 127}
        aria-valuetext=${this.reading}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @pointerleave=${() => this.#look(undefined)}
        @focus=${() => this.#look(this.cursor ?? this.#highest())}
        @keydown=${this.#key}
      ></rect>
      </svg>
      <p class="key">
        <span><i class="swatch wash"></i>98 % of the 31,744 text logits</span>
        <span><i class="swatch dots"></i>the loudest of them</span>
      </p>`;
  }

  #height(): number {
    return this.#size.width < 460 ? 170 : 190;
  }

  #scale() {
    return scaleLinear(logitRange, [this.#height() - bottom, top]);
  }

  #highest(): number {
    return this.logits.indexOf(Math.max(...this.logits));
  }

  #pointAt(event: PointerEvent): Stroke["from"] {
    const plane = planeOf(this.#size.width);
    // The pen's rectangle starts at the plot's corner, not at the chart's.
    return {
      bin: plane.binAt(pointerX(event) + plane.left),
      value: clampLogit(this.#scale().invert(pointerY(event) + top)),
    };
  }

  #down(event: PointerEvent): void {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#last = this.#pointAt(event);
    this.#stroke(this.#last, this.#last);
  }

  #move(event: PointerEvent): void {
    const point = this.#pointAt(event);
    if (this.#last) {
      this.#stroke(this.#last, point);
      this.#last = point;
    } else this.#look(point.bin);
  }

  #up(): void {
    this.#last = undefined;
  }

  #stroke(from: Stroke["from"], to: Stroke["to"]): void {
    this.#look(to.bin);
    this.dispatchEvent(new CustomEvent<Stroke>("draw-stroke", { detail: { from, to } }));
  }

  #key(event: KeyboardEvent): void {
    const bin = this.cursor ?? this.#highest();
    const far = event.shiftKey ? 10 : 1;
    const across: Record<string, number> = { ArrowLeft: bin - far, ArrowRight: bin + far, Home: 0, End: bins - 1 };
    const up: Record<string, number> = { ArrowUp: 0.25, ArrowDown: -0.25, PageUp: 2, PageDown: -2 };
    const to = across[event.key];
    const amount = up[event.key];
    if (to !== undefined) this.#look(Math.min(bins - 1, Math.max(0, to)));
    else if (amount !== undefined) {
      this.#look(bin);
      this.dispatchEvent(
        new CustomEvent("raise-logit", { detail: { bin, amount: amount * (event.shiftKey ? 4 : 1) } }),
      );
    } else if (event.key === "Escape") this.#look(undefined);
    else return;
    event.preventDefault();
  }

  #look(bin: number | undefined): void {
    if (bin !== this.cursor) this.dispatchEvent(new CustomEvent("bin-hover", { detail: bin }));
  }
}
