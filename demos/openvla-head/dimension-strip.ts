import { scaleLinear } from "d3-scale";
import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { steps } from "../shared/chart/shapes.ts";
import { fixed } from "../shared/format.ts";
import { inUnits, type Units } from "../shared/preferences.ts";
import type { RowResult } from "./compute.ts";
import { dimensions } from "./model.ts";

/**
 * The seven PMFs side by side, each with its loss; one of them is shown large.
 *
 * @event dimension-change - The reader chose another; `detail` is its index.
 */
@customElement("dimension-strip")
export class DimensionStrip extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-xs) / 1.3 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    fieldset {
      display: grid;
      grid-template-columns: repeat(7, minmax(0, 1fr));
      gap: var(--space-2);
      margin: 0;
      padding: 0;
      border: 0;
    }

    legend {
      padding: 0 0 var(--space-2);
      color: var(--ink-soft);
      font-size: var(--text-s);
    }

    label {
      position: relative;
      display: grid;
      gap: 2px;
      padding: var(--space-2);
      border: 1px solid var(--rule);
      border-radius: var(--radius);
      background: var(--paper-raised);
      cursor: pointer;
    }

    label:hover {
      border-color: var(--rule-strong);
    }

    label:has(:checked) {
      border-color: var(--ink);
      box-shadow: inset 0 0 0 1px var(--ink);
    }

    label:has(:focus-visible) {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }

    input {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      margin: 0;
      opacity: 0;
      cursor: pointer;
    }

    .symbol {
      font-size: var(--text-s);
      font-weight: 600;
    }

    .loss {
      color: var(--ink-soft);
    }

    svg {
      display: block;
      width: 100%;
      height: 44px;
    }

    .area {
      fill: var(--model);
    }

    .target {
      stroke: var(--target);
      stroke-width: 2;
      stroke-dasharray: 4 3;
      vector-effect: non-scaling-stroke;
    }

    .baseline {
      stroke: var(--rule-strong);
      vector-effect: non-scaling-stroke;
    }

    @media (max-width: 44rem) {
      fieldset {
        grid-template-columns: repeat(4, minmax(0, 1fr));
      }
    }

    @media (forced-colors: active) {
      label:has(:checked) {
        outline: 2px solid SelectedItem;
      }
    }
  `;

  /** What the library said, a row a dimension. */
  @property({ attribute: false }) rows: readonly RowResult[] = [];

  @property({ attribute: false }) targets: readonly number[] = [];

  /** The dimension shown large. */
  @property({ type: Number }) selected = 0;

  @property() units: Units = "nats";

  override render() {
    return html`<fieldset>
      <legend>Seven tokens, seven distributions. Choose the one to look into:</legend>
      ${dimensions.map(
        ({ symbol, meaning }, d) => html`<label title=${meaning}>
          <input
            type="radio"
            name="dimension"
            .checked=${d === this.selected}
            @change=${() => this.dispatchEvent(new CustomEvent("dimension-change", { detail: d }))}
          />
          <span class="symbol">${symbol}</span>
          ${this.#sparkline(d)}
          <span class="loss">ℓ = ${fixed(inUnits(this.rows[d]?.loss ?? 0, this.units), 2)}</span>
        </label>`,
      )}
    </fieldset>`;
  }

  #sparkline(d: number) {
    const pmf = this.rows[d]?.pmf ?? new Float32Array(256);
    const y = scaleLinear([0, Math.max(1e-3, ...pmf)], [43, 2]);
    const target = ((this.targets[d] ?? 0) + 1) * 127.5;
    return html`<svg viewBox="0 0 256 44" preserveAspectRatio="none" aria-hidden="true">
      <path class="area" d=${steps(pmf, (bin) => bin, y, 43)}></path>
      <line class="baseline" x1="0" x2="256" y1="43.5" y2="43.5"></line>
      <line class="target" x1=${target} x2=${target} y1="0" y2="43"></line>
    </svg>`;
  }
}
