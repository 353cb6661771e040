import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fixed, percent, signed, thousands } from "../shared/format.ts";
import { inUnits, type Units } from "../shared/preferences.ts";
import type { Result } from "./compute.ts";
import { decodeAll } from "./figure-tools.ts";
import { actionLogits, idOf } from "./logits.ts";
import { dimensions } from "./model.ts";
import { actionOfBin } from "./plane.ts";

/** The figure as two tables: the seven dimensions, and the 256 bins of the chosen one. */
@customElement("head-table")
export class HeadTable extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-s) / 1.4 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    .scroll {
      overflow: auto;
      margin-bottom: var(--space-5);
      border: 1px solid var(--rule);
      border-radius: var(--radius);
    }

    .tall {
      max-height: 24rem;
    }

    table {
      width: 100%;
      border-collapse: collapse;
    }

    caption {
      padding: var(--space-3);
      color: var(--ink-soft);
      text-align: left;
    }

    th,
    td {
      padding: var(--space-1) var(--space-3);
      border-top: 1px solid var(--rule);
      font-weight: 400;
      text-align: right;
      white-space: nowrap;
    }

    th:first-child {
      text-align: left;
    }

    thead th {
      position: sticky;
      top: 0;
      background: var(--paper-raised);
      font-weight: 600;
    }

    :focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
  `;

  @property({ attribute: false }) result: Result | undefined;

  @property() units: Units = "nats";

  override render() {
    return this.result ? [this.#dimensions(this.result), this.#bins(this.result)] : html``;
  }

  #dimensions(result: Result) {
    const decoded = decodeAll(result);
    const info = (nats: number) => fixed(inUnits(nats, this.units), 4);
    const head = [
      "dimension",
      "a*",
      "id of a*",
      "q(a*)",
      `loss, ${this.units}`,
      `entropy, ${this.units}`,
      "argmax id",
      "argmax",
      "mean",
      "sample",
    ];
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The seven dimensions">
      <table>
        <caption>
          The seven dimensions; their mean loss is ${info(result.meanLoss)} ${this.units}.
        </caption>
        <thead>
          <tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${result.rows.map(
            (row, d) => html`<tr>
              <th scope="row">${dimensions[d]?.symbol}</th>
              <td>${signed(result.head.targets[d] ?? 0, 3)}</td>
              <td>${thousands(row.targetId)}</td>
              <td>${percent(row.targetProbability)}</td>
              <td>${info(row.loss)}</td>
              <td>${info(row.entropy)}</td>
              <td>${thousands(row.argmaxId)}</td>
              <td>${signed(decoded[d]?.argmax.action ?? 0, 3)}</td>
              <td>${signed(decoded[d]?.mean ?? 0, 3)}</td>
              <td>${signed(decoded[d]?.samples[0]?.action ?? 0, 3)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #bins({ state, rows }: Result) {
    const logits = actionLogits(state, state.dimension);
    const pmf = rows[state.dimension]?.pmf ?? new Float32Array(256);
    const symbol = dimensions[state.dimension]?.symbol;
    return html`<div class="scroll tall" tabindex="0" role="region" aria-label="The 256 bins of ${symbol}">
      <table>
        <caption>
          The 256 bins of ${symbol}.
        </caption>
        <thead>
          <tr>${["bin", "token id", "action", "logit", "q"].map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>
          ${Array.from(
            pmf,
            (q, bin) => html`<tr>
              <th scope="row">${bin}</th>
              <td>${thousands(idOf(bin))}</td>
              <td>${signed(actionOfBin(bin), 4)}</td>
              <td>${fixed(logits[bin] ?? 0, 3)}</td>
              <td>${percent(q)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
