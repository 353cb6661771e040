import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fixed, scientific, thousands } from "../shared/format.ts";
import "../shared/settling-digits.ts";
import { settledDigits } from "../shared/settle.ts";
import { methodNames } from "./methods.ts";
import { halfWidth, type Picture } from "./picture.ts";
import { rateInWords } from "./words.ts";

/** The figure as two tables: the run, and the methods. */
@customElement("variance-table")
export class VarianceTable extends LitElement {
  static override styles = css`
    :host {
      display: block;
      margin-top: var(--space-5);
      font: 400 var(--text-s) / 1.4 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    .scroll {
      overflow: auto;
      max-height: 26rem;
      margin-bottom: var(--space-5);
      border: 1px solid var(--rule);
      border-radius: var(--radius);
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

    thead th {
      position: sticky;
      top: 0;
      background: var(--paper-raised);
      font-weight: 600;
    }

    tbody th {
      text-align: left;
    }

    thead th:first-child {
      text-align: left;
    }

    :focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
  `;

  @property({ attribute: false }) picture: Picture | undefined;

  override render() {
    return this.picture ? [this.#run(this.picture), this.#methods(this.picture)] : html``;
  }

  #run({ rungs, truth }: Picture) {
    const head = ["N", "estimate", "standard error", "error", "settled digits", "speed"];
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The run">
      <table>
        <caption>The run, a line a doubling.</caption>
        <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>
          ${rungs.map((rung) => {
            const { estimate } = rung;
            return html`<tr>
              <th scope="row">${thousands(rung.samples)}</th>
              <td><settling-digits .value=${estimate.mean} .halfWidth=${halfWidth(rung)}></settling-digits></td>
              <td>${Number.isFinite(estimate.standardError) ? scientific(estimate.standardError, 3) : "∞"}</td>
              <td>${truth ? scientific(estimate.mean - truth.mean, 3) : "–"}</td>
              <td>${settledDigits(estimate.mean, halfWidth(rung))}</td>
              <td>${rung.rate === undefined ? "–" : rateInWords(rung.rate)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #methods({ ladders }: Picture) {
    if (ladders.length === 0) return "";
    const sizes = ladders[0]?.rows.map(({ samples }) => samples) ?? [];
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The methods">
      <table>
        <caption>Standard error of the mean by method, measured over independent replicates, and its slope.</caption>
        <thead>
          <tr><th scope="col">method</th>${sizes.map((n) => html`<th scope="col">N = ${thousands(n)}</th>`)}<th scope="col">slope</th></tr>
        </thead>
        <tbody>
          ${ladders.map(
            ({ method, rows, slope }) => html`<tr>
              <th scope="row">${methodNames[method]}</th>
              ${rows.map(({ variance }) => html`<td>${scientific(Math.sqrt(variance), 3)}</td>`)}
              <td>${fixed(slope / 2, 3)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
