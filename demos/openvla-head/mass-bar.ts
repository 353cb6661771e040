import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { SizeController } from "../shared/chart/size-controller.ts";
import { percent } from "../shared/format.ts";

/** One bar of length one: how much of the full vocabulary's probability means an action, and how much does not. */
@customElement("mass-bar")
export class MassBar extends LitElement {
  static override styles = css`
    :host {
      display: block;
      margin: var(--space-2) 12px 0 46px;
      font: 400 var(--text-s) / 1.4 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    svg {
      display: block;
      width: 100%;
    }

    .action {
      fill: var(--model);
    }

    .outside {
      fill: var(--noise);
    }

    .stripe {
      stroke: var(--paper);
      stroke-width: 1.5;
    }

    .words {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--space-5);
      justify-content: space-between;
      margin-top: var(--space-1);
      color: var(--ink-soft);
    }

    strong {
      color: var(--ink);
      font-weight: 600;
    }

    .swatch {
      display: inline-block;
      width: 0.75em;
      height: 0.75em;
      margin-right: 0.35em;
      background: var(--model);
      forced-color-adjust: none;
    }

    .swatch.grey {
      background: repeating-linear-gradient(135deg, var(--noise) 0 2px, var(--paper) 2px 4px);
    }
  `;

  readonly #size = new SizeController(this);

  /** Probability of the 31,744 text ids. */
  @property({ type: Number }) text = 0;

  /** Probability of the 64 padding ids. */
  @property({ type: Number }) padding = 0;

  /** Whether only the action ids compete, so that nothing leaks. */
  @property({ type: Boolean }) constrained = false;

  override render() {
    const { width } = this.#size;
    const outside = this.constrained ? 0 : Math.min(1, this.text + this.padding);
    const split = width * (1 - outside);
    const count = Math.ceil((width - split) / 6);
    return html`<svg height="14" viewBox="0 0 ${width} 14" aria-hidden="true">
        <rect class="outside" x="0" width=${width} height="14"></rect>
        <path class="stripe" d=${Array.from({ length: count + 3 }, (_, i) => `M${split + 6 * i} 14 l14 -14`).join(" ")}></path>
        <rect class="action" x="0" width=${split} height="14"></rect>
      </svg>
      <div class="words">
        <span><span class="swatch"></span>256 action ids <strong>${percent(1 - outside)}</strong></span>
        <span
          ><span class="swatch grey"></span>${
            this.constrained
              ? html`the other 31,808 are shut out; unconstrained they had <strong>${percent(this.text + this.padding)}</strong>`
              : html`31,744 text ids <strong>${percent(this.text)}</strong>, 64 padding ids <strong>${percent(this.padding)}</strong>`
          }</span
        >
      </div>`;
  }
}
