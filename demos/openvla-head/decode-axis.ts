import { css, html, LitElement, type SVGTemplateResult, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { axisStyles, bottomAxis } from "../shared/chart/axis.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { signed } from "../shared/format.ts";
import type { Chosen, Decoded } from "./decode.ts";
import { idInWords } from "./id-words.ts";
import { planeOf } from "./plane.ts";

const rowHeight = 38;
const lineOf = (row: number) => row * rowHeight + 26;

/** Where the arm goes when the distribution is decoded by argmax, by mean and by sampling. */
@customElement("decode-axis")
export class DecodeAxis extends LitElement {
  static override styles = [
    axisStyles,
    css`
      :host {
        display: block;
      }

      .words {
        stroke: var(--paper);
        stroke-width: 4;
        stroke-linejoin: round;
        paint-order: stroke;
      }

      .name {
        fill: var(--ink);
        font-weight: 600;
      }

      .wrong {
        fill: var(--model-ink);
        font-weight: 600;
      }

      .track {
        stroke: var(--rule);
        stroke-width: 1;
      }

      .target {
        stroke: var(--target);
        stroke-width: 2;
        stroke-dasharray: 5 4;
      }

      .mark {
        fill: var(--model);
        stroke: var(--paper);
        stroke-width: 1.5;
        paint-order: stroke;
      }

      .draw {
        stroke: var(--noise);
        stroke-width: 1.5;
        stroke-opacity: 0.75;
      }
    `,
  ];

  readonly #size = new SizeController(this);

  /** What the three decoders chose. */
  @property({ attribute: false }) decoded: Decoded | undefined;

  /** The demonstrated action. */
  @property({ type: Number }) target = 0;

  override render() {
    if (!this.decoded) return html``;
    const { argmax, mean, samples } = this.decoded;
    const { width } = this.#size;
    const plane = planeOf(width);
    const height = lineOf(2) + 40;
    const base = height - 26;
    const x = plane.action;
    const track = (row: number, name: string, value: string, wrong: boolean, mark: SVGTemplateResult) => svg`
      <line class="track" x1=${plane.left} x2=${plane.right} y1=${lineOf(row)} y2=${lineOf(row)}></line>
      <text class="words" x=${plane.left} y=${lineOf(row) - 13}><tspan class="name">${name}</tspan><tspan dx="8" class=${wrong ? "wrong" : ""}>${value}</tspan></text>
      ${mark}`;
    const first = samples[0] ?? argmax;
    return html`<svg height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${this.#spoken()}>
      <line class="target" x1=${x(this.target)} x2=${x(this.target)} y1="0" y2=${base}></line>
      ${track(0, "argmax", chosenInWords(argmax), !argmax.isAction, triangle(x(argmax.action), lineOf(0)))}
      ${track(1, "mean", signed(mean, 3), false, diamond(x(mean), lineOf(1)))}
      ${track(
        2,
        "sample",
        chosenInWords(first),
        !first.isAction,
        svg`${samples.map(({ action }) => svg`<line class="draw" x1=${x(action)} x2=${x(action)} y1=${lineOf(2) - 5} y2=${lineOf(2) + 5}></line>`)}
          <circle class="mark" r="6" cx=${x(first.action)} cy=${lineOf(2)}></circle>`,
      )}
      ${bottomAxis(plane.ticks, base, plane.left, plane.right)}
    </svg>`;
  }

  #spoken(): string {
    const { argmax, mean, samples } = this.decoded ?? { argmax: undefined, mean: 0, samples: [] };
    const sample = samples[0];
    return [
      `Demonstrated ${signed(this.target, 3)}`,
      argmax ? `argmax ${chosenInWords(argmax)}` : "",
      `mean ${signed(mean, 3)}`,
      sample ? `sample ${chosenInWords(sample)}` : "",
    ].join("; ");
  }
}

function chosenInWords({ id, action, isAction }: Chosen): string {
  return isAction ? signed(action, 3) : `${idInWords(id)} → ${signed(action, 3)}`;
}

function triangle(x: number, y: number) {
  return svg`<path class="mark" d="M${x} ${y - 7} l8 13 h-16 z"></path>`;
}

function diamond(x: number, y: number) {
  return svg`<path class="mark" d="M${x} ${y - 8} l8 8 l-8 8 l-8 -8 z"></path>`;
}
