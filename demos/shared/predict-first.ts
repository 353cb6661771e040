import { css, html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { controlStyles } from "./controls.ts";

/**
 * Asks for a guess before it shows the answer. Without scripts its content stands as it is: the question, a list of
 * guesses and the answer. The list item with `data-right` is the right one.
 *
 * @slot question - What is asked.
 * @slot guesses - A list of the guesses.
 * @slot answer - What turns out, and why.
 * @event prediction - The reader guessed; `detail` says whether rightly.
 */
@customElement("predict-first")
export class PredictFirst extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        margin-block: var(--space-5);
        padding: var(--space-5);
        border: 1px solid var(--rule);
        border-radius: var(--radius);
        background: var(--paper-raised);
      }

      .guesses {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--guess-width, 20rem)), 1fr));
        gap: var(--space-2);
        margin: var(--space-3) 0 0;
      }

      button {
        display: flex;
        gap: var(--space-3);
        align-items: baseline;
        width: 100%;
        min-height: 42px;
        padding: var(--space-2) var(--space-4);
        font-size: var(--text-m);
        text-align: left;
      }

      button:disabled {
        opacity: 1;
      }

      .mark {
        flex: none;
        width: 1em;
        color: var(--ink-faint);
      }

      button.right {
        border-color: var(--target);
        box-shadow: inset 0 0 0 1px var(--target);
        color: var(--ink);
      }

      .right .mark {
        color: var(--target-ink);
      }

      .answer:not(:empty) {
        margin-top: var(--space-4);
      }

      ::slotted(p) {
        max-width: var(--measure);
        margin-bottom: 0 !important;
      }
    `,
  ];

  @state() private guesses: { text: string; right: boolean }[] = [];
  @state() private guess: number | undefined;

  override render() {
    const guessed = this.guess !== undefined;
    return html`<slot name="question"></slot>
      <div class="guesses" role="group" aria-label="Your guess">
        ${this.guesses.map(
          ({ text, right }, i) => html`<button
            type="button"
            class=${guessed && right ? "right" : ""}
            aria-pressed=${this.guess === i}
            ?disabled=${guessed}
            @click=${() => this.#choose(i)}
          >
            <span class="mark" aria-hidden="true">${this.#mark(i, right)}</span>
            <span>${text}${guessed && right ? html`<span class="visually-hidden"> (right)</span>` : nothing}</span>
          </button>`,
        )}
      </div>
      <div class="answer" role="status">${guessed ? html`<slot name="answer"></slot>` : nothing}</div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.guesses = [...this.querySelectorAll("[slot=guesses] > li")].map((item) => ({
      text: item.textContent?.trim() ?? "",
      right: item.hasAttribute("data-right"),
    }));
  }

  #mark(index: number, right: boolean): string {
    if (this.guess === undefined) return "○";
    if (right) return "✓";
    return index === this.guess ? "✕" : "○";
  }

  #choose(index: number): void {
    this.guess = index;
    const detail = this.guesses[index]?.right ?? false;
    this.dispatchEvent(new CustomEvent("prediction", { detail, bubbles: true, composed: true }));
  }
}
