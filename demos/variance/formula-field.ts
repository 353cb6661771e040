import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import type { FormulaProblem } from "./source.ts";

/**
 * A formula to be typed, with what is wrong with it beneath, and a caret under the character at fault.
 *
 * @event formula-input - The reader typed; `detail` is the text.
 * @event formula-enter - The reader pressed Enter.
 */
@customElement("formula-field")
export class FormulaField extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 400 var(--text-s) / 1.35 var(--sans);
      }

      label {
        display: block;
        margin-bottom: var(--space-1);
      }

      input,
      pre {
        font: 400 1rem / 1.4 var(--mono);
        font-variant-ligatures: none;
      }

      input {
        width: 100%;
        min-height: 40px;
        padding: 0 var(--space-3);
        border: 1px solid var(--rule-strong);
        border-radius: var(--radius);
        background: var(--paper-raised);
      }

      input[aria-invalid="true"] {
        border-color: var(--model);
      }

      .problem {
        margin-top: var(--space-1);
        color: var(--model-ink);
      }

      /* Under the text of the field: its border and padding stand to the left of both. */
      pre {
        overflow: hidden;
        margin: -0.3em 0 0;
        padding: 0 calc(var(--space-3) + 1px);
        font-weight: 600;
        line-height: 1;
      }

      p {
        margin: 0;
      }
    `,
  ];

  @query("input") private input!: HTMLInputElement;

  @property() value = "";

  @property({ attribute: false }) problem: FormulaProblem | undefined;

  override focus(): void {
    this.input.focus();
  }

  override render() {
    const { problem } = this;
    return html`<label for="formula">f(x)</label>
      <input
        id="formula"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        maxlength="2048"
        aria-invalid=${problem ? "true" : "false"}
        aria-describedby="problem"
        .value=${this.value}
        @input=${(event: Event) => this.#send("formula-input", (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && this.#send("formula-enter", undefined)}
      />
      <div id="problem" class="problem" role="status">
        ${
          problem
            ? html`${problem.at === undefined ? nothing : html`<pre aria-hidden="true">${`${" ".repeat(problem.at)}^`}</pre>`}
                <p>${problem.message}</p>`
            : nothing
        }
      </div>`;
  }

  #send(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
