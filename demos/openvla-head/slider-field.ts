import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";

/**
 * A number that can be slid and typed.
 *
 * @event value-change - The reader chose another; `detail` is a number within the bounds.
 */
@customElement("slider-field")
export class SliderField extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 400 var(--text-s) / 1.35 var(--sans);
      }

      .row {
        display: flex;
        gap: var(--space-3);
        align-items: baseline;
        justify-content: space-between;
      }

      .hint {
        display: block;
        color: var(--ink-faint);
        font-size: var(--text-xs);
      }
    `,
  ];

  @property() label = "";

  /** What the two ends mean. */
  @property() hint = "";

  @property({ type: Number }) value = 0;

  @property({ type: Number }) min = 0;

  @property({ type: Number }) max = 1;

  @property({ type: Number }) step = 1;

  /** Whether the slider moves in the logarithm of the value. */
  @property({ type: Boolean }) logarithmic = false;

  override render() {
    return html`<div class="row">
        <label for="number">${this.label}</label>
        <input
          id="number"
          type="number"
          min=${this.min}
          max=${this.max}
          step=${this.step}
          .value=${String(this.value)}
          @change=${this.#typed}
        />
      </div>
      <input
        type="range"
        aria-label=${this.label}
        aria-valuetext=${String(this.value)}
        min=${this.#toSlider(this.min)}
        max=${this.#toSlider(this.max)}
        step=${this.logarithmic ? 0.01 : this.step}
        .value=${String(this.#toSlider(this.value))}
        @input=${(event: Event) => this.#set(this.#fromSlider((event.target as HTMLInputElement).valueAsNumber))}
      />
      <span class="hint">${this.hint}</span>`;
  }

  #toSlider(value: number): number {
    return this.logarithmic ? Math.log(value) : value;
  }

  #fromSlider(value: number): number {
    return this.logarithmic ? Math.exp(value) : value;
  }

  #typed(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.#set(input.valueAsNumber);
    input.value = String(this.value);
  }

  #set(wanted: number): void {
    if (!Number.isFinite(wanted)) return;
    const bounded = Math.min(this.max, Math.max(this.min, Math.round(wanted / this.step) * this.step));
    this.value = Number(bounded.toFixed(4));
    this.dispatchEvent(new CustomEvent("value-change", { detail: this.value }));
  }
}
