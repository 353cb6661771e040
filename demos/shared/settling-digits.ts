import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { settle } from "./settle.ts";

/**
 * A Monte Carlo number: the digits that its interval fixes in full ink, the rest faded. It takes size and weight from
 * where it stands.
 */
@customElement("settling-digits")
export class SettlingDigits extends LitElement {
  static override styles = css`
    :host {
      font-family: var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
      white-space: nowrap;
    }

    .ink {
      color: var(--ink);
    }

    .faded {
      color: var(--digit-faded);
    }

    .visually-hidden {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    @media (forced-colors: active) {
      .ink {
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
    }
  `;

  /** The estimate. */
  @property({ type: Number }) value = Number.NaN;

  /** Half of its 95 % interval; Infinity where there is none. */
  @property({ type: Number }) halfWidth = Number.POSITIVE_INFINITY;

  /** Digits shown after the last fixed one. */
  @property({ type: Number }) extra = 3;

  /** Decimals, where a column is to be aligned; else as many as there are fixed, and the extra ones. */
  @property({ attribute: false }) decimals: number | undefined;

  override render() {
    const { ink, faded, power } = settle(this.value, this.halfWidth, this.extra, this.decimals);
    return html`<span aria-hidden="true"><span class="ink">${ink}</span><span class="faded">${faded}</span>${power}</span
      ><span class="visually-hidden">${ink || "no digit"} settled${faded && ink ? `, then ${faded}` : ""}${power}</span>`;
  }
}
