import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "./controls.ts";

export interface Option {
  readonly value: string;
  readonly label: string;
}

let groups = 0;

/**
 * A few choices side by side, one of them taken: radio buttons in the dress of one control.
 *
 * @event choice-change - The reader took another choice; `detail` is its value.
 */
@customElement("segmented-choice")
export class SegmentedChoice extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: inline-flex;
        max-width: 100%;
      }

      fieldset {
        display: flex;
        min-width: 0;
        margin: 0;
        padding: 2px;
        border: 1px solid var(--rule);
        border-radius: var(--radius);
        background: var(--paper-sunk);
      }

      label {
        position: relative;
        display: flex;
        flex: 1 1 auto;
        align-items: center;
        justify-content: center;
        min-height: 26px;
        padding: 0 var(--space-3);
        border-radius: 4px;
        color: var(--ink-soft);
        font: 400 var(--text-s) / 1.2 var(--sans);
        text-align: center;
        cursor: pointer;
      }

      label:hover {
        color: var(--ink);
      }

      input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        opacity: 0;
        cursor: pointer;
      }

      label:has(:checked) {
        background: var(--paper-raised);
        box-shadow: 0 0 0 1px var(--rule-strong);
        color: var(--ink);
        font-weight: 600;
      }

      label:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }

      @media (pointer: coarse) {
        label {
          min-height: 40px;
        }
      }

      @media (forced-colors: active) {
        label:has(:checked) {
          outline: 2px solid SelectedItem;
          outline-offset: -2px;
        }
      }
    `,
  ];

  readonly #group = `choice-${groups++}`;

  /** Says what is chosen. */
  @property() label = "";

  /** What there is to choose from. */
  @property({ attribute: false }) options: readonly Option[] = [];

  /** The choice taken. */
  @property() value = "";

  override render() {
    return html`<fieldset>
      <legend class="visually-hidden">${this.label}</legend>
      ${this.options.map(
        ({ value, label }) => html`<label
          ><input
            type="radio"
            name=${this.#group}
            .checked=${value === this.value}
            value=${value}
            @change=${() => this.#choose(value)}
          />${label}</label
        >`,
      )}
    </fieldset>`;
  }

  #choose(value: string): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent("choice-change", { detail: value, bubbles: true }));
  }
}
