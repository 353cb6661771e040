import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { thousands } from "../shared/format.ts";
import { decimalsOf } from "../shared/settle.ts";
import "../shared/settling-digits.ts";
import { halfWidth } from "./picture.ts";
import type { Rung } from "./run.ts";

/** The estimate after 1, 4, 16 … samples, one under the other: the ink runs to the right. */
@customElement("digit-ladder")
export class DigitLadder extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-s) / 1.3 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    ol {
      display: grid;
      grid-template-columns: minmax(7.4em, auto) auto 1fr;
      gap: 1px var(--space-4);
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      display: grid;
      grid-column: 1 / -1;
      grid-template-columns: subgrid;
      align-items: baseline;
      padding: 1.5px 0;
    }

    .samples,
    .value {
      text-align: right;
    }

    .samples {
      color: var(--ink-faint);
    }

    .value {
      font-size: 1.0625rem;
    }

    .none {
      color: var(--ink-soft);
      font-size: var(--text-xs);
      white-space: nowrap;
    }

    li.looked {
      background: var(--paper-sunk);
      box-shadow: 0 0 0 3px var(--paper-sunk);
    }
  `;

  /** The rungs so far. */
  @property({ attribute: false }) rungs: readonly Rung[] = [];

  /** The size that the reader looks at. */
  @property({ attribute: false }) cursor: number | undefined;

  override render() {
    const { rungs, cursor } = this;
    const last = rungs.at(-1);
    if (!last) return html``;
    const shown = rungs.filter((rung, i) => i % 2 === 0 || rung === last);
    const size = Math.abs(last.estimate.mean);
    // A column has one number of decimals: as many as the last row deserves.
    const decimals = size >= 1e7 ? undefined : Math.max(2, decimalsOf(last.estimate.mean, halfWidth(last), 2));
    return html`<ol aria-label="The estimate after N samples">
      ${shown.map(
        (rung) => html`<li class=${rung.samples === cursor ? "looked" : ""}>
          <span class="samples">${thousands(rung.samples)}</span>
          <span class="value"
            ><settling-digits
              .value=${rung.estimate.mean}
              .halfWidth=${halfWidth(rung)}
              .decimals=${decimals}
            ></settling-digits
          ></span>
          ${rung.samples === 1 ? html`<span class="none">no error bar</span>` : ""}
        </li>`,
      )}
    </ol>`;
  }
}
