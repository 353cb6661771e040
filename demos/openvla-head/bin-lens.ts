import { scaleLinear } from "d3-scale";
import { css, html, LitElement, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { axisStyles } from "../shared/chart/axis.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { fixed, signed } from "../shared/format.ts";
import { neighbourhood, openvlaRoundTrip, roundTrip, rt1RoundTrip } from "./rt1.ts";

const reach = 2.5;
const height = 96;
const openvlaErrors = roundTrip(openvlaRoundTrip);
const rt1Errors = roundTrip(rt1RoundTrip);

/** A few bins around the demonstrated action, magnified: OpenVLA returns a bin's centre, RT-1 its left edge. */
@customElement("bin-lens")
export class BinLens extends LitElement {
  static override styles = [
    axisStyles,
    css`
      :host {
        display: block;
        font: 400 var(--text-s) / 1.5 var(--sans);
        font-variant-numeric: tabular-nums lining-nums;
      }

      .edge {
        stroke: var(--rule-strong);
      }

      .centre {
        fill: var(--ink-faint);
      }

      .target {
        stroke: var(--target);
        stroke-width: 2;
        stroke-dasharray: 5 4;
      }

      .openvla {
        fill: var(--model);
      }

      .rt1 {
        fill: none;
        stroke: var(--ink);
        stroke-width: 2;
      }

      .name {
        fill: var(--ink);
        font-weight: 600;
      }

      table {
        width: 100%;
        margin-top: var(--space-2);
        border-collapse: collapse;
      }

      th,
      td {
        padding: var(--space-1) 0 var(--space-1) var(--space-2);
        border-top: 1px solid var(--rule);
        font-weight: 400;
        text-align: right;
      }

      th:first-child {
        padding-left: 0;
        text-align: left;
      }

      thead th {
        border: 0;
        color: var(--ink-soft);
      }

      .wrong {
        font-weight: 600;
      }
    `,
  ];

  readonly #size = new SizeController(this, 320);

  /** The demonstrated action. */
  @property({ type: Number }) target = 0;

  override render() {
    const { width } = this.#size;
    const { target } = this;
    const span = (reach * 2) / 255;
    const x = scaleLinear([target - span, target + span], [8, width - 8]);
    const { edges, centres } = neighbourhood(target, reach);
    const [openvla, rt1] = [openvlaRoundTrip(target), rt1RoundTrip(target)];
    return html`<svg
        height=${height}
        viewBox="0 0 ${width} ${height}"
        role="img"
        aria-label="Demonstrated ${signed(target, 4)}; OpenVLA returns ${signed(openvla, 4)}, RT-1 ${signed(rt1, 4)}."
      >
        <line class="edge" x1="0" x2=${width} y1="56.5" y2="56.5"></line>
        ${edges.map((edge) => svg`<line class="edge" x1=${x(edge)} x2=${x(edge)} y1="44" y2="69"></line>`)}
        ${centres.map((centre) => svg`<circle class="centre" cx=${x(centre)} cy="56.5" r="2"></circle>`)}
        <line class="target" x1=${x(target)} x2=${x(target)} y1="4" y2="92"></line>
        <path class="openvla" d="M${x(openvla)} 47 l9 9.5 l-9 9.5 l-9 -9.5 z"></path>
        <text class="name" x=${x(openvla)} y="32" text-anchor=${openvla >= target ? "start" : "end"}>OpenVLA</text>
        <path class="rt1" d="M${x(rt1) + 7} 47 h-7 v19 h7"></path>
        <text class="name" x=${x(rt1)} y="86" text-anchor="end" dx="-4">RT-1</text>
      </svg>
      <table>
        <thead>
          <tr><th scope="col"><span>a* = ${signed(target, 4)}</span></th><th scope="col">decodes to</th><th scope="col">error</th><th scope="col">on average</th></tr>
        </thead>
        <tbody>
          ${this.#row("OpenVLA, centre", openvla, openvlaErrors.mean)} ${this.#row("RT-1, left edge", rt1, rt1Errors.mean)}
        </tbody>
      </table>`;
  }

  #row(name: string, decoded: number, mean: number) {
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${signed(decoded, 4)}</td>
      <td>${signed(decoded - this.target, 4)}</td>
      <td class=${Math.abs(mean) > 1e-4 ? "wrong" : ""}>${fixed(mean, 4)}</td>
    </tr>`;
  }
}
